//! The signals that this process was started to ignore, such as SIGHUP under `nohup`.

use std::fs;

/// The signals that this process ignores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IgnoredSignals {
    /// Bit `n - 1` stands for signal `n`.
    mask: u128,
}

impl IgnoredSignals {
    /// Reads them from `/proc/self/status`. Empty on systems without that file.
    #[must_use]
    pub fn read() -> Self {
        let status = fs::read("/proc/self/status").unwrap_or_default();
        Self::of_status(&String::from_utf8_lossy(&status))
    }

    /// Whether a signal is ignored.
    #[must_use]
    pub fn contains(self, signal: i32) -> bool {
        let bit = u32::try_from(signal).ok().and_then(|signal| signal.checked_sub(1));
        bit.and_then(|bit| self.mask.checked_shr(bit)).is_some_and(|mask| mask & 1 == 1)
    }

    fn of_status(status: &str) -> Self {
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u128::from_str_radix(mask.trim(), 16).ok());
        Self { mask: mask.unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_of_a_process_names_its_ignored_signals() {
        let ignored =
            IgnoredSignals::of_status("Name:\trunsheet\nSigBlk:\t0\nSigIgn:\t0000000000001003\nSigCgt:\tf0\n");
        let named: Vec<i32> = (-1..130).filter(|signal| ignored.contains(*signal)).collect();
        assert_eq!(named, [1, 2, 13]);
        for unreadable in ["", "SigIgn:\tmany\n", "SigIgn:"] {
            assert_eq!(IgnoredSignals::of_status(unreadable), IgnoredSignals::default());
        }
    }
}
