use leptos::prelude::*;

use super::ErrorPage;
use crate::error::AppError;

/// Waits for what a page shows, before any of the page is sent, and shows it;
/// or says why it can't be shown, with the status that goes with that.
pub fn load<T, V>(
    what: impl Future<Output = Result<T, AppError>> + Send + 'static,
    show: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + Send + 'static,
{
    Suspend::new(async move {
        match what.await {
            Ok(found) => show(found).into_any(),
            Err(error) => view! { <ErrorPage error=error/> }.into_any(),
        }
    })
}
