//! Settings: messages about their own lines, and no credential that stands in the file in any of them.

use std::path::Path;
use std::str;
use std::sync::OnceLock;

use runsheet::internals::diagnostic::{Diagnostics, Source};
use runsheet::internals::provider::Registry;
use runsheet::internals::sandbox;
use runsheet::internals::settings::Settings;
use runsheet::internals::yaml::{Node, NodeKind, parse};

const NAME: &str = "runsheet.yaml";
/// What is wrong here is told in words that no credential of another file is.
const FORM: &str = "environments: { e: { connections: { c: { credentials: { k: v } }, tencent_ess: { x: y } } } }";
/// Shorter words may stand in a message by chance.
const SHORTEST_SECRET: usize = 8;

pub(crate) fn holds(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    super::tree::is_sound(NAME, text);
    let (told, environments) = taken(text);
    super::messages::are_sound(&told, &[(NAME, text)]);
    assert!(environments.contains("\"sandbox\""));
    assert_eq!((told.to_json(), environments), {
        let (told, again) = taken(text);
        (told.to_json(), again)
    });
    let shown = format!("{}{}", told.render(false, 10_000), told.to_json());
    for secret in secrets(text) {
        assert!(!shown.contains(&secret), "{secret:?} is shown:\n{shown}");
    }
}

fn taken(text: &str) -> (Diagnostics, String) {
    let mut told = Diagnostics::default();
    let settings = Settings::read(Path::new(NAME), text, &mut told);
    let environments = settings.environments(Registry::builtin(), sandbox::environment(), &mut told);
    (told, format!("{environments:?}"))
}

/// Literal credentials that stand in the file once, and nowhere in what any file of this form says.
fn secrets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let root = parse(&Source::new(NAME, text), &mut Diagnostics::default());
    let environments = root.as_ref().and_then(|root| root.get("environments"));
    for environment in children(environments) {
        for connection in children(environment.get("connections")) {
            for credential in children(connection.get("credentials")) {
                found.extend(credential.as_text().filter(|text| text.len() >= SHORTEST_SECRET).map(str::to_owned));
            }
        }
    }
    static COMMON: OnceLock<String> = OnceLock::new();
    let common = COMMON.get_or_init(|| taken(FORM).0.render(false, 10_000));
    let veil = |secret: &String| secret.bytes().all(|byte| byte == b'x');
    found.retain(|secret| {
        text.matches(secret.as_str()).count() == 1 && !common.contains(secret.as_str()) && !veil(secret)
    });
    found
}

fn children(node: Option<&Node>) -> Vec<&Node> {
    match node.map(|node| &node.kind) {
        Some(NodeKind::Map(entries)) => entries.iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}
