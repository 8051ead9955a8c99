//! The link between a program and its database, which can be cut: a proxy
//! before PostgreSQL, another program's lock on a SQLite file.

use sea_orm::{DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

pub enum Link {
    Proxy {
        url: String,
        is_up: watch::Sender<bool>,
    },
    File {
        url: String,
        lock: Option<DatabaseTransaction>,
    },
}

impl Link {
    /// To the database of that URL.
    pub async fn to(url: &str) -> Self {
        let Some(rest) = url.strip_prefix("postgres://") else {
            return Self::File {
                url: url.to_owned(),
                lock: None,
            };
        };
        let (user, rest) = rest.rsplit_once('@').expect("a URL with a user");
        let (server, name) = rest.split_once('/').expect("a URL with a database");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (is_up, watched) = watch::channel(true);
        tokio::spawn(forward(listener, server.to_owned(), watched));
        Self::Proxy {
            url: format!("postgres://{user}@127.0.0.1:{port}/{name}"),
            is_up,
        }
    }

    /// What the program has to connect to.
    pub fn url(&self) -> &str {
        match self {
            Self::Proxy { url, .. } | Self::File { url, .. } => url,
        }
    }

    pub async fn cut(&mut self) {
        match self {
            Self::Proxy { is_up, .. } => is_up.send(false).unwrap(),
            Self::File { url, lock } => {
                let other = sea_orm::Database::connect(url.as_str()).await.unwrap();
                let options = TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Exclusive),
                    ..TransactionOptions::default()
                };
                *lock = Some(other.begin_with_options(options).await.unwrap());
            }
        }
    }

    pub async fn restore(&mut self) {
        match self {
            Self::Proxy { is_up, .. } => is_up.send(true).unwrap(),
            Self::File { lock, .. } => lock.take().unwrap().rollback().await.unwrap(),
        }
    }
}

async fn forward(listener: TcpListener, server: String, is_up: watch::Receiver<bool>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let (server, mut is_up) = (server.clone(), is_up.clone());
        tokio::spawn(async move {
            if !*is_up.borrow_and_update() {
                return;
            }
            let Ok(mut far) = TcpStream::connect(server).await else {
                return;
            };
            tokio::select! {
                _ = copy_bidirectional(&mut near, &mut far) => {}
                _ = is_up.changed() => {}
            }
        });
    }
}
