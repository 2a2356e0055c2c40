//! What provider files declare about a vendor and its calls.

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

pub use answer_rules::{AnswerRules, CodeMeaning, CodeTable, ItemRule, RulePlace, SuccessRule};
pub(crate) use answer_rules::{code_text, same_code};
pub(crate) use body::{BodyField, BodyTemplate};
pub use connection::{Connection, CredentialSource, OperationOverride};
pub use effect::{Danger, DangerKind, Effect, RepeatRule, Undo};
pub use example::{Example, ExpectedAnswer, ExpectedRequest};
pub use input::{Input, InputBounds, InputKind, InputPlace, InputProblem, TextPattern, TimeForm};
pub(crate) use lookup::ElementSearch;
pub(in crate::provider) use lookup::intent;
pub use lookup::{Lookup, LookupBatch};
pub use output::{Output, OutputKind};
pub use provider::{Auth, CredentialDecl, CredentialSet, LoginStep, Operation, Provider, SettingDecl};
pub(crate) use provider::{Login, Wiring};
pub use quota::Quota;
pub use scheme::{ConnectionScheme, Scheme, Tc3};
pub(crate) use scheme::{Expiry, SchemeWord};
