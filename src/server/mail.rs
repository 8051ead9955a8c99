//! Mail: composed from one pair of templates, sent by SMTP or written to a
//! folder where there is no SMTP server.

use std::{
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use askama::Template;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
    transport::smtp,
};
use uuid::Uuid;

use super::{config::Config, outbox::Undelivered};
use crate::{error::AppError, id::Email};

/// A mail's text, from which both its parts are made.
#[derive(Clone, Debug)]
pub struct Letter {
    pub subject: String,
    pub greeting: String,
    pub paragraphs: Vec<String>,
    pub action: Option<Action>,
    pub footnote: String,
}

/// The one thing that a mail asks its reader to do.
#[derive(Clone, Debug)]
pub struct Action {
    pub label: String,
    pub url: String,
}

#[derive(Template)]
#[template(path = "mail/letter.txt", escape = "none")]
struct Text<'a> {
    greeting: &'a str,
    paragraphs: &'a [String],
    action: &'a Option<Action>,
    footnote: &'a str,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    subject: &'a str,
    greeting: &'a str,
    paragraphs: &'a [String],
    action: &'a Option<Action>,
    footnote: &'a str,
}

/// Where mail goes.
#[derive(Clone, Debug)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl Mailer {
    /// # Errors
    /// What is wrong with the URL of the SMTP server.
    pub fn new(config: &Config) -> Result<Self, smtp::Error> {
        let way = match &config.smtp_url {
            Some(url) => {
                Way::Smtp(AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())?.build())
            }
            None => Way::Folder(config.mail_dir.clone()),
        };
        Ok(Self {
            from: config.mail_from.clone(),
            way,
        })
    }

    /// The folder that mail is written to, where it is.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.way {
            Way::Folder(folder) => Some(folder),
            Way::Smtp(_) => None,
        }
    }

    /// # Errors
    /// `Ever` for a mail that is refused for what it is or whom it is to; else
    /// `Yet`.
    pub async fn send(&self, to: &Email, letter: &Letter) -> Result<(), Undelivered> {
        let message = self.compose(to, letter)?;
        match &self.way {
            Way::Smtp(smtp) => {
                smtp.send(message)
                    .await
                    .map_err(|error| undelivered(&error))?;
            }
            Way::Folder(folder) => write(folder, &message.formatted())
                .await
                .map_err(|error| AppError::internal(&error))?,
        }
        Ok(())
    }

    fn compose(&self, to: &Email, letter: &Letter) -> Result<Message, AppError> {
        let Letter {
            subject,
            greeting,
            paragraphs,
            action,
            footnote,
        } = letter;
        let text = Text {
            greeting,
            paragraphs,
            action,
            footnote,
        }
        .render();
        let html = Html {
            subject,
            greeting,
            paragraphs,
            action,
            footnote,
        }
        .render();
        let to: Mailbox = to
            .as_str()
            .parse()
            .map_err(|error: lettre::address::AddressError| AppError::internal(&error))?;
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject.as_str())
            .message_id(None)
            .multipart(MultiPart::alternative_plain_html(
                text.map_err(|error| AppError::internal(&error))?,
                html.map_err(|error| AppError::internal(&error))?,
            ))
            .map_err(|error| AppError::internal(&error))
    }
}

/// What SMTP says of a mailbox that it won't take mail for. Other refusals, as
/// of our password, may be over the next time.
const REFUSED: RangeInclusive<u16> = 550..=553;

/// Without what the server said: it repeats the address.
fn undelivered(error: &smtp::Error) -> Undelivered {
    let code = error.status().map(u16::from);
    if let Some(code) = code.filter(|code| REFUSED.contains(code)) {
        return Undelivered::Ever(format!("the mail server refused it ({code})"));
    }
    let kind = match () {
        () if error.is_timeout() => "it took too long",
        () if error.is_tls() => "no encryption could be agreed on",
        () if error.is_permanent() => "it refused us",
        () if error.is_transient() => "it asks to be tried later",
        () => "it can't be reached or said what isn't SMTP",
    };
    let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
    let fault = std::io::Error::other(format!("the mail server: {kind}{code}"));
    Undelivered::Yet(AppError::internal(&fault))
}

/// Written under another name first, so that nobody reads half a mail.
async fn write(folder: &Path, mail: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let name = Uuid::now_v7();
    let unfinished = folder.join(format!(".{name}"));
    tokio::fs::write(&unfinished, mail).await?;
    tokio::fs::rename(unfinished, folder.join(format!("{name}.eml"))).await
}
