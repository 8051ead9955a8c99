//! The list of projects: searched, and paged by a cursor that stays right
//! while rows come and go.

use sea_orm::{PaginatorTrait, QueryFilter, Select};

use crate::{
    access::{can, server::Grant},
    entity::project,
    error::AppError,
    id::ProjectId,
    paging::{Place, Slice},
    projects::model::{PAGE_SIZE, ProjectCard, ProjectPage, ProjectQuery, search_key},
    server::{database::ReadTx, paging::outwards, search},
};

/// The page that is asked for, or the newest if nothing is there any more.
///
/// # Errors
/// If the database fails.
pub async fn list(
    grant: &Grant<can::ViewProjects>,
    query: ProjectQuery,
) -> Result<ProjectPage, AppError> {
    let db = grant.read().await?;
    let page = page(grant, &db, &query).await?;
    if page.rows.is_empty() && page.total > 0 {
        let newest = ProjectQuery {
            place: Place::Newest,
            ..query
        };
        return self::page(grant, &db, &newest).await;
    }
    Ok(page)
}

/// A page of those whose name has that in it, the newest first.
///
/// # Errors
/// If the database fails.
pub async fn slice(
    grant: &Grant<can::ViewProjects>,
    q: &str,
    place: Place<ProjectId>,
    size: u64,
) -> Result<Slice<ProjectCard>, AppError> {
    let found = matching(grant.find(), q);
    let rows = outwards(found, project::Column::Id, place, size);
    let rows = rows.into_partial_model().all(&grant.read().await?).await?;
    Ok(Slice::at(&place, rows, size))
}

async fn page(
    grant: &Grant<can::ViewProjects>,
    db: &ReadTx,
    query: &ProjectQuery,
) -> Result<ProjectPage, AppError> {
    let found = matching(grant.find(), &query.q);
    let total = found.clone().count(db).await?;
    let found = outwards(found, project::Column::Id, query.place, PAGE_SIZE);
    let rows: Vec<ProjectCard> = found.into_partial_model().all(db).await?;
    let slice = Slice::at(&query.place, rows, PAGE_SIZE);
    Ok(ProjectPage {
        older: slice.older().map(|row| row.id),
        newer: slice.newer().map(|row| row.id),
        rows: slice.rows,
        total,
        now: grant.now(),
    })
}

fn matching(found: Select<project::Entity>, q: &str) -> Select<project::Entity> {
    let key = search_key(q);
    if key.is_empty() {
        return found;
    }
    found.filter(search::contains(
        (project::Entity, project::Column::NameFolded),
        &key,
    ))
}
