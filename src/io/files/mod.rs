//! Files and folders: private to their owner, small enough to be read whole, safe from other users.

mod ownership;
mod private;
mod small_file;

pub use ownership::{NotOurs, Untrusted, check_ours, check_ours_or_link, looser_parent};
pub use private::{make_private_dir, private_file, replace};
pub use small_file::{SmallFileError, read_small};
