//! Translates a condition with operators to helpers: `row.system == "x"` to `eq row.system "x"`. Used for hints.

/// Translates a condition; `None` if it is not one.
pub(super) fn as_expression(text: &str) -> Option<String> {
    let mut parser = InfixParser { tokens: tokens(text)?, at: 0 };
    let whole = parser.either()?;
    let ended = parser.at == parser.tokens.len();
    ended.then(|| whole.text())
}

/// The operators, longer ones first.
const SIGNS: [&str; 14] = ["===", "!==", "==", "!=", "<=", ">=", "&&", "||", "<", ">", "=", "!", "(", ")"];

/// Splits a text into words, quoted texts and operators; `None` if a quote is not closed.
fn tokens(text: &str) -> Option<Vec<&str>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            Some(sign) => sign.len(),
            None if first == '"' || first == '\'' => rest[1..].find(first)? + 2,
            None => word_length(rest),
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    Some(tokens)
}

/// The length of a word. It ends at a space, a quote or an operator, except inside brackets as in `row.[Agent Id]`.
fn word_length(rest: &str) -> usize {
    let mut inside = false;
    for (at, c) in rest.char_indices() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            _ if inside => {}
            _ if c.is_whitespace() || "\"'=!<>&|()".contains(c) => return at.max(1),
            _ => {}
        }
    }
    rest.len()
}

/// A value, or a call of a helper.
enum Term {
    Value(String),
    Call(String),
}

impl Term {
    fn call(helper: &str, values: &[Self]) -> Self {
        let values: Vec<String> = values.iter().map(Self::value).collect();
        Self::Call(format!("{helper} {}", values.join(" ")))
    }

    /// The term as a value of a helper: a call in parentheses.
    fn value(&self) -> String {
        match self {
            Self::Value(text) => text.clone(),
            Self::Call(text) => format!("({text})"),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Value(text) | Self::Call(text) => text,
        }
    }
}

struct InfixParser<'t> {
    tokens: Vec<&'t str>,
    at: usize,
}

impl<'t> InfixParser<'t> {
    fn next_if(&mut self, wanted: impl Fn(&str) -> bool) -> Option<&'t str> {
        let token = self.tokens.get(self.at).copied().filter(|token| wanted(token))?;
        self.at += 1;
        Some(token)
    }

    fn either(&mut self) -> Option<Term> {
        let mut all = vec![self.both()?];
        while self.next_if(|token| token == "||" || token.eq_ignore_ascii_case("or")).is_some() {
            all.push(self.both()?);
        }
        joined("or", all)
    }

    fn both(&mut self) -> Option<Term> {
        let mut all = vec![self.opposite()?];
        while self.next_if(|token| token == "&&" || token.eq_ignore_ascii_case("and")).is_some() {
            all.push(self.opposite()?);
        }
        joined("and", all)
    }

    fn opposite(&mut self) -> Option<Term> {
        match self.next_if(|token| token == "!" || token.eq_ignore_ascii_case("not")) {
            Some(_) => Some(Term::call("not", &[self.opposite()?])),
            None => self.comparison(),
        }
    }

    fn comparison(&mut self) -> Option<Term> {
        let left = self.single()?;
        let Some(helper) = self.tokens.get(self.at).and_then(|token| comparing(token)) else { return Some(left) };
        self.at += 1;
        Some(Term::call(helper, &[left, self.single()?]))
    }

    fn single(&mut self) -> Option<Term> {
        if self.next_if(|token| token == "(").is_some() {
            let inner = self.either()?;
            self.next_if(|token| token == ")")?;
            return Some(inner);
        }
        self.next_if(|token| !SIGNS.contains(&token)).map(|word| Term::Value(word.to_owned()))
    }
}

fn comparing(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "=" | "==" | "===" => "eq",
        "!=" | "!==" => "ne",
        "<" => "lt",
        "<=" => "lte",
        ">" => "gt",
        ">=" => "gte",
        _ => return None,
    })
}

fn joined(helper: &str, mut all: Vec<Term>) -> Option<Term> {
    if all.len() == 1 { all.pop() } else { Some(Term::call(helper, &all)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_translated_to_helpers() {
        for (written, meant) in [
            ("row.x", "row.x"),
            (r#"row.system == "north""#, r#"eq row.system "north""#),
            ("row.system=='a b'", "eq row.system 'a b'"),
            ("row.[Agent Id] != 3", "ne row.[Agent Id] 3"),
            ("row.a >= 1 && !row.b", "and (gte row.a 1) (not row.b)"),
            ("row.a = 1 or row.b < 2 or row.c", "or (eq row.a 1) (lt row.b 2) row.c"),
            ("not (row.a and row.b)", "not (and row.a row.b)"),
            ("(row.a || row.b) && row.c", "and (or row.a row.b) row.c"),
            (r#"row.a == "x == y""#, r#"eq row.a "x == y""#),
        ] {
            assert_eq!(as_expression(written).as_deref(), Some(meant), "{written}");
        }
        for written in ["", "==", "row.a ==", "(row.a", "row.a)", "eq row.a 1", "row.a == \"x", "always, please"] {
            assert_eq!(as_expression(written), None, "{written}");
        }
    }
}
