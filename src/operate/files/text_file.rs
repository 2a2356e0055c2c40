//! Reads the text files that a person writes: whole, of bounded size, as UTF-8.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::near_files::{inside, nearby};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::operate::interface::Refusal;

/// The longest text file that is read, in bytes.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Reads a text file; `what` names its kind in messages, such as `playbook`.
///
/// # Errors
/// [`Refusal::Usage`] where it does not exist or cannot be read; [`Refusal::Invalid`] where it is too long or not UTF-8.
pub(crate) fn read_text(path: &Path, what: &str) -> Result<String, Refusal> {
    read_text_as(path, path, what)
}

/// Reads a text file whose path is shown as `shown` in messages.
///
/// # Errors
/// As [`read_text`].
pub(crate) fn read_text_as(path: &Path, shown: &Path, what: &str) -> Result<String, Refusal> {
    let bytes = read(path).map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::NotFound => format!("there is no such file{}", nearby(shown)),
            io::ErrorKind::IsADirectory => format!("it is a folder{}", inside(shown)),
            _ => error.to_string(),
        };
        Refusal::Usage(format!("cannot read the {what} {}: {why}", shown.display()))
    })?;
    let name = shown.display().to_string();
    let wrong = if bytes.len() as u64 > LONGEST { too_long(&name) } else { return text(&name, bytes) };
    Err(invalid(wrong))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(bytes)
        .map_err(|error| invalid(not_utf8(name, error.as_bytes(), error.utf8_error().valid_up_to())))
}

fn invalid(diagnostic: Diagnostic) -> Refusal {
    let mut diagnostics = Diagnostics::new();
    diagnostics.push(diagnostic);
    Refusal::Invalid(diagnostics)
}

fn too_long(name: &str) -> Diagnostic {
    let message = format!("`{name}` is longer than {} MiB", LONGEST >> 20);
    Diagnostic::error("bad-encoding", message).help("Check that it is the file that you mean.")
}

/// Builds the message about a file that is not UTF-8, at the place of the first wrong byte. Wrong bytes are shown as U+FFFD.
fn not_utf8(name: &str, bytes: &[u8], at: usize) -> Diagnostic {
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let message = format!("`{name}` is {}", if wide { "UTF-16, and must be UTF-8" } else { "not UTF-8 text" });
    let help = "Save it as UTF-8: most editors ask for the encoding under \"Save as\".";
    let diagnostic = Diagnostic::error("bad-encoding", message).help(help);
    if wide {
        return diagnostic;
    }
    // A window around the place is enough, and a file may be large.
    let from = bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |line_end| line_end + 1);
    let to = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |length| at + length);
    let line = bytes[..from].iter().filter(|&&byte| byte == b'\n').count();
    let shown = "\n".repeat(line) + &String::from_utf8_lossy(&bytes[from..to]);
    let start = line + at - from;
    let place = Source::new(name, shown).place(Span::new(start, start + '\u{fffd}'.len_utf8()));
    diagnostic.at(place, "this is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        let Err(Refusal::Invalid(told)) = text("a.yaml", bytes.to_vec()) else { panic!("it was read") };
        told.render(false, 80)
    }

    #[test]
    fn a_file_that_is_not_utf8_is_reported_with_its_place() {
        let shown = told(b"a: 1\nname: caf\xe9\nb: 2\n");
        assert!(shown.contains("a.yaml:2:10") && shown.contains("name: caf\u{fffd}"), "{shown}");
        assert!(told("a: é".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>().as_slice()).contains("no"));
        assert!(told(b"\xff\xfea\0").contains("is UTF-16, and must be UTF-8"));
        assert!(told(b"\xe9").contains("a.yaml:1:1"));
    }

    #[test]
    fn a_file_above_the_bound_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.yaml");
        File::create(&path).unwrap().set_len(LONGEST + 1).unwrap();
        let Err(Refusal::Invalid(told)) = read_text(&path, "playbook") else { panic!("it was read") };
        assert!(told.render(false, 80).contains("is longer than 64 MiB"));
    }
}
