//! JSON rows: one object a line, or the elements of one array; a row's members are its cells.

mod array;
mod flaws;
mod insert;
mod members;
mod reader;
mod scan;

pub(crate) use insert::insert_members;
pub(super) use members::{again, minified, token};
pub(super) use reader::{JsonReader, Shape};
pub(super) use scan::{Kind, unescaped};
