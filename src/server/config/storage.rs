//! Where artifacts are kept: a folder, or a bucket of a server that speaks S3.

use std::{path::PathBuf, str::FromStr};

use url::Url;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageUrl {
    /// On this machine; for several nodes, one that they share.
    Folder(PathBuf),
    /// With what the environment says of it (`AWS_…`).
    S3(Url),
}

impl FromStr for StorageUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const KNOWN: &str = "a storage is file://path or s3://bucket/prefix";
        if let Some(path) = text.strip_prefix("file://") {
            let path = PathBuf::from(path);
            let is_named = path.components().next().is_some();
            return is_named
                .then_some(Self::Folder(path))
                .ok_or_else(|| KNOWN.into());
        }
        let url = Url::parse(text).map_err(|_| KNOWN.to_owned())?;
        let is_plain = url.query().is_none() && url.username().is_empty();
        if url.scheme() != "s3" || url.host_str().is_none_or(str::is_empty) || !is_plain {
            return Err(KNOWN.into());
        }
        Ok(Self::S3(url))
    }
}

impl std::fmt::Display for StorageUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "file://{}", path.display()),
            Self::S3(url) => url.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storage_is_a_folder_or_a_bucket() {
        let folder = |path: &str| Ok(StorageUrl::Folder(PathBuf::from(path)));
        assert_eq!("file://data/artifacts".parse(), folder("data/artifacts"));
        assert_eq!("file:///srv/x".parse(), folder("/srv/x"));
        let bucket: StorageUrl = "s3://bucket/some/prefix".parse().unwrap();
        assert_eq!(bucket.to_string(), "s3://bucket/some/prefix");
        for bad in [
            "",
            "file://",
            "data",
            "s3://",
            "s3://key:secret@bucket",
            "http://x/y",
            "s3://a?b",
        ] {
            assert!(bad.parse::<StorageUrl>().is_err(), "{bad}");
        }
    }
}
