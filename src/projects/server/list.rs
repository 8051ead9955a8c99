//! The list of projects: searched, and paged by a cursor that stays right
//! while rows come and go.

use sea_orm::{
    ColumnTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, LikeExpr},
};

use crate::{
    access::{can, server::Grant},
    entity::project,
    error::AppError,
    projects::model::{PAGE_SIZE, Place, ProjectCard, ProjectPage, ProjectQuery, search_key},
    server::database::ReadTx,
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
    let (found, backwards) = match query.place {
        Place::Newest => (found.order_by_desc(project::Column::Id), false),
        Place::After(id) => (
            found
                .filter(project::Column::Id.lt(id))
                .order_by_desc(project::Column::Id),
            false,
        ),
        Place::Before(id) => (
            found
                .filter(project::Column::Id.gt(id))
                .order_by_asc(project::Column::Id),
            true,
        ),
    };
    // One more than is shown tells whether there is another page.
    let mut rows: Vec<ProjectCard> = found
        .limit(PAGE_SIZE + 1)
        .into_partial_model()
        .all(db)
        .await?;
    let more = rows.len() as u64 > PAGE_SIZE;
    rows.truncate(usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX));
    if backwards {
        rows.reverse();
    }
    let (has_older, has_newer) = match query.place {
        Place::Newest => (more, false),
        Place::After(_) => (more, true),
        Place::Before(_) => (true, more),
    };
    Ok(ProjectPage {
        older: rows.last().filter(|_| has_older).map(|row| row.id),
        newer: rows.first().filter(|_| has_newer).map(|row| row.id),
        rows,
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
