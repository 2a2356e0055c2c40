//! The block of lines on the terminal. It is drawn with indicatif, onto a terminal of our own: indicatif fills each line up
//! to the last column and counts lines by the width that the terminal had, so a narrower terminal would keep pieces of bars.
//!
//! A terminal that is resized wraps what is on it before it tells the new size, so a block may still be drawn for the old one.
//! The block never gets fewer lines, so that such a block covers the rows of the one before.

use std::fmt;
use std::io::{self, Write};
use std::iter::repeat;
use std::sync::{Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use super::block::BlockLine;
use crate::diagnostic::display_width;

/// The size of a terminal that does not tell it.
const UNKNOWN_SIZE: (u16, u16) = (80, 24);

/// How often the block is drawn at most, in a second.
const HERTZ: u8 = 20;

/// A line without text: nothing is seen of it, and it is not taken for blanks that indicatif adds.
const EMPTY_LINE: &str = "\x1b[0m";

/// The block that is on the terminal now.
static SHOWN: Mutex<Option<MultiProgress>> = Mutex::new(None);

/// Writes to standard error above the block, which is taken away meanwhile.
pub(in crate::cli::output) fn above_progress(write: impl FnOnce()) {
    let shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match shown {
        Some(block) => block.suspend(write),
        None => write(),
    }
}

/// The width of the terminal in columns.
pub(super) fn terminal_width() -> usize {
    usize::from(terminal_size().0)
}

/// Columns and rows; at least the two columns of a wide character.
fn terminal_size() -> (u16, u16) {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or(UNKNOWN_SIZE, |(width, height)| (width.0.max(2), height.0.max(1)))
}

/// The block on the terminal, until it is dropped.
#[derive(Debug)]
pub(super) struct Canvas {
    all: MultiProgress,
    block: ProgressBar,
    colored: bool,
    shown: (usize, Vec<BlockLine>),
    /// The most lines that a block had until now.
    most: usize,
}

impl Canvas {
    pub(super) fn open(colored: bool) -> Self {
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(LineTerminal::default()), HERTZ);
        let all = MultiProgress::with_draw_target(target);
        let block = all.add(ProgressBar::new(0));
        block.set_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar()));
        *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(all.clone());
        Self { all, block, colored, shown: (0, Vec::new()), most: 0 }
    }

    /// Draws the lines, unless they are there already.
    pub(super) fn draw(&mut self, lines: Vec<BlockLine>, width: usize) {
        let next = (width, lines);
        if self.shown != next {
            self.most = self.most.max(next.1.len());
            let blank = BlockLine::default();
            let lines = next.1.iter().chain(repeat(&blank)).take(self.most);
            let lines: Vec<String> = lines.map(|line| line.drawn(self.colored)).collect();
            self.block.set_message(lines.join("\n"));
            self.shown = next;
        }
    }
}

impl Drop for Canvas {
    fn drop(&mut self) {
        *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.block.finish_and_clear();
        // The terminal may be gone; there is no place to report that.
        let _ = self.all.clear();
    }
}

impl BlockLine {
    fn drawn(&self, colored: bool) -> String {
        let (done, rest) = &self.bar;
        match colored && !(done.is_empty() && rest.trim().is_empty()) {
            true => format!("{}\x1b[36m{done}\x1b[0m\x1b[2m{rest}\x1b[0m{}", self.before, self.after),
            false => match self.text() {
                text if text.is_empty() => EMPTY_LINE.to_owned(),
                text => text,
            },
        }
    }
}

/// The terminal as indicatif draws on it. It takes the lines of a block, and replaces the block before by them.
#[derive(Default)]
struct LineTerminal(Mutex<Frames>);

/// The block before, and the lines of the next one so far.
#[derive(Debug, Default)]
struct Frames {
    /// The widths of the lines that are on the terminal. The cursor stands at the beginning of the last one.
    shown: Vec<usize>,
    next: Vec<String>,
}

impl fmt::Debug for LineTerminal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("LineTerminal")
    }
}

impl Frames {
    /// The text that replaces the lines on a terminal of this width.
    fn turn(&mut self, width: usize) -> String {
        // A terminal that was made narrower shows a wide line in several rows.
        let rows = |shown: &usize| shown.div_ceil(width.max(1)).max(1);
        let whole: usize = self.shown.iter().map(rows).sum();
        let up = whole.saturating_sub(self.shown.last().map_or(0, rows));
        let next: Vec<String> = self.next.drain(..).collect();
        // Without wrapping, a terminal that becomes narrower at this moment cuts the lines. Each row is cleared as a whole, so
        // that it is no longer taken for a part of a wrapped line, and by itself: some terminals keep a screen that is
        // cleared at once in their history.
        let mut text = format!("\r{}\x1b[?7l", moved(up, 'A'));
        let lines: Vec<String> = next.iter().map(|line| format!("\x1b[2K{line}")).collect();
        text.push_str(&lines.join("\r\n"));
        let below = whole.saturating_sub(next.len());
        match next.is_empty() {
            true => text.push_str(&format!(
                "{}\r{}",
                vec!["\x1b[2K"; whole].join("\x1b[1B"),
                moved(whole.saturating_sub(1), 'A')
            )),
            false => text.push_str(&format!("{}{}", "\x1b[1B\x1b[2K".repeat(below), moved(below, 'A'))),
        }
        text.push_str("\x1b[?7h\r");
        self.shown = next.iter().map(|line| visible_width(line)).collect();
        text
    }
}

/// The sequence that moves the cursor by a number of rows; empty for none.
fn moved(rows: usize, direction: char) -> String {
    if rows == 0 { String::new() } else { format!("\x1b[{rows}{direction}") }
}

/// The columns of a text without its colours.
fn visible_width(text: &str) -> usize {
    let mut visible = String::new();
    let mut rest = text;
    while let Some((before, colour)) = rest.split_once('\x1b') {
        visible.push_str(before);
        rest = colour.split_once('m').map_or("", |(_, after)| after);
    }
    display_width(&visible) + display_width(rest)
}

impl TermLike for LineTerminal {
    fn width(&self) -> u16 {
        terminal_size().0
    }

    fn height(&self) -> u16 {
        terminal_size().1
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.write_str(line)
    }

    /// Takes a line. The blanks with which indicatif fills lines are left out.
    fn write_str(&self, text: &str) -> io::Result<()> {
        if !text.trim().is_empty() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).next.push(text.to_owned());
        }
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let text = self.0.lock().unwrap_or_else(PoisonError::into_inner).turn(terminal_width());
        // The terminal may be gone; there is no place to report that.
        let mut terminal = io::stderr().lock();
        let _ = terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(shown: &[usize], next: &[&str], width: usize) -> String {
        let mut frames = Frames { shown: shown.to_vec(), next: next.iter().map(|line| (*line).to_owned()).collect() };
        frames.turn(width)
    }

    #[test]
    fn a_block_replaces_the_one_before() {
        assert_eq!(turned(&[], &["a", "b"], 80), "\r\x1b[?7l\x1b[2Ka\r\n\x1b[2Kb\x1b[?7h\r");
        let shorter = "\r\x1b[2A\x1b[?7l\x1b[2Kc\x1b[1B\x1b[2K\x1b[1B\x1b[2K\x1b[2A\x1b[?7h\r";
        assert_eq!(turned(&[1, 1, 1], &["c"], 80), shorter);
        let gone = "\r\x1b[1A\x1b[?7l\x1b[2K\x1b[1B\x1b[2K\r\x1b[1A\x1b[?7h\r";
        assert_eq!(turned(&[1, 1], &[], 80), gone, "nothing is left of it");
    }

    #[test]
    fn lines_that_a_narrower_terminal_shows_in_several_rows_are_all_replaced() {
        let text = turned(&[79, 40, 79], &["c"], 60);
        assert!(text.starts_with("\r\x1b[3A\x1b[?7l\x1b[2Kc"), "two rows and one, above the last line: {text:?}");
        assert_eq!(text.matches("\x1b[2K").count(), 5, "five rows were there: {text:?}");
        assert!(turned(&[79, 79], &["c"], 20).starts_with("\r\x1b[4A"));
        assert!(turned(&[79, 79], &["c"], 0).starts_with("\r\x1b[79A"), "without a panic");
    }

    #[test]
    fn the_screen_is_never_cleared_at_once() {
        for (shown, next) in [(&[][..], &["a"][..]), (&[1, 1], &["a"]), (&[1], &[])] {
            assert!(!turned(shown, next, 80).contains("\x1b[J"));
        }
    }

    #[test]
    fn colours_take_no_columns() {
        assert_eq!(visible_width("a\x1b[36m━━\x1b[0mb延"), 6);
        assert_eq!(visible_width("\x1b[2m──\x1b[0m"), 2);
    }

    #[test]
    fn the_bar_alone_is_coloured() {
        let bar = ("━".to_owned(), "─".to_owned());
        let line = BlockLine { before: "rows ".to_owned(), bar, after: " 1/2".to_owned() };
        assert_eq!(line.drawn(false), "rows ━─ 1/2");
        assert_eq!(line.drawn(true), "rows \x1b[36m━\x1b[0m\x1b[2m─\x1b[0m 1/2");
    }

    #[test]
    fn a_block_never_gets_fewer_lines() {
        let line = |text: &str| BlockLine { before: text.to_owned(), ..BlockLine::default() };
        let mut canvas = Canvas::open(false);
        let mut drawn = |lines: Vec<BlockLine>| {
            canvas.draw(lines, 20);
            canvas.block.message().lines().map(visible_width).collect::<Vec<_>>()
        };
        assert_eq!(drawn(vec![line("rows"), line("waits")]), [4, 5]);
        assert_eq!(drawn(vec![line("rows")]), [4, 0]);
        assert_eq!(drawn(vec![line("1"), line("2"), line("3")]), [1, 1, 1]);
    }
}
