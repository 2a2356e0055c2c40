//! The text of a row's key, made of its cells.

/// One cell as a part of a key: a blank cell of any whitespace is an empty part.
pub(in crate::rows) fn part(cell: &str) -> &str {
    if cell.trim().is_empty() { "" } else { cell }
}

/// Joins the parts of a key by `:`. A part's own `:` and `\` are escaped, so different parts never give the same key. A
/// part may be empty: `a:`, `:a` and `a` are three keys. A single part is not escaped.
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
