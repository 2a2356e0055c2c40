//! Blanks out literal credentials in the text of the settings, so that messages can show it.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::Span;
use crate::provider::HeaderRefusal;
use crate::yaml::{Node, NodeKind};

/// Replaces every byte of a redacted text; a letter, so that the text stays the same YAML.
const MASK: u8 = b'x';
/// The forms of a credential that only name its source and hold nothing secret.
const SOURCES: [&str; 3] = ["env", "file", "command"];
/// Keys of `auth` that hold nothing secret.
const OPEN: [&str; 2] = ["scheme", "header"];

/// A word for a secret, a colon, and the text after it.
const SECRET_WORDS: &str =
    r#"(?im)(?:secret|passw|token|key|code|credential|licen[cs]e|proxy)[\w-]*["']?[ \t]*:[ \t]*([^\s{}\[\],][^\n,}]*)"#;

/// Blanks out every literal credential below `root`; lengths and lines stay.
pub(super) fn redact(text: &str, root: &Node) -> String {
    let mut spans = Vec::new();
    find(root, &mut spans);
    blank(text, &spans)
}

/// Blanks out the text after words for secrets, for a file that cannot be parsed.
pub(super) fn redact_by_words(text: &str) -> String {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(SECRET_WORDS).ok());
    let Some(words) = &*WORDS else { return String::new() };
    let found = words.captures_iter(text).filter_map(|found| found.get(1));
    let spans: Vec<Span> = found.map(|secret| Span::new(secret.start(), secret.end())).collect();
    blank(text, &spans)
}

fn find(node: &Node, spans: &mut Vec<Span>) {
    match &node.kind {
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                match key.text.as_str() {
                    "proxy" | "credentials" | "auth" => secrets(value, spans),
                    "headers" => headers(value, spans),
                    "notify" => notices(value, spans),
                    _ => find(value, spans),
                }
            }
        }
        NodeKind::List(items) => items.iter().for_each(|item| find(item, spans)),
        NodeKind::Scalar { .. } => {}
    }
}

/// Finds the addresses and tokens of notices: the address of a chat service is a secret.
fn notices(node: &Node, spans: &mut Vec<Span>) {
    match &node.kind {
        NodeKind::Map(entries) => {
            let held = entries.iter().filter(|(key, _)| matches!(key.text.as_str(), "url" | "token"));
            held.for_each(|(_, value)| secrets(value, spans));
        }
        NodeKind::List(items) => items.iter().for_each(|item| notices(item, spans)),
        NodeKind::Scalar { .. } => {}
    }
}

/// Finds constant headers that hold a credential, which is not allowed.
fn headers(node: &Node, spans: &mut Vec<Span>) {
    let NodeKind::Map(entries) = &node.kind else { return };
    let credentials =
        entries.iter().filter(|(key, _)| HeaderRefusal::of(&key.text, true) == Some(HeaderRefusal::Credential));
    credentials.for_each(|(_, value)| secrets(value, spans));
}

fn secrets(node: &Node, spans: &mut Vec<Span>) {
    match &node.kind {
        NodeKind::Scalar { .. } => spans.push(node.span),
        NodeKind::List(items) => items.iter().for_each(|item| secrets(item, spans)),
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                let open = SOURCES.contains(&key.text.as_str()) || OPEN.contains(&key.text.as_str());
                if !open {
                    secrets(value, spans);
                }
            }
        }
    }
}

fn blank(text: &str, spans: &[Span]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for span in spans {
        let inside = bytes.get_mut(span.start..span.end).unwrap_or_default();
        inside.iter_mut().filter(|byte| !byte.is_ascii_whitespace()).for_each(|byte| *byte = MASK);
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostics, Source};
    use crate::yaml;

    fn redacted(text: &str) -> String {
        let source = Source::new("runsheet.yaml", text);
        redact(text, &yaml::parse(&source, &mut Diagnostics::new()).unwrap())
    }

    #[test]
    fn literal_credentials_are_blanked_out_and_their_sources_stay() {
        let text = "a:\n  credentials: { id: hunter2, key: { env: NAME }, other: { value: 'sécret' } }\n  proxy: http://u:p@h\n  auth: { scheme: bearer, token: abc }\n  note: hunter2\n  headers: { X-Api-Key: k3y, X-Tenant: t3n }\n";
        let shown = redacted(text);
        for secret in ["id: hunter2", "sécret", "http://u:p@h", "abc", "k3y"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        for open in ["NAME", "bearer", "note: hunter2", "X-Tenant: t3n"] {
            assert!(shown.contains(open), "{shown}");
        }
        assert_eq!(shown.len(), text.len());
        assert_eq!(shown.lines().count(), text.lines().count());
    }

    #[test]
    fn the_addresses_of_notices_are_blanked_out() {
        let text = "notify: [{ url: https://h/s3cret }, { command: [mail, mei] }]\ne:\n  notify: { url: { env: HOOK }, token: t0ken }\n";
        let shown = redacted(text);
        for secret in ["s3cret", "t0ken"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("HOOK") && shown.contains("[mail, mei]"), "{shown}");
    }

    #[test]
    fn a_file_that_cannot_be_parsed_is_redacted_by_words() {
        let text = "credentials: { secret_key: hunter2, x: 1\n  password: \"a b\"\nLicense-Key: zzz, env: NAME\n";
        let shown = redact_by_words(text);
        for secret in ["hunter2", "a b", "zzz"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("NAME") && shown.len() == text.len(), "{shown}");
    }
}
