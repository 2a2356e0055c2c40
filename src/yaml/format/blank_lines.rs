//! Empty lines between steps: one if a step takes several lines.

/// A line of the output.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) kind: LineKind,
}

/// The kind of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    /// It has content.
    Full,
    /// A step begins on it.
    Step,
    /// Only a comment.
    Comment,
    /// Empty.
    Blank,
    /// A line of a block scalar that keeps trailing empty lines.
    Kept,
}

/// Adds an empty line between steps if one of the two takes several lines.
pub(super) fn with_blank_lines(lines: Vec<Line>) -> Vec<Line> {
    let starts: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| line.kind == LineKind::Step).map(|(at, _)| at).collect();
    let mut wanted = Vec::new();
    for pair in starts.windows(2) {
        let gap = gap_ahead(&lines, pair[1]);
        let between = &lines[pair[0] + 1..gap];
        // There may be another key between the last step of one list and the first of the next.
        let sisters = between.iter().all(|line| line.text.is_empty() || line.text.starts_with("   "));
        let long = takes_more(&lines, pair[0]) || takes_more(&lines, pair[1]);
        let behind = lines.get(gap.wrapping_sub(1)).map(|line| line.kind);
        let parted = lines[gap..pair[1]].iter().any(|line| line.kind == LineKind::Blank);
        let free = !parted && !matches!(behind, Some(LineKind::Blank | LineKind::Kept));
        if long && free && sisters {
            wanted.push(gap);
        }
    }
    let mut wanted = wanted.into_iter().peekable();
    let mut out = Vec::with_capacity(lines.len());
    for (at, line) in lines.into_iter().enumerate() {
        if wanted.next_if_eq(&at).is_some() {
            out.push(Line { text: String::new(), kind: LineKind::Blank });
        }
        out.push(line);
    }
    out
}

/// The index of the first comment line that belongs to a step, or of the step itself.
fn gap_ahead(lines: &[Line], step: usize) -> usize {
    let column = |line: &Line| line.text.len() - line.text.trim_start().len();
    let own = |line: &&Line| line.kind == LineKind::Comment && column(line) <= column(&lines[step]);
    step - lines[..step].iter().rev().take_while(own).count()
}

/// Whether a step has more than one line.
fn takes_more(lines: &[Line], step: usize) -> bool {
    let next = lines.get(step + 1..).unwrap_or_default().iter().find(|line| line.kind != LineKind::Blank);
    next.is_some_and(|line| line.kind != LineKind::Step && line.text.starts_with("   "))
}
