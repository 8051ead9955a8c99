//! Opening the store that the configuration names.

use std::{path::Path, sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, RetryConfig, aws::AmazonS3Builder,
    local::LocalFileSystem, prefix::PrefixStore,
};
use url::Url;

use super::Store;
use crate::server::config::StorageUrl;

/// Why the store can't be used, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAStore(pub String);

impl std::fmt::Display for NotAStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Store {
    /// # Errors
    /// If the folder can't be made, or what the environment says can't be right.
    pub fn open(url: &StorageUrl) -> Result<Self, NotAStore> {
        match url {
            StorageUrl::Folder(folder) => Self::folder(folder),
            StorageUrl::S3(url) => Self::s3(url),
        }
    }

    fn folder(folder: &Path) -> Result<Self, NotAStore> {
        let fault = |error: std::io::Error| NotAStore(format!("{}: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(fault)?;
        let folder = folder.canonicalize().map_err(fault)?;
        let local = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|error| NotAStore(error.to_string()))?
            .with_fsync(true)
            .with_automatic_cleanup(true);
        Ok(Self {
            objects: Arc::new(local),
            folder: Some(folder),
        })
    }

    fn s3(url: &Url) -> Result<Self, NotAStore> {
        // Its client wants one even where nothing is encrypted.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let is_http = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"]
            .iter()
            .any(|name| std::env::var(name).is_ok_and(|url| url.starts_with("http://")));
        let client = ClientOptions::new()
            .with_connect_timeout(Duration::from_secs(3))
            .with_read_timeout(Duration::from_secs(30))
            .with_timeout_disabled()
            .with_allow_http(is_http);
        let bucket = AmazonS3Builder::from_env()
            .with_url(format!("s3://{}", url.host_str().unwrap_or_default()))
            .with_virtual_hosted_style_request(false)
            .with_retry(retry())
            .with_client_options(client)
            .build()
            .map_err(|error| NotAStore(error.to_string()))?;
        let prefix = url.path().trim_matches('/').to_owned();
        let objects: Arc<dyn ObjectStore> = if prefix.is_empty() {
            Arc::new(bucket)
        } else {
            Arc::new(PrefixStore::new(bucket, prefix))
        };
        Ok(Self {
            objects,
            folder: None,
        })
    }
}

fn retry() -> RetryConfig {
    RetryConfig {
        max_retries: 3,
        retry_timeout: Duration::from_secs(10),
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
    }
}
