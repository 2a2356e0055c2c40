//! `fmt`: lays YAML files out evenly.

mod files;
mod render;
mod verb;

pub(crate) use verb::fmt;
