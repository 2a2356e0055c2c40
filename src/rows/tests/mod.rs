//! What row files do, read from small texts.

mod checks;
mod encodings;
mod exporters;
mod form;
mod json;
mod lists;
mod masks;
mod raw;
pub(super) mod setup;
mod typed;
mod xlsx;
