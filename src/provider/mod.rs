//! What a vendor is, read from files: descriptor, operations, request building, answer → disposition.

mod answer;
mod asked;
pub mod auth;
mod base_url;
mod bounds;
mod call;
mod connection;
mod conversion;
mod danger;
mod descriptor;
mod embedded;
mod example;
mod expression;
mod header_names;
mod hex;
mod input;
mod items;
mod load;
mod lone_surrogates;
mod lookup;
mod names;
mod operation;
mod output;
mod own_files;
mod percent;
mod prepared;
#[cfg(any(test, feature = "internals"))]
mod proof;
mod quota;
mod reader;
mod registry;
mod request;
mod retry_after;
mod scalar;
mod sensitive;
mod shape;
mod success;
mod table;
mod term;
mod undo;
mod wire;

#[cfg(test)]
mod tests;

pub use answer::{Answers, Reading};
pub use asked::Length;
pub use base_url::{check_base_url, is_loopback, is_loopback_authority};
pub use connection::{Connection, CredentialSource, OperationOverride};
pub use danger::{Danger, DangerKind};
pub use descriptor::{CredentialDecl, CredentialSet, Provider, SettingDecl};
pub use example::{Example, ExpectedAnswer, ExpectedRequest};
pub use expression::{Condition, Expression};
pub use input::{Bounds, Input, InputProblem, Kind, Pattern, Place, TimeForm};
pub(crate) use header_names::{Headers, is_of_transport, names_credential};
pub use items::Items;
pub use lookup::{Batch, Lookup, Verdict};
pub use operation::{Effect, Operation, RepeatRule};
pub use output::{Output, OutputKind};
pub use prepared::Prepared;
pub use quota::Quota;
pub(crate) use reader::words;
pub use registry::{LookupError, ProviderFile, Registry};
pub use success::Success;
pub use table::{Meaning, Table};
pub use undo::Undo;
pub(crate) use wire::WireType;
