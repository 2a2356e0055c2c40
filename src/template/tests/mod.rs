//! What templates refuse, what they render, and that they mean what Handlebars means.

mod compared_with_handlebars;
mod compiled;
mod destinations;
mod rendering;
mod strictness;
