//! The kinds of repairs.

use crate::model::words;

words! {
    /// What a repair does to a cell.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum RepairRule {
        /// Removes blanks around the text.
        Blanks = "blanks",
        /// Removes invisible characters, or replaces them by the blank they look like.
        Unseen = "unseen",
        /// Writes full-width characters in half-width.
        FullWidth = "full-width",
        /// Writes a date in its column's format.
        Date = "date",
        /// Restores leading zeros.
        Zeros = "zeros",
        /// Writes an identity number in capitals.
        SmallLetter = "small-letter",
        /// Keeps only the text of `="00123"`.
        Formula = "formula",
        /// Removes the apostrophe that marks a text in a spreadsheet.
        TextMark = "text-mark",
        /// Removes quotation marks around a code.
        Quotes = "quotes",
        /// Removes `.0` behind a whole number.
        FloatTail = "float-tail",
    }
}

impl RepairRule {
    /// What it did, in words for people.
    #[must_use]
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Blanks => "blanks around the text removed",
            Self::Unseen => "invisible characters removed",
            Self::FullWidth => "full-width characters written in half-width",
            Self::Date => "dates written as the column wants them",
            Self::Zeros => "leading zeros put back",
            Self::SmallLetter => "small letters written large",
            Self::Formula => "formulas of a text written as the text",
            Self::TextMark => "apostrophes before codes removed",
            Self::Quotes => "quotation marks around codes removed",
            Self::FloatTail => "`.0` after whole numbers removed",
        }
    }
}
