//! Lists in pages, newest first, by a cursor that stays right while rows come
//! and go.

use serde::{Deserialize, Serialize};

/// Where a page of a list begins or ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place<K> {
    #[default]
    Newest,
    /// With what is older than that one.
    After(K),
    /// With what is newer than that one, next to it.
    Before(K),
}

impl<K> Place<K> {
    /// From the two cursors that an address may hold.
    #[must_use]
    pub fn between(after: Option<K>, before: Option<K>) -> Self {
        match (after, before) {
            (Some(key), _) => Self::After(key),
            (None, Some(key)) => Self::Before(key),
            (None, None) => Self::Newest,
        }
    }
}

/// The rows of a page, newest first, and whether there are others beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice<T> {
    pub rows: Vec<T>,
    has_older: bool,
    has_newer: bool,
}

impl<T> Slice<T> {
    /// From the rows as they were read at that place: outwards from it, and one
    /// more than the page holds if there are more.
    #[must_use]
    pub fn at<K>(place: &Place<K>, mut rows: Vec<T>, size: u64) -> Self {
        let has_more = rows.len() as u64 > size;
        rows.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        let (has_older, has_newer) = match place {
            Place::Newest => (has_more, false),
            Place::After(_) => (has_more, true),
            Place::Before(_) => {
                rows.reverse();
                (true, has_more)
            }
        };
        Self {
            rows,
            has_older,
            has_newer,
        }
    }

    /// The row after which older ones follow, if there are any.
    #[must_use]
    pub fn older(&self) -> Option<&T> {
        self.rows.last().filter(|_| self.has_older)
    }

    /// The row before which newer ones stand, if there are any.
    #[must_use]
    pub fn newer(&self) -> Option<&T> {
        self.rows.first().filter(|_| self.has_newer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_what_is_beside_it() {
        for (place, read, rows, older, newer) in [
            (Place::Newest, vec![9, 8, 7], vec![9, 8], Some(8), None),
            (Place::Newest, vec![9, 8], vec![9, 8], None, None),
            (Place::After(8), vec![7, 6, 5], vec![7, 6], Some(6), Some(7)),
            (Place::After(2), vec![1], vec![1], None, Some(1)),
            (
                Place::Before(5),
                vec![6, 7, 8],
                vec![7, 6],
                Some(6),
                Some(7),
            ),
            (Place::Before(7), vec![8, 9], vec![9, 8], Some(8), None),
            (Place::After(1), vec![], vec![], None, None),
        ] {
            let slice = Slice::at(&place, read, 2);
            assert_eq!(slice.older().copied(), older, "{place:?}");
            assert_eq!(slice.newer().copied(), newer, "{place:?}");
            assert_eq!(slice.rows, rows, "{place:?}");
        }
    }
}
