//! The text of one verb.

/// What the help and the manual say of a verb beyond its options.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct VerbText {
    /// The verb as it is typed after the program's name: `runs show`. Empty for the program itself.
    pub(in crate::cli) path: &'static str,
    /// Examples. The short help shows the first one.
    pub(in crate::cli) examples: &'static [Example],
    /// Paragraphs, with an empty line between them. Lines that begin with two blanks are a table and stay as they are.
    pub(in crate::cli) text: &'static str,
    /// The exit codes that the verb has, with what each means for it.
    pub(in crate::cli) exits: &'static [(u8, &'static str)],
    /// The files that the verb reads or writes by itself, with what each is.
    pub(in crate::cli) files: &'static [(&'static str, &'static str)],
    /// Verbs that a reader may want next.
    pub(in crate::cli) see: &'static [&'static str],
}

/// An example of a verb.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Example {
    /// What it does.
    pub(in crate::cli) what: &'static str,
    /// The line to type.
    pub(in crate::cli) line: &'static str,
}

/// Makes an example.
pub(super) const fn example(what: &'static str, line: &'static str) -> Example {
    Example { what, line }
}
