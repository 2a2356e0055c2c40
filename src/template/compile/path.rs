//! Names as Handlebars writes them, split into parts and written back: `../row.[Agent/Id]`, `@root.vars.x`, `@index`,
//! `this`.

/// The parts of a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SplitName {
    /// Whether it begins with `@root`.
    pub(super) root: bool,
    /// Whether it begins with `@`, such as `@index`.
    pub(super) local: bool,
    /// Whether it begins with `this` or `./` and so cannot be a block parameter.
    pub(super) this: bool,
    /// The number of leading `../`.
    pub(super) up: usize,
    pub(super) segments: Vec<String>,
}

/// Splits a name that the parser has accepted.
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

/// Writes a name of several parts as a template needs it; `None` if a part contains `]` and cannot be written.
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

/// Splits a name at dots and slashes outside brackets.
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
    fn names_are_split_into_their_parts() {
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
