//! What a vendor is, read from files: descriptor, operations, request building, answer → disposition.

mod answer;
pub mod auth;
mod call;
mod connection;
mod danger;
mod descriptor;
mod example;
mod expression;
mod hex;
mod input;
mod lookup;
mod operation;
mod prepared;
mod registry;

pub use answer::{Answers, Reading};
pub use connection::{Connection, CredentialSource, OperationOverride};
pub use danger::{Danger, DangerKind};
pub use descriptor::{CredentialDecl, CredentialSet, Provider, SettingDecl};
pub use example::{Example, ExpectedAnswer, ExpectedRequest};
pub use expression::{Condition, Expression, Names};
pub use input::{Bounds, Input, InputProblem, Kind, Pattern, Place, TimeForm};
pub use lookup::{Batch, Lookup, Verdict};
pub use operation::{Effect, Operation, Output, OutputKind, RepeatRule};
pub use prepared::Prepared;
pub use registry::{LookupError, ProviderFile, Registry};
