//! What a text is made of as the layout sees it: atoms in their order, and where blocks begin and end.

/// A piece of text that is kept as it is, and where it stood.
#[derive(Debug, Clone)]
pub(super) struct Atom<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    /// Where it stands, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// How many characters stand before it on its line.
    pub(super) column: usize,
    /// How many line breaks stand before it, behind the atom before.
    pub(super) breaks: usize,
}

/// What an atom is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `-` ahead of an element.
    Dash,
    /// `?` ahead of a key.
    Ask,
    /// `:` behind a key.
    Colon,
    /// `,` in a flow.
    Comma,
    /// `[` or `{`.
    Open,
    /// `]` or `}`.
    Shut,
    /// An anchor or a tag.
    Property,
    /// `*name`
    Alias,
    /// A scalar, plain or quoted.
    Scalar,
    /// `|` or `>` with what belongs to it.
    Header,
    /// The lines of a block scalar, all of them kept where `keep`.
    Body { keep: bool },
    /// `#` and the rest of its line.
    Comment,
    /// `---`, `...` or a directive.
    Marker,
}

/// One step through a text.
#[derive(Debug)]
pub(super) enum Step<'t> {
    /// A block map begins, at that column.
    Map(usize),
    /// A block list begins, at that column.
    List(usize),
    /// The innermost of them ends.
    End,
    /// A key comes.
    Key,
    /// An atom.
    Atom(Atom<'t>),
}
