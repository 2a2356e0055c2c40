//! The file `provider.yaml`.

use super::answer::ANSWER;
use super::auth::AUTH;
use super::value::VALUE;
use crate::language::limits::{LIMITS, QUOTA};
use crate::language::shape::{Key, KeyMap, Shape, key};
use crate::language::shape::{each, list, or_null};

/// The file of a provider.
pub static PROVIDER: KeyMap = KeyMap {
    name: "provider",
    what: "a provider",
    doc: "Says what all operations of a vendor share: where calls go, how they are authenticated and how answers are read.",
    keys: &PROVIDER_KEYS,
    rules: &[],
    example: "title: Example documents\nbase_url: https://api.example.com\nauth: { scheme: bearer }\ncredentials:\n  token: { description: An access token }\nsettings:\n  language: { default: en, description: The language of messages }\nanswer:\n  success: { path: code, is: [0] }\n  otherwise: rejected\n",
};

const PROVIDER_KEYS: [Key; 14] = [
    key("title", Shape::Text, "The vendor's name, for people", "title: Example documents").required(),
    key(
        "description",
        Shape::Text,
        "What a person should know of the vendor's service",
        "description: Every call has a header and a body; the header has the code.",
    ),
    key(
        "base_url",
        Shape::Matching("^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]"),
        "The address that calls go to where a connection gives none; `http://` only for this machine",
        "base_url: https://api.example.com",
    )
    .default("(every connection must give one)"),
    key(
        "settings",
        each!("SETTING", Shape::Map(&PROVIDER_SETTING)),
        "The settings that connections and steps may give, by name",
        "settings: { language: { default: en, description: The language of messages } }",
    ),
    key(
        "credentials",
        each!("CREDENTIAL", Shape::Map(&PROVIDER_CREDENTIAL)),
        "The credentials that a connection may give, by name",
        "credentials: { token: { description: An access token } }",
    ),
    key(
        "credential_sets",
        list!(Shape::Map(&CREDENTIAL_SET), 0),
        "Credentials that are enough together; a connection must give all of one set, and the first whole set is used",
        "credential_sets: [{ credentials: [token] }]",
    ),
    key(
        "limits",
        Shape::Map(&LIMITS),
        "Limits of each operation, for the calls with one credential",
        "limits: { rate: 20/s, in_flight: 16 }",
    ),
    key(
        "quota",
        Shape::Map(&QUOTA),
        "The calls of a day, over all operations",
        "quota: { calls: 1000000, resets: Asia/Shanghai }",
    ),
    key("timeout", Shape::Duration, "How long one call may take", "timeout: 30s").default("(30s)"),
    key(
        "headers",
        each!("HEADER", or_null!(Shape::Template)),
        "Headers of every call, never credentials; names begin with `settings`, and a header without a value is left out",
        "headers: { X-Language: \"{{ settings.language }}\" }",
    ),
    key(
        "attempt_query",
        each!("PARAMETER", or_null!(Shape::Template)),
        "Query parameters that are new for every attempt; names begin with `attempt` (`attempt.uuid`, `attempt.unix`) or `settings`",
        "attempt_query: { trace: \"{{ attempt.uuid }}\" }",
    ),
    key(
        "types",
        each!("TYPE", Shape::Map(&VALUE)),
        "Types that inputs name with `$ref`; a type may name those before it",
        "types: { DocumentId: { type: string, minLength: 32, maxLength: 32 } }",
    ),
    key("auth", Shape::Map(&AUTH), "How calls are authenticated", "auth: { scheme: bearer }").required(),
    key(
        "answer",
        Shape::Map(&ANSWER),
        "How answers are read, for operations that do not say otherwise",
        "answer: { success: { path: code, is: [0] }, otherwise: rejected }",
    )
    .required(),
];

/// A setting of a provider.
pub static PROVIDER_SETTING: KeyMap = KeyMap {
    name: "provider_setting",
    what: "a setting",
    doc: "Declares a value that connections give under `settings` and that steps may override.",
    keys: &PROVIDER_SETTING_KEYS,
    rules: &[],
    example: "{ default: en, description: The language of messages }",
};

const PROVIDER_SETTING_KEYS: [Key; 3] = [
    key("required", Shape::Bool, "Whether a connection or a step must give it", "required: true").default("false"),
    key("default", Shape::Any, "The value where neither connection nor step gives one", "default: en"),
    key("description", Shape::Text, "What it is, for people", "description: The language of messages"),
];

/// A credential of a provider.
pub static PROVIDER_CREDENTIAL: KeyMap = KeyMap {
    name: "provider_credential",
    what: "a credential",
    doc: "Declares a secret that connections give under `credentials`.",
    keys: &PROVIDER_CREDENTIAL_KEYS,
    rules: &[],
    example: "{ description: The member's e-mail, public: true }",
};

const PROVIDER_CREDENTIAL_KEYS: [Key; 2] = [
    key("description", Shape::Text, "What it is, for people", "description: The member's e-mail"),
    key(
        "public",
        Shape::Bool,
        "Whether it only names the account, such as an e-mail address, so that it is not masked in rows and answers",
        "public: true",
    )
    .default("false"),
];

/// A set of credentials.
pub static CREDENTIAL_SET: KeyMap = KeyMap {
    name: "credential_set",
    what: "a set of credentials",
    doc: "Names credentials that are enough together.",
    keys: &CREDENTIAL_SET_KEYS,
    rules: &[],
    example: "{ credentials: [token], settings: [language] }",
};

const CREDENTIAL_SET_KEYS: [Key; 2] = [
    key("credentials", Shape::AnyNames, "The names of the credentials", "credentials: [token]"),
    key("settings", Shape::AnyNames, "The names of settings that the credentials need", "settings: [language]"),
];
