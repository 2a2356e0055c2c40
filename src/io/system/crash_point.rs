//! Points at which a test can crash the process or hold it up. `RUNSHEET_CRASH_AT=N` aborts it at the N-th point that it
//! passes. `RUNSHEET_HOLD_AT=N:FILE,M:FILE` holds it at the N-th and the M-th until another process has opened the pipe
//! FILE for writing and closed it.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The points that a test named.
struct NamedPoints {
    crash: Option<u64>,
    holds: Vec<(u64, PathBuf)>,
}

static NAMED: LazyLock<NamedPoints> = LazyLock::new(|| NamedPoints {
    crash: std::env::var("RUNSHEET_CRASH_AT").ok().and_then(|text| text.parse().ok()),
    holds: std::env::var("RUNSHEET_HOLD_AT").map_or_else(|_| Vec::new(), |text| holds(&text)),
});
static PASSED: AtomicU64 = AtomicU64::new(0);

fn holds(text: &str) -> Vec<(u64, PathBuf)> {
    let hold = |word: &str| word.split_once(':').and_then(|(place, file)| Some((place.parse().ok()?, file.into())));
    text.split(',').filter_map(hold).collect()
}

/// Passes a crash point: aborts or holds the process if a test asked for it here. Otherwise it costs one memory read.
pub fn crash_point() {
    let named = &*NAMED;
    if named.crash.is_none() && named.holds.is_empty() {
        return;
    }
    let place = PASSED.fetch_add(1, Ordering::SeqCst) + 1;
    if named.crash == Some(place) {
        std::process::abort();
    }
    if let Some((_, pipe)) = named.holds.iter().find(|(at, _)| *at == place) {
        // A missing pipe does not hold the process.
        let _ = std::fs::read(pipe);
    }
}
