//! Places at which a test may end the process as a crash would: `RUNSHEET_CRASH_AT=N` ends it at the N-th.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

static CRASH_AT: LazyLock<Option<u64>> =
    LazyLock::new(|| std::env::var("RUNSHEET_CRASH_AT").ok().and_then(|text| text.parse().ok()));
static PASSED: AtomicU64 = AtomicU64::new(0);

/// Passes a place; ends the process there if a test asked for it. Without that it is one read of memory.
pub fn crash_point() {
    if let Some(at) = *CRASH_AT
        && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == at
    {
        std::process::abort();
    }
}
