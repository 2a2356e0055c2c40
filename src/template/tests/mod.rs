//! What templates refuse, what they render, and that they mean what Handlebars means.

mod against_handlebars;
mod rendering;
