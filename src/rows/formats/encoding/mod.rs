//! Text encodings: detected from bytes, decoded, and the text of one record at a time.

mod alphabets;
mod ambiguity;
mod decoder;
mod detection;
mod likelihood;
mod record_text;
mod window;

pub(super) use record_text::set_text;
pub(super) use window::TextWindow;
