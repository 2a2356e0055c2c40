//! Finds which names at the crate's root a source reaches, in `use` trees and in paths.

/// One reach to the crate's root.
pub(super) struct Import {
    /// The line, counted from 1.
    pub(super) line: usize,
    /// The first name below the root: a floor, or `*`.
    pub(super) target: String,
}

/// A word or a sign of a stripped source.
#[derive(PartialEq)]
enum Token<'a> {
    Word(&'a str),
    PathSep,
    Sign(char),
}

fn tokens(source: &str) -> Vec<(usize, Token<'_>)> {
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

/// Every reach from `source`, which is the module `module`, to the crate's root.
pub(super) fn imports(source: &str, module: &[String]) -> Vec<Import> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    let mut depth = module.len();
    let mut braces: Vec<bool> = Vec::new();
    for at in 0..tokens.len() {
        match tokens[at].1 {
            Token::Sign('{') => {
                let inline = at >= 2 && tokens[at - 2].1 == Token::Word("mod");
                depth += usize::from(inline);
                braces.push(inline);
            }
            Token::Sign('}') => depth -= usize::from(braces.pop().unwrap_or(false)),
            Token::Word("crate") => below(&tokens, at + 1, &mut found),
            Token::Word("super") if !follows_super(&tokens, at) => {
                let mut end = at + 1;
                let mut supers = 1;
                while tokens.get(end).is_some_and(|t| t.1 == Token::PathSep)
                    && tokens.get(end + 1).is_some_and(|t| t.1 == Token::Word("super"))
                {
                    supers += 1;
                    end += 2;
                }
                if supers >= depth {
                    below(&tokens, end, &mut found);
                }
            }
            _ => {}
        }
    }
    found
}

fn follows_super(tokens: &[(usize, Token<'_>)], at: usize) -> bool {
    at >= 2 && tokens[at - 1].1 == Token::PathSep && tokens[at - 2].1 == Token::Word("super")
}

/// Reads what stands after the root: `::name`, `::{a::…, b}`, `::*`, or `as name`.
fn below(tokens: &[(usize, Token<'_>)], at: usize, found: &mut Vec<Import>) {
    let mut push = |at: usize| {
        let Some((line, token)) = tokens.get(at) else { return };
        match token {
            Token::Word("self") => found.push(Import { line: *line, target: "the root itself".to_owned() }),
            Token::Word(word) => found.push(Import { line: *line, target: (*word).to_owned() }),
            Token::Sign('*') => found.push(Import { line: *line, target: "*".to_owned() }),
            _ => {}
        }
    };
    match tokens.get(at).map(|token| &token.1) {
        Some(Token::Word("as")) => return push(at + 1),
        Some(Token::PathSep) => {}
        _ => return,
    }
    if tokens.get(at + 1).is_none_or(|token| token.1 != Token::Sign('{')) {
        return push(at + 1);
    }
    let mut level = 0;
    for (index, (_, token)) in tokens.iter().enumerate().skip(at + 1) {
        match token {
            Token::Sign('{') => {
                level += 1;
                if level == 1 {
                    push(index + 1);
                }
            }
            Token::Sign('}') => {
                level -= 1;
                if level == 0 {
                    return;
                }
            }
            Token::Sign(',') if level == 1 => push(index + 1),
            _ => {}
        }
    }
}
