//! Mail by a real SMTP server.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command},
    time::Duration,
};

use atrium::{
    access::Role,
    billing::Plan,
    id::OrgSlug,
    organizations::api::RenameOrganization,
    team::{
        api::{AcceptInvitation, InviteMembers},
        model::NewInvitations,
    },
};
use mail_parser::{Message, MessageParser};
use tempfile::TempDir;

use crate::world::World;

/// A mail server that keeps all it gets in a folder.
struct Server {
    process: Child,
    folder: TempDir,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python");
        assert!(python.is_dir(), "run `scripts/tools smtp` first");
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = port.local_addr().unwrap().port();
        let process = Command::new("python3")
            .env("PYTHONPATH", python)
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(folder.path().join("mail"))
            .spawn()
            .unwrap();
        Self {
            process,
            folder,
            port,
        }
    }

    /// What it has got, once it has got something.
    async fn received(&self) -> Vec<Vec<u8>> {
        for _ in 0..500 {
            let mails: Vec<_> = std::fs::read_dir(self.folder.path().join("mail/new"))
                .into_iter()
                .flatten()
                .map(|mail| std::fs::read(mail.unwrap().path()).unwrap())
                .collect();
            if !mails.is_empty() {
                return mails;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no mail arrived");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.process.kill().and_then(|()| self.process.wait());
    }
}

#[tokio::test]
async fn an_invitation_arrives_as_text_and_as_html() {
    let server = Server::start();
    let url = format!("smtp://127.0.0.1:{}", server.port);
    let w = World::with(&[
        "--smtp-url",
        &url,
        "--mail-from",
        "Atrium <mail@atrium.test>",
    ])
    .await;
    let owner = w.owner_of("acme").await;
    w.put_on("acme", Plan::Starter).await;
    let acme = || OrgSlug::parse("acme").unwrap();
    let name = "Zoë & <b>Söhne</b>, Bcc: eve@evil.test";
    let rename = RenameOrganization {
        org: acme(),
        name: name.into(),
    };
    owner.call(rename).await.unwrap();
    let new = NewInvitations {
        emails: "ada@example.com".into(),
        role: Role::Admin,
    };
    owner
        .call(InviteMembers { org: acme(), new })
        .await
        .unwrap();

    let mails = server.received().await;
    assert_eq!(mails.len(), 1);
    let mail = MessageParser::default().parse(&mails[0]).unwrap();
    assert_eq!(addresses(&mail), ["ada@example.com"]);
    assert!(mail.bcc().is_none() && mail.cc().is_none());
    assert_eq!(
        mail.subject(),
        Some(format!("Join {name} on Atrium").as_str())
    );
    let (text, html) = (mail.body_text(0).unwrap(), mail.body_html(0).unwrap());
    assert!(text.contains(name) && text.contains("as Admin"), "{text}");
    assert!(
        !html.contains("<b>") && html.contains("&#60;b&#62;"),
        "{html}"
    );
    let link = text.lines().find(|line| line.starts_with("http")).unwrap();
    assert!(html.contains(link), "the same link in both");

    let ada = w.person("ada@example.com").await;
    let token = link.rsplit('/').next().unwrap().to_owned();
    assert_eq!(ada.call(AcceptInvitation { token }).await, Ok(acme()));
}

fn addresses(mail: &Message<'_>) -> Vec<String> {
    let to = mail.to().unwrap().iter();
    to.filter_map(|to| to.address().map(str::to_owned))
        .collect()
}
