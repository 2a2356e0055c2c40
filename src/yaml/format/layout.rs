//! Writes the lines that a text's layout events make.

use super::atoms::{Atom, AtomKind, LayoutEvent};
use super::blank_lines::{Line, LineKind, with_blank_lines};
use super::columns::{Blocks, OwnLineComment};

/// The keys at the top of a file whose elements are separated by an empty line.
const SEPARATED: [&str; 4] = ["before", "steps", "after", "tests"];

/// Writes the text that the events make; with `ended`, a line end at its end.
pub(super) fn layout(events: &[LayoutEvent<'_>], ended: bool) -> String {
    let mut layout = Layout::default();
    events.iter().for_each(|event| layout.take(event));
    layout.finish(ended)
}

#[derive(Default)]
struct Layout<'t> {
    lines: Vec<Line>,
    /// The line being written, with its kind.
    line: Option<(String, LineKind)>,
    /// The old and the new column of the start of the line.
    moved: (usize, usize),
    blocks: Blocks,
    flow: usize,
    before: Option<Atom<'t>>,
    own_line_comments: Vec<OwnLineComment>,
    /// Whether the next atom begins an entry of a map.
    entry: bool,
    /// Whether the elements of the open key at the top are steps.
    separated: bool,
    /// Whether the previous block scalar ended with empty lines.
    parting: bool,
}

impl<'t> Layout<'t> {
    fn take(&mut self, event: &LayoutEvent<'t>) {
        match event {
            LayoutEvent::Map(was) => self.blocks.open(*was, true),
            LayoutEvent::List(was) => self.blocks.open(*was, false),
            LayoutEvent::End => self.blocks.close(),
            LayoutEvent::Key if self.flow > 0 => {}
            LayoutEvent::Key => {
                self.blocks.end_list();
                self.entry = true;
            }
            LayoutEvent::Atom(atom) => self.atom(atom),
        }
    }

    fn atom(&mut self, atom: &Atom<'t>) {
        match atom.kind {
            AtomKind::Dash => self.blocks.element(),
            // The value of a `? key` also closes a list without a reported end.
            AtomKind::Colon if self.flow == 0 && atom.breaks > 0 => self.blocks.end_list(),
            AtomKind::Question
            | AtomKind::Colon
            | AtomKind::Comma
            | AtomKind::Open
            | AtomKind::Close
            | AtomKind::Property
            | AtomKind::Alias
            | AtomKind::Scalar
            | AtomKind::Header
            | AtomKind::Body { .. }
            | AtomKind::Comment
            | AtomKind::Marker => {}
        }
        if self.entry && self.blocks.depth() == 1 && atom.kind == AtomKind::Scalar {
            self.separated = SEPARATED.contains(&atom.text);
        }
        if atom.kind == AtomKind::Close {
            self.flow = self.flow.saturating_sub(1);
        }
        match atom.kind {
            AtomKind::Body { keep } => self.body(atom, keep),
            AtomKind::Comment if atom.breaks > 0 || self.before.is_none() => self.own_line_comment(atom),
            AtomKind::Comment => self.trailing_comment(atom),
            AtomKind::Dash
            | AtomKind::Question
            | AtomKind::Colon
            | AtomKind::Comma
            | AtomKind::Open
            | AtomKind::Close
            | AtomKind::Property
            | AtomKind::Alias
            | AtomKind::Scalar
            | AtomKind::Header
            | AtomKind::Marker => self.piece(atom),
        }
        if atom.kind == AtomKind::Open {
            self.flow += 1;
        }
        self.entry &= matches!(atom.kind, AtomKind::Comment);
        self.before = Some(atom.clone());
    }

    /// Writes an atom on the current line, or on a new one.
    fn piece(&mut self, atom: &Atom<'t>) {
        let goes_on = self.line.is_some() && atom.breaks == 0;
        let blanks = self.before.as_ref().filter(|_| goes_on).map_or(0, |before| blanks(before, atom));
        if !goes_on {
            let column = self.column(atom);
            self.part(atom.breaks);
            self.place_comments(atom.column, column);
            self.moved = (atom.column, column);
            let is_step = atom.kind == AtomKind::Dash && self.separated && self.blocks.depth() == 2;
            self.line = Some((" ".repeat(column), if is_step { LineKind::Step } else { LineKind::Full }));
        }
        let mut lines = scalar_lines(atom.text).into_iter();
        let first = lines.next().map_or("", |(_, text)| text);
        if let Some((line, _)) = &mut self.line {
            line.push_str(&" ".repeat(blanks));
            line.push_str(first);
        }
        for (was, text) in lines {
            self.end_line();
            let column = if text.is_empty() { 0 } else { self.blocks.moved(was) };
            self.line = Some((" ".repeat(column) + text, LineKind::Full));
        }
    }

    /// The new column of an atom that begins a line.
    fn column(&self, atom: &Atom<'_>) -> usize {
        let own = matches!(atom.kind, AtomKind::Dash | AtomKind::Question) || self.entry;
        // The colon after `? key` is below the question mark.
        let answer = atom.kind == AtomKind::Colon;
        match atom.kind {
            AtomKind::Marker => 0,
            _ if self.flow > 0 || atom.kind == AtomKind::Close => self.blocks.moved(atom.column),
            _ if own || answer => self.blocks.column(),
            AtomKind::Dash
            | AtomKind::Question
            | AtomKind::Colon
            | AtomKind::Comma
            | AtomKind::Open
            | AtomKind::Close
            | AtomKind::Property
            | AtomKind::Alias
            | AtomKind::Scalar
            | AtomKind::Header
            | AtomKind::Body { .. }
            | AtomKind::Comment => self.blocks.inner(),
        }
    }

    fn body(&mut self, atom: &Atom<'t>, keep: bool) {
        self.end_line();
        let header = self.lines.last().map_or("", |line| line.text.as_str());
        let header = header.split(" #").next().and_then(|text| text.rsplit([' ', '\t']).next()).unwrap_or_default();
        let blocks = (self.blocks.was(), self.blocks.column());
        let kind = if keep { LineKind::Kept } else { LineKind::Full };
        let mut lines = moved_block(atom.text, indentation_of(header), blocks, self.blocks.inner());
        while !keep && lines.pop_if(|line| line.is_empty()).is_some() {
            self.parting = true;
        }
        self.lines.extend(lines.into_iter().map(|text| Line { text, kind }));
    }

    /// Writes a comment on its own line.
    fn own_line_comment(&mut self, atom: &Atom<'t>) {
        self.part(atom.breaks);
        let text = atom.text.to_owned();
        if self.flow > 0 {
            let column = self.blocks.moved(atom.column);
            self.lines.push(Line { text: " ".repeat(column) + &text, kind: LineKind::Comment });
            return;
        }
        self.own_line_comments.push(OwnLineComment::new(self.lines.len(), atom.column, &self.blocks));
        self.lines.push(Line { text, kind: LineKind::Comment });
    }

    /// Writes a comment after content, at its old column if there is room.
    fn trailing_comment(&mut self, atom: &Atom<'t>) {
        let Some((line, _)) = &mut self.line else { return };
        let alone = self.before.as_ref().is_some_and(|before| atom.start - before.end == 1);
        let (was, is) = self.moved;
        let wanted = (atom.column + is).saturating_sub(was);
        let room = wanted.saturating_sub(line.chars().count());
        line.push_str(&" ".repeat(if alone { 1 } else { room.max(1) }));
        line.push_str(atom.text);
    }

    /// Ends the line, and adds one empty line if there were any.
    fn part(&mut self, breaks: usize) {
        self.end_line();
        let parting = std::mem::take(&mut self.parting);
        if (breaks > 1 || parting) && !self.lines.is_empty() {
            self.lines.push(Line { text: String::new(), kind: LineKind::Blank });
        }
    }

    fn end_line(&mut self) {
        if let Some((text, kind)) = self.line.take() {
            self.lines.push(Line { text, kind });
        }
    }

    /// Indents the pending comments, given the old and new column of what follows.
    fn place_comments(&mut self, was: usize, is: usize) {
        for own_line_comment in std::mem::take(&mut self.own_line_comments) {
            self.lines[own_line_comment.line].text.insert_str(0, &" ".repeat(own_line_comment.column(was, is)));
        }
    }

    fn finish(mut self, ended: bool) -> String {
        self.end_line();
        for own_line_comment in std::mem::take(&mut self.own_line_comments) {
            self.lines[own_line_comment.line].text.insert_str(0, &" ".repeat(own_line_comment.last()));
        }
        let lines: Vec<String> = with_blank_lines(self.lines).into_iter().map(|line| line.text).collect();
        lines.join("\n") + if ended && !lines.is_empty() { "\n" } else { "" }
    }
}

/// The number of spaces between two atoms on one line.
fn blanks(before: &Atom<'_>, atom: &Atom<'_>) -> usize {
    match (before.kind, atom.kind) {
        // Directly after a name a colon would be part of it, and after a dash it would begin a text.
        (
            AtomKind::Alias | AtomKind::Property | AtomKind::Dash | AtomKind::Question | AtomKind::Colon,
            AtomKind::Colon,
        ) => 1,
        (_, AtomKind::Colon | AtomKind::Comma) => 0,
        (AtomKind::Open, AtomKind::Close) => 0,
        (AtomKind::Open, _) => usize::from(before.text == "{"),
        (_, AtomKind::Close) => usize::from(atom.text == "}"),
        _ => 1,
    }
}

/// The lines of a block scalar moved to another column. `was` and `is` are the old and new column of the block around
/// it; an `indicator` in its header counts from there.
fn moved_block(content: &str, indicator: Option<usize>, (was, is): (usize, usize), inner: usize) -> Vec<String> {
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let first = content.split('\n').find(|line| depth(line) < line.len()).map_or(usize::MAX, depth);
    let (from, to) = indicator.map_or((first, inner), |more| (was + more, is + more));
    let line = |line: &str| match line.get(from..) {
        Some(rest) if !rest.is_empty() && depth(line) >= from => format!("{}{rest}", " ".repeat(to)),
        _ => String::new(),
    };
    content.split('\n').map(line).collect()
}

/// The indentation indicator of a header such as `|2-`.
fn indentation_of(header: &str) -> Option<usize> {
    header.chars().find_map(|c| c.to_digit(10)).and_then(|digit| usize::try_from(digit).ok())
}

/// The lines of a plain or quoted scalar, each with its old column (0 for the first). Spaces at the end of a line are
/// dropped unless a backslash escapes them.
fn scalar_lines(scalar: &str) -> Vec<(usize, &str)> {
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
