//! The page itself: files without any data, embedded in the program. Everybody on this machine may load them.

mod page_file;

pub(super) use page_file::PageFile;
