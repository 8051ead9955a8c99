//! Pages for whoever works on Atrium, served only in development: the mail
//! that was written to files.

use std::path::Path;

use askama::Template;
use axum::{
    Router,
    extract::{Path as UrlPath, Request, State},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::header::HOST;
use mail_parser::MessageParser;

use super::refusal::refusal;
use crate::{error::AppError, server::services::Services};

/// The most mails that are listed.
const LISTED: usize = 100;

struct Mail {
    file: String,
    to: String,
    subject: String,
    date: String,
    text: String,
}

#[derive(Template)]
#[template(path = "dev/mails.html")]
struct List {
    mails: Vec<Mail>,
}

#[derive(Template)]
#[template(path = "dev/mail.html")]
struct One {
    mail: Mail,
    lines: Vec<Line>,
}

/// A line of a mail: text, or a link to follow.
struct Line {
    text: String,
    is_link: bool,
}

pub fn router() -> Router<Services> {
    Router::new()
        .route("/_dev/mail", get(list))
        .route("/_dev/mail/{file}", get(one))
        .layer(middleware::from_fn(only_here))
}

/// Whoever comes through a proxy asks for another host, and finds nothing.
async fn only_here(request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    let name = host.map_or("", |host| {
        host.rsplit_once(':').map_or(host, |(name, _)| name)
    });
    if matches!(name, "127.0.0.1" | "localhost" | "[::1]") {
        next.run(request).await
    } else {
        refusal(&AppError::NotFound, None, true)
    }
}

async fn list(State(services): State<Services>) -> Response {
    let Some(folder) = services.mailer.folder() else {
        return refusal(&AppError::NotFound, None, true);
    };
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".eml") && !name.starts_with('.'))
        .collect();
    files.sort_unstable_by(|a, b| b.cmp(a));
    let mails = files
        .iter()
        .take(LISTED)
        .filter_map(|file| read(folder, file))
        .collect();
    page(&List { mails })
}

async fn one(State(services): State<Services>, UrlPath(file): UrlPath<String>) -> Response {
    let known = file.ends_with(".eml") && !file.contains(['/', '\\']) && !file.starts_with('.');
    let mail = services
        .mailer
        .folder()
        .filter(|_| known)
        .and_then(|folder| read(folder, &file));
    let Some(mail) = mail else {
        return refusal(&AppError::NotFound, None, true);
    };
    let lines = mail
        .text
        .lines()
        .map(|line| Line {
            text: line.to_owned(),
            is_link: line.starts_with("http"),
        })
        .collect();
    page(&One { mail, lines })
}

fn read(folder: &Path, file: &str) -> Option<Mail> {
    let bytes = std::fs::read(folder.join(file)).ok()?;
    let message = MessageParser::default().parse(&bytes)?;
    Some(Mail {
        file: file.to_owned(),
        to: message.to()?.first()?.address()?.to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        date: message.date().map(ToString::to_string).unwrap_or_default(),
        text: message.body_text(0)?.into_owned(),
    })
}

fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => refusal(&AppError::internal(&error), None, true),
    }
}
