//! Files of unsupported formats: what each one is, by its bytes, and the cure.

use crate::rows::record::ReadError;
use std::io::Read;

/// The most bytes of a file that are searched.
const LOOKED_AT: u64 = 4 << 20;

/// How compound files begin: workbooks of Excel 97, and newer ones with a password.
pub(super) const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// The error for a file that has a workbook's name or begins like one, and cannot be read as one.
pub(super) fn refusal(extension: &str, reader: impl Read) -> ReadError {
    let mut bytes = Vec::new();
    // If reading fails, what was read so far decides.
    let _ = reader.take(LOOKED_AT).read_to_end(&mut bytes);
    let (what, help) = identified(extension, &bytes);
    ReadError::new("bad-encoding", &what, help)
}

fn identified(extension: &str, bytes: &[u8]) -> (String, &'static str) {
    const SAVE: &str = "Open it in a spreadsheet and save it as an Excel workbook (`.xlsx`) or as \"CSV UTF-8\"";
    if bytes.is_empty() {
        return ("The file is empty, 0 bytes".to_owned(), "Save or download it once more");
    }
    if bytes.starts_with(COMPOUND) {
        return match holds(bytes, &wide("EncryptedPackage")) {
            true => (
                "The file is a workbook that is locked with a password".to_owned(),
                "Open it with the password and save it as `.xlsx` without one, or save the sheet as \"CSV UTF-8\"",
            ),
            false => ("The file is a workbook of the old kind, `.xls`, which is not read".to_owned(), SAVE),
        };
    }
    if bytes.starts_with(b"PK") {
        return match () {
            () if holds(bytes, b"opendocument.spreadsheet") => {
                ("The file is an OpenDocument spreadsheet, `.ods`, which is not read".to_owned(), SAVE)
            }
            () if holds(bytes, b"xl/workbook.bin") => {
                ("The file is a binary workbook, `.xlsb`, which is not read".to_owned(), SAVE)
            }
            () if holds(bytes, b"Index/Document.iwa") => {
                ("The file is a spreadsheet of Numbers, which is not read".to_owned(), SAVE)
            }
            () => (
                "The file is an archive, and no `.xlsx` workbook".to_owned(),
                "Unpack it, if the rows are inside; a spreadsheet is saved as `.xlsx` or as \"CSV UTF-8\"",
            ),
        };
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if start.contains("<html") || start.starts_with("<table") || start.starts_with("<!doctype html") {
        let what = format!("The file is a web page that is named `.{extension}`, as some systems export tables");
        return (what, SAVE);
    }
    if start.starts_with('<') {
        return (format!("The file is XML that is named `.{extension}`, and no workbook"), SAVE);
    }
    (
        format!("The file is text, although its name ends in `.{extension}`"),
        "Rename it to `.csv` where its cells stand between commas, semicolons or tabs",
    )
}

/// A text in UTF-16, as compound files name their parts.
fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unsupported_file_is_called_what_it_is() {
        let compound = |part: &str| [COMPOUND, &[0; 600], &wide(part)].concat();
        let archive = |part: &[u8]| [b"PK\x03\x04....", part].concat();
        for (extension, bytes, wanted) in [
            ("xlsx", Vec::new(), "empty"),
            ("xlsx", compound("EncryptedPackage"), "locked with a password"),
            ("xls", compound("Workbook"), "`.xls`"),
            ("ods", archive(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), "`.ods`"),
            ("xlsb", archive(b"xl/workbook.bin"), "`.xlsb`"),
            ("numbers", archive(b"Index/Document.iwa"), "Numbers"),
            ("xlsx", archive(b"cases.py"), "an archive"),
            ("xls", b"\xef\xbb\xbf\n<HTML xmlns:x><table>".to_vec(), "web page that is named `.xls`"),
            ("xls", b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>".to_vec(), "XML"),
            ("xlsx", b"id,a\n".to_vec(), "text, although its name ends in `.xlsx`"),
        ] {
            let told = refusal(extension, &bytes[..]);
            assert!(told.message.contains(wanted) && told.help.is_some(), "{}", told.message);
        }
    }
}
