//! The files that a use case reads: text files within bounds, provider files, settings in force.

mod below;
mod catalogue;
mod near_files;
mod out;
mod root;
mod settings_file;
mod text_file;

pub(crate) use below::{FilesBelow, files_below};
pub(super) use catalogue::registry as provider_registry;
pub(super) use near_files::nearby;
pub(super) use out::{absolute, check_out};
pub(crate) use root::{NotOpened, Root};
pub(crate) use settings_file::{find as find_settings, refuse_links_out};
pub(crate) use text_file::read_text;
