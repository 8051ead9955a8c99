//! Standing in one organization, and seeing its rows alone.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

use super::{
    scope::OrgOwned,
    {grant::Grant, watch::Watch},
};
use crate::{access::Can, id::OrgId};

/// Whoever stands in one organization, be it by a grant or on behalf of all who
/// watch it. What is read in both ways is written once for either.
pub trait Within: Sync {
    fn organization_id(&self) -> OrgId;

    /// The organization's rows of a table, to be narrowed further.
    fn find<E: OrgOwned>(&self) -> Select<E> {
        <E as EntityTrait>::find().filter(E::ORGANIZATION.eq(self.organization_id()))
    }
}

impl<C: Can> Within for Grant<C> {
    fn organization_id(&self) -> OrgId {
        self.organization().id
    }
}

impl Within for Watch {
    fn organization_id(&self) -> OrgId {
        self.organization()
    }
}
