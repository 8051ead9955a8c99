//! The mail that was written, as its readers see it.

use std::path::PathBuf;

use atrium::entity::outbox;
use mail_parser::MessageParser;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::World;

/// A mail as its reader sees it.
#[derive(Debug)]
pub struct Mail {
    pub subject: String,
    pub text: String,
}

impl Mail {
    /// The path of the first link in it.
    pub fn link(&self) -> String {
        let url = self
            .text
            .lines()
            .find(|line| line.starts_with("http"))
            .expect("a mail with a link");
        let (_, rest) = url.split_once("://").unwrap();
        rest[rest.find('/').unwrap()..].to_owned()
    }

    /// The token that the link carries.
    pub fn token(&self) -> String {
        let link = self.link();
        let (_, token) = link.split_once("token=").expect("a link with a token");
        token.split('&').next().unwrap().to_owned()
    }
}

impl World {
    /// All mail to an address so far, the newest last. What is still owed is
    /// waited for.
    pub async fn mail_to(&self, email: &str) -> Vec<Mail> {
        let db = self.look();
        for _ in 0..500 {
            if outbox::Entity::find().count(db).await.unwrap() == 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.folder.path().join("mail"))
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
            .collect();
        files.sort();
        files
            .iter()
            .filter_map(|file| read(&std::fs::read(file).unwrap(), email))
            .collect()
    }

    /// All mail there is, as it was written.
    pub async fn all_mail(&self) -> Vec<String> {
        self.mail_to("nobody@example.com").await;
        std::fs::read_dir(self.folder.path().join("mail"))
            .into_iter()
            .flatten()
            .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect()
    }

    pub async fn newest_mail_to(&self, email: &str) -> Mail {
        self.mail_to(email)
            .await
            .pop()
            .unwrap_or_else(|| panic!("no mail to {email}"))
    }
}

fn read(bytes: &[u8], to: &str) -> Option<Mail> {
    let message = MessageParser::default().parse(bytes)?;
    let address = message.to()?.first()?.address()?.to_owned();
    (address == to).then(|| Mail {
        subject: message.subject().unwrap_or_default().to_owned(),
        text: message.body_text(0).unwrap().into_owned(),
    })
}
