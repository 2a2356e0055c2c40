//! Help for YAML syntax errors, chosen by the parser's reason and the line.

#![expect(clippy::wildcard_enum_match_arm, reason = "the tokens and events are those of another crate")]

use serde_yaml::granit_parser::ErrorKind;

use crate::diagnostic::Span;

/// The help for a line with an unquoted template, which YAML reads as a map; `None` if it has none.
pub(super) fn unquoted_template(line: &str) -> Option<&'static str> {
    let bare = [": {{", "- {{", "[{{", ", {{"].iter().any(|opener| line.contains(opener));
    bare.then_some("Put quotes around a value that begins with a template: `key: \"{{ … }}\"`.")
}

/// The help for an error of the parser; `None` if there is none. `line` is the line that it names, `above` the one
/// before.
pub(super) fn cure(kind: &ErrorKind, line: &str, above: &str) -> Option<&'static str> {
    use ErrorKind as Kind;
    let wide = [line, above].iter().any(|text| text.contains('：'));
    Some(match kind {
        kind if is_about_a_tab(kind) => "Indent with blanks, never with tabs.",
        Kind::UnexpectedCharacter { character } if character.is_control() => {
            "Take the character away, or write it in double quotes with an escape such as `\"\\x1b\"`."
        }
        Kind::UnexpectedCharacter { .. } => "Put quotes around a value that begins with this character.",
        Kind::UnknownAnchor => "Put quotes around a text that begins with `*`, or name the value with `&` above.",
        Kind::BomInsideDocument => "Take away the unseen byte-order mark; it comes with a file that was pasted in.",
        Kind::UnclosedQuotedScalar
        | Kind::DocumentIndicatorInQuotedScalar
        | Kind::InvalidQuotedScalarIndent
        | Kind::InvalidTrailingSingleQuotedScalar
        | Kind::InvalidTrailingDoubleQuotedScalar => {
            "Close the quotes on the line shown or above it; a quote inside single quotes is written twice."
        }
        Kind::UnclosedFlowCollection { .. }
        | Kind::ExpectedFlowMappingSeparator
        | Kind::ExpectedFlowSequenceSeparator => {
            "Close the bracket, or put quotes around a value that holds `,`, `[`, `]`, `{` or `}`."
        }
        Kind::UnknownQuotedScalarEscape => "Write `\\\\` for a backslash, or use single quotes.",
        _ if wide => "The full-width `：` is not `:`; type it on a Latin keyboard, with a blank after it.",
        Kind::MappingValueNotAllowed | Kind::InvalidColonPlacement => {
            "Put quotes around a value that holds `: `, begin the keys of one map in the same column, and close brackets above."
        }
        Kind::ExpectedBlockMappingKey | Kind::InvalidIndentation | Kind::ExpectedBlockSequenceEntry => {
            "Begin the keys of one map, and the dashes of one list, in the same column."
        }
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey => "Write `: ` behind the key.",
        _ => return None,
    })
}
fn is_about_a_tab(kind: &ErrorKind) -> bool {
    use ErrorKind as Kind;
    matches!(
        kind,
        Kind::TabInBlockIndentation
            | Kind::TabNotAllowed
            | Kind::TabInIndentation
            | Kind::TabAtBlockScalarStart
            | Kind::TabInPlainScalar
    )
}

/// The tab that an error is about: in the indentation of the line where reading stopped, or of the next line. `None` if
/// the error is not about a tab.
pub(super) fn tab_near(kind: &ErrorKind, text: &str, at: usize) -> Option<Span> {
    let start = text.get(..at).filter(|_| is_about_a_tab(kind))?.rfind('\n').map_or(0, |end| end + 1);
    let mut line_start = start;
    for line in text[start..].split('\n').take(2) {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t') {
            return Some(Span::new(line_start + tab, line_start + tab + 1));
        }
        line_start += line.len() + 1;
    }
    None
}
