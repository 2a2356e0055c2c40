//! Parses a text with Handlebars and explains its errors in our words.

#![expect(clippy::wildcard_enum_match_arm, reason = "the elements are those of another crate")]

use handlebars::template::Template as Parsed;

use super::error::{TemplateError, error};
use super::tags::Tags;
use crate::diagnostic::Span;

/// Parses a text with Handlebars.
///
/// # Errors
/// The text is not a valid template.
pub(super) fn parse(text: &str, tags: &Tags) -> Result<Parsed, TemplateError> {
    if tags.spans.is_empty() && !text.contains("{{") {
        // A text without tags needs no parser, which would only copy it.
        let mut parsed = Parsed::new();
        parsed.elements.push(handlebars::template::TemplateElement::RawString(text.to_owned()));
        return Ok(parsed);
    }
    Parsed::compile(text).map_err(|found| explain(&found, text, tags))
}

/// Explains an error of the parser at the tag or value that it is about.
fn explain(found: &handlebars::TemplateError, text: &str, tags: &Tags) -> TemplateError {
    use handlebars::TemplateErrorReason as Reason;
    let at = found.pos().map(|(line, column)| offset(text, line, column));
    let of_tag = |at: usize| tags.spans.iter().copied().find(|tag| tag.start <= at && at <= tag.end);
    let span = at.and_then(of_tag).or(tags.spans.last().copied()).unwrap_or(Span::new(0, text.len()));
    match found.reason() {
        Reason::MismatchingClosedHelper(opened, closed) => {
            error(span, format!("A block opened with `{opened}` is closed with `{closed}`"), None)
        }
        Reason::InvalidParam(word) => {
            let places = tags.spans.iter().filter_map(|tag| {
                text[tag.start..tag.end]
                    .find(word.as_str())
                    .map(|at| Span::new(tag.start + at, tag.start + at + word.len()))
            });
            let span = places.into_iter().next().unwrap_or(span);
            error(span, format!("`{word}` is not a value: write numbers as in JSON, texts in quotes"), None)
        }
        _ => {
            let help = advice(&text[span.start..span.end]);
            error(span, "This template cannot be read", help.as_deref())
        }
    }
}

/// The help for a tag that the parser refuses.
fn advice(tag: &str) -> Option<String> {
    let inner = tag.trim_matches(['{', '}', '~', ' ']);
    if inner.is_empty() {
        return Some("Write a name between the braces, such as `{{ row.name }}`.".to_owned());
    }
    if inner.contains("==") || inner.contains("&&") || inner.contains("||") || inner.contains('|') {
        return Some("Compare and combine with helpers: `{{ eq row.a \"x\" }}`, `{{ and row.a row.b }}`.".to_owned());
    }
    if inner.contains(['+', '*', '%']) {
        return Some("Calculate with a helper: `{{ add row.deadline \"30d\" }}`.".to_owned());
    }
    if inner.starts_with(['"', '\'']) {
        return Some("A text needs no braces: write it as it is.".to_owned());
    }
    Some("Write a name, `{{ row.name }}`, or a helper with its values, `{{ default row.name \"none\" }}`.".to_owned())
}

/// The byte offset of a line and column, both counted from 1, the column in characters.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let from = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let inside = text[from..].char_indices().nth(column.saturating_sub(1)).map_or(text.len() - from, |(at, _)| at);
    from + inside
}
