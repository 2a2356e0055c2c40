//! The folder inside which the files must lie that a playbook, its rows, its tests and its provider files name. These files
//! may come from a stranger, who must not reach what only the user may read.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::operate::interface::Refusal;

/// The most links that are followed to one file, as in Linux.
const MOST_LINKS: u32 = 40;

/// The folder, with all links resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Root {
    folder: PathBuf,
}

/// Why a file is not opened. It shows nothing of the file's content.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotOpened {
    /// It lies outside the root.
    Outside {
        /// Where it leads, with all links resolved.
        leads_to: PathBuf,
        /// The root.
        root: PathBuf,
    },
    /// It cannot be read, in words.
    Unreadable(String),
}

impl Root {
    /// Returns the root for files in `folder`: the folder of `--confine`; else the folder of the settings, where it lies above
    /// `folder`; else `folder` itself.
    ///
    /// # Errors
    /// [`Refusal::Usage`] where the folder of `--confine` does not exist.
    pub(crate) fn of(confine: Option<&Path>, settings: Option<&Path>, folder: &Path) -> Result<Self, Refusal> {
        if let Some(named) = confine {
            let wrong = |why: &str| Refusal::Usage(format!("`--confine {}`: {why}", named.display()));
            let folder = fs::canonicalize(here(named)).map_err(|error| wrong(&error.to_string()))?;
            return if folder.is_dir() { Ok(Self { folder }) } else { Err(wrong("it is not a folder")) };
        }
        let folder = resolved(here(folder));
        let settings = settings.map(|file| resolved(here(file.parent().unwrap_or(Path::new("")))));
        let home = env::home_dir().map(|home| resolved(&home));
        Ok(Self { folder: chosen(folder, settings, home.as_deref()) })
    }

    /// Returns the root that is `folder` itself.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { folder: resolved(here(folder)) }
    }

    /// Resolves a path with all links, and checks that it is a file inside the root. Nothing is opened.
    ///
    /// # Errors
    /// [`NotOpened::Outside`] for a path that leads out, whether or not a file is there; [`NotOpened::Unreadable`] for what
    /// is missing or no regular file.
    pub(crate) fn find(&self, path: &Path) -> Result<PathBuf, NotOpened> {
        let leads_to = resolved(path);
        if !leads_to.starts_with(&self.folder) {
            return Err(NotOpened::Outside { leads_to, root: self.folder.clone() });
        }
        let about = fs::metadata(&leads_to).map_err(|error| NotOpened::Unreadable(unreadable(&error)))?;
        match about.file_type() {
            kind if kind.is_file() => Ok(leads_to),
            kind if kind.is_dir() => Err(NotOpened::Unreadable("it is a folder".to_owned())),
            // A pipe may never end, and a device may do anything.
            _ => Err(NotOpened::Unreadable("it is a device, a pipe or a socket, not a file".to_owned())),
        }
    }

    /// Opens a file inside the root for reading.
    ///
    /// # Errors
    /// As [`Root::find`]; [`NotOpened::Unreadable`] too where the file cannot be opened.
    pub(crate) fn open(&self, path: &Path) -> Result<File, NotOpened> {
        File::open(self.find(path)?).map_err(|error| NotOpened::Unreadable(unreadable(&error)))
    }
}

impl NotOpened {
    /// Builds the message about a file that a playbook or a test names. `code` is the code for an unreadable file; `rows` is
    /// the option that names another file, such as `--rows FILE`.
    pub(crate) fn diagnostic(self, what: &str, path: &Path, code: &'static str, rows: &str) -> Diagnostic {
        let shown = path.display();
        match self {
            Self::Outside { leads_to, root } => {
                let leads =
                    if leads_to == path { String::new() } else { format!(": it leads to {}", leads_to.display()) };
                let message = format!("The {what} `{shown}` is not read, as it lies outside {}{leads}", root.display());
                let help = format!(
                    "A playbook, its rows and its tests may come from anybody, and name files only in the folder of their \
                     settings or else their own. Where it is meant, name it yourself with {rows}, or allow a larger \
                     folder with `--confine DIR`."
                );
                Diagnostic::error("outside-root", message).help(help)
            }
            Self::Unreadable(why) => {
                let help = format!("Files are looked for beside the playbook; {rows} takes another one.");
                Diagnostic::error(code, format!("The {what} `{shown}` cannot be read: {why}")).help(help)
            }
        }
    }
}

/// Chooses the folder of the settings where it lies above `folder`, unless it holds the user's whole home or everything.
fn chosen(folder: PathBuf, settings: Option<PathBuf>, home: Option<&Path>) -> PathBuf {
    let holds_all = |root: &Path| root.parent().is_none() || home.is_some_and(|home| home.starts_with(root));
    settings.filter(|root| folder.starts_with(root) && !holds_all(root)).unwrap_or(folder)
}

/// Resolves all links of a path, as far as it exists. A link to a missing file resolves to the path of that file.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut left = MOST_LINKS;
    followed(&absolute, &mut left)
}

fn followed(path: &Path, left: &mut u32) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    let mut found = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                found.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                let next = found.join(part);
                found = match fs::read_link(&next) {
                    Ok(target) if *left > 0 => {
                        *left -= 1;
                        followed(&found.join(target), left)
                    }
                    Ok(_) | Err(_) => next,
                };
            }
        }
    }
    found
}

/// The path itself, or `.` where it is empty.
fn here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn the_settings_folder_is_the_root_where_it_lies_above_and_is_not_the_home() {
        let home = Path::new("/home/mei");
        let root = |folder: &str, settings: Option<&str>| {
            chosen(folder.into(), settings.map(PathBuf::from), Some(home)).display().to_string()
        };
        for (folder, settings, wanted) in [
            ("/home/mei/work/pb", Some("/home/mei/work"), "/home/mei/work"),
            ("/home/mei/work", Some("/home/mei/work"), "/home/mei/work"),
            ("/home/mei/work/pb", Some("/home/mei"), "/home/mei/work/pb"),
            ("/home/mei/work/pb", Some("/home"), "/home/mei/work/pb"),
            ("/home/mei/work/pb", Some("/"), "/home/mei/work/pb"),
            ("/srv/pb", Some("/"), "/srv/pb"),
            ("/srv/pb", Some("/srv/other"), "/srv/pb"),
            ("/srv/pbx", Some("/srv/pb"), "/srv/pbx"),
            ("/srv/pb", None, "/srv/pb"),
        ] {
            assert_eq!(root(folder, settings), wanted, "{folder} {settings:?}");
        }
    }

    #[test]
    fn only_files_inside_are_found_whatever_links_and_dots_lead_to() {
        let folder = tempfile::tempdir().unwrap();
        let base = fs::canonicalize(folder.path()).unwrap();
        let inside = base.join("in");
        fs::create_dir_all(inside.join("deep")).unwrap();
        fs::write(base.join("secret"), "s").unwrap();
        fs::write(inside.join("a.csv"), "a").unwrap();
        symlink(base.join("secret"), inside.join("link.csv")).unwrap();
        symlink(&base, inside.join("up")).unwrap();
        symlink("a.csv", inside.join("own.csv")).unwrap();
        symlink(base.join("none"), inside.join("dangling.csv")).unwrap();
        let root = Root::at(&inside);
        for good in ["a.csv", "own.csv", "deep/../a.csv", "../in/a.csv", "up/in/a.csv"] {
            assert_eq!(root.find(&inside.join(good)), Ok(inside.join("a.csv")), "{good}");
        }
        for bad in
            ["link.csv", "up/secret", "../secret", "/etc/passwd", "dangling.csv", "../none", "up/none", "../../x/y"]
        {
            let found = root.find(&inside.join(bad));
            assert!(matches!(found, Err(NotOpened::Outside { .. })), "{bad}: {found:?}");
        }
        for (other, why) in [("deep", "folder"), ("none.csv", "no such file"), ("a.csv/x", "")] {
            let Err(NotOpened::Unreadable(told)) = root.find(&inside.join(other)) else { panic!("{other}") };
            assert!(told.contains(why), "{other}: {told}");
        }
    }
}
