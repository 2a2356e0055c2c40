//! How far the journal's writer has come with its entries.

/// The entries passed to the writer, and those that are on disk.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct JournalProgress {
    appended: u64,
    durable: u64,
    failed: bool,
}

impl JournalProgress {
    /// Records that an entry was passed to the writer.
    pub(super) fn on_append(&mut self, seq: u64) {
        self.appended = seq;
    }

    /// Records that every entry up to this number is on disk.
    pub(super) fn on_durable(&mut self, seq: u64) {
        self.durable = seq;
    }

    /// Records that the journal refused an entry. The writer keeps trying, and stores what stays refused beside the
    /// journal.
    pub(super) fn on_failure(&mut self) {
        self.failed = true;
    }

    /// Whether the driver need not wait for the writer: every entry is on disk, or the writer must find another place
    /// for the rest.
    pub(super) fn is_complete(&self) -> bool {
        self.durable >= self.appended || self.failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_only_once_every_entry_is_on_the_disk() {
        let mut progress = JournalProgress::default();
        assert!(progress.is_complete(), "nothing was written");
        progress.on_append(7);
        progress.on_append(8);
        progress.on_durable(7);
        assert!(!progress.is_complete());
        progress.on_durable(8);
        assert!(progress.is_complete());
        progress.on_append(9);
        assert!(!progress.is_complete());
    }

    #[test]
    fn a_journal_that_refuses_entries_is_not_waited_for() {
        let mut progress = JournalProgress::default();
        progress.on_append(7);
        progress.on_failure();
        assert!(progress.is_complete());
        progress.on_append(8);
        assert!(progress.is_complete(), "what comes later is kept beside the journal, too");
    }
}
