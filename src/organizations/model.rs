//! What people type about an organization, and what they are shown of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    access::{Capability, Role},
    billing::{Plan, Quota, Standing},
    error::{AppError, Problem},
    id::{OrgSlug, SlugProblem},
    identity::model::Me,
    validate::Checks,
};

pub const NAME_MAX: usize = 80;
/// The largest image that is taken, in bytes.
pub const IMAGE_MAX: usize = 512 * 1024;

/// An organization in a list or at the head of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgHead {
    pub name: String,
    pub slug: OrgSlug,
    pub plan: Plan,
    pub standing: Standing,
    pub role: Role,
    /// Where its image is, if it has one.
    pub image: Option<String>,
}

impl OrgHead {
    /// What of its billing a page is made for.
    #[must_use]
    pub fn shown(&self) -> String {
        Self::shown_as(self.plan, self.standing)
    }

    /// The same, of an organization on that plan that stands so.
    #[must_use]
    pub fn shown_as(plan: Plan, standing: Standing) -> String {
        format!("{} {standing:?}", plan.name())
    }
}

/// What every page of an organization shows around its own content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgContext {
    pub me: Me,
    pub org: OrgHead,
    /// All that the person is a member of, by name.
    pub organizations: Vec<OrgHead>,
    pub projects: Usage,
    /// When it was read.
    pub now: DateTime<Utc>,
}

/// How much of a quota is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub used: u64,
    pub quota: Quota,
}

impl OrgContext {
    /// Whether to show what needs that; whether it is allowed is decided by
    /// the server each time.
    #[must_use]
    pub fn may(&self, capability: Capability) -> bool {
        self.org.role.may(capability)
    }
}

/// An organization as it was typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NewOrganization {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub slug: String,
}

/// An organization that can be one.
#[derive(Clone, Debug)]
pub struct Founding {
    pub name: String,
    pub slug: OrgSlug,
}

impl NewOrganization {
    /// # Errors
    /// `Invalid` with all that is wrong with it.
    pub fn check(&self) -> Result<Founding, AppError> {
        let mut checks = Checks::default();
        let name = checks.line("new[name]", &self.name, 1, NAME_MAX);
        let slug = checks.parsed("new[slug]", slug(&self.slug));
        checks.done()?;
        let slug = slug.ok_or_else(|| AppError::invalid("new[slug]", Problem::NotASlug))?;
        Ok(Founding { name, slug })
    }
}

/// # Errors
/// What is wrong with the text as a slug.
pub fn slug(text: &str) -> Result<OrgSlug, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    OrgSlug::parse(text).map_err(|problem| match problem {
        SlugProblem::TooShort => Problem::TooShort(OrgSlug::MIN_LENGTH),
        SlugProblem::TooLong => Problem::TooLong(OrgSlug::MAX_LENGTH),
        SlugProblem::Malformed => Problem::NotASlug,
        SlugProblem::Reserved => Problem::Reserved,
    })
}

/// Whether a slug can be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SlugStanding {
    Free,
    /// It is the organization's own already.
    Own,
    /// And why, in words.
    Not(String),
}

/// Where `/app` leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Landing {
    Organization(OrgSlug),
    /// Several, and none was used last in this browser.
    Choose,
    /// None yet.
    Found,
}

/// # Errors
/// `Invalid` unless it can be an organization's name.
pub fn checked_name(name: &str) -> Result<String, AppError> {
    let mut checks = Checks::default();
    let name = checks.line("name", name, 1, NAME_MAX);
    checks.done()?;
    Ok(name)
}
