//! The addresses of the server, as types. A run's id and a file's name are checked letter by letter, so that nothing in an
//! address is a path.

use crate::model::RunId;
use crate::operate::ReportFormat;
use crate::ui::page::PageFile;
use crate::ui::session::Asked;

/// The longest id of a run, in bytes.
const LONGEST_ID: usize = 64;

/// The longest name of a row file, in bytes.
const LONGEST_NAME: usize = 40;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// A file of the page.
    Page(PageFile),
    /// A session, for the token of the link.
    OpenSession,
    /// The list of runs.
    Runs,
    /// Something of one run.
    OfRun(RunId, OfRun),
}

/// What is asked of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OfRun {
    /// Its report in a form.
    Report(ReportFormat),
    /// Its state, again whenever it changes.
    Events,
    /// Its newest overview.
    Overview,
    /// Its rows, or those that changed since an entry of its journal.
    Rows,
    /// The story of one row.
    Story,
    /// The names of its row files.
    Files,
    /// One of its row files.
    File(FileName),
    /// To obey a command.
    Steer,
}

/// The name of a row file: small letters, `_`, and one `.`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileName(String);

impl FileName {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let (stem, extension) = text.split_once('.')?;
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        (text.len() <= LONGEST_NAME && plain(stem) && plain(extension)).then(|| Self(text.to_owned()))
    }
}

impl Route {
    /// Reads a path; `None` if there is nothing there.
    pub(super) fn parse(path: &str) -> Option<Self> {
        if let Some(file) = PageFile::at(path) {
            return Some(Self::Page(file));
        }
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        match parts.as_slice() {
            ["session"] => Some(Self::OpenSession),
            ["api", "runs"] => Some(Self::Runs),
            ["api", "runs", run, what @ ..] => Some(Self::OfRun(run_id(run)?, OfRun::parse(what)?)),
            _ => None,
        }
    }

    /// What access depends on.
    pub(super) fn asked(&self) -> Asked {
        match self {
            Self::Page(file) if *file == PageFile::Document => Asked::Document,
            Self::Page(_) | Self::Runs => Asked::Read,
            Self::OpenSession | Self::OfRun(_, OfRun::Steer) => Asked::Change,
            Self::OfRun(
                _,
                OfRun::Report(_)
                | OfRun::Events
                | OfRun::Overview
                | OfRun::Rows
                | OfRun::Story
                | OfRun::Files
                | OfRun::File(_),
            ) => Asked::Read,
        }
    }

    /// Whether it is answered without a session.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Page(_) | Self::OpenSession => true,
            Self::Runs | Self::OfRun(..) => false,
        }
    }
}

impl OfRun {
    fn parse(parts: &[&str]) -> Option<Self> {
        match parts {
            ["report", format] => {
                ReportFormat::ALL.into_iter().find(|known| known.as_str() == *format).map(Self::Report)
            }
            ["events"] => Some(Self::Events),
            ["overview"] => Some(Self::Overview),
            ["rows"] => Some(Self::Rows),
            ["story"] => Some(Self::Story),
            ["files"] => Some(Self::Files),
            ["files", name] => FileName::parse(name).map(Self::File),
            ["steer"] => Some(Self::Steer),
            _ => None,
        }
    }
}

/// The id of a run; `None` if the text is no id.
pub(super) fn run_id(text: &str) -> Option<RunId> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let fits = (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(plain);
    fits.then(|| RunId::from_text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_never_files() {
        for path in [
            "",
            "//",
            "/index.html",
            "/live.js/",
            "/LIVE.JS",
            "/../live.js",
            "/./",
            "/api",
            "/api/",
            "/api/runs/",
            "/api/runs/x",
            "/api/runs//events",
            "/api/runs/../events",
            "/api/runs/%2e%2e/events",
            "/api/runs/..%2fx/events",
            "/api/runs/a\\b/events",
            "/api/runs/a.b/events",
            "/api/runs/a_b/events",
            "/api/runs/é/events",
            "/api/runs/x/../../events",
            "/api/runs/x/events/",
            "/api/runs/x/overview/",
            "/api/runs/x/rows/",
            "/api/runs/x/rows/2",
            "/api/runs/x/story/../rows",
            "/api/runs/x/report",
            "/api/runs/x/report/exe",
            "/api/runs/x/files/",
            "/api/runs/x/files/..",
            "/api/runs/x/files/../journal.sqlite",
            "/api/runs/x/files/%2e%2e%2fjournal.sqlite",
            "/api/runs/x/files/.hidden",
            "/api/runs/x/files/a.b.c",
            "/api/runs/x/files/a\\b.csv",
            "/api/runs/x/files/results.csv/",
            "/session/",
            "/etc/passwd",
        ] {
            assert_eq!(Route::parse(path), None, "{path}");
        }
        assert_eq!(Route::parse(&format!("/api/runs/{}/events", "a".repeat(LONGEST_ID + 1))), None);
        assert_eq!(Route::parse(&format!("/api/runs/x/files/{}.csv", "a".repeat(LONGEST_NAME))), None);
    }

    #[test]
    fn data_needs_a_session_and_changes_are_changes() {
        let run = "/api/runs/20261122-004610-0423fa";
        for what in [
            "",
            "/events",
            "/overview",
            "/rows",
            "/story",
            "/report/json",
            "/report/csv",
            "/files",
            "/files/not_started.csv",
        ] {
            let path = if what.is_empty() { "/api/runs".to_owned() } else { format!("{run}{what}") };
            let route = Route::parse(&path).unwrap();
            assert!(!route.is_open() && route.asked() == Asked::Read, "{path}");
        }
        let steer = Route::parse(&format!("{run}/steer")).unwrap();
        assert!(!steer.is_open() && steer.asked() == Asked::Change);
        for path in ["/", "/live.js", "/live.css", "/session"] {
            assert!(Route::parse(path).unwrap().is_open(), "{path}");
        }
    }
}
