//! Comments on lines of their own: each stands with what follows it, or with the block that it ends.

use super::blocks::Blocks;

/// A comment whose column hangs on what comes next.
#[derive(Debug)]
pub(super) struct Remark {
    /// Its place among the lines.
    pub(super) line: usize,
    was: usize,
    column: usize,
    /// Whether it stood right of all that was open.
    deeper: bool,
}

impl Remark {
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
