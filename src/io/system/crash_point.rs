//! Places at which a test may end the process as a crash would, or hold it: `RUNSHEET_CRASH_AT=N` ends it at the N-th place;
//! `RUNSHEET_HOLD_AT=N:FILE,M:FILE` holds it at the N-th and the M-th until another process has opened the pipe FILE for
//! writing and closed it. Only builds with debug assertions have such places.

/// Passes a place: ends or holds the process where a test asked for it. A build without debug assertions does nothing.
#[inline]
pub fn crash_point() {
    #[cfg(debug_assertions)]
    requested::pass();
}

/// The places that a test named, and the number of places passed.
#[cfg(debug_assertions)]
mod requested {
    use std::path::PathBuf;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    struct Requested {
        crash: Option<u64>,
        holds: Vec<(u64, PathBuf)>,
    }

    static REQUESTED: LazyLock<Requested> = LazyLock::new(|| Requested {
        crash: std::env::var("RUNSHEET_CRASH_AT").ok().and_then(|text| text.parse().ok()),
        holds: std::env::var("RUNSHEET_HOLD_AT").map_or_else(|_| Vec::new(), |text| holds(&text)),
    });
    static PASSED: AtomicU64 = AtomicU64::new(0);

    fn holds(text: &str) -> Vec<(u64, PathBuf)> {
        let hold = |word: &str| word.split_once(':').and_then(|(place, file)| Some((place.parse().ok()?, file.into())));
        text.split(',').filter_map(hold).collect()
    }

    /// Passes a place. Without a request this is one read of memory.
    pub(super) fn pass() {
        let requested = &*REQUESTED;
        if requested.crash.is_none() && requested.holds.is_empty() {
            return;
        }
        let place = PASSED.fetch_add(1, Ordering::SeqCst) + 1;
        if requested.crash == Some(place) {
            std::process::abort();
        }
        if let Some((_, pipe)) = requested.holds.iter().find(|(at, _)| *at == place) {
            // A missing pipe does not hold the process.
            let _ = std::fs::read(pipe);
        }
    }
}
