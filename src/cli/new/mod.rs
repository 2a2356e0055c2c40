//! The verb `new`: a starter playbook with sample rows and settings, made from what operations say of themselves.

mod assemble;
mod draft;
mod inputs;
mod names;
mod playbook;
mod sample;
mod settings;
mod tests_file;
mod verb;

pub(super) use verb::new;
