//! The names that templates of a playbook begin with, and what stands under those that are not the user's own.

use crate::model::words;

words! {
    /// The names at the top.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum TopName {
        /// The row's cells.
        Row = "row",
        /// The playbook's variables.
        Vars = "vars",
        /// What earlier steps brought.
        Steps = "steps",
        /// The element of `for_each` or `$each`.
        Item = "item",
        /// The run itself.
        Run = "run",
    }
}

words! {
    /// What stands under a step's id.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum StepPart {
        /// What its answer brought.
        Outputs = "outputs",
        /// The answer's body.
        Body = "body",
        /// How it ended.
        Outcome = "outcome",
        /// The same for each element of `for_each`.
        Items = "items",
    }
}

words! {
    /// What stands under `run`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum RunPart {
        /// The run's id.
        Id = "id",
        /// When it was started.
        StartedAt = "started_at",
        /// The environment's name.
        Environment = "environment",
        /// How many rows ended how.
        Counts = "counts",
    }
}
