//! Copies of the database, taken while the program runs.

use std::{os::unix::fs::PermissionsExt, path::Path, process::Command};

use atrium::{
    entity::organization,
    program::{
        Failure,
        backup::{self, Options},
    },
};
use sea_orm::{DatabaseConnection, EntityTrait};

use crate::world::{World, empty_database};

/// Opens what a copy holds, as an operator would after a loss.
async fn restored(copy: &Path, folder: &Path) -> DatabaseConnection {
    let url = empty_database(folder).await.all;
    if url.starts_with("sqlite:") {
        std::fs::copy(copy, url.strip_prefix("sqlite://").unwrap()).unwrap();
    } else {
        let done = Command::new("pg_restore")
            .args(["--no-owner", "--exit-on-error", "--dbname", &url])
            .arg(copy)
            .status()
            .unwrap();
        assert!(done.success());
    }
    sea_orm::Database::connect(url).await.unwrap()
}

#[tokio::test]
async fn a_copy_holds_what_was_there_and_is_its_owners_alone() {
    let w = World::new().await;
    w.owner_of("acme").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy");
    let options = Options { file: file.clone() };
    // Others go on in the meantime.
    let others = tokio::spawn({
        let owner = w.owner_of("other").await;
        async move {
            for _ in 0..20 {
                owner
                    .sign_in("owner@other.test", crate::world::PASSWORD)
                    .await
                    .unwrap();
            }
        }
    });
    backup::run(&w.services.config, &options).await.unwrap();
    others.await.unwrap();

    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["copy"], "nothing unfinished is left");
    let elsewhere = tempfile::tempdir().unwrap();
    let db = restored(&file, elsewhere.path()).await;
    let mut slugs: Vec<_> = organization::Entity::find()
        .all(&db)
        .await
        .unwrap()
        .into_iter()
        .map(|organization| organization.slug.to_string())
        .collect();
    slugs.sort();
    assert_eq!(slugs, ["acme", "other"]);
}

#[tokio::test]
async fn a_copy_replaces_nothing() {
    let w = World::at_rest().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy");
    std::fs::write(&file, "the only good one").unwrap();
    let refused = backup::run(&w.services.config, &Options { file: file.clone() }).await;
    assert!(matches!(refused, Err(Failure(why)) if why.contains("exists already")));
    assert_eq!(std::fs::read(&file).unwrap(), b"the only good one");
}

#[tokio::test]
async fn a_copy_that_can_not_be_made_leaves_nothing() {
    let w = World::at_rest().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("no such folder/copy");
    assert!(
        backup::run(&w.services.config, &Options { file })
            .await
            .is_err()
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
