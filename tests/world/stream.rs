//! Somebody who listens to what goes on in an organization.

use std::time::Duration;

use atrium::{
    access::server::trail::{self, Actor},
    audit::model::Event,
    id::{OrgId, ProjectId},
    program::serve::serve_on,
    server::database::Scope,
};
use futures_util::future::join_all;
use reqwest::{Response, header::ACCEPT};
use serde_json::Value;
use tokio::{net::TcpListener, time::timeout};

use super::{Browser, World, link::Link, services, site};

/// How long the next event is waited for, or the end.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many come in at once.
const AT_THE_DOOR: usize = 32;

/// An event, as a browser has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The last id there was, be it of this event or of one before.
    pub id: String,
    /// Empty for the default one.
    pub event: String,
    pub data: String,
}

impl Told {
    pub fn is_overview(&self) -> bool {
        self.event.is_empty()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Whose count the id belongs to, and where it stands in it.
    pub fn place(&self) -> (&str, u64) {
        let (epoch, number) = self.id.split_once('-').expect("an id");
        (epoch, number.parse().unwrap())
    }
}

/// An open stream. Whoever drops it hangs up.
pub struct Listener {
    answer: Response,
    /// All that came so far, of which so much was told.
    heard: Vec<u8>,
    told: usize,
    id: String,
}

impl Listener {
    pub fn of(answer: Response) -> Self {
        assert_eq!(answer.status(), 200);
        Self {
            answer,
            heard: Vec::new(),
            told: 0,
            id: String::new(),
        }
    }

    /// The next event; nothing once it has ended.
    pub async fn next(&mut self) -> Option<Told> {
        let told = timeout(PATIENCE, self.read()).await;
        told.unwrap_or_else(|_| self.give_up())
    }

    /// The next event that is so.
    pub async fn until(&mut self, mut is_it: impl FnMut(&Told) -> bool) -> Told {
        let telling = async {
            while let Some(told) = self.read().await {
                if is_it(&told) {
                    return Some(told);
                }
            }
            None
        };
        let told = timeout(PATIENCE, telling).await.ok().flatten();
        told.unwrap_or_else(|| self.give_up())
    }

    /// The next state of the overview.
    pub async fn overview(&mut self) -> Value {
        self.until(Told::is_overview).await.json()
    }

    /// The next state of the overview that is so.
    pub async fn overview_where(&mut self, mut is_it: impl FnMut(&Value) -> bool) -> Value {
        let told = self
            .until(|told| told.is_overview() && is_it(&told.json()))
            .await;
        told.json()
    }

    /// All that is still told, up to its end.
    pub async fn ended(mut self) -> Vec<Told> {
        let mut rest = Vec::new();
        let telling = async {
            while let Some(told) = self.read().await {
                rest.push(told);
            }
        };
        if timeout(PATIENCE, telling).await.is_err() {
            self.give_up()
        }
        rest
    }

    pub async fn hears_nothing_for(&mut self, length: Duration) {
        if let Ok(told) = timeout(length, self.read()).await {
            panic!("told, or ended: {told:?}");
        }
    }

    /// All that came, as it came.
    pub fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard).into_owned()
    }

    async fn read(&mut self) -> Option<Told> {
        loop {
            if let Some(told) = self.take() {
                return Some(told);
            }
            let chunk = self.answer.chunk().await.unwrap()?;
            self.heard.extend_from_slice(&chunk);
        }
    }

    /// The next event of what has come, if all of it has.
    fn take(&mut self) -> Option<Told> {
        loop {
            let rest = &self.heard[self.told..];
            let end = rest.windows(2).position(|pair| pair == b"\n\n")? + 2;
            let block = std::str::from_utf8(&rest[..end]).unwrap().to_owned();
            self.told += end;
            if let Some(told) = self.event(&block) {
                return Some(told);
            }
        }
    }

    /// A block without data is no event: a comment, or how long to wait.
    fn event(&mut self, block: &str) -> Option<Told> {
        let (mut event, mut data) = (String::new(), None);
        for line in block.lines() {
            match line.split_once(": ") {
                Some(("id", id)) => id.clone_into(&mut self.id),
                Some(("event", name)) => name.clone_into(&mut event),
                Some(("data", text)) => data = Some(text.to_owned()),
                Some(("" | "retry", _)) | None => {}
                Some(other) => panic!("{other:?} is no field of an event"),
            }
        }
        Some(Told {
            id: self.id.clone(),
            event,
            data: data?,
        })
    }

    fn give_up(&self) -> ! {
        let heard = self.heard();
        let last: String = heard.chars().rev().take(3_000).collect();
        let last: String = last.chars().rev().collect();
        panic!("it wasn't told, or there was no end to it. The last that was heard:\n{last}");
    }
}

impl Browser {
    /// Asks for the stream of an organization, to go on after an event.
    pub async fn ask_to_listen(&self, slug: &str, last: Option<&str>) -> Response {
        let request = self.raw().get(self.at(&stream_of(slug)));
        let mut request = request.header(ACCEPT, "text/event-stream");
        if let Some(id) = last {
            request = request.header("last-event-id", id);
        }
        request.send().await.unwrap()
    }

    pub async fn listen(&self, slug: &str) -> Listener {
        Listener::of(self.ask_to_listen(slug, None).await)
    }

    pub async fn listen_after(&self, slug: &str, last: &str) -> Listener {
        Listener::of(self.ask_to_listen(slug, Some(last)).await)
    }

    /// Listens so often at once.
    pub async fn listen_often(&self, slug: &str, count: usize) -> Vec<Listener> {
        let mut all = Vec::with_capacity(count);
        while all.len() < count {
            let some = (count - all.len()).min(AT_THE_DOOR);
            all.extend(join_all((0..some).map(|_| self.listen(slug))).await);
        }
        all
    }
}

/// Where the stream of an organization is.
pub fn stream_of(slug: &str) -> String {
    format!("/api/app/{slug}/stream")
}

/// Something by which a state can be told from the ones before: a project was
/// created, of which all members read the name.
pub fn created(name: &str) -> Event {
    Event::ProjectCreated {
        project: ProjectId::generate(),
        name: name.to_owned(),
    }
}

/// Has this process hold as many sockets as the system lets it.
pub fn hold_many() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
}

impl World {
    /// Has something happen in an organization by the program's own means, and
    /// nothing beside it.
    pub async fn happens(&self, organization: OrgId, event: &Event) {
        let tx = self.services.db.write("a test").await.unwrap();
        tx.enter(Scope::Tenant(organization)).await.unwrap();
        let now = self.services.clock.now();
        trail::append(&*tx, organization, &Actor::stripe(), event, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Another node, and the link by which it reaches the database.
    pub async fn another_node_by_a_link(&self) -> (String, Link) {
        let link = Link::to(&self.urls.program).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let mut config = self.services.config.clone();
        config.site_addr = addr;
        config.database_url = link.url().parse().unwrap();
        let (services, stop) = (services(config).await, self.stop.clone());
        tokio::spawn(async move { serve_on(listener, services, &site(), stop).await });
        (format!("http://{addr}"), link)
    }
}
