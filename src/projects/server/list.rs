//! The list of projects: searched, and paged by a cursor that stays right
//! while rows come and go.

use sea_orm::{
    ExprTrait, PaginatorTrait, QueryFilter, Select,
    sea_query::{Expr, LikeExpr},
};

use crate::{
    access::{can, server::Grant},
    entity::project,
    error::AppError,
    paging::{Place, Slice},
    projects::model::{PAGE_SIZE, ProjectCard, ProjectPage, ProjectQuery, search_key},
    server::{database::ReadTx, paging::outwards},
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
    let escaped = key
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let pattern = LikeExpr::new(format!("%{escaped}%")).escape('\\');
    found.filter(Expr::col((project::Entity, project::Column::NameFolded)).like(pattern))
}
