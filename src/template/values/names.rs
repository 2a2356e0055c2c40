//! The first parts of the names in a playbook's templates, and the parts that follow `steps.ID` and `run`.

use crate::model::words;

words! {
    /// The first part of a name: `row` in `row.id`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum TopName {
        /// The cells of the row.
        Row = "row",
        /// The variables of the playbook.
        Vars = "vars",
        /// The results of earlier steps.
        Steps = "steps",
        /// The element of `for_each` or `$each`.
        Item = "item",
        /// The run itself.
        Run = "run",
    }
}

words! {
    /// The part that follows a step's id: `outputs` in `steps.task.outputs`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum StepPart {
        /// The outputs of its answer.
        Outputs = "outputs",
        /// The body of its answer.
        Body = "body",
        /// How it ended.
        Outcome = "outcome",
        /// The same parts for each element of `for_each`.
        Items = "items",
    }
}

words! {
    /// The part that follows `run`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum RunPart {
        /// The id of the run.
        Id = "id",
        /// When the run was started.
        StartedAt = "started_at",
        /// The name of the environment.
        Environment = "environment",
        /// The number of rows by outcome.
        Counts = "counts",
    }
}
