//! The files that a use case reads: text files of bounded size, provider files, settings; and the folder inside which
//! playbooks may name files.

mod files_below;
mod near_files;
mod output_folder;
mod provider_folder;
mod root;
mod settings_file;
mod text_file;

pub(crate) use files_below::{FilesBelow, files_below};
pub(super) use near_files::nearby;
pub(super) use output_folder::{absolute, check_out};
pub(super) use provider_folder::registry as provider_registry;
pub(crate) use root::{NotOpened, Root};
pub(crate) use settings_file::{find as find_settings, refuse_links_out};
pub(crate) use text_file::read_text;
