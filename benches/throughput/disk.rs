//! How long the disk takes to sync: without that figure no rate of a journalled run says anything.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use crate::median::quantile;

/// Syncs that are timed.
const SYNCS: usize = 200;

/// What is written before each, in bytes.
const BLOCK: usize = 4_096;

/// The median and the ninth decile, in milliseconds.
pub(crate) fn sync_latency(folder: &Path) -> anyhow::Result<(f64, f64)> {
    let path = folder.join("sync-latency");
    let mut file = File::create(&path)?;
    let mut took = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        file.write_all(&[7; BLOCK])?;
        let from = Instant::now();
        file.sync_data()?;
        took.push(from.elapsed().as_secs_f64() * 1e3);
    }
    std::fs::remove_file(path)?;
    Ok((quantile(&took, 0.5), quantile(&took, 0.9)))
}
