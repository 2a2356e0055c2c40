//! `runs list` and `runs show`: the runs of the state folder, and one run with its family.

mod family;
mod filter;
mod list;
mod show;
mod status;

pub use family::{Family, FamilyRows};
pub use filter::{NameFilter, RunsFilter};
pub(crate) use list::newest_run_ids;
pub(super) use list::{Listed, read_listed};
pub use list::{RunsReport, RunsRequest, runs};
pub use show::{ShowReport, ShowRequest, show};
pub use status::{RunState, RunStatus};
