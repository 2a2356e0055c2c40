//! `fmt`: lays YAML files out evenly.

mod files;
mod shown;
mod verb;

pub(crate) use verb::fmt;
