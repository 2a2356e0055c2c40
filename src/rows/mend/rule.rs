//! The kinds of repairs.

/// What a repair does to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Blanks around the text are taken away.
    Blanks,
    /// Characters that nobody sees are taken away, or become the blank that they look like.
    Unseen,
    /// Full-width characters are written in half-width.
    FullWidth,
    /// A date is written as its column wants it.
    Date,
    /// Leading zeros are put back.
    Zeros,
    /// Small letters of an identity number are written large.
    SmallLetter,
}

impl Rule {
    /// The word in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blanks => "blanks",
            Self::Unseen => "unseen",
            Self::FullWidth => "full-width",
            Self::Date => "date",
            Self::Zeros => "zeros",
            Self::SmallLetter => "small-letter",
        }
    }

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
        }
    }
}
