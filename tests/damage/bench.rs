//! A run that broke off in its middle, and what became of it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::crashes::{Log, RELEASE, UNLIMITED, run_folder};
use crate::program::{CommandResult, TestFolder};

/// Rows of the run: enough to break it off well before its end.
pub(super) const ROWS: u64 = 60;

/// A run of calls that must not be repeated.
pub(super) struct Bench {
    pub(super) desk: TestFolder,
}

impl Bench {
    /// A desk with the job laid out, and no run yet.
    pub(super) fn new(rows: u64) -> Self {
        let desk = TestFolder::new();
        RELEASE.lay_out(&desk, rows, UNLIMITED);
        Self { desk }
    }

    /// A run whose process died at that place, with what it wrote still in the write-ahead log.
    pub(super) fn died_at(place: u64) -> Self {
        let bench = Self::new(ROWS);
        let came = bench.desk.run_with("run playbook.yaml", &[("RUNSHEET_CRASH_AT", &place.to_string())]);
        assert_eq!(came.code, -1, "{}", came.err);
        bench
    }

    pub(super) fn folder(&self) -> PathBuf {
        run_folder(&self.desk).unwrap()
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// What the sandbox saw.
    pub(super) fn log(&self) -> Log {
        Log::read(&fs::read_to_string(self.file("sandbox.jsonl")).unwrap_or_default())
    }

    /// How many calls the sandbox saw, while the run may only be beginning.
    pub(super) fn log_so_far(&self) -> usize {
        run_folder(&self.desk).map_or(0, |_| self.log().calls())
    }

    /// Goes on with it; it must either refuse with these words and send nothing, or make no call twice.
    pub(super) fn resume(&self, refusal: &[&str]) -> CommandResult {
        let before = self.log().calls();
        let came = self.desk.run("resume latest --rate 2000/s");
        if matches!(came.code, 1 | 8) {
            assert_eq!(self.log().calls(), before, "it was sent on over a damaged journal: {}", came.err);
            came.says(refusal)
        } else {
            let doubled = self.log().doubled();
            assert!(doubled.is_empty(), "{doubled:?}\n{}", came.err);
            came
        }
    }
}

/// Changes one byte of a file.
pub(super) fn flip(path: &Path, place: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[place] ^= 0x20;
    fs::write(path, bytes).unwrap();
}
