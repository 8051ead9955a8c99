//! What pages are given besides the request: what an earlier answer left, the
//! reader's theme, and a way to say how the answer went.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{
    HeaderValue, Method, StatusCode,
    header::{CONTENT_SECURITY_POLICY, LOCATION, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;

use super::site::{self, Site};
use crate::{
    answer::LAST_ORGANIZATION,
    flash::Flash,
    id::OrgSlug,
    server::{config::ApiBase, flash, request::RequestInfo, services::Services},
    ui::page::{PageAnswer, PageRequest},
};

/// Provides a page with what it may know of its request.
pub fn provide_page_context(site: &Site) {
    let Some(parts) = use_context::<Parts>() else {
        return;
    };
    let cookie = |name| flash::cookie(&parts.headers, name).map(str::to_owned);
    let services = parts.extensions.get::<Services>();
    let https = services.is_none_or(|services| services.config.app_url().is_https());
    if let Some(flash) = flash::read(&parts.headers, https) {
        provide_context(flash);
    }
    let info = parts.extensions.get::<RequestInfo>();
    let tenant = info.and_then(|info| info.host.tenant().cloned());
    // What isn't the organization's is at the main host.
    let elsewhere = match (&tenant, services) {
        (Some(_), Some(services)) => services.config.app_url().origin().to_owned(),
        _ => String::new(),
    };
    provide_context(PageRequest {
        id: info.map(|info| info.id),
        theme: cookie("theme")
            .and_then(|theme| theme.parse().ok())
            .unwrap_or_default(),
        is_sidebar_collapsed: cookie("sidebar").as_deref() == Some("collapsed"),
        is_development: services.is_some_and(|services| services.config.is_development()),
        query: url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        app_host: services
            .map(|services| host(services.config.app_url().origin()))
            .unwrap_or_default(),
        elsewhere: elsewhere.clone(),
        tenant,
        built: site.built(),
    });
    if let Some(options) = use_context::<ResponseOptions>() {
        let sandbox = services.and_then(|services| services.config.stripe.stripe_api_base.as_ref());
        let sandbox = sandbox.map(ApiBase::origin).unwrap_or_default();
        let beside = format!("{elsewhere} {sandbox}");
        provide_context(answer(&options, https, beside));
    }
}

fn host(origin: &str) -> String {
    origin
        .split_once("://")
        .map_or(origin, |(_, host)| host)
        .to_owned()
}

fn answer(options: &ResponseOptions, https: bool, beside: String) -> PageAnswer {
    let [for_status, for_policy, for_org, for_onward] = std::array::from_fn(|_| options.clone());
    PageAnswer::new(
        move |status| {
            for_status.set_status(
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            );
        },
        move |nonce| {
            if let Ok(policy) = HeaderValue::from_str(&policy(nonce, beside.trim())) {
                for_policy.insert_header(CONTENT_SECURITY_POLICY, policy);
            }
        },
        move |slug| {
            if let Some(cookie) = last_organization(slug, https) {
                for_org.append_header(SET_COOKIE, cookie);
            }
        },
        move |path| {
            if let Ok(path) = HeaderValue::from_str(path) {
                for_onward.insert_header(LOCATION, path);
                for_onward.set_status(StatusCode::FOUND);
            }
        },
    )
}

/// Forms may lead to the page itself, to Stripe, and to those origins.
fn policy(nonce: &str, beside: &str) -> String {
    let live_reload = if site::is_watched() { " ws:" } else { "" };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'{live_reload}; manifest-src 'self'; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'; \
         form-action 'self' {beside} https://checkout.stripe.com https://billing.stripe.com \
         https://invoice.stripe.com"
    )
}

fn last_organization(slug: &OrgSlug, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{LAST_ORGANIZATION}={slug}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}"
    ))
    .ok()
}

/// Takes a flash away once a page has shown it.
pub async fn clear_flash(
    State(services): State<Services>,
    request: Request,
    next: Next,
) -> Response {
    let https = services.config.app_url().is_https();
    let is_shown = match flash::read(request.headers(), https) {
        // A key waits for the page that shows it.
        Some(Flash {
            secret: Some(secret),
            ..
        }) => request.uri().path() == secret.page,
        Some(_) => true,
        None => false,
    };
    let is_shown = is_shown && request.method() == Method::GET;
    let mut response = next.run(request).await;
    if is_shown
        && response.status() != StatusCode::FOUND
        && let Some(cookie) = flash::clear(https)
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
