//! The configuration: from the command line, the environment and `.env`, in
//! that order. A value that can't be right stops the start.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use clap::Args;
use lettre::message::Mailbox;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

#[derive(Args, Clone, Debug)]
pub struct Config {
    /// `sqlite://path` or `postgres://…`
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite://data/atrium.db",
        hide_env_values = true,
        global = true
    )]
    pub database_url: DatabaseUrl,

    /// The address to listen on
    #[arg(
        long,
        env = "LEPTOS_SITE_ADDR",
        default_value = "127.0.0.1:3000",
        global = true
    )]
    pub site_addr: SocketAddr,

    /// The port to listen on, in place of the address's own
    #[arg(long, env = "PORT", global = true)]
    pub port: Option<u16>,

    /// Where people reach the program: scheme and host, no path
    #[arg(long, env = "APP_URL", global = true)]
    pub app_url: Option<AppUrl>,

    /// `smtp://` or `smtps://`, with user and password; mail goes to files if absent
    #[arg(long, env = "SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<SmtpUrl>,

    /// The sender of all mail
    #[arg(
        long,
        env = "MAIL_FROM",
        default_value = "Atrium <noreply@localhost.localdomain>",
        global = true
    )]
    pub mail_from: Mailbox,

    /// The folder for mail where there is no SMTP server
    #[arg(long, env = "MAIL_DIR", default_value = "data/mail", global = true)]
    pub mail_dir: PathBuf,

    /// How many proxies of yours stand before the program
    #[arg(long, env = "TRUSTED_PROXY_HOPS", default_value_t = 0, global = true)]
    pub trusted_proxy_hops: usize,

    /// An address of its own for Prometheus metrics
    #[arg(long, env = "METRICS_ADDR", global = true)]
    pub metrics_addr: Option<SocketAddr>,
}

impl Config {
    /// The address to listen on, with the port that was asked for.
    #[must_use]
    pub fn listen_addr(&self) -> SocketAddr {
        let mut addr = self.site_addr;
        if let Some(port) = self.port {
            addr.set_port(port);
        }
        addr
    }

    /// Where people reach the program.
    #[must_use]
    pub fn app_url(&self) -> AppUrl {
        self.app_url
            .clone()
            .unwrap_or_else(|| AppUrl::loopback(self.listen_addr().port()))
    }

    /// Whether this is someone's own machine: reached on loopback, and mail
    /// goes to files. Only then are the development pages served.
    #[must_use]
    pub fn is_development(&self) -> bool {
        self.smtp_url.is_none()
            && self.app_url().is_loopback()
            && self.listen_addr().ip().is_loopback()
    }
}

/// A database that Atrium runs on.
#[derive(Clone)]
pub struct DatabaseUrl(SecretString);

impl DatabaseUrl {
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The file of an SQLite database.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self.expose().strip_prefix("sqlite:")?;
        let path = rest.strip_prefix("//").unwrap_or(rest);
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| text.starts_with(scheme)) {
            return Err("a database is sqlite://path or postgres://user:password@host/name".into());
        }
        Ok(Self(SecretString::from(text)))
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.expose().split(':').next().unwrap_or_default())
    }
}

impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

/// The URL of an SMTP server, which may hold a password.
#[derive(Clone, Debug)]
pub struct SmtpUrl(SecretString);

impl SmtpUrl {
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl FromStr for SmtpUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| "not a URL")?;
        if !matches!(url.scheme(), "smtp" | "smtps") || url.host().is_none() {
            return Err("a mail server is smtp://host:port or smtps://user:password@host".into());
        }
        Ok(Self(SecretString::from(text)))
    }
}

/// Scheme, host and port under which people reach the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppUrl {
    origin: String,
    https: bool,
    loopback: bool,
}

impl AppUrl {
    fn loopback(port: u16) -> Self {
        Self {
            origin: format!("http://127.0.0.1:{port}"),
            https: false,
            loopback: true,
        }
    }

    /// `https://atrium.example`, with no slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The absolute URL of a path.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl FromStr for AppUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| "not a URL")?;
        let https = url.scheme() == "https";
        let host = url.host_str().ok_or("it has no host")?;
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let loopback = host == "localhost" || address.is_some_and(|ip| ip.is_loopback());
        let is_safe = https || (url.scheme() == "http" && loopback);
        if !is_safe {
            return Err("people must reach the program by https, except on loopback".into());
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err("scheme and host only, without a path".into());
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            https,
            loopback,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_url_is_an_origin() {
        let url: AppUrl = "https://atrium.example/".parse().expect("is one");
        assert_eq!(url.join("/app"), "https://atrium.example/app");
        assert!(url.is_https() && !url.is_loopback());
        for wrong in [
            "atrium.example",
            "http://atrium.example",
            "https://a.b/path",
            "ftp://a.b",
        ] {
            assert!(wrong.parse::<AppUrl>().is_err(), "{wrong}");
        }
        assert!(
            "http://localhost:3000"
                .parse::<AppUrl>()
                .is_ok_and(|url| url.is_loopback())
        );
    }

    #[test]
    fn only_two_databases_are_known() {
        assert!("mysql://root@localhost/x".parse::<DatabaseUrl>().is_err());
        let url: DatabaseUrl = "sqlite://data/atrium.db?mode=rwc".parse().expect("is one");
        assert_eq!(url.sqlite_file(), Some(PathBuf::from("data/atrium.db")));
        let url: DatabaseUrl = "postgres://u:hidden@h/d".parse().expect("is one");
        assert_eq!(url.sqlite_file(), None);
        assert!(!format!("{url:?} {url}").contains("hidden"));
    }
}
