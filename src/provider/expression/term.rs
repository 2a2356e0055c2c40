//! The terms inside the braces of an expression: names, literals and a few helpers.
//!
//! They are evaluated directly instead of being rendered, because every call evaluates several.

use std::borrow::Cow;

use super::names::{NameRoot, Names};
use crate::model::{Value, as_text, is_truthy};

/// A term, parsed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Term {
    /// `inputs.FlowId`
    Name(Vec<String>),
    /// `"normal"`, `6`, `true`
    Literal(Value),
    /// The first that is not null or empty.
    Coalesce(Vec<Term>),
    /// Whether two values spell the same.
    Eq(Box<[Term; 2]>),
    /// Whether all hold.
    And(Vec<Term>),
    /// Whether one holds.
    Or(Vec<Term>),
    /// Whether it does not hold.
    Not(Box<Term>),
}

impl Term {
    /// Its value.
    pub(crate) fn value<'a>(&'a self, names: &Names<'a>) -> Cow<'a, Value> {
        match self {
            Self::Name(path) => names.get(path),
            Self::Literal(value) => Cow::Borrowed(value),
            Self::Coalesce(terms) => terms
                .iter()
                .map(|term| term.value(names))
                .find(|value| !is_blank(value))
                .unwrap_or(Cow::Owned(Value::Null)),
            Self::Eq(pair) => truth(same(&pair[0].value(names), &pair[1].value(names))),
            Self::And(terms) => truth(terms.iter().all(|term| is_truthy(&term.value(names)))),
            Self::Or(terms) => truth(terms.iter().any(|term| is_truthy(&term.value(names)))),
            Self::Not(term) => truth(!is_truthy(&term.value(names))),
        }
    }

    /// The names it uses.
    pub(crate) fn names<'a>(&'a self, into: &mut Vec<&'a [String]>) {
        match self {
            Self::Name(path) => into.push(path),
            Self::Literal(_) => {}
            Self::Coalesce(terms) | Self::And(terms) | Self::Or(terms) => {
                terms.iter().for_each(|term| term.names(into));
            }
            Self::Eq(pair) => pair.iter().for_each(|term| term.names(into)),
            Self::Not(term) => term.names(into),
        }
    }

    /// Parses the text between the braces.
    ///
    /// # Errors
    /// A message that says what is accepted.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut rest = tokens.as_slice();
        let term = phrase(&mut rest)?;
        if rest.is_empty() { Ok(term) } else { Err(format!("`{}` is too much", rest[0].shown())) }
    }
}

fn truth<'a>(yes: bool) -> Cow<'a, Value> {
    Cow::Owned(Value::Bool(yes))
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// Whether two values are equal: as numbers if both spell numbers, else as text.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    if a == b {
        return true;
    }
    if a.is_null() || b.is_null() || a.is_object() || b.is_object() || a.is_array() || b.is_array() {
        return false;
    }
    let (a, b) = (as_text(a), as_text(b));
    match (a.parse::<i128>(), b.parse::<i128>()) {
        (Ok(a), Ok(b)) => a == b,
        _ => match (decimal(&a), decimal(&b)) {
            (Some(a), Some(b)) => a == b,
            _ => a == b,
        },
    }
}

fn decimal(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    text.parse().ok().filter(|_| plain)
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Open,
    Close,
    Text(String),
    Word(String),
}

impl Token {
    fn shown(&self) -> &str {
        match self {
            Self::Open => "(",
            Self::Close => ")",
            Self::Text(text) | Self::Word(text) => text,
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' => {
                tokens.push(if first == '(' { Token::Open } else { Token::Close });
                1
            }
            '"' | '\'' => {
                let end = rest[1..].find(first).ok_or("a quote is not closed")?;
                tokens.push(Token::Text(rest[1..=end].to_owned()));
                end + 2
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')')).unwrap_or(rest.len());
                tokens.push(Token::Word(rest[..end].to_owned()));
                end
            }
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// A helper with its arguments, or a single term.
fn phrase(rest: &mut &[Token]) -> Result<Term, String> {
    let [Token::Word(word), tail @ ..] = *rest else { return single(rest) };
    if !matches!(word.as_str(), "coalesce" | "eq" | "ne" | "and" | "or" | "not") {
        return single(rest);
    }
    *rest = tail;
    let mut terms = Vec::new();
    while !matches!(rest.first(), None | Some(Token::Close)) {
        terms.push(single(rest)?);
    }
    helper(word, terms)
}

fn helper(word: &str, terms: Vec<Term>) -> Result<Term, String> {
    let count = terms.len();
    let wrong = |wanted: &str| Err(format!("`{word}` takes {wanted}, and here are {count}"));
    Ok(match word {
        "eq" | "ne" => {
            let Ok(pair) = <[Term; 2]>::try_from(terms) else { return wrong("two terms") };
            let eq = Term::Eq(Box::new(pair));
            if word == "eq" { eq } else { Term::Not(Box::new(eq)) }
        }
        "not" => {
            let Ok([term]) = <[Term; 1]>::try_from(terms) else { return wrong("one term") };
            Term::Not(Box::new(term))
        }
        _ if terms.is_empty() => return wrong("one term or more"),
        "coalesce" => Term::Coalesce(terms),
        "and" => Term::And(terms),
        _ => Term::Or(terms),
    })
}

fn single(rest: &mut &[Token]) -> Result<Term, String> {
    let (first, tail) = rest.split_first().ok_or("nothing stands between the braces")?;
    *rest = tail;
    match first {
        Token::Text(text) => Ok(Term::Literal(Value::String(text.clone()))),
        Token::Word(word) => word_term(word),
        Token::Close => Err("`)` closes nothing".to_owned()),
        Token::Open => {
            let term = phrase(rest)?;
            match rest.split_first() {
                Some((Token::Close, tail)) => {
                    *rest = tail;
                    Ok(term)
                }
                _ => Err("`(` is not closed".to_owned()),
            }
        }
    }
}

fn word_term(word: &str) -> Result<Term, String> {
    match crate::yaml::plain_value(word) {
        Value::String(_) => {}
        literal @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            return Ok(Term::Literal(literal));
        }
    }
    let path: Vec<String> = word.split('.').map(str::to_owned).collect();
    let known = path.first().is_some_and(|root| NameRoot::named(root).is_some());
    let well_formed = path.iter().all(|part| !part.is_empty() && !part.contains(['[', ']', '/', '@', '|', '=']));
    if !known || !well_formed {
        let roots = NameRoot::WORDS.map(|root| format!("`{root}`")).join(", ");
        return Err(format!("`{word}` is not known here: names start with one of {roots}"));
    }
    Ok(Term::Name(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unknown_terms_are_refused() {
        for bad in [
            "",
            "foo",
            "foo.bar",
            "eq inputs.a",
            "eq a b c",
            "not",
            "(eq inputs.a 1",
            ")",
            "inputs..a",
            "inputs.a x",
            "\"open",
            "coalesce",
            "inputs.a|x",
            "upper inputs.a",
        ] {
            assert!(Term::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn helpers_follow_the_language() {
        let inputs = json!({"a": "1", "b": 1, "c": "", "d": "x", "e": false, "t": "00"});
        let inputs = inputs.as_object().unwrap();
        let names = Names { inputs: Some(inputs), ..Names::default() };
        for (text, value) in [
            ("inputs.d", json!("x")),
            ("inputs.nothing", json!(null)),
            ("eq inputs.a inputs.b", json!(true)),
            ("eq inputs.t 0", json!(true)),
            ("eq inputs.t \"x\"", json!(false)),
            ("eq inputs.nothing \"\"", json!(false)),
            ("ne inputs.d 'x'", json!(false)),
            ("coalesce inputs.nothing inputs.c inputs.d", json!("x")),
            ("and inputs.d (not inputs.e)", json!(true)),
            ("or inputs.c inputs.e", json!(false)),
            ("(not (eq inputs.d \"y\"))", json!(true)),
        ] {
            let term = Term::parse(text).unwrap();
            assert_eq!(*term.value(&names), value, "{text}");
        }
    }
}
