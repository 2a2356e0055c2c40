//! Reads `providers`: a folder with the user's own providers, and the built-in ones that they may replace.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Source, did_you_mean, near_miss};
use crate::language::Fields;
use crate::language::settings::REPLACED_PROVIDER;
use crate::provider::Registry;
use crate::yaml::{Node, NodeKind};

/// The key that names the folder; every other key names a built-in provider.
const FROM: &str = "from";

/// The key `providers` of the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OwnProviders {
    /// The folder of the providers; `None` if there is none.
    pub(crate) folder: Option<PathBuf>,
    /// Built-in providers that the files may replace or extend.
    pub(crate) replaced: BTreeSet<String>,
}

/// Reads `DIR`, or `{ from: DIR, NAME: { replaces: true } }`. `folder` is the folder of the settings.
pub(super) fn read(node: &Node, folder: &Path, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> OwnProviders {
    let mut read = OwnProviders::default();
    let at = |text: &str| Some(text).filter(|text| !text.is_empty()).map(|text| folder.join(text));
    match &node.kind {
        NodeKind::Scalar { text, .. } if !node.is_null() => read.folder = at(text),
        NodeKind::Scalar { .. } => {}
        NodeKind::List(_) => {
            let message = format!("`providers` must be a folder or a map, and this is {}", node.describe());
            let help = "Write `providers: DIR`.";
            diagnostics.push(Diagnostic::error("bad-type", message).at(source.place(node.span), "").help(help));
        }
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                if key.text != FROM {
                    if replaces(&key.text, value, source, diagnostics) {
                        named(&key.text, key.span, source, diagnostics);
                        read.replaced.insert(key.text.clone());
                    }
                } else if let Some(text) = value.as_text() {
                    read.folder = at(text);
                } else {
                    let message = format!("`{FROM}` must be a folder, and this is {}", value.describe());
                    diagnostics.push(Diagnostic::error("bad-type", message).at(source.place(value.span), ""));
                }
            }
        }
    }
    read
}

/// Whether the key of a provider has `{ replaces: true }`.
fn replaces(name: &str, node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> bool {
    let what = format!("the provider `{name}`");
    let Some(mut fields) = Fields::open_as(node, source, diagnostics, &REPLACED_PROVIDER, &what) else { return false };
    let replaces = fields.bool("replaces").unwrap_or(false);
    fields.finish();
    replaces
}

/// Reports a name that no built-in provider has, so that there is nothing to replace.
fn named(name: &str, span: crate::diagnostic::Span, source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    let builtin = Registry::builtin();
    if builtin.provider(name).is_some() {
        return;
    }
    let known: Vec<&str> = builtin.providers().map(|provider| provider.name.as_str()).collect();
    let help = match near_miss(name, known.iter().copied()) {
        Some(near) => did_you_mean(name, near),
        None => "Take the line out: a provider of another name replaces nothing.".to_owned(),
    };
    let message = format!("There is no built-in provider `{name}` to replace");
    diagnostics.push(Diagnostic::error("unknown-provider", message).at(source.place(span), "").help(help));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn read_text(text: &str) -> (OwnProviders, String) {
        let mut diagnostics = Diagnostics::new();
        let source = Source::new("runsheet.yaml", text);
        let root = yaml::parse(&source, &mut diagnostics).unwrap();
        let own = read(root.get("providers").unwrap(), Path::new("/s"), &source, &mut diagnostics);
        (own, diagnostics.render(false, 200))
    }

    #[test]
    fn a_folder_alone_replaces_no_provider() {
        for text in
            ["providers: own", "providers: { from: own }", "providers: { from: own, http: { replaces: false } }"]
        {
            let own = OwnProviders { folder: Some("/s/own".into()), replaced: BTreeSet::new() };
            assert_eq!(read_text(text), (own, String::new()), "{text}");
        }
        assert_eq!(read_text("providers:").0, OwnProviders::default());
    }

    #[test]
    fn only_built_in_providers_can_be_replaced() {
        let (own, told) = read_text("providers: { from: own, http: { replaces: true } }");
        assert_eq!((own.replaced, told.as_str()), (BTreeSet::from(["http".to_owned()]), ""));
        for (text, word) in [
            ("providers: [own]", "a folder or a map"),
            ("providers: { from: [own] }", "must be a folder"),
            ("providers: { from: own, htp: { replaces: true } }", "Did you mean `http`?"),
            ("providers: { from: own, http: true }", "must be a map"),
            ("providers: { from: own, http: { replace: true } }", "`replace` is no key"),
            ("providers: { from: own, http: { replaces: perhaps } }", "`true` or `false`"),
        ] {
            let (own, told) = read_text(text);
            assert!(told.contains(word), "{text}: {told}");
            assert!(own.replaced.is_empty() || text.contains("htp:"), "{text}");
        }
    }
}
