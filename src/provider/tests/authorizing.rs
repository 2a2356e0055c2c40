//! Token exchanges and what is added per attempt; no message ever holds a credential.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

use super::acme::{NOW, changed_registry, connection, inputs, map, registry};
use crate::model::{Map, Request, Response, Secret, Time};
use crate::provider::auth::{ResolvedCredentials, Token, authorize, login_chain, login_request, token_from};
use crate::provider::{Connection, ConnectionScheme, LoginStep, Reading, Registry};

fn credentials(pairs: &[(&str, &str)]) -> ResolvedCredentials {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(*value))).collect()
}

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn token(text: &str) -> Token {
    Token { values: BTreeMap::from([("access_token".to_owned(), Secret::new(text))]), ..Token::default() }
}

/// One attempt of `create` over a connection.
fn attempt(
    registry: &Registry,
    connection: &Connection,
    credentials: &ResolvedCredentials,
    token: Option<&Token>,
    random: u128,
) -> Result<Request, String> {
    let operation = registry.operation_of("acme", "create").unwrap();
    let inputs = operation.prepare(connection, inputs(json!({})), NOW).unwrap();
    let prepared = operation.request(connection, &connection.settings, &inputs)?;
    authorize(operation, connection, &connection.settings, &prepared, credentials, token, NOW, || random)
}

fn reading(step: &LoginStep, body: &Value) -> Reading {
    step.operation.read(&Response { status: 200, headers: Vec::new(), body: Bytes::from(body.to_string()) })
}

#[test]
fn an_attempt_carries_token_user_and_a_fresh_id() {
    let registry = registry();
    let send =
        |random| attempt(registry, &connection(), &ResolvedCredentials::new(), Some(&token("t-1")), random).unwrap();
    let (one, two) = (send(1), send(2));
    assert_eq!(header(&one, "Authorization"), Some("acme t-1"));
    assert_eq!(header(&one, "X-User"), Some("u1"));
    let trace = "?trace=00000000-0000-4000-8000-000000000001";
    assert_eq!(one.url, format!("https://api.acme.example/v1/u1/things{trace}"));
    assert_ne!(one.url, two.url);
    assert_eq!(one.body, two.body);
}

#[test]
fn what_is_missing_is_named() {
    let registry = registry();
    let wrong = attempt(registry, &connection(), &ResolvedCredentials::new(), None, 1).unwrap_err();
    assert!(wrong.contains("`Authorization`") && wrong.contains("`token.access_token` has no value"), "{wrong}");
    let no_base = changed_registry(&[("base_url: https://api.acme.example\n", "")]);
    let wrong = attempt(&no_base, &connection(), &ResolvedCredentials::new(), Some(&token("t")), 1).unwrap_err();
    assert!(wrong.contains("no `base_url`"), "{wrong}");
    let plain = Connection { base_url: Some("http://api.acme.example".into()), ..connection() };
    let wrong = attempt(registry, &plain, &ResolvedCredentials::new(), Some(&token("t")), 1).unwrap_err();
    assert!(wrong.contains("not encrypted"), "{wrong}");
}

#[test]
fn a_token_that_would_end_its_line_is_refused_without_showing_it() {
    let wrong =
        attempt(registry(), &connection(), &ResolvedCredentials::new(), Some(&token("sec\r\nret")), 1).unwrap_err();
    assert!(!wrong.contains("sec") && !wrong.contains("ret\n"), "{wrong}");
}

#[test]
fn constant_headers_of_the_connection_do_not_replace_the_callers() {
    let mut connection = connection();
    connection.headers = BTreeMap::from([("X-Edition".into(), "7".into()), ("content-type".into(), "x/y".into())]);
    let request = attempt(registry(), &connection, &ResolvedCredentials::new(), Some(&token("t")), 1).unwrap();
    assert_eq!(header(&request, "X-Edition"), Some("7"));
    assert_eq!(header(&request, "Content-Type"), Some("application/json"));
    assert_eq!(header(&request, "content-type"), None);
}

#[test]
fn the_chain_follows_the_credentials_that_are_given() {
    let registry = registry();
    let provider = registry.provider("acme").unwrap();
    let steps = |given: &[(&str, &str)]| {
        let chain = login_chain(provider, &credentials(given));
        chain.iter().map(|step| step.operation.name.clone()).collect::<Vec<_>>()
    };
    assert!(steps(&[]).is_empty());
    assert!(steps(&[("name", "n")]).is_empty());
    assert!(steps(&[("name", "n"), ("password", "")]).is_empty());
    assert_eq!(steps(&[("name", "n"), ("password", "p")]), ["code", "token"]);
    assert!(steps(&[("key", "k"), ("name", "n"), ("password", "p")]).is_empty(), "a fixed token comes first");
}

#[test]
fn a_login_goes_step_by_step_to_a_token_with_its_end() {
    let registry = registry();
    let credentials = credentials(&[("name", "n"), ("password", "hunter22")]);
    // Who acts may be said by the step only: the exchange does without.
    let connection = Connection { settings: Map::new(), defaults: map(json!({"code": "default"})), ..connection() };
    let chain = login_chain(registry.provider("acme").unwrap(), &credentials);
    let ask = |step: &LoginStep, values: &BTreeMap<String, Secret>| {
        login_request(step, &connection, &connection.settings, &credentials, values, NOW, 5).unwrap()
    };
    let first = ask(&chain[0], &BTreeMap::new());
    assert_eq!(header(&first, "X-Password"), Some("hunter22"));
    assert_eq!(header(&first, "Authorization"), None);
    assert_eq!(
        (first.url.as_str(), first.body.as_ref()),
        ("https://api.acme.example/code?trace=00000000-0000-4000-8000-000000000005", br#"{"name":"n"}"#.as_slice(),)
    );
    let answer = reading(&chain[0], &json!({"head": {"code": 1}, "data": {"code": "c-9"}}));
    let half = token_from(&chain[0], &answer, BTreeMap::new(), NOW).unwrap();
    assert_eq!(half.expires_at, None);
    let second = ask(&chain[1], &half.values);
    assert_eq!(second.body.as_ref(), br#"{"code":"c-9"}"#);
    let answer = reading(&chain[1], &json!({"head": {"code": 1}, "data": {"token": "t-9", "seconds": 1_000}}));
    let whole = token_from(&chain[1], &answer, half.values, NOW).unwrap();
    assert_eq!(whole.values["access_token"].expose(), "t-9");
    assert_eq!(whole.expires_at, Some(Time::from_secs(1_700_001_000)));
    assert_eq!(whole.refresh_at, Some(Time::from_secs(1_700_000_900)));
}

#[test]
fn a_login_that_fails_tells_why_and_no_secret() {
    let registry = registry();
    let credentials = credentials(&[("name", "n"), ("password", "tiny")]);
    let chain = login_chain(registry.provider("acme").unwrap(), &credentials);
    let settings = connection().settings;
    let request = login_request(&chain[0], &connection(), &settings, &credentials, &BTreeMap::new(), NOW, 1);
    let wrong = request.unwrap_err();
    assert!(wrong.contains("`password`") && !wrong.contains("tiny"), "{wrong}");
    let answer = reading(&chain[0], &json!({"head": {"code": 10, "text": "no such user"}}));
    let wrong = token_from(&chain[0], &answer, BTreeMap::new(), NOW).unwrap_err();
    assert!(wrong.contains("10") && wrong.contains("no such user"), "{wrong}");
    assert!(!format!("{:?}", token("hunter2")).contains("hunter2"));
}

/// One attempt of the open operation.
fn open(scheme: Option<&str>, base_url: Option<&str>, given: &[(&str, &str)], with: Value) -> Result<Request, String> {
    let operation = Registry::builtin().operation("http.request").unwrap();
    let connection = Connection {
        name: "h".into(),
        scheme: scheme.map(|word| ConnectionScheme::named(word).ok_or("no scheme of a connection")).transpose()?,
        base_url: base_url.map(str::to_owned),
        ..Connection::default()
    };
    let inputs = operation.prepare(&connection, map(with), NOW).unwrap();
    let prepared = operation.request(&connection, &Map::new(), &inputs)?;
    authorize(&operation, &connection, &Map::new(), &prepared, &credentials(given), None, NOW, || 1)
}

#[test]
fn an_open_connection_says_its_scheme() {
    let base = Some("https://h.example/base/");
    let get = json!({"method": "GET", "path": "/x"});
    let sent = |scheme: &str, given: &[(&str, &str)]| open(Some(scheme), base, given, get.clone());
    assert_eq!(sent("none", &[]).unwrap().url, "https://h.example/base/x");
    assert_eq!(header(&sent("bearer", &[("token", "t")]).unwrap(), "Authorization"), Some("Bearer t"));
    let basic = sent("basic", &[("user", "Aladdin"), ("password", "open sesame")]).unwrap();
    assert_eq!(header(&basic, "Authorization"), Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    assert_eq!(header(&sent("header", &[("value", "k")]).unwrap(), "Authorization"), Some("k"));
    assert!(sent("bearer", &[]).unwrap_err().contains("lacks the credential `token`"));
    let blank = sent("bearer", &[("token", " hidden")]).unwrap_err();
    assert!(blank.contains("blanks") && !blank.contains("hidden"), "{blank}");
    for none in ["tc3", "login", "kerberos"] {
        assert!(sent(none, &[]).is_err(), "a connection cannot choose `{none}`");
    }
}

#[test]
fn credentials_go_to_the_connections_host_only() {
    let to = |url: &str| json!({"method": "GET", "url": url});
    let base = Some("https://h.example");
    let token = [("token", "t")];
    assert!(open(Some("bearer"), base, &token, to("https://h.example/x")).is_ok());
    assert!(open(Some("bearer"), base, &token, to("https://h.example:443/x")).is_ok());
    for elsewhere in
        ["https://evil.example/x", "https://h.example:444/x", "http://h.example/x", "https://h.example.evil/x"]
    {
        let wrong = open(Some("bearer"), base, &token, to(elsewhere)).unwrap_err();
        assert!(wrong.contains("it would go to"), "{wrong}");
    }
    for hostless in ["https://h.example\\@evil.example/x", "https://@h.example/x", "https://h.example@evil.example/x"] {
        let wrong = open(Some("bearer"), base, &token, to(hostless)).unwrap_err();
        assert!(wrong.contains("names no host"), "{wrong}");
    }
    assert!(open(Some("bearer"), None, &token, to("https://h.example/x")).unwrap_err().contains("base_url"));
    assert!(open(None, None, &[], to("https://h.example/x")).is_ok());
    assert!(open(None, None, &[], to("http://h.example/x")).unwrap_err().contains("not encrypted"));
    assert!(open(None, None, &[], json!({"method": "GET", "path": "/x"})).unwrap_err().contains("base_url"));
}
