//! The ways in. Whoever has a [`Person`] is signed in; whoever has a
//! [`Grant`] is a member who may do what it says, or a key on their behalf, in
//! the organization that it carries; nothing but the doors makes either. Whoever has a [`Bearer`] has
//! shown the secret of an invitation.

pub mod agent;
pub mod authn;
pub mod bearer;
pub mod door;
pub mod grant;
pub mod key_door;
pub mod memberships;
pub mod once;
pub mod scope;
pub mod session_store;
pub mod trail;
pub mod tx;
pub mod watch;
pub mod within;

pub use agent::Agent;
pub use bearer::Bearer;
pub use door::{Person, Visitor};
pub use grant::Grant;
pub use tx::OrgTx;
pub use watch::Watch;
pub use within::Within;
