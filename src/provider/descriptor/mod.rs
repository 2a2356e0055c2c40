//! What a vendor and its calls are, as provider files declare them.

mod answer_rules;
mod body;
mod connection;
mod effect;
mod example;
mod input;
mod lookup;
mod output;
mod provider;
mod quota;
mod scheme;

pub use answer_rules::{Answers, Items, Meaning, Success, Table};
pub(crate) use answer_rules::{code_text, same_code};
pub(crate) use body::{Entry, Shape};
pub use connection::{Connection, CredentialSource, OperationOverride};
pub use effect::{Danger, DangerKind, Effect, RepeatRule, Undo};
pub use example::{Example, ExpectedAnswer, ExpectedRequest};
pub use input::{Bounds, Input, InputProblem, Kind, Pattern, Place, TimeForm};
pub(crate) use lookup::Find;
pub(in crate::provider) use lookup::intent;
pub use lookup::{Batch, Lookup};
pub use output::{Output, OutputKind};
pub use provider::{Auth, CredentialDecl, CredentialSet, LoginStep, Operation, Provider, SettingDecl};
pub(crate) use provider::{Login, Wiring};
pub use quota::Quota;
pub(crate) use scheme::{Expiry, SchemeWord};
pub use scheme::{OpenScheme, Scheme, Tc3};
