//! The parts that pages are made of. They take data, emit events and know no
//! domain; each has its style under the same name in `style/components/`.

pub mod browser;
pub mod chart;
mod code;
pub mod command;
pub mod copy;
pub mod display;
pub mod drawer;
pub mod drawn;
pub mod error_page;
pub mod escape;
pub mod form;
pub mod gallery;
pub mod icon;
pub mod json;
pub mod live;
pub mod load;
pub mod number;
pub mod page;
mod pager;
pub mod sidebar;
pub mod theme_switch;
pub mod time;
pub mod toast;

pub use code::{CodeBlock, SecretReveal};
pub use display::{Avatar, Badge, EmptyState, Logo, Meter, NameCell, StatCard};
pub use drawer::Drawer;
pub use error_page::ErrorPage;
pub use escape::PageTitle;
pub use form::{Field, Form, Select, Submit, TextArea, Tick, Ticks};
pub use icon::{Glyph, Icon};
pub use load::load;
pub use pager::Pager;
pub use time::Ago;

/// Does once per page what no island is for.
pub fn wake() {
    time::localise();
}
