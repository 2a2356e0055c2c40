//! Vendors, read from files: what they declare, how requests are built, what answers mean.
//!
//! Each folder imports only from those above it in this table.
//!
//! | folder | what it holds |
//! |---|---|
//! | `expression` | texts of provider files with names between braces; conditions |
//! | `descriptor` | what files declare: provider, operation, inputs, outputs, quota, danger, undo, lookup, examples, answer rules |
//! | `inputs` | a step's inputs converted and checked; what they say about the call |
//! | `request` | from checked inputs to a request: path, query, headers, body |
//! | `answer` | from an answer to its disposition and outputs; what a lookup found |
//! | `auth` | one file for each authentication scheme; token exchanges |
//! | `reader` | from YAML to what is declared |
//! | `registry` | all providers of a run: built-in files and a user's own |

mod answer;
pub mod auth;
mod descriptor;
mod expression;
mod inputs;
mod reader;
mod registry;
mod request;

#[cfg(test)]
mod tests;

pub use answer::{DecidingRule, LookupResult, PastAnswer, Reading, Redirect, Remedy, RetryAfter, RuleKind};
pub use descriptor::{
    AnswerRules, Auth, CodeMeaning, CodeTable, Connection, ConnectionScheme, CredentialDecl, CredentialSet,
    CredentialSource, Danger, DangerKind, Effect, Example, ExpectedAnswer, ExpectedRequest, Input, InputBounds,
    InputKind, InputPlace, InputProblem, ItemRule, LoginStep, Lookup, LookupBatch, Operation, OperationOverride,
    Output, OutputKind, Provider, Quota, RepeatRule, RulePlace, Scheme, SettingDecl, SuccessRule, Tc3, TextPattern,
    TimeForm, Undo,
};
pub use expression::{Condition, Expression};
pub use inputs::KnownLength;
pub use registry::{ProviderFile, Registry, UsesError};
pub(crate) use request::{HeaderRefusal, WireType, host, is_of_transport, is_whole, names_credential};
pub use request::{PreparedRequest, check_base_url, is_loopback, is_loopback_authority};
