//! Meanings of words and lists of words, as text and as JSON.

use serde_json::json;

use super::meanings::Meaning;
use super::topic::Topic;
use super::vendor_codes::{VendorCode, all_codes, disposition_word};
use super::{helpers, keys};
use crate::diagnostic::{Explanation, padded, widest};
use crate::model::Value;
use crate::provider::Registry;
use crate::template::helpers::HELPERS;

/// The meanings of a code as text.
pub(super) fn text(found: &[Meaning<'_>]) -> String {
    let parts: Vec<String> = found
        .iter()
        .map(|one| match one {
            Meaning::Ours(topic, entry) => ours(*topic, entry),
            Meaning::Vendors(name, code) => vendors(name, *code),
            Meaning::Language(entry) => keys::text(entry),
            Meaning::Helper(helper) => helpers::text(helper),
        })
        .collect();
    parts.join("\n\n")
}

fn ours(topic: Topic, entry: &Explanation) -> String {
    let mut text = format!("{}: {}\n\n{}\n", entry.name, topic.describe(), entry.meaning);
    if !entry.example.is_empty() {
        let lines = entry.example.lines().map(|line| format!("    {line}").trim_end().to_owned());
        text.push_str(&format!("\n{}\n", lines.collect::<Vec<_>>().join("\n")));
    }
    text + "\n" + entry.advice
}

fn vendors(name: &str, code: VendorCode<'_>) -> String {
    let meaning = code.meaning;
    let mut text = format!("{name}: an answer of {}\n\n", owner_name(code));
    if let Some(message) = &meaning.message {
        text.push_str(&format!("If its message matches `{message}`:\n"));
    }
    if let Some(means) = &meaning.means {
        text.push_str(&format!("{}.\n", means.trim_end_matches('.')));
    }
    text.push_str(&counts_as(&disposition_word(meaning.disposition), "It counts as"));
    if let Some(reads) = meaning.for_reads {
        text.push_str(&counts_as(&disposition_word(reads), "\n\nFor a read it counts as"));
    }
    if let Some(advice) = &meaning.advice {
        text.push_str(&format!("\n\n{advice}"));
    }
    text
}

fn counts_as(word: &str, how: &str) -> String {
    let entry = Topic::Disposition.entry(word);
    let (meaning, advice) = entry.map_or(("", ""), |entry| (entry.meaning, entry.advice));
    format!("{how} `{word}`. {meaning}\n{advice}")
}

/// The owner of a code: `provider`, or `provider.operation`.
fn owner_name(code: VendorCode<'_>) -> String {
    match code.operation {
        Some(operation) => operation.full_name().to_owned(),
        None => code.provider.name.clone(),
    }
}

/// The meanings of a code as JSON.
pub(super) fn json(asked: &str, found: &[Meaning<'_>]) -> Value {
    let found: Vec<Value> = found
        .iter()
        .map(|one| match one {
            Meaning::Ours(topic, entry) => entry_json(*topic, entry),
            Meaning::Vendors(name, code) => vendor_json(name, *code),
            Meaning::Language(entry) => keys::json(entry),
            Meaning::Helper(helper) => helpers::json(helper),
        })
        .collect();
    json!({"asked": asked, "found": found})
}

fn entry_json(topic: Topic, entry: &Explanation) -> Value {
    json!({
        "kind": topic.as_str(),
        "name": entry.name,
        "meaning": entry.meaning,
        "example": (!entry.example.is_empty()).then_some(entry.example),
        "advice": entry.advice,
    })
}

fn vendor_json(name: &str, code: VendorCode<'_>) -> Value {
    let meaning = code.meaning;
    json!({
        "kind": "vendor",
        "name": name,
        "provider": code.provider.name,
        "operation": code.operation.map(|operation| &operation.name),
        "message": meaning.message.as_ref().map(|regex| regex.as_str()),
        "meaning": meaning.means,
        "disposition": disposition_word(meaning.disposition),
        "for_reads": meaning.for_reads.map(disposition_word),
        "advice": meaning.advice,
    })
}

/// Every code of runsheet with its first sentence, and the number of codes of each vendor, as text.
pub(super) fn list(registry: &Registry) -> String {
    let mut text = String::new();
    for topic in Topic::ALL {
        let entries = topic.entries();
        let width = widest(entries.iter().map(|entry| entry.name));
        text.push_str(&format!("{}\n", topic.describe()));
        for entry in entries {
            text.push_str(&format!("  {}  {}\n", padded(entry.name, width), first_sentence(entry.meaning)));
        }
        text.push('\n');
    }
    text.push_str("an answer of a vendor\n");
    let all = all_codes(registry);
    for provider in registry.providers() {
        let count = all.iter().filter(|(_, code)| code.provider.name == provider.name).count();
        if count > 0 {
            text.push_str(&format!("  {count} codes: runsheet explain {}\n", provider.name));
        }
    }
    text + "\n" + &keys::list() + "\n" + &helpers::list() + "\nrunsheet explain WORD explains one of them"
}

/// Every code of one vendor as text.
pub(super) fn of_provider(registry: &Registry, provider: &str) -> String {
    let all = all_codes(registry);
    let own: Vec<_> = all.iter().filter(|(_, code)| code.provider.name == provider).collect();
    let label = |name: &str, code: &VendorCode<'_>| match code.operation {
        Some(operation) => format!("{name} ({})", operation.name),
        None => name.to_owned(),
    };
    let width = widest(own.iter().map(|(name, code)| label(name, code)));
    let line = |(name, code): &&(String, VendorCode<'_>)| {
        let means = code.meaning.means.as_deref().unwrap_or_default();
        let (label, disposition) = (padded(&label(name, code), width), disposition_word(code.meaning.disposition));
        let line = format!("  {label}  {disposition:15}  {means}");
        line.trim_end().to_owned()
    };
    let lines: Vec<String> = own.iter().map(line).collect();
    format!("{provider}\n{}", lines.join("\n"))
}

/// Every code as JSON; only those of `provider` where it is given.
pub(super) fn list_json(registry: &Registry, provider: Option<&str>) -> Value {
    let ours = Topic::ALL.into_iter().flat_map(|topic| topic.entries().iter().map(move |one| entry_json(topic, one)));
    let vendors = all_codes(registry);
    let vendors = vendors
        .iter()
        .filter(|(_, code)| provider.is_none_or(|name| code.provider.name == name))
        .map(|(name, code)| vendor_json(name, *code));
    match provider {
        Some(_) => json!({"found": vendors.collect::<Vec<_>>()}),
        None => {
            let language = keys::every_entry();
            let language = language.iter().map(keys::json);
            let helpers = HELPERS.iter().map(helpers::json);
            json!({"found": ours.chain(vendors).chain(language).chain(helpers).collect::<Vec<_>>()})
        }
    }
}

fn first_sentence(text: &str) -> String {
    let line = text.replace('\n', " ");
    match line.split_once(". ") {
        Some((first, _)) => first.to_owned(),
        None => line.trim_end_matches('.').to_owned(),
    }
}
