//! The texts of the program itself and of the verbs that work on files and send nothing: `new`, `check`, `test`, `fmt`.

use super::exits::RUN;
use super::verb_text::{VerbText, example};

/// The program.
pub(super) const PROGRAM: VerbText = VerbText {
    path: "",
    examples: &[
        example(
            "Write an example: a playbook with its list and its tests",
            "runsheet new --example extend-deadlines",
        ),
        example("Check it, offline", "runsheet check extend-deadlines/extend-deadlines.yaml"),
        example("Show what a run would send", "runsheet plan extend-deadlines/extend-deadlines.yaml"),
        example("Run it on the built-in sandbox", "runsheet run extend-deadlines/extend-deadlines.yaml"),
        example("Look at the result", "runsheet runs show latest"),
    ],
    text: "A playbook (YAML) names the steps, a list (CSV, JSON Lines, XLSX) gives the rows. runsheet takes every row \
           through the steps and keeps a journal on disk, so that after a crash nothing is lost and nothing is sent twice.

Without --env, a run talks to simulators of the vendors inside the program, the sandbox: nothing reaches a vendor. The \
           file runsheet.yaml names your own environments.

Every option has an environment variable of the same name: RUNSHEET_STATE_DIR stands for --state-dir. A typed option \
           wins over its variable. --env, --yes, --confirm and --again have none, so that they are typed each time.",
    exits: RUN,
    files: &[
        ("runsheet.yaml", "The settings: environments, their connections, and where credentials come from."),
        ("$XDG_STATE_HOME/runsheet/runs/ID/", "A run: its journal and its results. ~/.local/state without the variable."),
        ("$XDG_STATE_HOME/runsheet/marks/", "What proves which runs there were, also where a run's folder is gone."),
    ],
    see: &["new", "check", "plan", "run", "resume", "explain"],
};

/// `new`.
pub(super) const NEW: VerbText = VerbText {
    path: "new",
    examples: &[
        example("Write an example into a folder of its name", "runsheet new --example extend-deadlines"),
        example("List the examples", "runsheet new --example"),
        example("Write a starter for an operation of your choice", "runsheet new trial --from http.request"),
    ],
    text: "--example writes a playbook that comes with runsheet: NAME.yaml, its lists, NAME.test.yaml, and the schemas that \
           editors use.

--from writes a starter: playbook.yaml, rows.csv, playbook.test.yaml, runsheet.yaml and schemas. An output of a step \
           feeds the input of the same name in a later step. DIR without --from stands for --from http.request.

What is written passes `runsheet check` and `runsheet test` as it is, and runs on the sandbox.

Without arguments, `new` asks what to write and where. If standard input or standard error is not a terminal, it cannot \
           ask: it lists the examples, writes nothing and exits with 2.

`new` never writes over a file. If one of its files exists, it writes none. Only schemas may exist: an example leaves \
           them as they are.",
    exits: &[
        (0, "The files were written, or the examples were listed."),
        (1, "The program failed."),
        (2, "The command line is wrong, a file exists, or there is nobody to ask. Nothing was written."),
        (3, "The settings or a provider file is wrong. Nothing was written."),
    ],
    files: &[],
    see: &["check", "test", "operations"],
};

/// `check`.
pub(super) const CHECK: VerbText = VerbText {
    path: "check",
    examples: &[
        example("Check a playbook and the list that it names", "runsheet check playbook.yaml"),
        example("Check another list, for an environment", "runsheet check playbook.yaml --rows mine.csv --env staging"),
        example("Report as JSON", "runsheet check playbook.yaml --rows mine.csv --format json"),
        example("Repair the list into a new file", "runsheet check playbook.yaml --rows mine.csv --fix fixed.csv"),
    ],
    text: "Reads the playbook, the settings, the providers and every row, and reports all mistakes at once. It sends \
           nothing and reads no credential.

--fix repairs a cell only if `check` reports it and only one meaning is possible: blanks and invisible characters around \
           keys and typed cells, full-width characters, dates whose order is certain, zeros that the column's length or \
           words require, and what exporters write around codes: =\"00123\", '00123, “00123”, 00123.0. All other bytes \
           stay. It leaves rounded numbers, ambiguous dates, duplicates and blank cells, and reports them. The exit code \
           is that of the repaired rows.",
    exits: &[
        (0, "No error was found. There may be warnings."),
        (1, "The disk or the program failed."),
        (2, "The command line is wrong, or the file for --fix exists."),
        (3, "A file is wrong."),
    ],
    files: &[("runsheet.yaml", "The settings, beside the playbook or in the nearest folder above it.")],
    see: &["explain", "fmt", "test", "plan"],
};

/// `test`.
pub(super) const TEST: VerbText = VerbText {
    path: "test",
    examples: &[
        example("Run the tests of a playbook", "runsheet test playbook.yaml"),
        example("Run all tests below a folder", "runsheet test ."),
        example(
            "Run some tests by name, and write a report for a CI system",
            "runsheet test . --only refused --report-junit tests.xml",
        ),
    ],
    text: "The tests of NAME.yaml are in NAME.test.yaml beside it. A test gives rows and the vendor's answers, and names the \
           requests and outcomes that must follow. Each test is a real run in virtual time: it does not wait, it sends \
           nothing, it reads no credential and it leaves no run behind.",
    exits: &[
        (0, "All tests passed."),
        (1, "The disk or the program failed."),
        (2, "The command line is wrong, or no test was found."),
        (3, "A file is wrong."),
        (4, "Some tests failed."),
    ],
    files: &[],
    see: &["check", "sandbox"],
};

/// `fmt`.
pub(super) const FMT: VerbText = VerbText {
    path: "fmt",
    examples: &[
        example("Format a playbook", "runsheet fmt playbook.yaml"),
        example("Show what would change below a folder", "runsheet fmt --check ."),
        example("Format standard input", "runsheet fmt - < playbook.yaml"),
    ],
    text: "Sets two spaces a level, one space after `:` and `,`, one empty line between steps of several lines, and \\n as the \
           line end. Comments, quotes, block scalars, the order of keys and line breaks stay as they are. `fmt` writes a \
           file only after it has proved that the meaning is the same, beside the old one, and then renames it.

In a folder, `fmt` follows a link only if it leads to a file of the same folder. It follows every link that you name. The \
           link stays, and the file behind it is written.",
    exits: &[
        (0, "All files are formatted."),
        (1, "The disk or the program failed."),
        (2, "The command line is wrong."),
        (3, "A file cannot be read as YAML. It was left as it is."),
        (4, "--check found files that would change."),
    ],
    files: &[],
    see: &["check", "schema"],
};
