//! The texts of the verbs about a run that exists: `retry`, `undo`, `resolve`, `runs`, `report`, `why`.

use super::exits::RUN;
use super::running::RUN_FILES;
use super::verb_text::{VerbText, example};

/// `retry`.
pub(super) const RETRY: VerbText = VerbText {
    path: "retry",
    examples: &[
        example("Do again what failed or was not started", "runsheet retry latest"),
        example("Take only the rows of a file, corrected or not", "runsheet retry latest --rows failed.csv"),
        example(
            "Take a corrected playbook and a corrected list",
            "runsheet retry latest --playbook corrected.yaml --rows customers=customers.csv",
        ),
        example("Look up the unknown rows, and send those that were not done", "runsheet retry latest --only unknown"),
    ],
    text: "Takes the rows that failed, are partial or were not started, and runs them as a run of its own. Steps that are done \
           stay done, with their outputs. A step that was rolled back is not done.

--rows takes only the rows of FILE. They are known by their keys: FILE is a result file of the run, or any file with the key \
           and the columns to correct. --playbook takes a corrected playbook, whose steps are known by their ids. If a call \
           that is done would be different now, that is a conflict, and nothing is sent.

--only unknown looks up first, and sends only the calls that turned out not to be done.

If something was rolled back and would be made again under the same natural key, `retry` names it, because a vendor may refuse \
           that. Everything is checked first, as in `run`. Environment, variables and limits are those of the run.",
    exits: RUN,
    files: RUN_FILES,
    see: &["runs", "resume", "resolve"],
};

/// `undo`.
pub(super) const UNDO: VerbText = VerbText {
    path: "undo",
    examples: &[
        example("Show what would be taken back", "runsheet undo latest --dry-run"),
        example("Take it back without being asked", "runsheet undo latest --yes --confirm 24"),
    ],
    text: "Shows what it takes back and by which operation, and what it cannot take back and why. Then it asks, and runs.

A step is taken back by its own rollback, or else by the undo of its operation. An effect that depends on a step is taken back with it. \
           Only what the run itself changed is taken back.

An undo is a run of its own, with its own journal, result files and summary. A row of it has succeeded when nothing of the row \
           stands any more.",
    exits: RUN,
    files: RUN_FILES,
    see: &["runs", "retry"],
};

/// `resolve`.
pub(super) const RESOLVE: VerbText = VerbText {
    path: "resolve",
    examples: &[
        example("Look up every unknown call that has a lookup", "runsheet resolve latest"),
        example(
            "State that a call was done, with what it gave",
            "runsheet resolve latest --key A-1 --as done --output task_num=7 --note Mei",
        ),
        example(
            "State that nothing of a step took effect",
            "runsheet resolve latest --key A-1 --step moderators --as failed",
        ),
        example("Settle many calls from a filled-in file", "runsheet resolve latest --from unknown.csv"),
        example(
            "Settle a run whose folder is gone",
            "runsheet resolve 20351122-0046 --lost --as done --rows done.csv --note Mei",
        ),
    ],
    text: "Without --as and --from, looks up the calls that have a lookup, and sends nothing else. The other calls need a \
           person's word: `done`, with the outputs that later steps use, or `failed`, which says that nothing took effect.

For --from, take the run's unknown.csv and add the columns _settle (done or failed) and _note, and a column for each output. \
           Rows left blank stay unknown. If FILE lies among the result files, a copy is kept as unknown.settled-1.csv, because they are \
           written again.

After that, `runsheet retry RUN --only unknown` sends again what was settled as failed, and goes on with what was settled as \
           done. `runsheet resume RUN` goes on with what was settled as done too, but a call settled as failed counts as \
           refused: its row fails, and what the row made before is taken back if the playbook says how.

--lost settles a run whose folder is gone, or whose journal was cut or changed. Until then nothing else is sent to its \
           environment. `done` counts all rows of its list as done, or only those of --rows. `failed` counts nothing of what \
           is lost. What the journal still proves stays counted. The journal keeps who stated it, when and why.",
    exits: &[
        (0, "No call is unknown any more."),
        (1, "The disk or the program failed."),
        (2, "The command line is wrong."),
        (3, "A file is wrong. Nothing was settled."),
        (5, "Some calls are still unknown."),
        (7, "The vendor refused the lookups: its credentials, its permission or its quota."),
        (8, "The run cannot be settled like this, and the message says why."),
        (130, "Ctrl-C stopped the lookups."),
        (143, "Another signal stopped the lookups."),
    ],
    files: RUN_FILES,
    see: &["resume", "retry", "runs"],
};

const STEER_EXITS: &[(u8, &str)] = &[
    (0, "The run obeyed, and that is on disk."),
    (1, "The disk or the program failed, or the run did not answer."),
    (2, "The command line is wrong, or there is no such run."),
    (8, "The run does not take the command, and the message says why."),
];

/// `ctl`.
pub(super) const CTL: VerbText = VerbText {
    path: "ctl",
    examples: &[
        example("Send nothing new for now", "runsheet ctl latest pause"),
        example("Go on sending", "runsheet ctl latest resume"),
        example("Go slower", "runsheet ctl latest rate 5/s"),
        example("Have fewer calls under way at once", "runsheet ctl latest in-flight 2"),
        example("Stop in order, to continue later", "runsheet ctl latest drain"),
    ],
    text: "Steers a run that another terminal, another session or a service drives. The commands:

  pause         sends nothing new: no write, no read, no lookup, no login. Calls under way end
  resume        ends the pause
  drain         starts nothing new, lets calls under way end and ends the process with 6;
                `runsheet resume` continues the run
  cancel        like drain, and closes the run: `runsheet resume` refuses it, `runsheet retry`
                does what is missing
  rate 5/s      sends at most this many calls, as --rate does
  in-flight 4   has at most this many calls under way at once, as --in-flight does

rate and in-flight lower the limits, and raise them again up to those of the playbook or the command line. The limits \
           of the connections always hold. A resumed run keeps what was set, unless --rate or --in-flight is given again.

A pause also holds after a crash: `runsheet resume` then sends nothing and exits with 6 until `ctl RUN resume` has ended \
           the pause. resume and cancel are taken for a run that is not under way, the other commands are not.

Each command is in the journal before `ctl` reports it, with the user and the time. The summary of the run lists them. \
           Only the user who runs the run may steer it.

In the terminal of the run itself, keys do the same: p pauses and goes on, + and - change the rate, d drains.",
    exits: STEER_EXITS,
    files: RUN_FILES,
    see: &["cancel", "resume", "runs show"],
};

/// `cancel`.
pub(super) const CANCEL: VerbText = VerbText {
    path: "cancel",
    examples: &[
        example("Close a run", "runsheet cancel latest"),
        example("Close it without being asked", "runsheet cancel latest --yes"),
    ],
    text: "Starts no new call, waits for the calls under way, and closes the run. Rows that have not begun are not started; rows \
           that are half done stay so. `runsheet resume` refuses a closed run. `runsheet retry` does what is missing as a new \
           run, `runsheet undo` takes back what was done.

A run that is not under way is closed too. On a terminal, `cancel` asks first.",
    exits: STEER_EXITS,
    files: RUN_FILES,
    see: &["ctl", "retry", "undo"],
};

const RUNS_EXITS: &[(u8, &str)] = &[
    (0, "It was shown."),
    (1, "The disk or the program failed, or a journal cannot be read."),
    (2, "The command line is wrong, or there is no such run."),
    (8, "Something of the run is lost, and the message says what."),
];

/// `runs`.
pub(super) const RUNS: VerbText = VerbText {
    path: "runs",
    examples: &[
        example("List the runs", "runsheet runs list"),
        example("Show the latest run", "runsheet runs show latest"),
        example("Show a run as JSON", "runsheet runs show 20351122-0046 --format json"),
    ],
    text: "A run is named by its id, by any beginning of the id that no other run has, or by `latest`.",
    exits: RUNS_EXITS,
    files: RUN_FILES,
    see: &["resume", "retry", "resolve", "undo"],
};

/// `runs list`.
pub(super) const RUNS_LIST: VerbText = VerbText {
    path: "runs list",
    examples: &[
        example("List the runs", "runsheet runs list"),
        example("List them as JSON", "runsheet runs list --format json"),
        example("List the ten newest runs that failed", "runsheet runs list --state failed --limit 10"),
    ],
    text: "Shows each run with its state, its environment, its rows by outcome and its playbook. The id of a run begins with \
           the time of its start, in UTC.",
    exits: RUNS_EXITS,
    files: RUN_FILES,
    see: &["runs show", "runs diff", "runs prune"],
};

/// `runs show`.
pub(super) const RUNS_SHOW: VerbText = VerbText {
    path: "runs show",
    examples: &[
        example("Show the latest run", "runsheet runs show latest"),
        example("Show a run as JSON", "runsheet runs show 20351122-0046 --format json"),
    ],
    text: "Shows the rows by outcome, the calls of each operation, the kinds of failure and the result files. A run that was \
           retried or undone is shown together with those runs, and with how each row stands over all of them. Of a pruned \
           run it shows what is still known.",
    exits: RUNS_EXITS,
    files: RUN_FILES,
    see: &["runs list", "runs diff", "runs export"],
};

/// `runs export`.
pub(super) const RUNS_EXPORT: VerbText = VerbText {
    path: "runs export",
    examples: &[example(
        "Write what is known of each row into a folder",
        "runsheet runs export latest --out what-is-known",
    )],
    text: "Writes the result files of a run again. It reads a damaged journal too: a row whose outcome the journal cannot prove is \
           unknown in these files.",
    exits: &[
        (0, "The files were written, and no row is unknown."),
        (1, "The disk or the program failed."),
        (2, "The command line is wrong, or there is no such run."),
        (5, "The files were written, and some rows are unknown or lost."),
        (8, "The run's journal belongs to another user."),
    ],
    files: RUN_FILES,
    see: &["runs show", "resolve"],
};

/// `why`.
pub(super) const WHY: VerbText = VerbText {
    path: "why",
    examples: &[
        example("Show why a row ended as it did", "runsheet why latest A-1"),
        example("Show only one step", "runsheet why latest A-1 --step moderators"),
        example("Show one row of the most frequent kind of failure", "runsheet why latest --kind 1"),
        example("Show it as JSON", "runsheet why latest A-1 --format json"),
    ],
    text: "Shows what happened to one row, in order: its cells, each request as it was sent, what the call waited for, each answer \
           with its meaning and the rule of the provider file that decided, lookups, rollbacks, a person's word, and what other \
           runs did with the row. Each step has its lines of the playbook.

The requests are rebuilt from the files that the run froze, and compared with the hashes that its journal keeps. A request that \
           differs is marked. Credentials are never shown. Sensitive values are masked unless --unmask is given. Large values are cut.

KEY is the row's key. --row takes the row's number instead, --kind one row of a kind of failure. The run may still be under way.",
    exits: &[
        (0, "It was shown."),
        (1, "The disk or the program failed, or the journal cannot be read."),
        (2, "The command line is wrong, or there is no such run, row or step."),
        (8, "Something of the run is lost, and the message says what."),
    ],
    files: RUN_FILES,
    see: &["runs show", "resolve", "retry", "explain"],
};

/// `report`.
pub(super) const REPORT: VerbText = VerbText {
    path: "report",
    examples: &[
        example("Write a JUnit report for a CI server", "runsheet report latest --format junit --out report.xml"),
        example("Write a page for a browser, in one file", "runsheet report latest --format html --out report.html"),
        example("Print the run as Markdown, for a page or a ticket", "runsheet report latest --format markdown"),
        example("Print what a program needs to know", "runsheet report 20351122-0046 --format json"),
        example("Print all rows with their results", "runsheet report latest --format csv > rows.csv"),
    ],
    text: "Reads the run's journal and writes what became of the run. The run may have finished, stopped or crashed, or still be \
           under way. The counts are those of the summary and of the result files.

A page shows the rows by outcome, the failures by kind, the pace, and every row. It needs no network, and it begins in the \
           language of the browser.

A JUnit report has a test case for each row. A row that failed or is partial is a failure, an unknown row is an error, and a \
           row that was skipped or not started is skipped. One more test case stands for the run: it fails unless the run \
           finished.

Sensitive values are masked, unless --unmask is given.",
    exits: &[
        (0, "The report was written, whatever became of the run."),
        (1, "The disk or the program failed, or the journal cannot be read."),
        (2, "The command line is wrong, there is no such run, or FILE cannot be written."),
        (8, "Something of the run is lost, and the message says what."),
    ],
    files: RUN_FILES,
    see: &["runs", "run"],
};

/// `ui`.
pub(super) const UI: VerbText = VerbText {
    path: "ui",
    examples: &[
        example("Serve the page, and print the link to open", "runsheet ui"),
        example("Serve it on a port of your choice", "runsheet ui --port 8480"),
        example("Print the link as JSON", "runsheet ui --format json"),
    ],
    text: "Serves a page on 127.0.0.1 until Ctrl-C. It lists all runs of the state folder, shows the report of each, follows those under \
           way, and pauses, slows, drains or cancels them. Nothing waits for the page: it may be closed and opened at any time.

The link works once; then a fresh one is printed, for another tab or after a reload. The page keeps its own token in memory and sends \
           it with every request, so other users and other pages of this machine see nothing. Sensitive values are masked, unless \
           --unmask is given here.

To open the page of another machine, tunnel the port, then open the link here:

  ssh -L 8480:127.0.0.1:8480 HOST runsheet ui --port 8480",
    exits: &[
        (0, "A signal ended it."),
        (1, "The port is in use, or the program failed."),
        (2, "The command line is wrong, or there is no folder for runs."),
        (8, "The folder of the runs belongs to another user."),
    ],
    files: &[],
    see: &["runs", "report", "ctl"],
};
