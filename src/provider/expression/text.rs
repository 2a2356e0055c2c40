//! Compiles texts of provider files with names in braces.

use std::borrow::Cow;

use super::names::Names;
use super::term::Term;
use crate::model::{Value, as_text, is_truthy, percent_encoded};

/// A text of a provider file, compiled.
#[derive(Debug, Clone)]
pub struct Expression {
    pieces: Vec<Piece>,
}

/// A condition: one term that is true or false.
#[derive(Debug, Clone)]
pub struct Condition {
    source: String,
    term: Term,
}

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    /// A term; with `raw`, from three braces, it is not percent-encoded.
    Term {
        term: Term,
        raw: bool,
    },
}

impl Expression {
    /// Compiles a text.
    ///
    /// # Errors
    /// A message, if the part between the braces is not understood.
    pub fn parse(source: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = source;
        while let Some(start) = rest.find("{{") {
            if start > 0 {
                pieces.push(Piece::Text(rest[..start].to_owned()));
            }
            let raw = rest[start..].starts_with("{{{");
            let (open, close) = if raw { ("{{{", "}}}") } else { ("{{", "}}") };
            let inner = &rest[start + open.len()..];
            let end = inner.find(close).ok_or_else(|| format!("`{open}` is not closed"))?;
            pieces.push(Piece::Term { term: Term::parse(&inner[..end])?, raw });
            rest = &inner[end + close.len()..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self { pieces })
    }

    /// The names it uses, as paths.
    pub(crate) fn names(&self) -> Vec<&[String]> {
        let mut names = Vec::new();
        for piece in &self.pieces {
            if let Piece::Term { term, .. } = piece {
                term.names(&mut names);
            }
        }
        names
    }

    /// Whether it uses a name under this root.
    pub(crate) fn names_under(&self, root: &str) -> bool {
        self.names().iter().any(|path| path.first().is_some_and(|first| first == root))
    }

    /// Its value. A single term keeps its type; anything else is text.
    pub(crate) fn value<'a>(&'a self, names: &Names<'a>) -> Cow<'a, Value> {
        match self.pieces.as_slice() {
            [Piece::Term { term, .. }] => term.value(names),
            _ => Cow::Owned(Value::String(self.joined(names, |value, _| Some(as_text(value))).unwrap_or_default())),
        }
    }

    /// Its value for a parameter. A single term may be null, which omits the parameter.
    ///
    /// # Errors
    /// A message, if a name inside a longer text has no value.
    pub(crate) fn parameter<'a>(&'a self, names: &Names<'a>) -> Result<Cow<'a, Value>, String> {
        match self.pieces.as_slice() {
            [Piece::Term { term, .. }] => Ok(term.value(names)),
            _ => self.text(names).map(|text| Cow::Owned(Value::String(text))),
        }
    }

    /// The names in three braces, whose values are not percent-encoded.
    pub(crate) fn raw_names(&self) -> Vec<&[String]> {
        let mut names = Vec::new();
        for piece in &self.pieces {
            if let Piece::Term { term, raw: true } = piece {
                term.names(&mut names);
            }
        }
        names
    }

    /// Whether it begins with a value in three braces.
    pub(crate) fn begins_raw(&self) -> bool {
        matches!(self.pieces.first(), Some(Piece::Term { raw: true, .. }))
    }

    /// Its text.
    ///
    /// # Errors
    /// A message, if a name has no value.
    pub(crate) fn text(&self, names: &Names<'_>) -> Result<String, String> {
        self.joined(names, |value, _| filled(value)).map_err(|name| format!("`{name}` has no value"))
    }

    /// Its text as part of a URL; terms in two braces are percent-encoded.
    ///
    /// # Errors
    /// A message, if a name has no value.
    pub(crate) fn url(&self, names: &Names<'_>) -> Result<String, String> {
        let encoded = |value: &Value, raw: bool| {
            let text = filled(value)?;
            Some(if raw { text } else { percent_encoded(&text) })
        };
        self.joined(names, encoded).map_err(|name| format!("`{name}` has no value"))
    }

    fn joined(&self, names: &Names<'_>, show: impl Fn(&Value, bool) -> Option<String>) -> Result<String, String> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Term { term, raw } => match show(&term.value(names), *raw) {
                    Some(part) => text.push_str(&part),
                    None => {
                        let mut paths = Vec::new();
                        term.names(&mut paths);
                        return Err(paths.iter().map(|path| path.join(".")).collect::<Vec<_>>().join("` or `"));
                    }
                },
            }
        }
        Ok(text)
    }
}

/// The text of a value; `None` if it is blank.
fn filled(value: &Value) -> Option<String> {
    let text = as_text(value);
    (!text.trim().is_empty()).then_some(text)
}

impl Condition {
    /// Compiles a condition, which is a single `{{ … }}`.
    ///
    /// # Errors
    /// A message, if it is not understood.
    pub fn parse(source: &str) -> Result<Self, String> {
        let inner = source.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
        let inner = inner.ok_or("a condition is one `{{ … }}`")?;
        Ok(Self { source: source.to_owned(), term: Term::parse(inner)? })
    }

    /// The text as the file spells it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names it uses, as paths.
    pub(crate) fn names(&self) -> Vec<&[String]> {
        let mut names = Vec::new();
        self.term.names(&mut names);
        names
    }

    /// Whether it holds.
    pub(crate) fn holds(&self, names: &Names<'_>) -> bool {
        is_truthy(&self.term.value(names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unclosed_braces_are_refused() {
        for bad in ["{{ inputs.a", "{{{ inputs.a }}", "{{}}", "a {{ b }} c"] {
            assert!(Expression::parse(bad).is_err(), "{bad}");
        }
        for bad in ["inputs.a", "x {{ inputs.a }}", "{{ inputs.a }} x", "true"] {
            assert!(Condition::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_without_value_is_named() {
        let expression = Expression::parse("/api/{{ settings.company_id }}/x").unwrap();
        assert_eq!(expression.url(&Names::default()), Err("`settings.company_id` has no value".to_owned()));
        let either = Expression::parse("{{ coalesce settings.ea token.ea }}").unwrap();
        assert_eq!(either.text(&Names::default()), Err("`settings.ea` or `token.ea` has no value".to_owned()));
    }

    #[test]
    fn types_stay_and_urls_are_encoded() {
        let inputs = json!({"n": 15, "s": "a/b ?é", "p": "/raw/x?y=1"}).as_object().cloned().unwrap();
        let names = Names { inputs: Some(&inputs), ..Names::default() };
        let expression = |text: &str| Expression::parse(text).unwrap();
        assert_eq!(*expression("{{ inputs.n }}").value(&names), json!(15));
        assert_eq!(*expression("n{{ inputs.n }}").value(&names), json!("n15"));
        assert_eq!(*expression("plain").value(&names), json!("plain"));
        assert_eq!(expression("/{{inputs.s}}").url(&names).unwrap(), "/a%2Fb%20%3F%C3%A9");
        assert_eq!(expression("{{{ inputs.p }}}").url(&names).unwrap(), "/raw/x?y=1");
    }
}
