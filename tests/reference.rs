//! The pages of the manual that are made from the program itself: keys of files, operations, the command line, codes.
//! `UPDATE_DOCS=1` writes them anew.

mod codes;
mod command_line;
mod keys;
mod markdown;
mod operations;

use std::fs;

use crate::program::root;

/// Compares a page with the one that is checked in, or writes it.
fn is_current(name: &str, made: &str) {
    let path = root().join("docs/reference").join(name);
    let made = format!("<!-- Made by UPDATE_DOCS=1 cargo nextest run --features internals reference -->\n\n{made}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "{} is not what the program says: UPDATE_DOCS=1 cargo nextest run --features internals reference",
        path.display()
    );
}
