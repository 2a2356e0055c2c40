//! The kinds of repairs.

use crate::model::words;

words! {
    /// What a repair does to a cell.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum RepairRule {
        /// Blanks around the text are taken away.
        Blanks = "blanks",
        /// Characters that nobody sees are taken away, or become the blank that they look like.
        Unseen = "unseen",
        /// Full-width characters are written in half-width.
        FullWidth = "full-width",
        /// A date is written as its column wants it.
        Date = "date",
        /// Leading zeros are put back.
        Zeros = "zeros",
        /// Small letters of an identity number are written large.
        SmallLetter = "small-letter",
        /// The text of `="00123"` stands alone.
        Formula = "formula",
        /// The apostrophe that marks a text in a spreadsheet is taken away.
        TextMark = "text-mark",
        /// Quotation marks around a code are taken away.
        Quotes = "quotes",
        /// `.0` behind a whole number is taken away.
        FloatTail = "float-tail",
    }
}

impl RepairRule {
    /// What it did, for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Blanks => "blanks around the text taken away",
            Self::Unseen => "unseen characters taken away",
            Self::FullWidth => "full-width characters written in half-width",
            Self::Date => "dates written as the column wants them",
            Self::Zeros => "leading zeros put back",
            Self::SmallLetter => "small letters written large",
            Self::Formula => "formulas of a text written as the text",
            Self::TextMark => "apostrophes ahead of codes taken away",
            Self::Quotes => "quotation marks around codes taken away",
            Self::FloatTail => "`.0` behind whole numbers taken away",
        }
    }
}
