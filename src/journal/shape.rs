//! What the journal must know of a playbook to read its facts: plain data, made from the plan.

/// One step as the journal sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepShape {
    /// The step's id.
    pub id: String,
    /// The operation it calls.
    pub operation: String,
    /// The read that settles its doubts, where it has one.
    pub lookup: Option<String>,
    /// The operation that takes it back, where it has one.
    pub rollback: Option<String>,
    /// Whether it changes something.
    pub write: bool,
    /// Earlier steps whose outputs it used and with which it is taken back, having no rollback of its own.
    pub taken_back_with: Vec<u32>,
}

/// The steps of one scope, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// The steps.
    pub steps: Vec<StepShape>,
}
