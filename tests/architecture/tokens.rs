//! Splits a stripped source into words and signs, and leaves out what is compiled for tests alone.

/// A word or a sign of a stripped source.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    PathSep,
    Sign(char),
}

/// A token with its line, counted from 1.
pub(super) type Placed<'a> = (usize, Token<'a>);

/// The tokens of a stripped source.
pub(super) fn tokens(source: &str) -> Vec<Placed<'_>> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if word > 0 {
            found.push((line, Token::Word(&rest[..word])));
            rest = &rest[word..];
        } else if let Some(after) = rest.strip_prefix("::") {
            found.push((line, Token::PathSep));
            rest = after;
        } else {
            line += usize::from(first == '\n');
            if !first.is_whitespace() {
                found.push((line, Token::Sign(first)));
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}

/// Splits off every item under `#[cfg(test)]`: the tokens without them, and the modules among them that have files.
pub(super) fn without_tests<'a>(tokens: &[Placed<'a>]) -> (Vec<Placed<'a>>, Vec<&'a str>) {
    use Token::{Sign, Word};
    const ATTRIBUTE: [Token<'static>; 7] =
        [Sign('#'), Sign('['), Word("cfg"), Sign('('), Word("test"), Sign(')'), Sign(']')];
    let mut kept = Vec::new();
    let mut modules = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let here = tokens[at..].iter().map(|(_, token)| *token).take(ATTRIBUTE.len());
        if !here.eq(ATTRIBUTE) {
            kept.push(tokens[at]);
            at += 1;
            continue;
        }
        let end = end_of_item(tokens, at + ATTRIBUTE.len());
        let item = &tokens[at..end];
        if item.last().is_some_and(|(_, token)| *token == Sign(';')) {
            modules.extend(item.windows(2).filter_map(|pair| match (pair[0].1, pair[1].1) {
                (Word("mod"), Word(name)) => Some(name),
                _ => None,
            }));
        }
        at = end;
    }
    (kept, modules)
}

/// The place after the item that begins at `at`: after its `;`, or after the `}` of its body.
fn end_of_item(tokens: &[Placed<'_>], at: usize) -> usize {
    let mut depth = 0usize;
    for (index, (_, token)) in tokens.iter().enumerate().skip(at) {
        match token {
            Token::Sign('{' | '(' | '[') => depth += 1,
            Token::Sign(closing @ ('}' | ')' | ']')) => {
                depth = depth.saturating_sub(1);
                if depth == 0 && *closing == '}' {
                    // `use a::{b};` goes on to its semicolon.
                    let semicolon = tokens.get(index + 1).is_some_and(|(_, next)| *next == Token::Sign(';'));
                    return index + 1 + usize::from(semicolon);
                }
            }
            Token::Sign(';') if depth == 0 => return index + 1,
            _ => {}
        }
    }
    tokens.len()
}
