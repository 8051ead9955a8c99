//! The file that a deployment may carry.

use serde::{Deserialize, Serialize};

use crate::{
    error::{AppError, Problem},
    validate::Checks,
};

/// The file that a deployment carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = Artifact))]
pub struct ArtifactCard {
    #[cfg_attr(feature = "ssr", schema(example = "build.tar.gz"))]
    pub name: String,
    #[cfg_attr(feature = "ssr", schema(example = "application/gzip"))]
    pub content_type: String,
    /// How many bytes it has.
    pub size: u64,
    /// In hexadecimal digits.
    pub sha256: String,
}

/// The largest artifact that is taken, in bytes: less than what a server that
/// speaks S3 takes in as many parts as it does.
pub const ARTIFACT_MAX: u64 = 50 << 30;
/// The longest name of an artifact, in characters.
pub const ARTIFACT_NAME_MAX: usize = 255;

/// What a file is called, without the folders that it may have been in.
///
/// # Errors
/// `Invalid` if it isn't a name of a file.
pub fn artifact_name(text: &str) -> Result<String, AppError> {
    if text.trim().is_empty() {
        return Ok("artifact".to_owned());
    }
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut checks = Checks::default();
    let name = checks.line("name", name, 1, ARTIFACT_NAME_MAX);
    if matches!(name.as_str(), "." | "..") {
        checks.fail("name", Problem::Malformed);
    }
    checks.done()?;
    Ok(name)
}

/// A media type as it was sent, or what any file is.
#[must_use]
pub fn artifact_type(text: &str) -> String {
    let is_token = |part: &str| {
        let is_plain = |c: u8| c.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&c);
        !part.is_empty() && part.bytes().all(is_plain)
    };
    let essence = text.split(';').next().unwrap_or_default().trim();
    let is_type = essence
        .split_once('/')
        .is_some_and(|(kind, of)| is_token(kind) && is_token(of));
    if is_type && essence.len() <= 127 {
        essence.to_ascii_lowercase()
    } else {
        "application/octet-stream".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_artifact_is_called_like_a_file() {
        for (text, name) in [
            ("build.tar.gz", "build.tar.gz"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\x.zip", "x.zip"),
            ("", "artifact"),
        ] {
            assert_eq!(artifact_name(text), Ok(name.to_owned()));
        }
        for bad in [
            "..",
            "a/..",
            "a/",
            "x\0",
            "x\u{202e}gpj.exe",
            &"x".repeat(256),
        ] {
            assert!(artifact_name(bad).is_err(), "{bad}");
        }
        assert_eq!(artifact_type("Application/GZIP; x=y"), "application/gzip");
        assert_eq!(
            artifact_type("text/html\r\nx: y"),
            "application/octet-stream"
        );
    }
}
