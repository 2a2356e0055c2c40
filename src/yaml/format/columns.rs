//! At which column things stood, and at which they will: open block lists and maps, comments on lines of their own.

/// How much deeper each block stands than the one around it.
const INDENT: usize = 2;

/// A block that is open.
#[derive(Debug, Clone, Copy)]
struct Block {
    was: usize,
    is: usize,
    /// Whether it is a list without an end of its own: its dashes stood at the column of the map around it.
    open_ended: bool,
    map: bool,
}

/// The blocks that are open, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    stack: Vec<Block>,
}

impl Blocks {
    /// A block begins that stood at a column.
    pub(super) fn open(&mut self, was: usize, map: bool) {
        let is = if self.stack.is_empty() { 0 } else { self.inner() };
        self.stack.push(Block { was, is, open_ended: false, map });
    }

    /// The innermost block ends.
    pub(super) fn close(&mut self) {
        self.end_list();
        self.stack.pop();
    }

    /// A key comes: a list without an end of its own has ended.
    pub(super) fn end_list(&mut self) {
        if self.stack.last().is_some_and(|block| block.open_ended) {
            self.stack.pop();
        }
    }

    /// A dash comes: in a map it opens a list without an end of its own.
    pub(super) fn element(&mut self) {
        if let Some(map) = self.stack.last().filter(|block| block.map) {
            let (was, is) = (map.was, self.inner());
            self.stack.push(Block { was, is, open_ended: true, map: false });
        }
    }

    /// How many are open.
    pub(super) fn depth(&self) -> usize {
        self.stack.len()
    }

    /// The column of the innermost block.
    pub(super) fn column(&self) -> usize {
        self.stack.last().map_or(0, |block| block.is)
    }

    /// The column at which the innermost block stood.
    pub(super) fn was(&self) -> usize {
        self.stack.last().map_or(0, |block| block.was)
    }

    /// The column of what stands inside the innermost block.
    pub(super) fn inner(&self) -> usize {
        if self.stack.is_empty() { 0 } else { self.column() + INDENT }
    }

    /// A column that moves as the innermost block does.
    pub(super) fn moved(&self, column: usize) -> usize {
        (column + self.column()).saturating_sub(self.was())
    }

    /// The column of the block that stood at `was`, else of the innermost one left of it.
    pub(super) fn column_of(&self, was: usize) -> usize {
        let exact = self.stack.iter().rev().find(|block| block.was == was);
        exact.or_else(|| self.stack.iter().rev().find(|block| block.was < was)).map_or(0, |block| block.is)
    }
}

/// A comment whose column hangs on what comes next.
#[derive(Debug)]
pub(super) struct OwnLineComment {
    /// Its place among the lines.
    pub(super) line: usize,
    was: usize,
    column: usize,
    /// Whether it stood right of all that was open.
    deeper: bool,
}

impl OwnLineComment {
    /// A comment that stood at a column.
    pub(super) fn new(line: usize, was: usize, blocks: &Blocks) -> Self {
        Self { line, was, column: blocks.column_of(was), deeper: was > blocks.was() }
    }

    /// Its column, where what follows stood at `was` and will stand at `is`.
    pub(super) fn column(&self, was: usize, is: usize) -> usize {
        let opens = self.deeper && is > self.column;
        if self.was == was || opens { is } else { self.column }
    }

    /// Its column where nothing follows.
    pub(super) fn last(&self) -> usize {
        self.column
    }
}
