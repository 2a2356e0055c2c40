//! Strict Handlebars templates: compiles texts once and renders them to typed values, with helpers of our own.
//!
//! Each folder imports only from those listed before it.
//!
//! | folder | what it holds |
//! |---|---|
//! | `values` | what templates work on: the names they see, times, values as text within bounds |
//! | `helpers` | the helpers of the language, one file per family, and the table of all |
//! | `compile` | a text to a program: scans its tags, parses it, resolves names and helpers |
//! | `evaluate` | a program with a scope to a value; what each destination allows; which values are private |
//!
//! `templates.rs` holds the compiled text and the store of all texts.
//!
//! To add a helper: write a `Helper` constant with its examples in the file of its family in `helpers/`, or in a file
//! of its own, and add a line to `helpers/table.rs`. The examples run as tests.

mod compile;
mod evaluate;
pub mod helpers;
mod templates;
#[cfg(test)]
mod tests;
mod values;

pub use compile::{Name, TemplateError, spell_name};
pub use evaluate::{Destination, PrivateValues, RenderError};
pub use templates::{Template, Templates};
pub use values::{RunPart, Scope, StepPart, TopName};
