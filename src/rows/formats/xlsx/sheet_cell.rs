//! A row and its cells as a sheet stores them, and the names of cells.

/// A cell as stored in the sheet.
#[derive(Debug, Default)]
pub(super) struct SheetCell {
    /// Its column, from 0.
    pub(super) column: usize,
    pub(super) kind: CellKind,
    pub(super) style: Option<usize>,
    /// The text of its value, or the index of a shared text.
    pub(super) text: String,
    /// Whether a formula gives its value: its own, or an array formula.
    pub(super) formula: bool,
    /// Whether the sheet stores a value for it, possibly an empty one.
    pub(super) valued: bool,
}

/// The kind of a cell's stored value.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    #[default]
    Number,
    Shared,
    Text,
    Boolean,
    Error,
    /// A date in ISO form.
    Date,
}

/// A row as stored in the sheet.
#[derive(Debug, Default)]
pub(super) struct SheetRow {
    /// Its number, from 1.
    pub(super) number: u64,
    pub(super) hidden: bool,
    pub(super) cells: Vec<SheetCell>,
}

/// The column of a cell's name, from 0: `B7` is 1.
pub(super) fn column_of(name: &str) -> Option<usize> {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let number = letters.bytes().try_fold(0_usize, |number, letter| {
        letter.is_ascii_alphabetic().then(|| number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    Some(number - 1)
}

/// A cell's name: column 1 of row 7 is `B7`.
pub(super) fn name_of(column: usize, row: u64) -> String {
    let (mut letters, mut left) = (Vec::new(), column + 1);
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{row}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cells_convert_to_columns_and_back() {
        for (name, column) in [("A1", 0), ("Z1", 25), ("AA1", 26), ("XFD1", 16_383), ("ZZZ1", 18_277)] {
            assert_eq!((column_of(name), name_of(column, 1).as_str()), (Some(column), name));
        }
        for name in ["", "7", "ABCD1", "é1", "A-1"] {
            assert_eq!(column_of(name), None, "{name}");
        }
    }
}
