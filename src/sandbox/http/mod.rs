//! Answers requests that belong to no simulated vendor: an echo.

mod echo;

pub(in crate::sandbox) use echo::{answer, refused};
