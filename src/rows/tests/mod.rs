//! What reading a row file gives, tried with small texts.

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
