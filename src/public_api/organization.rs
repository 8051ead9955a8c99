//! The organization itself: what it is, who is in it, what it uses and what
//! was done.

use axum::Json;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    answer::{Refusals, Refused, Told},
    cursor::Of,
    key::Key,
    list::{Asked, AuditLogList, MemberList, Paging},
};
use crate::{
    access::can,
    audit::{self, model::AuditEntry},
    billing::Quota,
    organizations::model::Usage,
    team,
    usage::{
        self,
        model::{CallsOfDay, UsageReport},
    },
};

/// The organization that the key belongs to.
#[derive(Serialize, ToSchema)]
pub struct Organization {
    #[schema(example = "org_01h455vb4pex5vsknk084sn02q")]
    id: String,
    #[schema(example = "Northwind Labs")]
    name: String,
    #[schema(example = "northwind")]
    slug: String,
    #[schema(example = "PRO")]
    plan: String,
    /// `good`, or `grace` while a payment is overdue.
    #[schema(example = "good")]
    standing: String,
    created_at: DateTime<Utc>,
}

/// Show the organization
///
/// The one that the key belongs to.
#[utoipa::path(
    get, path = "/organization", operation_id = "getOrganization", tag = "Organization",
    responses((status = 200, description = "The organization", body = Organization), Refusals)
)]
pub async fn get_organization(Key(grant): Key<can::ViewOrganization>) -> Told<Organization> {
    let organization = grant.organization();
    Ok(Json(Organization {
        id: organization.id.to_string(),
        name: organization.name.clone(),
        slug: organization.slug.to_string(),
        plan: organization.plan.name().to_owned(),
        standing: organization
            .subscription_status
            .standing()
            .name()
            .to_owned(),
        created_at: organization.created_at,
    }))
}

/// Somebody in the organization.
#[derive(Serialize, ToSchema)]
pub struct Member {
    #[schema(example = "usr_01h455vb4pex5vsknk084sn02q")]
    id: String,
    #[schema(example = "Mara Lindqvist")]
    name: String,
    #[schema(example = "mara@example.com")]
    email: String,
    #[schema(example = "ADMIN")]
    role: String,
    joined_at: DateTime<Utc>,
}

/// List the members
#[utoipa::path(
    get, path = "/members", operation_id = "listMembers", tag = "Organization",
    params(Paging),
    responses((status = 200, description = "A page of members", body = MemberList), Refusals)
)]
pub async fn list_members(Key(grant): Key<can::ViewMembers>, asked: Asked) -> Told<MemberList> {
    let of = Of::new(grant.organization().id, "members");
    let (place, size) = asked.page(&of, |key| key)?;
    let slice = team::server::slice(&grant, place, size).await?;
    Ok(Json(MemberList::of(
        &of,
        slice,
        |(key, _)| *key,
        |(_, member)| Member {
            id: member.user.to_string(),
            name: member.name,
            email: member.email.to_string(),
            role: member.role.name().to_owned(),
            joined_at: member.joined_at,
        },
    )))
}

/// What the organization uses of what its plan allows.
#[derive(Serialize, ToSchema)]
#[schema(as = Usage)]
pub struct UsageAnswer {
    #[schema(example = "PRO")]
    plan: String,
    /// The month that calls are counted in, in UTC.
    #[schema(example = "2026-11")]
    period: String,
    /// When calls are counted anew.
    resets_at: DateTime<Utc>,
    api_calls: Used,
    /// In bytes.
    storage: Used,
    projects: Used,
    /// Invitations that may still be accepted included.
    members: Used,
    /// In the project that has most.
    environments_per_project: Used,
    /// The last 30 days, as far as the plan keeps them.
    api_calls_by_day: Vec<CallsOfDay>,
}

/// How much of a limit is used.
#[derive(Serialize, ToSchema)]
pub struct Used {
    #[schema(example = 312)]
    used: u64,
    /// `null` where there is none.
    #[schema(example = 1000)]
    limit: Option<u64>,
}

impl From<Usage> for Used {
    fn from(usage: Usage) -> Self {
        Self {
            used: usage.used,
            limit: match usage.quota {
                Quota::Limited(max) => Some(max),
                Quota::Unlimited => None,
            },
        }
    }
}

impl From<UsageReport> for UsageAnswer {
    fn from(report: UsageReport) -> Self {
        Self {
            plan: report.plan.name().to_owned(),
            period: report.period,
            resets_at: report.resets_at,
            api_calls: report.in_use.calls.into(),
            storage: report.in_use.storage.into(),
            projects: report.in_use.projects.into(),
            members: report.in_use.members.into(),
            environments_per_project: report.in_use.environments.into(),
            api_calls_by_day: report.by_day,
        }
    }
}

/// Show the usage
///
/// What is used of each limit of the plan. This call is counted already.
#[utoipa::path(
    get, path = "/usage", operation_id = "getUsage", tag = "Organization",
    responses((status = 200, description = "The usage", body = UsageAnswer), Refusals)
)]
pub async fn get_usage(Key(grant): Key<can::ViewUsage>) -> Told<UsageAnswer> {
    Ok(Json(usage::server::report(&grant).await?.into()))
}

/// List the audit log
///
/// Every change of the organization. It comes with plans that have the audit
/// log.
#[utoipa::path(
    get, path = "/audit-logs", operation_id = "listAuditLogs", tag = "Organization",
    params(Paging),
    responses((status = 200, description = "A page of the log", body = AuditLogList), Refusals)
)]
pub async fn list_audit_logs(
    Key(grant): Key<can::ViewAudit>,
    asked: Asked,
) -> Result<Json<AuditLogList>, Refused> {
    let of = Of::new(grant.organization().id, "audit-logs");
    let seq = |key: Uuid| i64::try_from(key.as_u128()).unwrap_or_default();
    let (place, size) = asked.page(&of, seq)?;
    let slice = audit::server::slice(&grant, place, size).await?;
    let key = |row: &AuditEntry| Uuid::from_u128(u128::from(row.seq.unsigned_abs()));
    Ok(Json(AuditLogList::of(&of, slice, key, |row| row)))
}
