//! Texts of several lines moved to another column: what they say stays.

/// The lines of a block scalar at another column. `was` and `is` are the columns of the block around it; an `indicator`
/// in its header counts from there.
pub(super) fn moved(content: &str, indicator: Option<usize>, (was, is): (usize, usize), inner: usize) -> Vec<String> {
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let first = content.split('\n').find(|line| depth(line) < line.len()).map_or(usize::MAX, depth);
    let (from, to) = indicator.map_or((first, inner), |more| (was + more, is + more));
    let line = |line: &str| match line.get(from..) {
        Some(rest) if !rest.is_empty() && depth(line) >= from => format!("{}{rest}", " ".repeat(to)),
        _ => String::new(),
    };
    content.split('\n').map(line).collect()
}

/// The column that a header such as `|2-` asks for.
pub(super) fn indicator(header: &str) -> Option<usize> {
    header.chars().find_map(|c| c.to_digit(10)).and_then(|digit| usize::try_from(digit).ok())
}

/// The lines of a plain or quoted scalar, with the column of each line but the first as it was. Blanks at a line's end
/// mean nothing but behind a backslash.
pub(super) fn lines(scalar: &str) -> Vec<(usize, &str)> {
    let quoted = scalar.starts_with('"');
    let last = scalar.matches('\n').count();
    let line = |(number, line): (usize, &'_ str)| -> (usize, usize) {
        let start = if number == 0 { 0 } else { line.len() - line.trim_start_matches([' ', '\t']).len() };
        let trimmed = line.trim_end_matches([' ', '\t']).len().max(start);
        let escaped = quoted && line[..trimmed].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        (start, if number == last || escaped { line.len() } else { trimmed })
    };
    let each = scalar.split('\n').enumerate();
    each.map(|(number, text)| {
        let (start, end) = line((number, text));
        (start, &text[start..end])
    })
    .collect()
}
