//! JSON rows: one object a line, or the elements of one array; the members of a row are its cells.

mod array;
mod members;
mod problems;
mod reader;
mod scan;
mod write;

pub(super) use members::reread;
pub(super) use reader::{JsonLayout, JsonReader};
pub(crate) use write::insert_members;
pub(in crate::rows) use write::json_line;
