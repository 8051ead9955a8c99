//! Reading one page of a list.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value};

use crate::paging::Place;

/// What is to be read for a page at that place: outwards from it, and one row
/// more than the page holds, which tells whether there is another.
#[must_use]
pub fn outwards<E: EntityTrait, K: Into<Value>>(
    found: Select<E>,
    key: E::Column,
    place: Place<K>,
    size: u64,
) -> Select<E> {
    let found = match place {
        Place::Newest => found.order_by_desc(key),
        Place::After(at) => found.filter(key.lt(at)).order_by_desc(key),
        Place::Before(at) => found.filter(key.gt(at)).order_by_asc(key),
    };
    found.limit(size + 1)
}
