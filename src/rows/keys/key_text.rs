//! How the cells that name a row make its key.

/// A key's part as it is kept: a blank cell, of whichever blanks, is an empty part.
pub(in crate::rows) fn part(cell: &str) -> &str {
    if cell.trim().is_empty() { "" } else { cell }
}

/// Several cells as one key; a part's own `:` and `\` are escaped, so that no two rows can be confused. A part may be
/// empty: `a:` and `:a` are other keys than `a`, and than each other.
pub(in crate::rows) fn joined(parts: &[impl AsRef<str>]) -> String {
    match parts {
        [single] => single.as_ref().to_owned(),
        several => {
            let escaped: Vec<String> =
                several.iter().map(|part| part.as_ref().replace('\\', "\\\\").replace(':', "\\:")).collect();
            escaped.join(":")
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn composite_keys_are_never_confused(left in prop::collection::vec("[a:\\\\]{0,3}", 2), right in prop::collection::vec("[a:\\\\]{0,3}", 2)) {
            prop_assert_eq!(left == right, joined(&left) == joined(&right));
        }
    }
}
