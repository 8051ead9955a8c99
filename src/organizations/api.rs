//! The server functions of organizations: a door and a call.

use leptos::{
    prelude::*,
    server_fn::codec::{MultipartData, MultipartFormData},
};

use super::model::{Landing, NewOrganization, OrgContext, OrgHead, SlugStanding};
#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{error::AppError, id::OrgSlug};

#[server]
pub async fn create_organization(
    #[server(default)] new: NewOrganization,
) -> Result<OrgSlug, AppError> {
    let slug = super::server::founding::found(&door::person()?, new.check()?).await?;
    answer::toast(Toast::OrganizationCreated);
    answer::go_elsewhere(&format!("/app/{slug}"));
    Ok(slug)
}

/// Whether a slug can be had, by the organization that asks or by a new one.
#[server]
pub async fn check_slug(
    #[server(default)] slug: String,
    org: Option<OrgSlug>,
) -> Result<SlugStanding, AppError> {
    let person = door::person()?;
    let slug = match super::model::slug(&slug) {
        Ok(slug) => slug,
        Err(problem) => return Ok(SlugStanding::Not(problem.words())),
    };
    let own = match org {
        Some(org) => Some(
            door::session::<can::ManageSettings>(&org)
                .await?
                .organization()
                .id,
        ),
        None => None,
    };
    super::server::founding::standing(&person, &slug, own).await
}

#[server]
pub async fn rename_organization(
    org: OrgSlug,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    super::server::settings::rename(&grant, super::model::checked_name(&name)?).await?;
    answer::toast(Toast::OrganizationSaved);
    Ok(())
}

#[server]
pub async fn change_organization_slug(
    org: OrgSlug,
    #[server(default)] slug: String,
) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    let slug = super::model::slug(&slug).map_err(|problem| AppError::invalid("slug", problem))?;
    let slug = super::server::settings::change_slug(&grant, slug).await?;
    answer::toast(Toast::SlugChanged);
    answer::go_elsewhere(&format!("/app/{slug}/settings"));
    Ok(())
}

/// Takes a form with `org` and `image`, in that order.
#[server(input = MultipartFormData)]
pub async fn set_organization_image(form: MultipartData) -> Result<(), AppError> {
    let mut form = answer::multipart(form)?;
    let org = form.text("org").await?;
    let grant = door::session(&OrgSlug::from(org)).await?;
    let image = form.bytes("image", super::model::IMAGE_MAX).await?;
    super::server::image::set(&grant, image).await?;
    answer::toast(Toast::ImageSaved);
    Ok(())
}

#[server]
pub async fn remove_organization_image(org: OrgSlug) -> Result<(), AppError> {
    super::server::image::remove(&door::session(&org).await?).await?;
    answer::toast(Toast::ImageRemoved);
    Ok(())
}

#[server]
pub async fn dismiss_checklist(org: OrgSlug) -> Result<(), AppError> {
    super::server::settings::dismiss_checklist(&door::session(&org).await?).await
}

#[server]
pub async fn delete_organization(
    org: OrgSlug,
    #[server(default)] confirmation: String,
) -> Result<(), AppError> {
    super::server::settings::delete(&door::session(&org).await?, &confirmation).await?;
    answer::toast(Toast::OrganizationDeleted);
    answer::go_elsewhere("/app");
    Ok(())
}

/// What every page of the organization shows around its content.
#[server]
pub async fn get_org_context(org: OrgSlug) -> Result<OrgContext, AppError> {
    super::server::look::context(&door::session::<can::ViewOrganization>(&org).await?).await
}

/// The same, however it stands.
#[server]
pub async fn get_org_context_in_any_standing(org: OrgSlug) -> Result<OrgContext, AppError> {
    let grant = door::session::<can::InAnyStanding<can::ViewOrganization>>(&org).await?;
    super::server::look::context(&grant).await
}

#[server]
pub async fn my_organizations() -> Result<Vec<OrgHead>, AppError> {
    super::server::look::mine(&door::person()?.agent()).await
}

/// Where `/app` leads.
#[server]
pub async fn find_landing() -> Result<Landing, AppError> {
    super::server::look::landing(&door::person()?, answer::last_organization().as_deref()).await
}

/// The slug that the organization has now which had that one before.
#[server]
pub async fn moved_organization(old: OrgSlug) -> Result<OrgSlug, AppError> {
    super::server::look::moved_to(&door::person()?, &old).await
}

/// The organization, however it stands.
#[server]
pub async fn get_standing(org: OrgSlug) -> Result<OrgHead, AppError> {
    Ok(super::server::standing::head(&door::session(&org).await?))
}

/// Goes on without a subscription that has ended.
#[server]
pub async fn continue_on_free(org: OrgSlug) -> Result<(), AppError> {
    super::server::standing::continue_on_free(&door::session(&org).await?).await?;
    answer::toast(Toast::ContinuedOnFree);
    answer::go(&format!("/app/{org}"));
    Ok(())
}

/// Whether the person may see the settings at all.
#[server]
pub async fn may_manage(org: OrgSlug) -> Result<(), AppError> {
    door::session::<can::ManageSettings>(&org).await.map(drop)
}
