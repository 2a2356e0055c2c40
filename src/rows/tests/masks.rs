//! Messages show no cell of a sensitive column.

use super::setup::{decl, read, read_with};
use crate::diagnostic::Diagnostics;
use crate::rows::{Input, RowFile};

const DECL: &str = "{ key: id, columns: { phone: { sensitive: true, pattern: '^[0-9]+$' }, n: { type: integer } } }";

fn shown(text: impl AsRef<[u8]>) -> String {
    let read = read(DECL, text);
    assert!(!read.diagnostics.is_empty());
    format!("{:?}", read.diagnostics)
}

#[test]
fn no_message_holds_a_sensitive_cell() {
    for text in [
        &b"id,phone,n\n1,0911-555,5\n"[..],
        b"id,phone,n\n1,0911555,x\n",
        b"id,phone,n\n1,0911555\n",
        b"id,phone,n\n1,0911555,5,6\n",
        b"id,phone,n\n1,\"0911555,5\n2,0911,4\n",
        b"id,phone,n\n1,\"0911555\"9,5\n",
        b"id,phone,n\n1,0911555\xff,5\n",
        b"id,phone,n\n1,0911555\0,5\n",
        b"id,phone,n\n,\"0911\n555\",5\n",
    ] {
        let shown = shown(text);
        assert!(!shown.contains("0911") && !shown.contains("555"), "{shown}");
    }
}

#[test]
fn a_masked_line_keeps_the_column_of_the_file() {
    let read = read(DECL, "id,phone,n\n1,\"0911555666\",x\n");
    let place = &read.diagnostics[0].places[0].0;
    assert_eq!(place.text, "1,\"***\",x");
    assert_eq!(&place.text[place.start..place.end], "x");
    assert_eq!(place.column, 16);
}

#[test]
fn a_sensitive_key_is_masked_in_messages() {
    let read = read("{ key: id, columns: { id: { sensitive: true } } }", "id\nA999\nA999\n");
    assert_eq!(read.reported(), ["duplicate-key 3:1 The key `***` of row 3 is that of row 2 too"]);
    let orphan =
        decl("{ key: a, lists: { l: { match: { row: a, list: id }, columns: { id: { sensitive: true } } } } }");
    let read = read_with(&orphan, "a\n1\n", &[("l", "id,x\nA999,2\n")]);
    assert!(!format!("{:?}", read.diagnostics).contains("A999"));
}

#[test]
fn unmask_shows_it() {
    let mut diagnostics = Diagnostics::new();
    let input = Input::new("rows.csv", std::io::Cursor::new("id,phone,n\n1,0911-555,x\n"));
    let mut file = RowFile::open(&decl(DECL), input, Default::default(), true, &mut diagnostics).unwrap();
    assert!(file.next(&mut diagnostics).is_none());
    assert!(diagnostics.iter().any(|d| d.places[0].0.text.contains("0911-555")));
    assert!(diagnostics.iter().any(|d| d.message.contains("`0911-555` does not match")));
}
