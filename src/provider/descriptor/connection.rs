//! A connection: one account at one vendor, as the settings name it. It names its credentials and does not hold them,
//! except literals for loopback addresses.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::scheme::ConnectionScheme;
use crate::model::{Limits, Map, Secret};

/// Where a credential's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialSource {
    /// An environment variable.
    Env(String),
    /// A file; one trailing line end is not part of the value.
    File(PathBuf),
    /// A command and its arguments; its standard output is the value.
    Command(Vec<String>),
    /// The value itself, allowed only for loopback addresses. It is never written: serialised, it is the mark
    /// `{"literal": true}`, which is read back as empty.
    Literal(Secret),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum CredentialForm {
    Env(String),
    File(PathBuf),
    Command(Vec<String>),
    Literal(bool),
}

impl Serialize for CredentialSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match self {
            Self::Env(name) => CredentialForm::Env(name.clone()),
            Self::File(path) => CredentialForm::File(path.clone()),
            Self::Command(words) => CredentialForm::Command(words.clone()),
            Self::Literal(_) => CredentialForm::Literal(true),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for CredentialSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match CredentialForm::deserialize(deserializer)? {
            CredentialForm::Env(name) => Self::Env(name),
            CredentialForm::File(path) => Self::File(path),
            CredentialForm::Command(words) => Self::Command(words),
            CredentialForm::Literal(_) => Self::Literal(Secret::new("")),
        })
    }
}

/// The settings of one operation of a connection.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OperationOverride {
    /// The path; `None` for the one in the operation's file.
    pub path: Option<String>,
    /// Limits of this operation.
    pub limits: Limits,
    /// Input → its spelling on the wire: another name (`task_remarks`), a type (`string`, `integer`, `number`,
    /// `boolean`), or both as `{name, type}`.
    pub wire: Map,
}

/// One account at one vendor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Connection {
    /// Its name in the settings; by default the provider's name.
    pub name: String,
    /// The provider's name.
    pub provider: String,
    /// The vendor's address; `None` for the provider's default.
    pub base_url: Option<String>,
    /// The authentication scheme, if the provider leaves the choice to the connection (`http`).
    pub scheme: Option<ConnectionScheme>,
    /// Credential → where its value comes from.
    pub credentials: BTreeMap<String, CredentialSource>,
    /// The provider's settings.
    pub settings: Map,
    /// Default inputs for every operation that has them.
    pub defaults: Map,
    /// Limits of every operation of the connection.
    pub limits: Limits,
    /// The account's quota of calls per day, if the provider counts by day.
    pub daily_quota: Option<u64>,
    /// The longest time of a call; `None` for the provider's default.
    #[serde(with = "millis")]
    pub timeout: Option<Duration>,
    /// The proxy's URL, which may hold a password.
    pub proxy: Option<CredentialSource>,
    /// Further certificate authorities, as a PEM file.
    pub ca_file: Option<PathBuf>,
    /// Constant headers added to every request; not for credentials.
    pub headers: BTreeMap<String, String>,
    /// Settings of single operations.
    pub operations: BTreeMap<String, OperationOverride>,
}

/// Serialises a span as whole milliseconds.
mod millis {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(span: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        span.map(|span| u64::try_from(span.as_millis()).unwrap_or(u64::MAX)).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(deserializer)?.map(Duration::from_millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_never_written() {
        let connection = Connection {
            name: "a".into(),
            credentials: BTreeMap::from([
                ("key".into(), CredentialSource::Literal(Secret::new("hunter2"))),
                ("id".into(), CredentialSource::Env("THE_ID".into())),
            ]),
            timeout: Some(Duration::from_secs(30)),
            ..Connection::default()
        };
        let text = serde_json::to_string(&connection).unwrap();
        assert!(!text.contains("hunter2"), "{text}");
        assert!(!format!("{connection:?}").contains("hunter2"));
        let back: Connection = serde_json::from_str(&text).unwrap();
        assert_eq!(back.credentials["key"], CredentialSource::Literal(Secret::new("")));
        assert_eq!(back.credentials["id"], CredentialSource::Env("THE_ID".into()));
        assert_eq!(back.timeout, connection.timeout);
    }

    #[test]
    fn a_source_is_exactly_one_of_its_forms() {
        for bad in [r#"{}"#, r#"{"env":"A","file":"b"}"#, r#""A""#, r#"{"env":1}"#, r#"{"vault":"x"}"#] {
            assert!(serde_json::from_str::<CredentialSource>(bad).is_err(), "{bad}");
        }
    }
}
