//! Places at which a test may end the process as a crash would, or hold it up for a while:
//! `RUNSHEET_CRASH_AT=N` ends it at the N-th; `RUNSHEET_HOLD_AT=N:FILE,M:FILE` holds it at the N-th and at the M-th until
//! another process has opened the pipe FILE for writing and closed it.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The places that a test named.
struct Named {
    crash: Option<u64>,
    holds: Vec<(u64, PathBuf)>,
}

static NAMED: LazyLock<Named> = LazyLock::new(|| Named {
    crash: std::env::var("RUNSHEET_CRASH_AT").ok().and_then(|text| text.parse().ok()),
    holds: std::env::var("RUNSHEET_HOLD_AT").map_or_else(|_| Vec::new(), |text| holds(&text)),
});
static PASSED: AtomicU64 = AtomicU64::new(0);

fn holds(text: &str) -> Vec<(u64, PathBuf)> {
    let hold = |word: &str| word.split_once(':').and_then(|(place, file)| Some((place.parse().ok()?, file.into())));
    text.split(',').filter_map(hold).collect()
}

/// Passes a place; ends or holds the process there if a test asked for it. Without that it is one read of memory.
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
        // A pipe that is not there holds nobody.
        let _ = std::fs::read(pipe);
    }
}
