//! `auth`: how the calls of a provider are authenticated.

use crate::language::shape::{Key, KeyMap, Rule, Shape, WordDoc, key, word};
use crate::language::shape::{each, list, or_null};

/// The schemes of authentication.
pub const SCHEMES: [WordDoc; 8] = [
    word("none", "Calls carry no credentials"),
    word("bearer", "A token in `Authorization: Bearer`: the credential `token`, or one that `login` fetches"),
    word("basic", "`Authorization: Basic` with the credentials `user` and `password`"),
    word("header", "The credential `value` in the header that the setting `header` names"),
    word("oauth_app", "A token that `login` fetches with an app's id and secret; `headers` shows it"),
    word("login", "A token that `login` fetches with a user's name and password; `headers` shows it"),
    word("tc3", "Every attempt is signed with TC3-HMAC-SHA256, by the credentials `secret_id` and `secret_key`"),
    word("connection", "The settings of each connection choose `none`, `bearer`, `basic` or `header`"),
];

/// `auth` of a provider.
pub static AUTH: KeyMap = KeyMap {
    name: "auth",
    what: "`auth`",
    doc: "Says how calls are authenticated, and how a token is fetched.",
    keys: &AUTH_KEYS,
    rules: &[Rule {
        doc: "`scheme: tc3` needs `service` and `version`, and no other scheme takes them",
        schema: r#"{
            "if": { "required": ["scheme"], "properties": { "scheme": { "const": "tc3" } } },
            "then": {
                "required": ["service", "version"],
                "properties": {
                    "service": { "type": ["string", "number", "boolean"], "pattern": "\\S" },
                    "version": { "type": ["string", "number", "boolean"], "pattern": "\\S" }
                }
            },
            "else": { "properties": { "service": { "type": "null" }, "version": { "type": "null" } } }
        }"#,
    }],
    example: "scheme: login\nheaders: { Authorization: \"Bearer {{ token.access_token }}\" }\nlogin:\n  - credentials: [user, password]\n    steps:\n      - { operation: log_in, inputs: { user: \"{{ credentials.user }}\", password: \"{{ credentials.password }}\" } }\nexpires: { seconds: expires_in }\n",
};

const AUTH_KEYS: [Key; 7] = [
    key("scheme", Shape::Words(&SCHEMES), "How calls are authenticated", "scheme: login").required(),
    key("service", Shape::Text, "The service that `tc3` signs for", "service: documents")
        .of("{ scheme: tc3, version: \"2024-01-31\" }"),
    key("version", Shape::Text, "The version of the service that `tc3` signs for", "version: \"2024-01-31\"")
        .of("{ scheme: tc3, service: documents }"),
    key(
        "headers",
        each!("HEADER", or_null!(Shape::Template)),
        "Headers that carry the credentials; names begin with `token`, `credentials`, `settings` or `attempt`, and a header without a value is left out",
        "headers: { Authorization: \"Bearer {{ token.access_token }}\" }",
    )
    .default("(those of the scheme)"),
    key("expires", Shape::Map(&EXPIRES), "Where the last answer of a login says when its token expires", "expires: { seconds: expires_in }")
        .default("(a token is used until the vendor refuses it)"),
    key(
        "refresh_ahead",
        Shape::Duration,
        "How long before its expiry a token is fetched again; never before half of its life is over",
        "refresh_ahead: 60s",
    )
    .default("60s"),
    key(
        "login",
        list!(Shape::Map(&LOGIN), 0),
        "How a token is fetched; the first entry whose credentials the connection has is used",
        "login: [{ credentials: [key], steps: [{ operation: log_in, inputs: { key: \"{{ credentials.key }}\" } }] }]",
    ),
];

/// `expires`.
pub static EXPIRES: KeyMap = KeyMap {
    name: "expires",
    what: "`expires`",
    doc: "Names the output of a login that says when its token expires.",
    keys: &EXPIRES_KEYS,
    rules: &[Rule {
        doc: "Exactly one of `seconds`, `at` and `jwt` is given",
        schema: r#"{
            "anyOf": [
                { "type": "null" },
                {
                    "oneOf": [
                        { "required": ["seconds"], "properties": { "seconds": { "not": { "type": "null" } } } },
                        { "required": ["at"], "properties": { "at": { "not": { "type": "null" } } } },
                        { "required": ["jwt"], "properties": { "jwt": { "not": { "type": "null" } } } }
                    ]
                }
            ]
        }"#,
    }],
    example: "{ seconds: expires_in }",
};

const EXPIRES_KEYS: [Key; 3] = [
    key("seconds", Shape::Text, "The output that holds how many seconds the token is valid", "seconds: expires_in"),
    key("at", Shape::Text, "The output that holds the date and time of the expiry", "at: expire_date")
        .of("seconds: null"),
    key("jwt", Shape::Text, "The output that is a JWT, whose `exp` says it", "jwt: access_token").of("seconds: null"),
];

/// A login.
pub static LOGIN: KeyMap = KeyMap {
    name: "login",
    what: "a login",
    doc: "Fetches a token with some of the connection's credentials.",
    keys: &LOGIN_KEYS,
    rules: &[Rule {
        doc: "Each of `credentials` is named once",
        schema: r#"{ "properties": { "credentials": { "uniqueItems": true } } }"#,
    }],
    example: "{ credentials: [key], steps: [{ operation: log_in, inputs: { key: \"{{ credentials.key }}\" } }] }",
};

const LOGIN_KEYS: [Key; 2] = [
    key("credentials", Shape::AnyNames, "The credentials that this login needs", "credentials: [user, password]"),
    key(
        "steps",
        list!(Shape::Map(&LOGIN_STEP), 1),
        "The calls of the login, in order; outputs of each are `token.NAME` for the next ones and for `headers`",
        "steps: [{ operation: log_in, inputs: { key: \"{{ credentials.key }}\" } }]",
    )
    .required(),
];

/// A step of a login.
pub static LOGIN_STEP: KeyMap = KeyMap {
    name: "login_step",
    what: "a login step",
    doc: "Makes one call of a login.",
    keys: &LOGIN_STEP_KEYS,
    rules: &[],
    example: "{ operation: log_in, inputs: { key: \"{{ credentials.key }}\" } }",
};

const LOGIN_STEP_KEYS: [Key; 2] = [
    key(
        "operation",
        Shape::Text,
        "An operation of the provider that says `internal: true` and `effect: read`",
        "operation: log_in",
    )
    .required(),
    key(
        "inputs",
        Shape::AnyMap,
        "The operation's inputs; names begin with `credentials`, `settings` or `token`",
        "inputs: { key: \"{{ credentials.key }}\" }",
    ),
];
