//! What an operation does that cannot be taken back lightly.

use super::expression::Condition;
use crate::model::words;

words! {
    /// A kind of damage.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum DangerKind {
        /// It costs money.
        Bills = "bills",
        /// It ends something that others count on.
        Cancels = "cancels",
        /// It sends messages to people.
        Notifies = "notifies",
        /// It signs or approves in somebody's name.
        Signs = "signs",
        /// No operation undoes it.
        Irreversible = "irreversible",
    }
}

/// One danger of an operation.
#[derive(Debug, Clone)]
pub struct Danger {
    /// What kind of damage.
    pub kind: DangerKind,
    /// The condition on the inputs under which it applies; always, where absent.
    pub when: Option<Condition>,
    /// What one call counts as, in a budget: `contract`, `message`.
    pub counts_as: Option<String>,
    /// What happens, for people.
    pub description: String,
}
