//! Maps old columns to new ones: of open block lists and maps, and of comments on lines of their own.

/// The indentation of each block within the one around it.
const INDENT: usize = 2;

/// An open block: its old column `was` and its new column `is`.
#[derive(Debug, Clone, Copy)]
struct Block {
    was: usize,
    is: usize,
    /// Whether it is a list whose dashes are at the column of the map around it; the parser reports no end of such a
    /// list.
    open_ended: bool,
    map: bool,
}

/// The open blocks, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    stack: Vec<Block>,
}

impl Blocks {
    /// Opens a block that was at column `was`.
    pub(super) fn open(&mut self, was: usize, map: bool) {
        let is = if self.stack.is_empty() { 0 } else { self.inner() };
        self.stack.push(Block { was, is, open_ended: false, map });
    }

    /// Closes the innermost block.
    pub(super) fn close(&mut self) {
        self.end_list();
        self.stack.pop();
    }

    /// Closes a list without a reported end, because a key follows.
    pub(super) fn end_list(&mut self) {
        if self.stack.last().is_some_and(|block| block.open_ended) {
            self.stack.pop();
        }
    }

    /// Handles a dash: inside a map it opens a list without a reported end.
    pub(super) fn element(&mut self) {
        if let Some(map) = self.stack.last().filter(|block| block.map) {
            let (was, is) = (map.was, self.inner());
            self.stack.push(Block { was, is, open_ended: true, map: false });
        }
    }

    /// The number of open blocks.
    pub(super) fn depth(&self) -> usize {
        self.stack.len()
    }

    /// The new column of the innermost block.
    pub(super) fn column(&self) -> usize {
        self.stack.last().map_or(0, |block| block.is)
    }

    /// The old column of the innermost block.
    pub(super) fn was(&self) -> usize {
        self.stack.last().map_or(0, |block| block.was)
    }

    /// The new column of content inside the innermost block.
    pub(super) fn inner(&self) -> usize {
        if self.stack.is_empty() { 0 } else { self.column() + INDENT }
    }

    /// A column moved by as much as the innermost block.
    pub(super) fn moved(&self, column: usize) -> usize {
        (column + self.column()).saturating_sub(self.was())
    }

    /// The new column of the block that was at `was`, else of the innermost block left of it.
    pub(super) fn column_of(&self, was: usize) -> usize {
        let exact = self.stack.iter().rev().find(|block| block.was == was);
        exact.or_else(|| self.stack.iter().rev().find(|block| block.was < was)).map_or(0, |block| block.is)
    }
}

/// A comment on its own line, whose new column depends on what follows.
#[derive(Debug)]
pub(super) struct OwnLineComment {
    /// Its index among the lines.
    pub(super) line: usize,
    was: usize,
    column: usize,
    /// Whether it was to the right of all open blocks.
    deeper: bool,
}

impl OwnLineComment {
    /// A comment that was at column `was`.
    pub(super) fn new(line: usize, was: usize, blocks: &Blocks) -> Self {
        Self { line, was, column: blocks.column_of(was), deeper: was > blocks.was() }
    }

    /// The new column, if what follows moves from `was` to `is`.
    pub(super) fn column(&self, was: usize, is: usize) -> usize {
        let opens = self.deeper && is > self.column;
        if self.was == was || opens { is } else { self.column }
    }

    /// The new column, if nothing follows.
    pub(super) fn last(&self) -> usize {
        self.column
    }
}
