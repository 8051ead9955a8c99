//! Founding, finding, changing and deleting organizations.

pub mod founding;
pub mod image;
pub mod look;
pub mod owners;
pub mod settings;
pub mod standing;
