//! The verb `fmt`: formats YAML files.

mod files;
mod render;
mod verb;

pub(crate) use verb::fmt;
