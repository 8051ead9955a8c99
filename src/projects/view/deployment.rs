//! A deployment: where it stands, what it is of, and the file that it carries.

use leptos::prelude::*;

use super::{
    deployments::{short, title},
    detail::param,
    live::Moves,
    status::Status,
};
use crate::{
    access::Capability,
    billing::{Limit, Quota, plan::bytes},
    error::AppError,
    flash::Flash,
    id::{DeploymentId, OrgSlug, ProjectId},
    organizations::{
        model::Usage,
        view::{Crumb, LimitReached, OrgPage, Section, org_page},
    },
    projects::{
        api,
        model::{ArtifactCard, DeploymentCard, DeploymentStatus, DeploymentView},
    },
    ui::{
        Ago, Glyph, Icon,
        copy::CopyButton,
        form::{Confirm, Refused},
    },
};

/// The forms on the page that have no place of their own for what went wrong.
const PLAIN_FORMS: &[&str] = &["move_deployment"];

/// Why the file that was sent just now wasn't taken.
fn refused_file() -> Option<AppError> {
    let form = use_context::<Flash>()?.form?;
    (form.action == "/_fn/store_artifact").then_some(form.error)
}

#[component]
pub fn DeploymentPage() -> impl IntoView {
    let (project, deployment) = (param("project"), param("deployment"));
    org_page(
        move |org| async move {
            let project: ProjectId = project.parse().map_err(|_| AppError::NotFound)?;
            let deployment: DeploymentId = deployment.parse().map_err(|_| AppError::NotFound)?;
            api::get_deployment(org, project, deployment).await
        },
        |context, found: DeploymentView| {
            let org = context.org.slug.clone();
            let project = found.project.clone();
            let title = title(&found.deployment);
            let may_deploy = context.may(Capability::CreateDeployment);
            let had_no_room = matches!(refused_file(), Some(AppError::LimitReached { .. }));
            let moves = Moves {
                project: None,
                deployment: Some(found.deployment.id),
                seen: found.deployment.updated_at.timestamp_micros(),
                parts: "status facts steps artifact",
                is_in_place: false,
            };
            OrgPage {
                section: Section::Projects,
                title: format!("{title} · {}", project.name),
                crumbs: vec![
                    Crumb::to(Section::Projects, &org),
                    Crumb {
                        label: project.name,
                        path: Some(format!("/app/{org}/projects/{}", project.id)),
                    },
                    Crumb::here(title),
                ],
                action: None,
                is_narrow: true,
                body: view! {
                    {moves.view()}
                    <Head row=found.deployment.clone()/>
                    <Refused functions=PLAIN_FORMS/>
                    <Facts found=found.clone()/>
                    {may_deploy.then(|| view! { <Steps org=org.clone() row=found.deployment.clone()/> })}
                    {may_deploy.then(|| view! {
                        <LimitReached context=context.clone() limit=Limit::StorageBytes usage=found.storage remedy="Delete an artifact to make room." is_refused=had_no_room/>
                    })}
                    <Artifact org=org found=found may_deploy=may_deploy/>
                }
                .into_any(),
            }
        },
    )
}

#[component]
fn Head(row: DeploymentCard) -> impl IntoView {
    let id = row.id.to_string();
    view! {
        <div class="page-title">
            <div><h1>{title(&row)}</h1><p data-part="status"><Status of=row.id status=row.status/></p></div>
            <span class="copyable">
                <code class="mono muted">{id.clone()}</code>
                <CopyButton text=id label="Copy deployment id".to_owned()/>
            </span>
        </div>
    }
}

#[component]
fn Facts(found: DeploymentView) -> impl IntoView {
    let (row, now) = (found.deployment, found.now);
    let has_more = row.message.as_ref().is_some_and(|text| text.contains('\n'));
    let message = row.message.filter(|_| has_more);
    view! {
        <section class="card" aria-label="Facts" data-part="facts">
            <div class="card-body">
                {message.map(|message| view! { <p class="prewrap">{message}</p> })}
                <dl class="facts">
                    <div><dt>"Environment"</dt><dd>{row.environment}</dd></div>
                    {row.git_ref.map(|name| view! { <div><dt>"Branch or tag"</dt><dd class="mono">{name}</dd></div> })}
                    {row.commit_sha.map(|commit| view! {
                        <div><dt>"Commit"</dt><dd class="mono" title=commit.clone()>{short(&commit)}</dd></div>
                    })}
                    {row.url.map(|url| view! {
                        <div><dt>"Address"</dt><dd class="truncate"><a href=url.clone() rel="noopener noreferrer nofollow" target="_blank">{url.clone()}</a></dd></div>
                    })}
                    <div><dt>"By"</dt><dd>{row.created_by.name}</dd></div>
                    <div><dt>"Created"</dt><dd><Ago at=row.created_at now=now/></dd></div>
                    {row.started_at.map(|at| view! { <div><dt>"Started"</dt><dd><Ago at=at now=now/></dd></div> })}
                    {row.finished_at.map(|at| view! { <div><dt>"Finished"</dt><dd><Ago at=at now=now/></dd></div> })}
                </dl>
            </div>
        </section>
    }
}

/// Where it can be moved on to by hand.
#[component]
fn Steps(org: OrgSlug, row: DeploymentCard) -> impl IntoView {
    let next = row.status.next();
    let step = move |status: DeploymentStatus| {
        let (org, id) = (org.to_string(), row.id.to_string());
        view! {
            <form method="post" action="/_fn/move_deployment">
                <input type="hidden" name="org" value=org/>
                <input type="hidden" name="deployment" value=id/>
                <input type="hidden" name="status" value=status.name()/>
                <button class="button" type="submit">{verb(status)}</button>
            </form>
        }
    };
    let is_over = next.is_empty();
    view! {
        <div data-part="steps" hidden=is_over>
            {(!is_over).then(|| view! {
                <section class="card" aria-labelledby="steps">
                    <div class="card-head"><div><h2 id="steps">"Move it on"</h2><p class="muted">"A job does this by itself, through the API."</p></div></div>
                    <div class="card-body"><div class="row">{next.into_iter().map(step).collect_view()}</div></div>
                </section>
            })}
        </div>
    }
}

const fn verb(status: DeploymentStatus) -> &'static str {
    match status {
        DeploymentStatus::Queued => "Queue",
        DeploymentStatus::Building => "Start building",
        DeploymentStatus::Ready => "Mark as ready",
        DeploymentStatus::Failed => "Mark as failed",
        DeploymentStatus::Canceled => "Cancel",
    }
}

#[component]
fn Artifact(org: OrgSlug, found: DeploymentView, may_deploy: bool) -> impl IntoView {
    let id = found.deployment.id;
    let path = format!("/api/app/{org}/deployments/{id}/artifact");
    let artifact = found.deployment.artifact.clone();
    let has_one = artifact.is_some();
    (has_one || may_deploy).then(|| view! {
        <section class="card" aria-labelledby="artifact" data-part="artifact">
            <div class="card-head"><h2 id="artifact">"Artifact"</h2></div>
            <div class="card-body stack">
                {match artifact {
                    Some(artifact) => view! { <Stored org=org id=id artifact=artifact path=path.clone() may_deploy=may_deploy/> }.into_any(),
                    None => view! { <p class="muted">"A deployment may carry one file: what was built, a report, a log."</p> }.into_any(),
                }}
                {may_deploy.then(|| view! { <Store path=path storage=found.storage has_one=has_one/> })}
            </div>
        </section>
    })
}

#[component]
fn Stored(
    org: OrgSlug,
    id: DeploymentId,
    artifact: ArtifactCard,
    path: String,
    may_deploy: bool,
) -> impl IntoView {
    let digest = artifact.sha256.clone();
    view! {
        <div class="setting-row">
            <div>
                <h3>{artifact.name.clone()}</h3>
                <p class="muted">{format!("{} · {}", bytes(artifact.size), artifact.content_type)}</p>
                <p class="copyable">
                    <code class="mono faint">{format!("SHA-256 {}", digest.get(..16).unwrap_or_default())}"…"</code>
                    <CopyButton text=digest label="Copy the SHA-256".to_owned()/>
                </p>
            </div>
            <div class="buttons">
                <a class="button" href=path download=artifact.name.clone()><Icon glyph=Glyph::Download/>"Download"</a>
                {may_deploy.then(|| view! {
                    <button class="button danger-outline" type="button" commandfor="delete-artifact" command="show-modal">"Delete…"</button>
                })}
            </div>
        </div>
        {may_deploy.then(|| view! {
            <Confirm
                id="delete-artifact"
                function="delete_artifact"
                org=org.to_string()
                title="Delete the artifact"
                warning=format!("This deletes {} and frees {}. It can't be undone.", artifact.name, bytes(artifact.size))
                label="Delete"
                with=("deployment", id.to_string())
            />
        })}
    }
}

/// A form of its own: a file goes through as it comes, and no server function
/// holds it.
#[component]
fn Store(path: String, storage: Usage, has_one: bool) -> impl IntoView {
    let room = match storage.quota {
        Quota::Limited(max) => {
            let left = bytes(max.saturating_sub(storage.used));
            format!("{left} of {} are left of your storage.", bytes(max))
        }
        Quota::Unlimited => "Your plan has no limit to storage.".to_owned(),
    };
    let label = if has_one { "Replace" } else { "Store" };
    let problem = match refused_file() {
        // That is said above, with what can be done.
        Some(AppError::LimitReached { .. }) | None => None,
        Some(AppError::Invalid { errors }) => errors.first().map(|error| error.problem.words()),
        Some(error) => Some(error.words()),
    };
    let described = if problem.is_some() {
        "file-hint file-error"
    } else {
        "file-hint"
    };
    view! {
        <form class="upload" method="post" action=path enctype="multipart/form-data">
            <div class="field">
                <label for="file">"File"</label>
                <input id="file" type="file" name="file" required aria-invalid=problem.is_some().then_some("true") aria-describedby=described/>
                <p class="hint" id="file-hint">{room}</p>
                {problem.map(|words| view! { <p class="error" id="file-error" role="alert">{words}</p> })}
            </div>
            <button class="button" type="submit"><Icon glyph=Glyph::Upload/>{label}</button>
        </form>
    }
}
