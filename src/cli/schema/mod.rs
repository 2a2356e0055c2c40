//! The verb `schema`: JSON Schemas of the files that people write, made from the providers that are known here.

mod inputs;
mod parts;
mod playbook;
mod rows;
mod settings;
mod verb;

pub(super) use playbook::playbook;
pub(super) use settings::settings;
pub(super) use verb::schema;
