//! From a request to everything that a run is made of: settings, providers, playbook, variables, open rows, a bound plan.

mod loaded;
mod nearer_settings;
mod pace;
mod prepared;
mod row_files;
mod rows_of_run;

pub(super) use loaded::{Target, load, read_target};
pub(crate) use loaded::{environment_names, registry, registry_and_folder};
pub(super) use pace::{apply_pace, apply_pace_to_plan, highest_limits};
pub(super) use prepared::{Prepared, check_selection, prepare};
pub(super) use row_files::{assign_row_files, in_memory, open_file};
pub(super) use rows_of_run::{RunRowsPurpose, open_run_rows};
