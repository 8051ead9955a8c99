//! A copy of the database that is whole, taken while the program runs.

use std::{
    fs::OpenOptions,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use clap::Args;
use percent_encoding::percent_decode_str;
use sea_orm::{ConnectOptions, ConnectionTrait, DbBackend, Statement};
use tokio::process::Command;
use url::Url;

use super::Failure;
use crate::server::{
    config::{Config, DatabaseUrl},
    database::Database,
};

#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The file to write, which must not exist: an SQLite database, or an archive for `pg_restore`
    pub file: PathBuf,
}

/// Writes the copy under another name first, so that a file of the name that
/// was asked for is always a whole one. Nobody but its owner may read it.
///
/// # Errors
/// If there is such a file, or the copy can't be made.
pub async fn run(config: &Config, options: &Options) -> Result<(), Failure> {
    let file = &options.file;
    let original = config.database_url.sqlite_file();
    if let Some(original) = original.as_ref().filter(|original| !original.exists()) {
        return Err(Failure(format!("{} isn't there", original.display())));
    }
    if file.exists() {
        return Err(Failure(format!("{} exists already", file.display())));
    }
    let mut unfinished = file.clone().into_os_string();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    create(&unfinished)?;
    let made = match original {
        Some(_) => vacuum(&config.database_url, &unfinished).await,
        None => dump(config, &unfinished).await,
    };
    let kept = made.and_then(|()| keep(&unfinished, file));
    if kept.is_err() {
        // What can't be deleted either says so by its name.
        let _left = std::fs::remove_file(&unfinished);
    }
    let bytes = kept?;
    println!("{}: {bytes} bytes", file.display());
    Ok(())
}

fn create(file: &Path) -> Result<(), Failure> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(|error| Failure(format!("{}: {error}", file.display())))?;
    Ok(())
}

/// Gives how many bytes there are.
fn keep(unfinished: &Path, file: &Path) -> Result<u64, Failure> {
    let keep = || {
        let written = OpenOptions::new().read(true).open(unfinished)?;
        written.sync_all()?;
        std::fs::rename(unfinished, file)?;
        Ok::<_, std::io::Error>(written.metadata()?.len())
    };
    keep().map_err(|error| Failure(format!("{}: {error}", file.display())))
}

async fn vacuum(url: &DatabaseUrl, file: &Path) -> Result<(), Failure> {
    let path = file
        .to_str()
        .ok_or_else(|| Failure(format!("{}: not UTF-8", file.display())))?;
    let statement =
        Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [path.into()]);
    let db = Database::connect_as_owner(url).await?;
    db.unscoped("a copy of all there is")
        .execute_raw(statement)
        .await?;
    let location = file.to_owned();
    let mut copy = ConnectOptions::new("sqlite::memory:");
    copy.map_sqlx_sqlite_opts(move |options| options.in_memory(false).filename(&location));
    let copy = sea_orm::Database::connect(copy).await?;
    let check = Statement::from_string(DbBackend::Sqlite, "PRAGMA quick_check");
    let row = copy.query_one_raw(check).await?;
    let found = row.and_then(|row| row.try_get_by_index::<String>(0).ok());
    copy.close().await?;
    match found.as_deref() {
        Some("ok") => Ok(()),
        _ => Err(Failure(
            "the copy is damaged: look at the disk, and at the database itself".into(),
        )),
    }
}

/// Who sees only one tenant at a time can't copy all of them.
const NEEDS_A_ROLE: &str = "set BACKUP_DATABASE_URL to a role that reads all tenants: CREATE ROLE \
     atrium_backup LOGIN PASSWORD 'choose one' BYPASSRLS; GRANT pg_read_all_data TO atrium_backup;";

async fn dump(config: &Config, file: &Path) -> Result<(), Failure> {
    let url = config.backup_database_url.as_ref();
    let url = url.ok_or_else(|| Failure(NEEDS_A_ROLE.to_owned()))?;
    let mut url = Url::parse(url.expose()).map_err(|error| Failure(error.to_string()))?;
    let password = without_password(&mut url);
    let mut command = Command::new("pg_dump");
    command.args(["--format=custom", "--no-owner", "--file"]);
    command.arg(file).arg(format!("--dbname={url}"));
    if !password.is_empty() {
        command.env("PGPASSWORD", password);
    }
    let ended = command.output().await.map_err(|error| {
        Failure(format!(
            "pg_dump: {error}: install PostgreSQL's client programs"
        ))
    })?;
    if ended.status.success() {
        Ok(())
    } else {
        let why = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
        Err(Failure(why))
    }
}

/// Takes the password out of a URL, wherever it stands, and what libpq doesn't
/// know: others on this machine can read arguments, and not the environment.
fn without_password(url: &mut Url) -> String {
    let mut password = percent_decode_str(url.password().unwrap_or_default())
        .decode_utf8_lossy()
        .into_owned();
    let _has_none = url.set_password(None);
    let asked: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    url.set_query(None);
    for (name, value) in asked {
        match name.as_str() {
            "password" => password = value,
            "host" | "port" | "user" | "dbname" | "sslmode" | "sslrootcert" | "sslcert"
            | "sslkey" | "application_name" => {
                url.query_pairs_mut().append_pair(&name, &value);
            }
            _ => {}
        }
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_stands_in_an_argument() {
        for text in [
            "postgres://u:hunter%2F2@h:5432/d?sslmode=require&statement-cache-capacity=9",
            "postgres://h:5432/d?user=u&password=hunter%2F2&sslmode=require",
        ] {
            let mut url = Url::parse(text).expect("a URL");
            assert_eq!(without_password(&mut url), "hunter/2");
            let url = url.as_str();
            assert!(!url.contains("hunter") && !url.contains("cache"), "{url}");
            assert!(url.contains("sslmode=require"), "{url}");
        }
    }
}
