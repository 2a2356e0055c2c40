//! JSON rows: one object a line, or the elements of one array; the members of a row are its cells.

mod array;
mod members;
mod problems;
mod reader;
mod scan;
mod write;

pub(in crate::rows) use members::{again, minified, token};
pub(in crate::rows) use reader::{JsonReader, Shape};
pub(in crate::rows) use scan::{Kind, unescaped};
pub(crate) use write::insert_members;
