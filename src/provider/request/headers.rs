//! Decides which headers may be given (not those of the transport, not credentials) and which values arrive
//! unchanged.

/// Headers that frame and route a request. Another value than the transport's could split a request into two, send it
/// to another vendor, or lead to an answer that cannot be read.
const OF_THE_TRANSPORT: [&str; 14] = [
    "host",
    "accept-encoding",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "te",
    "trailer",
    "trailers",
    "proxy-connection",
    "expect",
    "http2-settings",
    "via",
];

/// Headers that always hold credentials. Only the connection sends them.
const OF_THE_CONNECTION: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "cookie2"];

/// Words at the end of a name that mean a credential.
const CREDENTIALS: [&str; 19] = [
    "authorization",
    "auth",
    "authentication",
    "bearer",
    "cookie",
    "cookie2",
    "credential",
    "credentials",
    "jwt",
    "key",
    "passphrase",
    "passwd",
    "password",
    "passcode",
    "pwd",
    "secret",
    "secrets",
    "token",
    "apikey",
];

/// Words before `key` or `token` with which it is not a credential, as in `page-token`.
const OPEN_AHEAD: [&str; 33] = [
    "cache",
    "continuation",
    "correlation",
    "cursor",
    "dedup",
    "deduplication",
    "foreign",
    "idempotence",
    "idempotency",
    "idempotent",
    "message",
    "natural",
    "next",
    "object",
    "page",
    "pagination",
    "partition",
    "primary",
    "public",
    "request",
    "routing",
    "row",
    "shard",
    "sharding",
    "socket",
    "sort",
    "surrogate",
    "sync",
    "trace",
    "transaction",
    "unique",
    "websocket",
    "window",
];

/// Words that are written together with a following `key`.
const JOINED_KEYS: [&str; 12] = [
    "access", "account", "admin", "api", "app", "auth", "license", "master", "private", "secret", "security", "signing",
];

/// Words at the end of a name that do not change the meaning of the words before them.
const FILLING: [&str; 3] = ["header", "value", "hash"];

/// Why a playbook, a provider file or the constants of the settings cannot give a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderRefusal {
    /// Only the transport sets it.
    Transport,
    /// It holds a credential.
    Credential,
}

impl HeaderRefusal {
    /// Why a header cannot be given; `None` if it can. `known` is true if the value comes from a file or a row, and
    /// false if it comes from an answer.
    pub(crate) fn of(name: &str, known: bool) -> Option<Self> {
        if is_of_transport(name) {
            return Some(Self::Transport);
        }
        (is_of_connection(name) || (known && names_credential(name))).then_some(Self::Credential)
    }

    /// The settings to write instead of a header with a credential, for a connection that chooses its scheme.
    pub(crate) fn in_settings(name: &str) -> String {
        match plain(name).as_str() {
            "authorization" => "auth: { scheme: bearer, token: { env: NAME } }".to_owned(),
            "proxy-authorization" => "proxy: { env: NAME }".to_owned(),
            _ => format!("auth: {{ scheme: header, header: {name}, value: {{ env: NAME }} }}"),
        }
    }
}

/// Whether only the transport may set a header with this name. `_` counts as `-`, because some servers treat it so.
#[must_use]
pub(crate) fn is_of_transport(name: &str) -> bool {
    OF_THE_TRANSPORT.contains(&plain(name).as_str())
}

/// Whether only the connection may send a header with this name.
#[must_use]
pub(crate) fn is_of_connection(name: &str) -> bool {
    OF_THE_CONNECTION.contains(&plain(name).as_str())
}

/// Whether a header, parameter or field with this name holds a credential, judged by its words.
#[must_use]
pub(crate) fn names_credential(name: &str) -> bool {
    let mut words = words(name);
    while words.last().is_some_and(|word| is_filling(word)) {
        words.pop();
    }
    let Some((last, ahead)) = words.split_last() else { return false };
    let before = ahead.last().map(String::as_str).unwrap_or_default();
    match last.as_str() {
        "key" | "token" => !OPEN_AHEAD.contains(&before),
        word if CREDENTIALS.contains(&word) => true,
        word => joined(word),
    }
}

/// Whether a word is several words written as one, such as `accesstoken`, `clientsecret` or `apikey`.
fn joined(word: &str) -> bool {
    let ahead = |end: &str| word.strip_suffix(end).filter(|ahead| !ahead.is_empty());
    let open = |ahead: &str| OPEN_AHEAD.iter().any(|open| ahead.ends_with(open));
    ahead("key").is_some_and(|ahead| JOINED_KEYS.iter().any(|joined| ahead.ends_with(joined)))
        || ahead("token").is_some_and(|ahead| !open(ahead))
        || ["secret", "password", "passwd", "cookie"].into_iter().any(|end| ahead(end).is_some())
}

fn is_filling(word: &str) -> bool {
    let version = word.strip_prefix('v').unwrap_or(word);
    FILLING.contains(&word) || version.bytes().all(|byte| byte.is_ascii_digit())
}

fn plain(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace('_', "-")
}

/// The words of a name in lower case, split at characters that are not letters or digits, and before capitals.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let (mut words, mut word) = (Vec::new(), String::new());
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let ends_capitals = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| !before.is_uppercase() || (ends_capitals && before.is_uppercase()));
        if (begins || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// The value of a header that a file, a row or an answer gives.
///
/// # Errors
/// A message, if only the transport or the connection may send the header, or it would not arrive unchanged.
pub(crate) fn given_header(name: &str, value: String) -> Result<String, String> {
    match HeaderRefusal::of(name, false) {
        Some(HeaderRefusal::Transport) => {
            Err(format!("The header `{name}` is set by the transport and cannot be given"))
        }
        Some(HeaderRefusal::Credential) => {
            Err(format!("The header `{name}` holds a credential: give it in the connection's `auth`"))
        }
        None => checked_header(name, value),
    }
}

/// A header's value, if it arrives unchanged and cannot end its line.
///
/// # Errors
/// A message, if the name is not valid, or the value has characters other than printable ASCII, or blanks around it.
pub(crate) fn checked_header(name: &str, value: String) -> Result<String, String> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(token) {
        return Err(format!("`{name}` is not the name of a header"));
    }
    if !value.chars().all(|c| c == '\t' || (' '..='~').contains(&c)) {
        return Err(format!("The header `{name}` must hold printable ASCII only"));
    }
    if value.trim_matches([' ', '\t']) != value {
        return Err(format!("The header `{name}` has blanks around its value, which would not arrive"));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_credentials_are_recognised_however_they_are_spelt() {
        for name in [
            "Authorization",
            "authorization",
            "PROXY-AUTHORIZATION",
            "Proxy-Authorization",
            "X-Authorization",
            "X-Auth",
            "X-Auth-Key",
            "X-Auth-Token",
            "X-Access-Token",
            "X-API-Key",
            "x-api-key",
            "X_API_KEY",
            "X-ApiKey",
            "x-apikey",
            "XApiKey",
            "APIKey",
            "Api-Key",
            "ApiKey",
            "apikey",
            "api.key",
            "DD-API-KEY",
            "DD-APPLICATION-KEY",
            "X-Api-Key-V2",
            "X-Api-Key-2",
            "X-Token-Value",
            "X-Goog-Api-Key",
            "X-RapidAPI-Key",
            "Ocp-Apim-Subscription-Key",
            "X-Functions-Key",
            "X-Parse-Master-Key",
            "arc-license-key",
            "licensekey",
            "Cookie",
            "Cookie2",
            "X-Cookie",
            "Token",
            "X-Token",
            "circle-token",
            "Private-Token",
            "PRIVATE-TOKEN",
            "X-Gitlab-Token",
            "X-Vault-Token",
            "X-Amz-Security-Token",
            "X-Shopify-Access-Token",
            "X-CSRF-Token",
            "accesstoken",
            "access_token",
            "refreshToken",
            "Secret",
            "X-Secret",
            "Client-Secret",
            "clientsecret",
            "X-App-Secret",
            "appSecret",
            "Password",
            "X-User-Password",
            "userpassword",
            "passwd",
            "X-Passphrase",
            "Credential",
            "X-Credentials",
            "X-Jwt",
            "X-Key",
        ] {
            assert!(names_credential(name), "{name}");
        }
    }

    #[test]
    fn similar_names_are_not_names_of_credentials() {
        for name in [
            "X-Request-Id",
            "Idempotency-Key",
            "X-Idempotency-Key",
            "idempotencyKey",
            "X-Author",
            "Author",
            "X-Authored-By",
            "X-Authority",
            "Content-Type",
            "Accept",
            "User-Agent",
            "X-Trace",
            "X-Trace-Id",
            "traceparent",
            "X-Correlation-Id",
            "X-Tenant",
            "X-Auth-Email",
            "X-Token-Type",
            "X-Max-Tokens",
            "X-Token-Count",
            "X-Key-Id",
            "X-Api-Key-Id",
            "X-Keyword",
            "X-Monkey",
            "X-Turkey",
            "hockey",
            "X-Secretary",
            "X-Secret-Name",
            "X-Password-Policy",
            "X-Cookie-Consent",
            "X-Page-Token",
            "nextPageToken",
            "pagetoken",
            "X-MS-Continuation-Token",
            "X-Sync-Token",
            "X-Partition-Key",
            "X-Cache-Key",
            "Surrogate-Key",
            "X-Routing-Key",
            "Sec-WebSocket-Key",
            "X-Public-Key",
            "X-Compass",
            "X-Signature",
            "Prefer",
            "If-Match",
            "",
            "-",
            "2",
        ] {
            assert!(!names_credential(name), "{name}");
        }
    }

    #[test]
    fn headers_of_the_transport_are_recognised_in_any_case() {
        for name in [
            "Host",
            "host",
            "HOST",
            "Transfer-Encoding",
            "transfer_encoding",
            "CONTENT-LENGTH",
            "Connection",
            "Keep-Alive",
            "Upgrade",
            "TE",
            "te",
            "Trailer",
            "Proxy-Connection",
            "Expect",
            " host ",
        ] {
            assert!(is_of_transport(name), "{name}");
        }
        for name in
            ["X-Host", "X-Forwarded-Host", "Content-Type", "Hosts", "Content-Encoding", "Connection-Id", "Expected"]
        {
            assert!(!is_of_transport(name), "{name}");
        }
        assert!(is_of_connection("COOKIE") && !is_of_connection("X-Api-Key"));
    }
}
