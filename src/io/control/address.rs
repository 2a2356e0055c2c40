//! Where the socket lies. The system takes only short paths for sockets, and a state folder may lie deep.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

/// The file's name in the run's folder.
const NAME: &str = "control";

/// The longest path that every system takes for a socket, in bytes.
const LONGEST_PATH: usize = 100;

/// The path of a socket, short enough for the system while this lives.
pub(super) struct SocketAddress {
    path: PathBuf,
    /// The run's folder, open for as long as the path leads through it.
    _folder: Option<OwnedFd>,
}

impl SocketAddress {
    /// The socket of a run's folder.
    ///
    /// # Errors
    /// The system's error if the folder cannot be opened; an unsupported error if the path is too long for the system.
    pub(super) fn of(folder: &Path) -> io::Result<Self> {
        let path = folder.join(NAME);
        if path.as_os_str().len() <= LONGEST_PATH {
            return Ok(Self { path, _folder: None });
        }
        Self::through_descriptor(folder)
    }

    /// Leads through an open folder, whose path is short however long its own is.
    #[cfg(target_os = "linux")]
    fn through_descriptor(folder: &Path) -> io::Result<Self> {
        use std::os::fd::AsRawFd;

        use rustix::fs::{Mode, OFlags};

        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let open = rustix::fs::open(folder, flags, Mode::empty())?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd())).join(NAME);
        Ok(Self { path, _folder: Some(open) })
    }

    #[cfg(not(target_os = "linux"))]
    fn through_descriptor(folder: &Path) -> io::Result<Self> {
        let why = format!("the path {} is too long for a socket; choose a shorter --state-dir", folder.display());
        Err(io::Error::new(io::ErrorKind::Unsupported, why))
    }

    /// The path to bind or to connect to.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}
