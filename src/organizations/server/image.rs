//! The image of an organization: small, of a known kind, served from an
//! address that changes with it.

use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use sha2::{Digest, Sha256};

use super::settings::update;
use crate::{
    access::{can, server::Grant},
    audit::model::Event,
    entity::{organization, organization_image},
    error::{AppError, Problem},
    organizations::model::IMAGE_MAX,
    server::token,
};

/// An image as it is sent to a browser.
pub struct Image {
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// # Errors
/// `Invalid` for what is no image or too large.
pub async fn set(grant: &Grant<can::ManageSettings>, bytes: Vec<u8>) -> Result<(), AppError> {
    if bytes.len() > IMAGE_MAX {
        return Err(AppError::invalid("image", Problem::TooManyBytes(IMAGE_MAX)));
    }
    let content_type =
        kind(&bytes).ok_or_else(|| AppError::invalid("image", Problem::NotAnImage))?;
    let digest = token::hex(Sha256::digest(&bytes).iter().take(8));
    let tx = grant.begin().await?;
    let before = tx.organization().clone();
    organization_image::Entity::insert(organization_image::ActiveModel {
        organization_id: Set(before.id),
        content_type: Set(content_type.to_owned()),
        bytes: Set(bytes),
    })
    .on_conflict(
        OnConflict::column(organization_image::Column::OrganizationId)
            .update_columns([
                organization_image::Column::ContentType,
                organization_image::Column::Bytes,
            ])
            .to_owned(),
    )
    .exec_without_returning(&*tx)
    .await?;
    update(
        &tx,
        organization::ActiveModel {
            image: Set(Some(digest.clone())),
            ..Default::default()
        },
    )
    .await?;
    tx.commit(Event::OrganizationImageChanged {
        organization: before.id,
        before: before.image,
        after: Some(digest),
    })
    .await
}

/// # Errors
/// If the database fails.
pub async fn remove(grant: &Grant<can::ManageSettings>) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let before = tx.organization().clone();
    if before.image.is_none() {
        return Ok(());
    }
    organization_image::Entity::delete_by_id(before.id)
        .exec(&*tx)
        .await?;
    update(
        &tx,
        organization::ActiveModel {
            image: Set(None),
            ..Default::default()
        },
    )
    .await?;
    tx.commit(Event::OrganizationImageChanged {
        organization: before.id,
        before: before.image,
        after: None,
    })
    .await
}

/// # Errors
/// `NotFound` unless it is the image that the organization has now.
pub async fn get(grant: &Grant<can::ViewOrganization>, digest: &str) -> Result<Image, AppError> {
    if grant.organization().image.as_deref() != Some(digest) {
        return Err(AppError::NotFound);
    }
    grant
        .find::<organization_image::Entity>()
        .one(&grant.read().await?)
        .await?
        .map(|image| Image {
            content_type: image.content_type,
            bytes: image.bytes,
        })
        .ok_or(AppError::NotFound)
}

/// The kind of an image by its first bytes, whatever it is called.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_by_its_bytes() {
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(kind(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(
            kind(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
            None
        );
        assert_eq!(kind(b"<html>"), None);
        assert_eq!(kind(b""), None);
    }
}
