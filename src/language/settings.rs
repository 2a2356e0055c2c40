//! The keys of `runsheet.yaml`.

use super::limits::LIMITS;
use super::shape::{Key, KeyMap, Rule, Shape, Slot, WordDoc, key, word};
use crate::language::shape::{any_of, each, list, or_null, slot};

/// The settings.
pub static SETTINGS: KeyMap = KeyMap {
    name: "settings",
    what: "the settings",
    doc: "Says where calls go, with which credentials, and how fast; lies beside the playbook or in a folder above it.",
    keys: &SETTINGS_KEYS,
    rules: &[],
    example: "environments:\n  production:\n    confirm: true\n    connections:\n      http: { base_url: https://api.example.com }\n",
};

const SETTINGS_KEYS: [Key; 4] = [
    key(
        "providers",
        slot!(Slot::OwnProviders, Shape::Map(&OWN_PROVIDERS), each!("PROVIDER", Shape::Map(&REPLACED_PROVIDER))),
        "A folder with provider files of your own, or a map of the folder (`from`) and the built-in providers that its files may replace",
        "providers: vendors",
    ),
    key(
        "nearer",
        list!(Shape::Matching("."), 0),
        "Folders below this one whose own `runsheet.yaml` may define the same environments",
        "nearer: [teams/billing]",
    ),
    key(
        "notify",
        any_of!(Shape::Map(&NOTIFY), list!(Shape::Map(&NOTIFY), 0)),
        "Who hears of the end of a run in any environment of this file other than the sandbox",
        "notify: { on: [stopped, unknown], url: { env: OPS_HOOK } }",
    ),
    key(
        "environments",
        each!("ENVIRONMENT", or_null!(Shape::Map(&ENVIRONMENT))),
        "The environments by their names, for `--env NAME`; `sandbox` is built in and may be adjusted",
        "environments: { staging: { connections: { http: { base_url: https://test.example.com } } } }",
    ),
];

/// The ends of a run that `notify` names.
pub const NOTIFY_ENDS: [WordDoc; 3] = [
    word("ended", "The run came to its end, whatever became of its rows"),
    word("stopped", "The run stopped early, was interrupted or broke off"),
    word("unknown", "Some rows are unknown, whether or not the run came to its end"),
];

/// `notify`.
pub static NOTIFY: KeyMap = KeyMap {
    name: "notify",
    what: "`notify`",
    doc: "Says where a JSON summary of a run goes when it ends: to an address, or to a program's standard input.",
    keys: &NOTIFY_KEYS,
    rules: &[Rule {
        doc: "Exactly one of `url` and `command` is given",
        schema: r#"{"oneOf": [{"required": ["url"]}, {"required": ["command"]}]}"#,
    }],
    example: "{ on: [stopped, unknown], url: { env: OPS_HOOK } }",
};

const NOTIFY_KEYS: [Key; 4] = [
    key("on", list!(Shape::Words(&NOTIFY_ENDS), 1), "The ends of a run that it is about", "on: [stopped, unknown]")
        .of("url: { env: OPS_HOOK }")
        .default("[ended, stopped, unknown]"),
    key(
        "url",
        CREDENTIAL_VALUE,
        "The address that the summary is posted to; one that is itself a secret comes from `env`, `file` or `command`",
        "url: { env: OPS_HOOK }",
    ),
    key(
        "token",
        Shape::Map(&CREDENTIAL),
        "A secret that is sent to `url` as `Authorization: Bearer`",
        "token: { env: OPS_TOKEN }",
    )
    .of("url: https://ops.example.com/hook"),
    key(
        "command",
        list!(Shape::Any, 1),
        "A program with its arguments that gets the summary on its standard input; it runs without a shell",
        "command: [mail, -s, runsheet, ops@example.com]",
    )
    .of("url: null"),
];

/// `providers` as a map.
pub static OWN_PROVIDERS: KeyMap = KeyMap {
    name: "own_providers",
    what: "`providers`",
    doc: "Names the folder of your own provider files; every other key is the name of a built-in provider that they may replace.",
    keys: &OWN_PROVIDERS_KEYS,
    rules: &[],
    example: "{ from: vendors }",
};

const OWN_PROVIDERS_KEYS: [Key; 1] =
    [key("from", Shape::Text, "The folder, named from the settings' own folder", "from: vendors")];

/// A built-in provider under `providers`.
pub static REPLACED_PROVIDER: KeyMap = KeyMap {
    name: "replaced_provider",
    what: "a provider under `providers`",
    doc: "Says whether your files may replace or extend this built-in provider.",
    keys: &REPLACED_PROVIDER_KEYS,
    rules: &[],
    example: "{ replaces: true }",
};

const REPLACED_PROVIDER_KEYS: [Key; 1] = [key(
    "replaces",
    Shape::Bool,
    "Whether files of your own may stand for those of this built-in provider",
    "replaces: false",
)
.default("false")];

/// An environment.
pub static ENVIRONMENT: KeyMap = KeyMap {
    name: "environment",
    what: "an environment",
    doc: "A named set of connections: a test system, a production system.",
    keys: &ENVIRONMENT_KEYS,
    rules: &[],
    example: "confirm: true\nconnections:\n  http: { base_url: https://api.example.com }\n",
};

const ENVIRONMENT_KEYS: [Key; 3] = [
    key(
        "confirm",
        Shape::Bool,
        "Whether a run asks before it sends; without a terminal it then needs `--yes`",
        "confirm: false",
    )
    .default("false"),
    key(
        "notify",
        any_of!(Shape::Map(&NOTIFY), list!(Shape::Map(&NOTIFY), 0)),
        "Who hears of the end of a run in this environment, in place of the file's own `notify`; `[]` for nobody",
        "notify: { url: { env: OPS_HOOK } }",
    )
    .default("(that of the file)"),
    key(
        "connections",
        slot!(Slot::Connections, each!("CONNECTION", Shape::Map(&CONNECTION))),
        "The connections by the names of their providers, or by names of their own with `provider`",
        "connections: { http: { base_url: https://api.example.com } }",
    ),
];

/// A connection.
pub static CONNECTION: KeyMap = KeyMap {
    name: "connection",
    what: "a connection",
    doc: "One account at one provider: its address, credentials, defaults and limits.",
    keys: &CONNECTION_KEYS,
    rules: &[],
    example: "provider: http\nbase_url: https://api.example.com\nlimits: { rate: 15/s }\ntimeout: 30s\n",
};

const CREDENTIAL_VALUE: Shape = any_of!(Shape::Map(&CREDENTIAL), Shape::Text);

const CONNECTION_KEYS: [Key; 13] = [
    key(
        "provider",
        slot!(Slot::ProviderName),
        "The provider, where the connection has a name of its own",
        "provider: http",
    )
    .default("(the connection's name)"),
    key(
        "base_url",
        Shape::Text,
        "The address that every call goes to; `http://` only for this machine",
        "base_url: https://api.example.com",
    )
    .default("(the provider's own)"),
    key(
        "credentials",
        slot!(Slot::Credentials, each!("CREDENTIAL", CREDENTIAL_VALUE)),
        "Where each credential comes from; a literal is allowed only where `base_url` is this machine",
        "credentials: { token: { env: VENDOR_TOKEN } }",
    ),
    key(
        "auth",
        slot!(Slot::ConnectionAuth, Shape::Map(&CONNECTION_AUTH)),
        "How calls are authenticated, for a provider that leaves it open, such as `http`",
        "auth: { scheme: bearer, token: { env: API_TOKEN } }",
    ),
    key(
        "settings",
        slot!(Slot::ConnectionSettings),
        "Settings that the provider asks for; `runsheet operations NAME` shows them",
        "settings: {}",
    ),
    key(
        "headers",
        each!("HEADER", Shape::Text),
        "Headers that every call carries; never credentials",
        "headers: { X-Team: contracts }",
    ),
    key(
        "defaults",
        slot!(Slot::Defaults),
        "Inputs that are laid under `with` of every step whose operation has them; maps merge key by key",
        "defaults: { method: GET }",
    ),
    key(
        "limits",
        Shape::Map(&LIMITS),
        "Limits of this connection, beside the provider's own",
        "limits: { rate: 15/s, in_flight: 8 }",
    ),
    key(
        "daily_quota",
        slot!(Slot::DailyQuota),
        "The calls that the vendor takes in a day, for providers that count them",
        "daily_quota: 100000",
    ),
    key("timeout", Shape::Duration, "How long one call may take", "timeout: 30s")
        .default("(that of the provider, or 30s)"),
    key(
        "operations",
        slot!(Slot::ConnectionOperations, each!("OPERATION", Shape::Map(&OPERATION_OVERRIDE))),
        "What differs for single operations of this connection",
        "operations: { request: { limits: { rate: 1/s } } }",
    ),
    key("proxy", CREDENTIAL_VALUE, "The address of a proxy", "proxy: { env: CORP_PROXY }")
        .default("(the usual proxy variables of the environment)"),
    key(
        "ca_file",
        Shape::Text,
        "A file of certificates to trust, named from the settings' own folder",
        "ca_file: corp-ca.pem",
    ),
];

/// Where a credential comes from.
pub static CREDENTIAL: KeyMap = KeyMap {
    name: "credential",
    what: "a credential",
    doc: "Says where a secret comes from; exactly one of the keys.",
    keys: &CREDENTIAL_KEYS,
    rules: &[Rule {
        doc: "Exactly one of `env`, `file` and `command` is given",
        schema: r#"{"minProperties": 1, "maxProperties": 1}"#,
    }],
    example: "{ env: VENDOR_TOKEN }",
};

const CREDENTIAL_KEYS: [Key; 3] = [
    key("env", Shape::Matching("."), "An environment variable that holds it", "env: VENDOR_TOKEN"),
    key("file", Shape::Matching("."), "A file that holds it and nothing else", "file: /run/secrets/vendor_token")
        .of("env: null"),
    key(
        "command",
        list!(Shape::Any, 1),
        "A program that prints it, with its arguments; it runs without a shell",
        "command: [pass, show, vendor/token]",
    )
    .of("env: null"),
];

/// The schemes that a connection can name.
pub const CONNECTION_SCHEMES: [WordDoc; 4] = [
    word("none", "Nothing is added to a call"),
    word("bearer", "`Authorization: Bearer` with `token`"),
    word("basic", "`Authorization: Basic` with `user` and `password`"),
    word("header", "The header named by `header`, with `value`"),
];

/// `auth` of a connection.
pub static CONNECTION_AUTH: KeyMap = KeyMap {
    name: "connection_auth",
    what: "`auth`",
    doc: "Says how calls of this connection are authenticated.",
    keys: &CONNECTION_AUTH_KEYS,
    rules: &[],
    example: "{ scheme: bearer, token: { env: API_TOKEN } }",
};

const CONNECTION_AUTH_KEYS: [Key; 6] = [
    key("scheme", Shape::Words(&CONNECTION_SCHEMES), "The scheme", "scheme: none").of("token: null").required(),
    key("token", CREDENTIAL_VALUE, "The token of `bearer`", "token: { env: API_TOKEN }").of("scheme: bearer"),
    key("user", CREDENTIAL_VALUE, "The user of `basic`", "user: { env: API_USER }")
        .of("{ token: null, scheme: basic, password: { env: API_PASSWORD } }"),
    key("password", CREDENTIAL_VALUE, "The password of `basic`", "password: { env: API_PASSWORD }")
        .of("{ token: null, scheme: basic, user: { env: API_USER } }"),
    key("header", Shape::Text, "The header's name, for `header`", "header: X-Api-Key")
        .of("{ token: null, scheme: header, value: { env: API_KEY } }"),
    key("value", CREDENTIAL_VALUE, "The header's value, for `header`", "value: { env: API_KEY }")
        .of("{ token: null, scheme: header, header: X-Api-Key }"),
];

/// What differs for one operation of a connection.
pub static OPERATION_OVERRIDE: KeyMap = KeyMap {
    name: "operation_override",
    what: "an operation of a connection",
    doc: "Changes how one operation is called over this connection.",
    keys: &OPERATION_OVERRIDE_KEYS,
    rules: &[],
    example: "{ path: /path/told/by/the/vendor, limits: { rate: 1/s } }",
};

const OPERATION_OVERRIDE_KEYS: [Key; 3] = [
    key(
        "path",
        Shape::Matching("^/[^?# ]*$"),
        "The path, if no document names it or the vendor gave you another",
        "path: /path/told/by/the/vendor",
    ),
    key("limits", Shape::Map(&LIMITS), "Limits of this operation", "limits: { rate: 1/s }"),
    key(
        "wire",
        each!("INPUT", any_of!(Shape::Text, Shape::Map(&WIRE_SPELLING))),
        "Other names or types of inputs on the wire",
        "wire: { path: { name: url, type: string } }",
    ),
];

/// The types of an input on the wire.
pub const WIRE_TYPES: [WordDoc; 4] = [
    word("string", "A JSON string"),
    word("integer", "A whole JSON number"),
    word("number", "A JSON number"),
    word("boolean", "`true` or `false`"),
];

/// Another name or type of an input on the wire.
pub static WIRE_SPELLING: KeyMap = KeyMap {
    name: "wire_spelling",
    what: "a spelling of an input",
    doc: "Says how one input is spelled on the wire.",
    keys: &WIRE_SPELLING_KEYS,
    rules: &[],
    example: "{ name: url, type: string }",
};

const WIRE_SPELLING_KEYS: [Key; 2] = [
    key("name", Shape::Text, "The name on the wire", "name: url"),
    key("type", Shape::Words(&WIRE_TYPES), "The type on the wire", "type: string"),
];
