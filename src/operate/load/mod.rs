//! From a request to everything a run is made of: settings, providers, playbook, variables, open rows, a bound plan.

mod loaded;
mod nearer_settings;
mod pace;
mod prepared;
mod row_files;
mod rows_of_run;

pub(super) use loaded::{Place, load, place};
pub(crate) use loaded::{registry, registry_and_folder};
pub(super) use pace::{lay_over, set_pace};
pub(super) use prepared::{Prepared, check_selection, prepare};
pub(super) use row_files::{choose, in_memory, open_file};
pub(super) use rows_of_run::{TakenFor, open_run_rows};
