//! The texts of the verbs that compare runs and remove old ones.

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

/// `runs prune`.
pub(super) const RUNS_PRUNE: VerbText = VerbText {
    path: "runs prune",
    examples: &[
        example("See what would be removed", "runsheet runs prune --older-than 90d --dry-run"),
        example(
            "Remove runs of which nothing was heard for half a year",
            "runsheet runs prune --older-than 180d --yes",
        ),
        example("Remove old runs, but keep the 50 newest", "runsheet runs prune --keep 50 --yes"),
    ],
    text: "Removes the folders of old runs, with their journals, rows and results. It says of each kept run why it is kept. A \
           run is kept while it is under way, can be resumed, has unknown rows, made effects in the last year, or belongs \
           together with a run that is kept: its retries and undos. `--unfinished`, `--unknown` and `--guarding` remove such \
           runs, too. Of each removed run its mark stays: when it was removed and by whom, its rows by outcome, and the effects \
           that no other run makes again. It asks before it removes anything, and `--yes` answers.",
    exits: &[
        (0, "The runs were removed, or there were none to remove."),
        (1, "A run could not be removed, and the message says why."),
        (2, "The command line is wrong."),
        (8, "The confirmation is missing or was refused. Nothing was removed."),
    ],
    files: RUN_FILES,
    see: &["runs list", "runs export"],
};
