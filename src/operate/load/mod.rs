//! From a request to everything a run is made of: settings, providers, playbook, variables, open rows, a bound plan.

mod authorities;
mod loaded;
mod nearer;
mod prepared;
mod row_files;
mod run_rows;

pub(super) use loaded::{Place, load, place};
pub(crate) use loaded::{registry, registry_and_folder};
pub(super) use prepared::{Prepared, check_selection, lay_over, prepare, set_pace};
pub(super) use row_files::{choose, in_memory, open_file};
pub(super) use run_rows::{TakenFor, open_run_rows};
