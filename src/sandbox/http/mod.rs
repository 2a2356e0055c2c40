//! What stands under no vendor: an echo.

mod echo;

pub(in crate::sandbox) use echo::{answer, refused};
