//! What a next step does, as a sentence. The page has each of them in Chinese too.

use crate::model::words;

words! {
    /// What a next step does, and what must be done before, as a sentence.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum NextAction {
        /// Continues the run.
        GoOn = "Go on",
        /// Ends the pause of the run and continues it.
        EndPauseAndGoOn = "End the pause, then go on",
        /// Continues a run that the vendor refused as a whole.
        GoOnUnrefused = "Correct what the vendor refuses, then go on",
        /// Continues a run whose effect budget is used up.
        RaiseBudget = "Raise `budget` in a copy of the playbook (COPY), then go on with it",
        /// Runs the rows that did not start at another address.
        CorrectAddress = "Correct the address, then run the playbook (PLAYBOOK) for the rows that did not start",
        /// Settles the unknown rows of a run.
        FindOutUnknown = "Unknown rows are never sent again by themselves. Find out what became of them",
        /// Continues an undo with unknown rows.
        GoOnWithUndo = "Once they are settled, go on with this undo",
        /// Undoes what an undo could not take back.
        UndoAgain = "Try again to take back what still stands",
        /// Retries a run.
        DoMissing = "Do what is missing",
        /// Retries the rows of the file with the failed rows.
        CorrectRows = "Or correct rows in this file first, then do its rows again",
        /// Retries a cancelled run.
        DoMissingOfCancelled = "The run was cancelled. Do what is missing",
        /// Reads the story of a row in the run that went on with it.
        ReadWhereItWentOn = "See what became of it in the later run",
        /// The same, if the key must not be shown.
        ReadWhereItWentOnByKey = "See what became of it in the later run, with the row's key for KEY",
        /// Reads the story of a row in a later run.
        ReadLaterRun = "See what a later run did with it",
        /// The same, if the key must not be shown.
        ReadLaterRunByKey = "See what a later run did with it, with the row's key for KEY",
        /// Runs an invalid row that was corrected.
        CorrectRow = "Correct the row in a file (FILE) with the columns of the list, then run it",
        /// Writes the rows of a damaged journal.
        ExportProven = "Write what the journal still proves of every row into a folder (DIR)",
        /// Settles an unknown row.
        FindOutRow = "Find out what became of it: a lookup, or a person's word",
        /// The same, if the key must not be shown.
        FindOutRowByKey = "Find out what became of it, by a lookup or a person's word, with the row's key for KEY",
        /// Retries a row that failed.
        RepeatFailed = "Correct the cause, then do again what failed",
    }
}
