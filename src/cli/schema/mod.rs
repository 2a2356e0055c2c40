//! The verb `schema`: JSON Schemas of the files that people write, made from the known providers.

mod answer;
mod declarations;
mod example;
mod operation;
mod parts;
mod playbook;
mod provider;
mod rows;
mod run_output;
mod settings;
mod test;
mod verb;
mod with;

pub(super) use playbook::playbook;
pub(super) use settings::settings;
pub(super) use test::test as test_file;
pub(super) use verb::schema;
