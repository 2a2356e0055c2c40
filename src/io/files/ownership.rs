//! Checks that no other user can change the files that a run builds on. A journal says what is sent, where to, and which
//! command prints the credentials, so a user who can write it can run anything in our name.

use std::fmt::Write;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::diagnostic::shell_path;
use crate::io::system::name_of_user;

/// The id of root, who can change everything anyway.
const ROOT: u32 = 0;

/// The bits of a mode that let the group and all others write.
const OTHERS_WRITE: u32 = 0o022;

/// The bit of a folder in which users may only move and remove their own files.
const STICKY: u32 = 0o1000;

/// How another user could change a folder or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotOurs {
    /// Another user owns it.
    Owned {
        /// The folder or file.
        path: PathBuf,
        /// The user id of its owner.
        owner: u32,
        /// The user id of this process.
        we: u32,
    },
    /// Users other than its owner may write to it.
    Writable {
        /// The folder or file.
        path: PathBuf,
        /// Its mode, such as `0o775`.
        mode: u32,
    },
    /// It is a symbolic link, whose target can be exchanged.
    Link(PathBuf),
}

impl std::error::Error for NotOurs {}

impl std::fmt::Display for NotOurs {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Owned { path, owner, we } => write!(
                out,
                "`{path}` belongs to {owner}, and this program runs as {we}: who owns it could change what is sent. Where \
                 it is yours, take it over with `chown -R {uid} {named}`, or run as that user; else keep runs elsewhere \
                 with `--state-dir DIR`",
                path = path.display(),
                named = shell_path(path),
                owner = named(*owner),
                uid = we,
                we = named(*we),
            ),
            Self::Writable { path, mode } => write!(
                out,
                "`{path}` may be written to by others than you (mode {mode:04o}), who could change what is sent. Remove \
                 that right with `chmod -R go-w {named}`, or keep runs elsewhere with `--state-dir DIR`",
                path = path.display(),
                named = shell_path(path),
            ),
            Self::Link(path) => write!(
                out,
                "`{path}` is a link, and what it leads to could be exchanged. Put the folder or file itself there, or keep \
                 runs elsewhere with `--state-dir DIR`",
                path = path.display(),
            ),
        }
    }
}

/// Checks that no other user can change a folder or a file: this user or root owns it, nobody else may write to it, and it
/// is not a symbolic link. A path that does not exist passes.
///
/// # Errors
/// [`Untrusted::NotOurs`] if another user can change it; [`Untrusted::Io`] if the system does not say.
pub fn check_ours(path: &Path) -> Result<(), Untrusted> {
    match fs::symlink_metadata(path) {
        Ok(about) => Ok(judge(path, PathFacts::of(&about), own_id())?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Untrusted::Io { path: path.to_owned(), error }),
    }
}

/// As [`check_ours`], but a symbolic link of this user passes if its target does, as a person may keep the folder
/// elsewhere.
///
/// # Errors
/// [`Untrusted::NotOurs`] if another user can change it; [`Untrusted::Io`] if the system does not say.
pub fn check_ours_or_link(path: &Path) -> Result<(), Untrusted> {
    let wrong = |error| Untrusted::Io { path: path.to_owned(), error };
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_symlink() => {
            let link = PathFacts { is_link: false, mode: 0, ..PathFacts::of(&about) };
            judge(path, link, own_id())?;
            let real = fs::canonicalize(path).map_err(wrong)?;
            check_ours(&real)
        }
        Ok(_) | Err(_) => check_ours(path),
    }
}

/// A warning if other users could exchange everything in the parent of a checked folder, such as a mounted volume. `None`
/// if they could not, or if there is no such folder.
#[must_use]
pub fn looser_parent(folder: &Path) -> Option<String> {
    let about = fs::metadata(folder).ok()?;
    let look = PathFacts::of(&about);
    // In a folder with the sticky bit, such as /tmp, users cannot move the files of others.
    let mode = if about.mode() & STICKY == 0 { look.mode } else { 0 };
    let wrong = judge(folder, PathFacts { mode, is_link: false, ..look }, own_id()).err()?;
    let mut said = format!("the state folder {} is not yours alone", folder.display());
    // Writing to a string cannot fail.
    let _ = match wrong {
        NotOurs::Owned { owner, .. } => write!(said, ": it belongs to {}", named(owner)),
        NotOurs::Writable { mode, .. } => write!(said, ": others may write to it (mode {mode:04o})"),
        NotOurs::Link(_) => Ok(()),
    };
    said.push_str("; who can write to it could put other runs in the place of yours");
    Some(said)
}

/// Why a path could not be trusted.
#[derive(Debug, thiserror::Error)]
pub enum Untrusted {
    /// Another user can change it.
    #[error(transparent)]
    NotOurs(#[from] NotOurs),
    /// The system does not say.
    #[error("`{path}`: {error}", path = path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
}

/// The properties of a path that decide whether it is trusted.
#[derive(Debug, Clone, Copy)]
struct PathFacts {
    owner: u32,
    mode: u32,
    is_link: bool,
}

impl PathFacts {
    fn of(about: &Metadata) -> Self {
        Self { owner: about.uid(), mode: about.mode() & 0o7777, is_link: about.is_symlink() }
    }
}

/// Checks that only user `we` and root can change a path. Root trusts no other user either: a journal of another user could
/// run that user's commands with all rights. In a container, root must own the volume, or the process must run as the
/// volume's owner.
fn judge(path: &Path, facts: PathFacts, we: u32) -> Result<(), NotOurs> {
    let path = path.to_owned();
    match facts {
        PathFacts { owner, .. } if owner != we && owner != ROOT => Err(NotOurs::Owned { path, owner, we }),
        PathFacts { is_link: true, .. } => Err(NotOurs::Link(path)),
        PathFacts { mode, .. } if mode & OTHERS_WRITE != 0 => Err(NotOurs::Writable { path, mode }),
        PathFacts { .. } => Ok(()),
    }
}

/// A user by id and, if the system knows it, name.
fn named(user: u32) -> String {
    match name_of_user(user) {
        Some(name) => format!("user {user} ({name})"),
        None => format!("user {user}"),
    }
}

fn own_id() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    const WE: u32 = 1000;

    fn look(owner: u32, mode: u32) -> PathFacts {
        PathFacts { owner, mode, is_link: false }
    }

    #[test]
    fn a_path_is_trusted_only_if_we_or_root_own_it_and_nobody_else_can_write_it() {
        let path = Path::new("/state/runs");
        for (owner, mode, we) in [(WE, 0o700, WE), (WE, 0o755, WE), (ROOT, 0o755, WE), (ROOT, 0o600, ROOT)] {
            assert_eq!(judge(path, look(owner, mode), we), Ok(()), "{owner} {mode:o} {we}");
        }
        for (owner, mode, we) in [(1001, 0o700, WE), (WE, 0o700, ROOT), (65_534, 0o600, ROOT)] {
            let told = judge(path, look(owner, mode), we).unwrap_err();
            assert_eq!(told, NotOurs::Owned { path: path.to_owned(), owner, we });
            let said = told.to_string();
            assert!(said.contains(&format!("`chown -R {we} /state/runs`")) && said.contains("--state-dir"), "{said}");
        }
        for mode in [0o770, 0o707, 0o720, 0o702, 0o777, 0o1777, 0o2775] {
            let told = judge(path, look(WE, mode), WE).unwrap_err();
            assert_eq!(told, NotOurs::Writable { path: path.to_owned(), mode }, "{mode:o}");
            let said = told.to_string();
            assert!(
                said.contains(&format!("mode {mode:04o}")) && said.contains("`chmod -R go-w /state/runs`"),
                "{said}"
            );
        }
        let link = PathFacts { is_link: true, ..look(WE, 0o777) };
        assert_eq!(judge(path, link, WE), Err(NotOurs::Link(path.to_owned())));
    }

    #[test]
    fn folders_and_links_are_checked_as_they_are_on_disk() {
        let desk = tempfile::tempdir().unwrap();
        let (folder, link) = (desk.path().join("run"), desk.path().join("link"));
        fs::create_dir(&folder).unwrap();
        symlink(&folder, &link).unwrap();
        let set = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        set(0o755);
        assert!(check_ours(&folder).is_ok() && check_ours(&desk.path().join("none")).is_ok());
        assert!(matches!(check_ours(&link), Err(Untrusted::NotOurs(NotOurs::Link(_)))));
        assert!(check_ours_or_link(&link).is_ok() && looser_parent(&folder).is_none());
        set(0o775);
        for wrong in [check_ours(&folder), check_ours_or_link(&link)] {
            assert!(matches!(wrong, Err(Untrusted::NotOurs(NotOurs::Writable { mode: 0o775, .. }))), "{wrong:?}");
        }
        assert!(looser_parent(&folder).unwrap().contains("mode 0775"));
        set(0o1777);
        assert_eq!(looser_parent(&folder), None);
        set(0o700);
    }
}
