//! Looking for a text in a column.

use sea_orm::{
    ExprTrait,
    sea_query::{Expr, IntoColumnRef, LikeExpr},
};

/// Whether a column, which holds folded text, has that in it.
#[must_use]
pub fn contains(column: impl IntoColumnRef, key: &str) -> Expr {
    let escaped = key
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let pattern = LikeExpr::new(format!("%{escaped}%")).escape('\\');
    Expr::col(column).like(pattern)
}
