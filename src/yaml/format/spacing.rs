//! How many blanks stand between two atoms of a line.

use super::atom::{Atom, Kind};

/// The blanks between two atoms on one line.
pub(super) fn blanks(before: &Atom<'_>, atom: &Atom<'_>) -> usize {
    match (before.kind, atom.kind) {
        // A colon at once behind a name would be part of it, behind a dash a text.
        (Kind::Alias | Kind::Property | Kind::Dash | Kind::Ask | Kind::Colon, Kind::Colon) => 1,
        (_, Kind::Colon | Kind::Comma) => 0,
        (Kind::Open, Kind::Shut) => 0,
        (Kind::Open, _) => usize::from(before.text == "{"),
        (_, Kind::Shut) => usize::from(atom.text == "}"),
        _ => 1,
    }
}
