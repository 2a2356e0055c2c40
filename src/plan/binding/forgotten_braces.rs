//! Warns of names that a playbook writes without braces: the words would be sent instead of the value.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::playbook::{Playbook, Step, Tree, TreeKind};
use crate::template::{RunPart, StepPart, TopName};

/// The characters that other languages write around a name: opening, closing.
const AROUND: [(&str, &str); 9] =
    [("${", "}"), ("#{", "}"), ("{", "}"), ("<", ">"), ("%", "%"), ("$(", ")"), ("[[", "]]"), ("\"", "\""), ("'", "'")];

/// The name of an element of a list, which is a value on its own, too.
const ELEMENT: &str = "item";

/// The length of the longest root of a name (`steps`), in bytes.
const LONGEST_ROOT: usize = 5;

/// The names that a template could use at a place.
#[derive(Clone, Copy)]
struct NamesInScope<'a> {
    playbook: &'a Playbook,
    /// The columns and lists of the row file; `None` if it is not open.
    columns: Option<&'a [String]>,
    /// Whether `row` is known.
    row: bool,
    /// Whether `item` is known.
    item: bool,
}

/// Warns of every plain text that begins with a known name, or holds one in the signs of another language.
pub(super) fn check(playbook: &Playbook, columns: Option<&[String]>, diagnostics: &mut Diagnostics) {
    let mut found = Vec::new();
    let has_rows = playbook.rows.is_some();
    let scope = NamesInScope { playbook, columns, row: has_rows, item: false };
    for (steps, row) in [(&playbook.before, false), (&playbook.steps, has_rows), (&playbook.after, false)] {
        steps.iter().for_each(|step| in_step(step, NamesInScope { row, ..scope }, &mut found));
    }
    playbook.results.iter().for_each(|(_, tree)| in_tree(tree, scope, &mut found));
    for one in found {
        diagnostics.push(one.diagnostic(&playbook.source));
    }
}

fn in_step(step: &Step, scope: NamesInScope<'_>, found: &mut Vec<ForgottenBraces>) {
    let scope = NamesInScope { item: step.for_each.is_some(), ..scope };
    let rollback = step.rollback.iter().flat_map(|rollback| [&rollback.with, &rollback.settings]);
    [&step.with, &step.settings].into_iter().chain(rollback).for_each(|tree| in_tree(tree, scope, found));
}

fn in_tree(tree: &Tree, scope: NamesInScope<'_>, found: &mut Vec<ForgottenBraces>) {
    match &tree.kind {
        TreeKind::Null => {}
        TreeKind::Literal { text, .. } => {
            found.extend(scope.in_text(text).map(|name| ForgottenBraces::text(name, text, tree.span)))
        }
        TreeKind::Template(template) => {
            let text = template.text();
            // `${{ … }}` is how other programs write it. Here, the `$` would be sent, too.
            if text.starts_with("${{") && text.ends_with("}}") && text.matches("{{").count() == 1 {
                found.push(ForgottenBraces {
                    name: text[1..].to_owned(),
                    cure: Some(text[1..].to_owned()),
                    span: tree.span,
                    found_in: FoundIn::Dollar,
                });
            }
        }
        TreeKind::List(items) => items.iter().for_each(|item| in_tree(item, scope, found)),
        TreeKind::Map(entries) => {
            for (key, tree) in entries {
                if let Some(name) = scope.in_text(&key.text) {
                    let name = key.text[name.start..name.end].to_owned();
                    found.push(ForgottenBraces { name, cure: None, span: key.span, found_in: FoundIn::Key });
                }
                in_tree(tree, scope, found);
            }
        }
        TreeKind::Each { body, .. } => in_tree(body, NamesInScope { item: true, ..scope }, found),
    }
}

/// A known name in a text, as byte positions.
struct NameInText {
    /// The name with the characters around it, which the correction replaces.
    outer: std::ops::Range<usize>,
    start: usize,
    end: usize,
}

/// The kind of text that contains a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FoundIn {
    /// A value.
    Text,
    /// The key of a map, which cannot hold a template.
    Key,
    /// `${{ … }}`, a template with the `$` of another language before it.
    Dollar,
}

/// A name that was meant as a template, and what to write instead.
struct ForgottenBraces {
    name: String,
    /// The text with a template instead of the name; `None` if no template is possible there.
    cure: Option<String>,
    span: Span,
    found_in: FoundIn,
}

impl ForgottenBraces {
    fn text(name: NameInText, text: &str, span: Span) -> Self {
        let inner = &text[name.start..name.end];
        let cure = format!("{}{{{{ {inner} }}}}{}", &text[..name.outer.start], &text[name.outer.end..]);
        Self { name: inner.to_owned(), cure: Some(cure), span, found_in: FoundIn::Text }
    }

    fn diagnostic(self, source: &Arc<Source>) -> Diagnostic {
        let name = &self.name;
        let message = match self.found_in {
            FoundIn::Text => format!("`{name}` is sent as these words: a name stands for its value in braces alone"),
            FoundIn::Key => format!("The key `{name}` is sent as these words: a key holds no template"),
            FoundIn::Dollar => format!("The `$` ahead of `{name}` is sent as it stands"),
        };
        let help = match self.cure {
            Some(cure) => format!("Write `{}`.", quoted(&cure)),
            None => "Give the map whole, from a column of `type: json`, or write the key itself.".to_owned(),
        };
        Diagnostic::warning("forgotten-braces", message).at(source.place(self.span), "here").help(help)
    }
}

/// A text in the YAML quotes that need fewer escapes.
fn quoted(text: &str) -> String {
    if text.contains('"') && !text.contains('\n') {
        return format!("'{}'", text.replace('\'', "''"));
    }
    serde_json::Value::from(text).to_string()
}

impl NamesInScope<'_> {
    /// The known name at the beginning of a text, or the first one in characters of another language or as part of a
    /// path.
    fn in_text(&self, text: &str) -> Option<NameInText> {
        let trimmed = text.trim_start();
        let start = text.len() - trimmed.len();
        let whole = |length: &usize| trimmed[..*length] != *ELEMENT || trimmed.trim_end() == ELEMENT;
        let bare = self.name(trimmed).filter(|length| ends_name(&trimmed[*length..])).filter(whole);
        if let Some(length) = bare {
            return Some(NameInText { outer: start..start + length, start, end: start + length });
        }
        (0..text.len()).filter(|at| text.is_char_boundary(*at)).find_map(|at| self.signed(text, at))
    }

    /// A known name whose opening characters are at a byte.
    fn signed(&self, text: &str, at: usize) -> Option<NameInText> {
        let rest = &text[at..];
        let in_signs = AROUND.iter().find_map(|(open, close)| {
            let inner = rest.strip_prefix(open)?;
            let blanks = inner.len() - inner.trim_start().len();
            let length = self.name(inner.trim_start())?;
            let behind = inner[blanks + length..].trim_start();
            behind.starts_with(close).then(|| {
                let start = at + open.len() + blanks;
                let end = text.len() - behind.len() + close.len();
                // Quotes stay, as they belong to the surrounding text, such as JSON.
                let quote = matches!(*open, "\"" | "'");
                let outer = if quote { start..start + length } else { at..end };
                NameInText { outer, start, end: start + length }
            })
        });
        in_signs
            .or_else(|| {
                let length = self.name(rest.strip_prefix('$')?)?;
                Some(NameInText { outer: at..at + 1 + length, start: at + 1, end: at + 1 + length })
            })
            .or_else(|| {
                // A part of a path, or the value of a parameter in it.
                let inner = rest.strip_prefix(['/', '='])?;
                let length = self.name(inner)?;
                let ends = inner[length..].chars().next().is_none_or(|c| matches!(c, '/' | '?' | '&'));
                let (start, end) = (at + 1, at + 1 + length);
                (ends && inner[..length] != *ELEMENT).then_some(NameInText { outer: start..end, start, end })
            })
    }

    /// The length of the known name at the beginning of a text, in bytes.
    fn name(&self, text: &str) -> Option<usize> {
        let Some(dot) = text.bytes().take(LONGEST_ROOT + 1).position(|byte| byte == b'.') else {
            let behind = text.strip_prefix(ELEMENT).filter(|_| self.item)?;
            let ends = behind.chars().next().is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
            return ends.then_some(ELEMENT.len());
        };
        let (root, rest) = (&text[..dot], &text[dot + 1..]);
        let known = TopName::named(root)?;
        let parts = parts(rest);
        let first = parts.first()?;
        let is_known = match known {
            TopName::Row => self.row && self.is_column(first),
            TopName::Item => self.item && !first.is_empty(),
            TopName::Vars => self.playbook.vars.iter().any(|var| var.name == *first),
            TopName::Run => RunPart::named(first).is_some_and(|part| parts.len() == 1 || part == RunPart::Counts),
            TopName::Steps => {
                let is_step = self.playbook.all_steps().any(|step| step.id == *first);
                is_step && parts.get(1).is_some_and(|part| StepPart::named(part).is_some())
            }
        };
        let length: usize = parts.iter().map(|part| part.len() + 1).sum();
        is_known.then_some(root.len() + length)
    }

    /// Whether `name`, bare or in square brackets, is a column, a list or a key of the rows.
    fn is_column(&self, name: &str) -> bool {
        let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        match (self.columns, &self.playbook.rows) {
            (Some(columns), _) => columns.iter().any(|column| column == bare),
            (None, Some(rows)) => {
                let lists = rows.lists.iter().map(|list| &list.name);
                let key = rows.key.iter().map(|key| &key.value);
                rows.columns.iter().map(|column| &column.name).chain(lists).chain(key).any(|known| known == bare)
            }
            (None, None) => false,
        }
    }
}

/// Splits the dotted name at the beginning of a text; `[…]` is one part.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), text);
    loop {
        let length = match rest.strip_prefix('[').and_then(|inner| inner.find(']')) {
            Some(close) => close + 2,
            None => rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len()),
        };
        if length == 0 {
            return parts;
        }
        parts.push(&rest[..length]);
        match rest[length..].strip_prefix('.') {
            Some(more) => rest = more,
            None => return parts,
        }
    }
}

/// Whether a name ends before `behind`, rather than being part of an address, a call or a parameter.
fn ends_name(behind: &str) -> bool {
    behind.chars().next().is_none_or(|c| !matches!(c, '@' | '/' | '(' | '='))
}
