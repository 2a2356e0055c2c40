//! The texts of the verbs about a run that is to come, and of its rehearsal: `plan`, `run`, `resume`, `sandbox`.

use super::exits::{RUN, TEXT};
use super::verb_text::{VerbText, example};

/// The faults of `--faults`, with what each does.
macro_rules! faults {
    () => {
        "Faults of --faults, each with the share of the calls that it meets (2% or 0.02), separated by commas:

  lose, close          the connection closes without an answer: after the effect; before it
  500, 503             a gateway's error before the effect
  500after, 503after   a gateway's error after the effect
  throttle             the vendor's own \"too many requests\", before the effect
  expire               the token in use runs out
  cut, garble          the effect is made; the answer arrives cut short; unreadable
  refuse               the vendor refuses the call for good, before the effect: the row
                       fails, so that you can rehearse rollbacks, `retry` and `undo`;
                       never a login
  slow=5%:300ms        the answer comes later
  all=2%               each fault that has no share of its own, except `refuse`
  seed=7               selects the sequence of faults; equal specs give equal faults"
    };
}

/// The paragraphs about `--faults`.
#[cfg(test)]
pub(in crate::cli::args) const FAULTS: &str = faults!();

/// The files of a run.
pub(super) const RUN_FILES: &[(&str, &str)] = &[
    ("runsheet.yaml", "The settings, beside the playbook or in the nearest folder above it."),
    (
        "$XDG_STATE_HOME/runsheet/runs/ID/",
        "The run: its journal, and its result files where --out names no other folder.",
    ),
];

/// `plan`.
pub(super) const PLAN: VerbText = VerbText {
    path: "plan",
    examples: &[
        example("Show what a run would send", "runsheet plan playbook.yaml"),
        example(
            "Show it for an environment and another value of a variable",
            "runsheet plan playbook.yaml --env production --var zone=Asia/Taipei",
        ),
        example("Keep the plan as JSON", "runsheet plan playbook.yaml --format json > plan.json"),
    ],
    text: "Checks the playbook and every row as `run` does. Then it shows the calls of each operation, their effects, how long the \
           run takes within the rate limits, and the requests of sample rows. It sends nothing and reads no credential.",
    exits: &[
        (0, "The run could start."),
        (1, "The disk or the program failed."),
        (2, "The command line is wrong."),
        (3, "A file is wrong."),
        (8, "The run would be refused: the work was done before, or files conflict."),
    ],
    files: RUN_FILES,
    see: &["check", "run"],
};

/// `run`.
pub(super) const RUN_TEXT: VerbText = VerbText {
    path: "run",
    examples: &[
        example("Run on the built-in sandbox", "runsheet run playbook.yaml"),
        example("Run another list in an environment", "runsheet run playbook.yaml --rows mine.csv --env staging"),
        example(
            "Run five rows without being asked: for a script, or a first try",
            "runsheet run playbook.yaml --env production --limit 5 --yes --confirm 5",
        ),
        example("Rehearse lost answers and refusals", "runsheet run playbook.yaml --faults lose=2%,refuse=5%,seed=7"),
    ],
    text: concat!(
        "Checks the playbook, the settings and every row first. If anything is wrong, it sends nothing.

An environment with `confirm: true` asks for its name, and dangerous effects ask for the number of rows that they touch. \
         Without a terminal, give --yes and --confirm.

The first Ctrl-C starts no new call and waits for the calls under way. A second one stops at once; writes under way become \
         unknown. `runsheet resume` continues the run in both cases.

",
        faults!()
    ),
    exits: RUN,
    files: RUN_FILES,
    see: &["plan", "resume", "retry", "resolve", "undo", "runs"],
};

/// `resume`.
pub(super) const RESUME: VerbText = VerbText {
    path: "resume",
    examples: &[
        example("Continue the latest run", "runsheet resume latest"),
        example("Continue a run, slower", "runsheet resume 20351122-0046 --rate 5/s"),
        example("Continue from a copy of the run's folder", "runsheet resume 20351122-0046 --from-copy"),
    ],
    text: "Continues where the journal ends: with the rows, the playbook and the settings as they were when the run began. Rows that \
           have ended stay as they are. Stop rules count again.

If the run's folder was put back from a copy, or moved here without its files in `marks`, `resume` refuses: the copy does not \
           know what was sent after it. With --from-copy, every call that may have been sent after the copy counts as sent: \
           a call that may be repeated is sent again, a call that can be looked up is looked up, and the rest is unknown. A whole \
           state folder that was put back, such as the cache of a CI system, cannot be recognised as a copy.",
    exits: RUN,
    files: RUN_FILES,
    see: &["runs", "retry", "resolve"],
};

/// `sandbox`.
pub(super) const SANDBOX: VerbText = VerbText {
    path: "sandbox",
    examples: &[
        example("Serve the simulators, and print settings for them", "runsheet sandbox"),
        example(
            "Serve on a port of your choice, with faults",
            "runsheet sandbox --port 8470 --faults lose=2%,503=1%,seed=7",
        ),
        example("Serve https", "runsheet sandbox --tls"),
        example("Print the address and the credentials as JSON", "runsheet sandbox --format json"),
    ],
    text: concat!(
        "Serves the simulators of the vendors on 127.0.0.1 until Ctrl-C, for rehearsals from other programs. It prints an \
         environment to paste into runsheet.yaml. `runsheet run` without --env has the same simulators inside and needs no server.

",
        faults!()
    ),
    exits: TEXT,
    files: &[],
    see: &["run", "test"],
};
