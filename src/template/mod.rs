//! Handlebars, strict: texts compiled once, rendered to typed values; our own helpers; the names a text uses.

pub mod helpers;

#[cfg(test)]
mod against_handlebars;
mod bounded;
mod compile;
mod evaluate;
mod frames;
mod instant;
mod lower;
mod made;
mod path;
mod program;
mod root;
mod scope;
mod slot;
mod store;
mod tags;
#[cfg(test)]
mod tests;
mod words;

pub use compile::{Name, RenderError, Template, TemplateError};
pub use made::Made;
pub use path::spelled;
pub use root::{Root, RunPart, StepPart};
pub use scope::Scope;
pub use slot::Slot;
pub use store::Templates;
