//! A name as Handlebars spells it, taken apart: `../row.[Agent/Id]`, `@root.vars.x`, `@index`, `this`.

/// A name's parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SplitName {
    /// Begins with `@root`.
    pub(super) root: bool,
    /// Begins with `@`: what a block counts.
    pub(super) local: bool,
    /// Begins with `this` or `./`, so that it is no block parameter.
    pub(super) this: bool,
    /// How many `../`.
    pub(super) up: usize,
    pub(super) segments: Vec<String>,
}

/// Takes a name apart; the parser has accepted it already.
pub(super) fn split_name(written: &str) -> SplitName {
    let mut rest = written;
    let mut spelled = SplitName { root: false, local: false, this: false, up: 0, segments: Vec::new() };
    if let Some(after) = rest.strip_prefix("./") {
        (spelled.this, rest) = (true, after);
    }
    if let Some(after) = rest.strip_prefix("@root")
        && (after.is_empty() || after.starts_with(['.', '/']))
    {
        (spelled.root, rest) = (true, after.get(1..).unwrap_or_default());
    }
    if let Some(after) = rest.strip_prefix('@') {
        (spelled.local, rest) = (true, after);
    }
    while let Some(after) = rest.strip_prefix("..") {
        spelled.up += 1;
        rest = after.strip_prefix(['.', '/']).unwrap_or(after);
    }
    spelled.segments = split(rest);
    if spelled.segments.first().is_some_and(|first| first == "this") && !rest.starts_with('[') {
        spelled.segments.remove(0);
        spelled.this = true;
    }
    spelled
}

/// A name of several parts as a template spells it; `None` where a part cannot be spelled.
#[must_use]
pub fn spell_name(path: &[&str]) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || c == '_';
    let part = |part: &&str| match part {
        _ if part.contains(']') => None,
        _ if part.chars().all(plain) && part.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
            Some((*part).to_owned())
        }
        _ => Some(format!("[{part}]")),
    };
    Some(path.iter().map(part).collect::<Option<Vec<_>>>()?.join("."))
}

/// Splits at dots and slashes outside brackets.
fn split(text: &str) -> Vec<String> {
    let mut segments = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (segment, after) = match rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            Some((inner, after)) => (inner, after),
            None => rest.split_at(rest.find(['.', '/']).unwrap_or(rest.len())),
        };
        segments.push(segment.to_owned());
        rest = after.strip_prefix(['.', '/']).unwrap_or(after);
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(written: &str) -> String {
        let spelled = split_name(written);
        let flag = |yes: bool, mark: &str| if yes { mark.to_owned() } else { String::new() };
        format!(
            "{}{}{}{}{}",
            flag(spelled.root, "root "),
            flag(spelled.local, "local "),
            flag(spelled.this, "this "),
            "up ".repeat(spelled.up),
            spelled.segments.join("|")
        )
    }

    #[test]
    fn names_come_apart() {
        for (written, expected) in [
            ("row.name", "row|name"),
            ("row/name", "row|name"),
            ("row.[Agent/Id]", "row|Agent/Id"),
            ("row.[a.b].c", "row|a.b|c"),
            ("[a b]", "a b"),
            ("row.[]", "row|"),
            ("this", "this "),
            ("this.name", "this name"),
            ("./name", "this name"),
            ("../row.x", "up row|x"),
            ("../../this", "this up up "),
            ("@root.row.x", "root row|x"),
            ("@root/row", "root row"),
            ("@index", "local index"),
            ("@../index", "local up index"),
            ("@rooted", "local rooted"),
            ("steps.a.outputs.0.x", "steps|a|outputs|0|x"),
        ] {
            assert_eq!(shown(written), expected, "{written}");
        }
    }
}
