//! The texts of the verb that compares runs.

use super::running::RUN_FILES;
use super::verb_text::{VerbText, example};

/// `runs diff`.
pub(super) const RUNS_DIFF: VerbText = VerbText {
    path: "runs diff",
    examples: &[
        example("Compare a run with the latest one", "runsheet runs diff 20351122-0046 latest"),
        example("Compare them for a program", "runsheet runs diff 20351122-0046 latest --format json"),
    ],
    text: "Compares the rows of two runs by their keys: which rows fail newly, which recovered, which have another outcome, \
           which are in one run only. Then it compares the kinds of failure, and how long the requests of each operation took. The exit code is 0 whether or not the runs \
           differ: read the counts of the JSON report to decide by them.",
    exits: &[
        (0, "The runs were compared, whether or not they differ."),
        (1, "The disk or the program failed, or a journal cannot be read."),
        (2, "The command line is wrong, or there is no such run."),
        (8, "A run was pruned, or something of it is lost, and the message says what."),
    ],
    files: RUN_FILES,
    see: &["runs list", "runs show"],
};
