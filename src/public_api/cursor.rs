//! Cursors. One says after which row a list goes on, and is bound to the list
//! that it was given out for: in another organization, or for another list, it
//! is none. The binding is no secret. Whoever computes one finds no more by it:
//! whose rows are looked for, the grant says.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::id::OrgId;

const KEY: usize = 16;
const SEAL: usize = 8;

/// Which list a cursor is for.
#[derive(Clone, Debug)]
pub struct Of {
    organization: OrgId,
    list: String,
}

impl Of {
    #[must_use]
    pub fn new(organization: OrgId, list: impl ToString) -> Self {
        Self {
            organization,
            list: list.to_string(),
        }
    }

    /// The cursor after that row.
    #[must_use]
    pub fn after(&self, key: Uuid) -> String {
        let mut bytes = key.as_bytes().to_vec();
        bytes.extend(self.seal(key));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The row that a cursor comes after, if it is one of this list.
    #[must_use]
    pub fn read(&self, cursor: &str) -> Option<Uuid> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (key, seal) = bytes.split_first_chunk::<KEY>()?;
        let key = Uuid::from_bytes(*key);
        (self.seal(key) == seal).then_some(key)
    }

    fn seal(&self, key: Uuid) -> Vec<u8> {
        let hash = Sha256::new()
            .chain_update(self.organization.0.as_bytes())
            .chain_update(key.as_bytes())
            .chain_update(self.list.as_bytes())
            .finalize();
        hash.iter().copied().take(SEAL).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_of_one_list() {
        let (own, other) = (OrgId::generate(), OrgId::generate());
        let key = Uuid::now_v7();
        let cursor = Of::new(own, "projects").after(key);
        assert_eq!(cursor.len(), 32);
        assert_eq!(Of::new(own, "projects").read(&cursor), Some(key));
        assert_eq!(Of::new(other, "projects").read(&cursor), None);
        assert_eq!(Of::new(own, "members").read(&cursor), None);
        for bad in [
            "",
            "x",
            "////",
            &cursor[1..],
            &format!("{cursor}A"),
            &"A".repeat(32),
        ] {
            assert_eq!(Of::new(own, "projects").read(bad), None, "{bad}");
        }
    }
}
