//! Exit codes that several verbs share.

/// Codes with their meanings.
pub(super) type Exits = &'static [(u8, &'static str)];

/// Of a verb that drives a run.
pub(super) const RUN: Exits = &[
    (0, "Every row succeeded, was unchanged or was skipped."),
    (1, "The disk or the program failed. The run can be resumed."),
    (2, "The command line is wrong. Nothing was sent."),
    (3, "A file is wrong. Nothing was sent."),
    (4, "The run finished. Some rows failed or are partial."),
    (5, "Some rows are unknown: a call was sent, and no answer to it was learned."),
    (
        6,
        "The run stopped early: stop rule, gate, budget, quota, vendor out of reach, pause or drain. It can be resumed unless it was cancelled.",
    ),
    (7, "The vendor refused the whole run: its credentials, its permission or its quota."),
    (8, "A confirmation is missing, the work was done before, or a changed file conflicts."),
    (130, "Ctrl-C stopped the run. It can be resumed."),
    (143, "Another signal stopped the run. It can be resumed."),
];

/// Of a verb that only prints what the program knows.
pub(super) const REFERENCE: Exits = &[
    (0, "It was printed."),
    (1, "The output cannot be written."),
    (2, "The command line is wrong, or the name is not known."),
    (3, "The settings or a provider file is wrong."),
];

/// Of a verb that prints a text of the program itself, whatever the settings say.
pub(super) const TEXT: Exits =
    &[(0, "It was written."), (1, "The output cannot be written."), (2, "The command line is wrong.")];
