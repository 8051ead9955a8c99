//! The store of artifacts. What is written to it is never held whole in
//! memory, and is there as a whole or not at all.

mod open;
mod removal;

use std::{ops::Range, path::PathBuf, pin::Pin, sync::Arc, time::Duration};

use axum::body::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::{
    Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt, WriteMultipart, path::Path,
};
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use crate::error::AppError;

pub use open::NotAStore;
pub use removal::Removal;

/// What is sent to the store at once, in bytes. Ten thousand of these are the
/// most that a server which speaks S3 takes: 80 GB.
const PART: usize = 8 << 20;
/// How many of them are under way at once.
const PARTS_AT_ONCE: usize = 2;
/// How long the store may take to take one, or to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes as they come, or why no more do.
pub type Bits = Pin<Box<dyn Stream<Item = Result<Bytes, AppError>> + Send>>;

#[derive(Clone, Debug)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    /// Where they lie, if it is on this machine.
    folder: Option<PathBuf>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub bytes: u64,
    pub sha256: Vec<u8>,
}

impl Store {
    /// Writes all of a body, of which there may be so many bytes.
    ///
    /// # Errors
    /// What is wrong with the body; `TooLarge` if there are more bytes;
    /// `StorageUnavailable`. Nothing is there then.
    pub async fn write(
        &self,
        location: &str,
        most: u64,
        mut body: Bits,
    ) -> Result<Written, AppError> {
        let path = Path::from(location);
        let upload = in_time(self.objects.put_multipart(&path)).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        match fill(&mut upload, most, &mut body).await {
            Ok(written) => {
                in_time(upload.finish()).await?;
                Ok(written)
            }
            Err(why) => {
                if let Err(error) = in_time(upload.abort()).await {
                    tracing::warn!(%error, location, "an upload couldn't be taken back");
                }
                Err(why)
            }
        }
    }

    /// All that is there, or a part of it.
    ///
    /// # Errors
    /// `NotFound`; `StorageUnavailable`.
    pub async fn read(&self, location: &str, part: Option<Range<u64>>) -> Result<Bits, AppError> {
        let options = GetOptions {
            range: part.map(GetRange::Bounded),
            ..GetOptions::default()
        };
        let found = in_time(self.objects.get_opts(&Path::from(location), options)).await?;
        Ok(Box::pin(found.into_stream().map_err(fault)))
    }

    /// Deletes what is there, if anything is, and what an upload that was cut
    /// off left of it.
    ///
    /// # Errors
    /// `StorageUnavailable`.
    pub async fn delete(&self, location: &str) -> Result<(), AppError> {
        if let Some(folder) = &self.folder {
            delete_unfinished(&folder.join(location)).await;
        }
        match in_time(self.objects.delete(&Path::from(location))).await {
            Ok(()) | Err(AppError::NotFound) => Ok(()),
            Err(why) => Err(why),
        }
    }

    /// Deletes all that is below a place.
    ///
    /// # Errors
    /// `StorageUnavailable`; some of it may be left.
    pub async fn delete_below(&self, place: &str) -> Result<(), AppError> {
        let place = Path::from(place);
        let mut found = self.objects.list(Some(&place));
        while let Some(object) = found.next().await {
            let location = object.map_err(fault)?.location;
            self.delete(location.as_ref()).await?;
        }
        // What isn't whole is listed nowhere.
        if let Some(folder) = &self.folder {
            let _gone = tokio::fs::remove_dir_all(folder.join(place.as_ref())).await;
        }
        Ok(())
    }

    /// # Errors
    /// `StorageUnavailable` if the store doesn't answer, or not to us.
    pub async fn ping(&self) -> Result<(), AppError> {
        match in_time(self.objects.head(&Path::from("is-anybody-there"))).await {
            Ok(_) | Err(AppError::NotFound) => Ok(()),
            Err(why) => Err(why),
        }
    }
}

async fn fill(
    upload: &mut WriteMultipart,
    most: u64,
    body: &mut Bits,
) -> Result<Written, AppError> {
    let (mut bytes, mut hash) = (0_u64, Sha256::new());
    while let Some(chunk) = body.next().await {
        let chunk = chunk?;
        bytes = bytes.saturating_add(chunk.len() as u64);
        if bytes > most {
            return Err(AppError::TooLarge);
        }
        in_time(upload.wait_for_capacity(PARTS_AT_ONCE)).await?;
        hash.update(&chunk);
        upload.put(chunk);
    }
    Ok(Written {
        bytes,
        sha256: hash.finalize().to_vec(),
    })
}

/// What the local store writes to before it is whole: `name#1`, `name#2`, …
async fn delete_unfinished(file: &std::path::Path) {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else {
        return;
    };
    let begin = format!("{}#", name.to_string_lossy());
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else {
        return;
    };
    while let Ok(Some(entry)) = entries.next_entry().await {
        if entry.file_name().to_string_lossy().starts_with(&begin) {
            let _gone = tokio::fs::remove_file(entry.path()).await;
        }
    }
}

async fn in_time<T>(done: impl Future<Output = Result<T, Error>>) -> Result<T, AppError> {
    match timeout(PATIENCE, done).await {
        Ok(done) => done.map_err(fault),
        Err(_) => {
            tracing::warn!("the storage took too long");
            Err(AppError::StorageUnavailable)
        }
    }
}

fn fault(error: Error) -> AppError {
    if let Error::NotFound { .. } = error {
        return AppError::NotFound;
    }
    tracing::warn!(error = %crate::server::fault::chain(&error), "the storage failed");
    AppError::StorageUnavailable
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;
    use crate::server::config::StorageUrl;

    fn body(chunks: &[Result<usize, AppError>]) -> Bits {
        let chunk = |chunk: Result<usize, AppError>| chunk.map(|size| Bytes::from(vec![7; size]));
        Box::pin(stream::iter(chunks.to_vec()).map(chunk))
    }

    #[tokio::test]
    async fn a_body_is_kept_as_a_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StorageUrl::Folder(folder.path().to_owned())).unwrap();
        let written = store.write("a/b", 10, body(&[Ok(6), Ok(4)])).await.unwrap();
        assert_eq!(written.bytes, 10);
        assert_eq!(written.sha256, Sha256::digest([7; 10]).to_vec());
        for (chunks, why) in [
            (vec![Ok(6), Ok(5)], AppError::TooLarge),
            (vec![Ok(PART), Ok(PART)], AppError::TooLarge),
            (vec![Ok(6), Err(AppError::CutOff)], AppError::CutOff),
        ] {
            assert_eq!(store.write("a/c", 10, body(&chunks)).await, Err(why));
            assert_eq!(
                store.read("a/c", None).await.err(),
                Some(AppError::NotFound)
            );
            let left = std::fs::read_dir(folder.path().join("a")).unwrap();
            assert_eq!(left.count(), 1, "nothing of it is left");
        }
    }
}
