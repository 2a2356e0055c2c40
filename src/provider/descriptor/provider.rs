//! A provider: a vendor as described by its files.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::answer_rules::{AnswerRules, RulePlace};
use super::body::BodyTemplate;
use super::connection::Connection;
use super::effect::{Danger, Effect, RepeatRule, Undo};
use super::example::Example;
use super::input::Input;
use super::lookup::Lookup;
use super::output::Output;
use super::quota::Quota;
use super::scheme::{Expiry, Scheme};
use crate::model::{Limits, Map, Method, Value};
use crate::provider::expression::{Condition, Expression, ValueTemplate};

/// A setting that a provider knows.
#[derive(Debug, Clone)]
pub struct SettingDecl {
    /// Its name.
    pub name: String,
    /// Whether every call needs it, from the connection or the step.
    pub required: bool,
    /// Its value if neither connection nor step gives one.
    pub default: Option<Value>,
    /// What it is, for people.
    pub description: String,
}

/// A credential that a provider knows.
#[derive(Debug, Clone)]
pub struct CredentialDecl {
    /// Its name.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// Whether it only names the account. Rows and answers may hold it too, so it is not masked there.
    pub public: bool,
}

/// Credentials that suffice together, and the settings they need.
#[derive(Debug, Clone, Default)]
pub struct CredentialSet {
    /// The credentials.
    pub credentials: Vec<String>,
    /// The settings.
    pub settings: Vec<String>,
}

/// A vendor.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its name, which stands before the dot in `uses:`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What a person should know, and where the documentation is.
    #[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
    pub description: Option<String>,
    /// The default base URL; `None` if it has none.
    pub base_url: Option<String>,
    /// How calls are authenticated.
    pub auth: Auth,
    /// The settings it knows.
    pub settings: Vec<SettingDecl>,
    /// The credentials it knows.
    pub credentials: Vec<CredentialDecl>,
    /// The sets of credentials of which one is needed; the first whose credentials are all given is used.
    pub credential_sets: Vec<CredentialSet>,
    /// The limits of each operation that has no own ones.
    pub limits: Limits,
    /// The calls per day over all operations; `None` if it has no quota. The number is a setting if no document
    /// states it.
    pub quota: Option<Quota>,
    /// The longest time of a call; `None` for runsheet's default.
    pub timeout: Option<Duration>,
    /// Headers of every call; a null one is left out.
    pub(crate) headers: Vec<(String, Expression)>,
    /// Query parameters with a new value for every attempt.
    pub(crate) attempt_query: Vec<(String, Expression)>,
}

impl Provider {
    /// Merges settings: a step's over its connection's over the provider's defaults. A null of the step hides both
    /// others.
    #[must_use]
    pub fn settings_over<'a>(&self, connection: &'a Connection, step: &'a Map) -> Cow<'a, Map> {
        // A step that has every setting of the connection was merged before.
        let whole = connection.settings.keys().all(|name| step.contains_key(name));
        let mut all = Cow::Borrowed(if whole { step } else { &connection.settings });
        for (name, value) in step.iter().filter(|_| !whole) {
            all.to_mut().insert(name.clone(), value.clone());
        }
        for decl in &self.settings {
            if let Some(default) = decl.default.as_ref().filter(|_| !all.contains_key(&decl.name)) {
                all.to_mut().insert(decl.name.clone(), default.clone());
            }
        }
        all
    }

    /// The required settings that are missing.
    #[must_use]
    pub fn missing_settings(&self, settings: &Map) -> Vec<&str> {
        let given = |name: &str| settings.get(name).is_some_and(|value| !value.is_null());
        let missing = self.settings.iter().filter(|decl| decl.required && decl.default.is_none() && !given(&decl.name));
        missing.map(|decl| decl.name.as_str()).collect()
    }

    /// The first set of credentials that is complete; `None` if none is.
    #[must_use]
    pub fn credential_set(&self, given: impl Fn(&str) -> bool) -> Option<&CredentialSet> {
        self.credential_sets.iter().find(|set| set.credentials.iter().all(|name| given(name)))
    }
}

/// How a provider's calls are authenticated.
#[derive(Debug, Clone)]
pub struct Auth {
    /// The scheme.
    pub scheme: Scheme,
    /// Headers that carry credentials or the token.
    pub(crate) headers: Vec<(String, Expression)>,
    /// Token exchanges, by the credentials they need.
    pub(crate) logins: Vec<Login>,
    /// Where the expiry of a token is found.
    pub(crate) expiry: Option<Expiry>,
    /// How long before its expiry a token is renewed.
    pub(crate) refresh_ahead: Duration,
}

impl Auth {
    /// No authentication.
    #[must_use]
    pub fn none() -> Self {
        Self {
            scheme: Scheme::None,
            headers: Vec::new(),
            logins: Vec::new(),
            expiry: None,
            refresh_ahead: Duration::ZERO,
        }
    }
}

/// A token exchange for one set of credentials.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    /// The credentials it needs.
    pub(crate) credentials: Vec<String>,
    /// Its calls, in order.
    pub(crate) steps: Vec<LoginStep>,
}

/// One call of a token exchange.
#[derive(Debug, Clone)]
pub struct LoginStep {
    /// The operation, which is internal to the provider.
    pub operation: Arc<Operation>,
    pub(crate) inputs: Vec<(String, ValueTemplate)>,
    pub(crate) expiry: Option<Expiry>,
    pub(crate) refresh_ahead: Duration,
}

/// One call of a vendor.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The vendor.
    pub provider: Arc<Provider>,
    /// Its name, without the provider's.
    pub name: String,
    /// See [`Operation::full_name`].
    pub(in crate::provider) full_name: String,
    /// The vendor's own name for it.
    pub vendor_name: String,
    /// What it does, in a line.
    pub summary: String,
    /// What else a person should know.
    pub description: Option<String>,
    /// Whether only the provider itself uses it, in a token exchange; `uses:` cannot name it.
    pub internal: bool,
    /// Whether a step may choose `repeat` and `lookup`, as for `http.request`.
    pub open: bool,
    /// Whether it changes something; see [`Operation::effect_for`] if that depends on the inputs.
    pub effect: Effect,
    /// The HTTP method; see [`Operation::method_for`] if an input chooses it.
    pub method: Method,
    /// The path; `None` if no document names it.
    pub path: Option<String>,
    /// Its inputs, in the order in which they are sent.
    pub inputs: Vec<Input>,
    /// The outputs of its answer.
    pub outputs: Vec<Output>,
    /// Where the outputs stand; `None` if there are none.
    pub outputs_at: Option<RulePlace>,
    /// What may follow a call without an answer: the first rule that applies, else [`Repeat::Never`].
    pub repeat: Vec<RepeatRule>,
    /// How to look up whether it took effect; `None` if no read shows it.
    pub lookup: Option<Lookup>,
    /// How its effect is undone; `None` if no operation undoes it.
    pub undo: Option<Undo>,
    /// The inputs that together identify what must not be made twice.
    pub natural_key: Vec<String>,
    /// Damage that a call can do.
    pub dangers: Vec<Danger>,
    /// Its own limits, which take precedence over the provider's.
    pub limits: Limits,
    /// Its own daily quota; `None` if it has none.
    pub quota: Option<Quota>,
    /// How its answers are read: its own rules over its provider's.
    pub answers: AnswerRules,
    /// Calls with their exact requests and answers, which run as tests.
    pub examples: Vec<Example>,
    pub(crate) wiring: Wiring,
}

/// How inputs become a request.
#[derive(Debug, Clone)]
pub(crate) struct Wiring {
    /// The path, compiled.
    pub(crate) path: Option<Expression>,
    /// The input that chooses the method.
    pub(crate) method_input: Option<String>,
    /// The condition under which a call only reads.
    pub(crate) reads_when: Option<Condition>,
    /// Query parameters; a null one is left out.
    pub(crate) query: Vec<(String, Expression)>,
    /// The input whose fields are further query parameters.
    pub(crate) query_input: Option<String>,
    /// Headers without credentials; a null one is left out.
    pub(crate) headers: Vec<(String, Expression)>,
    /// The input whose fields are further headers.
    pub(crate) headers_input: Option<String>,
    /// The body; `None` for a call without one.
    pub(crate) body: Option<BodyTemplate>,
    /// Whether it is sent without authentication.
    pub(crate) anonymous: bool,
}

impl Operation {
    /// The full name, `provider.operation`, as in `uses:`.
    #[must_use]
    pub fn full_name(&self) -> &str {
        &self.full_name
    }

    /// The declaration at a place inside `with`; `[]` or a number names an element of a list. `None` if there is
    /// none.
    #[must_use]
    pub fn input(&self, path: &[String]) -> Option<&Input> {
        let (first, rest) = path.split_first()?;
        self.inputs.iter().find(|input| input.answers_to(first))?.at(rest)
    }
}
