//! Text encodings: detected from bytes, decoded, and the text of one record at a time.

mod alphabets;
mod ambiguity;
mod decoder;
mod detection;
mod frequent;
mod likelihood;
mod record_text;
mod window;

pub(in crate::rows) use ambiguity::without_readings;
pub(in crate::rows) use detection::readings;
pub(in crate::rows) use record_text::set_text;
pub(in crate::rows) use window::Window;
