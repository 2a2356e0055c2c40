//! Texts cut to a number of terminal columns, where wide characters take two.

use crate::diagnostic::display_width;

/// Marks what was cut away.
const CUT: char = '…';

/// The text in at most `columns` columns: its beginning, and a mark where the rest was cut away.
pub(super) fn fit(text: &str, columns: usize) -> String {
    if display_width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if display_width(&format!("{kept}{c}")) + 1 > columns {
            break;
        }
        kept.push(c);
    }
    if columns > 0 {
        kept.push(CUT);
    }
    kept
}

/// The text in at most `columns` columns: its end, and a mark where the beginning was cut away.
pub(super) fn fit_end(text: &str, columns: usize) -> String {
    if display_width(text) <= columns {
        return text.to_owned();
    }
    let mut from = text.len();
    for (at, _) in text.char_indices().rev() {
        if display_width(&text[at..]) + 1 > columns {
            break;
        }
        from = at;
    }
    if columns == 0 { String::new() } else { format!("{CUT}{}", &text[from..]) }
}

/// The first of some texts, from the longest to the shortest, that takes at most `columns` columns; else the last one,
/// cut.
pub(super) fn first_fit(texts: &[String], columns: usize) -> String {
    let fitting = texts.iter().find(|text| display_width(text) <= columns);
    fitting.cloned().unwrap_or_else(|| fit(texts.last().map(String::as_str).unwrap_or_default(), columns))
}

/// As many parts as fit into `columns` columns, each after the gap; a first part that is too wide is cut.
pub(super) fn join_fitting(parts: &[String], gap: &str, columns: usize) -> String {
    let mut text = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if text.is_empty() {
            text = fit(part, columns);
            continue;
        }
        let longer = format!("{text}{gap}{part}");
        if display_width(&longer) > columns {
            break;
        }
        text = longer;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_to_its_columns() {
        assert_eq!(fit("extend", 6), "extend");
        assert_eq!(fit("extend", 5), "exte…");
        assert_eq!(fit_end("contract.extend", 8), "….extend");
        assert_eq!((fit("extend", 1), fit("extend", 0)), ("…".to_owned(), String::new()));
        assert_eq!((fit_end("extend", 1), fit_end("extend", 0)), ("…".to_owned(), String::new()));
    }

    #[test]
    fn a_wide_character_is_never_cut_in_half() {
        for columns in 0..12 {
            for text in [fit("延期合同x到期", columns), fit_end("延期合同x到期", columns)] {
                assert!(display_width(&text) <= columns, "{text} in {columns}");
            }
        }
        assert_eq!(fit("延期合同", 6), "延期…");
        assert_eq!(fit_end("延期合同", 6), "…合同");
    }

    #[test]
    fn the_longest_text_that_fits_is_taken() {
        let texts = ["waits until nine".to_owned(), "until nine".to_owned()];
        assert_eq!([30, 12, 5].map(|columns| first_fit(&texts, columns)), ["waits until nine", "until nine", "unti…"]);
    }

    #[test]
    fn parts_are_left_out_from_the_end() {
        let parts = ["16 s left".to_owned(), String::new(), "wave 2 of 3".to_owned()];
        assert_eq!(join_fitting(&parts, "  ", 30), "16 s left  wave 2 of 3");
        assert_eq!(join_fitting(&parts, "  ", 21), "16 s left");
        assert_eq!(join_fitting(&parts, "  ", 5), "16 s…");
    }
}
