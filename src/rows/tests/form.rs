//! Malformed and unusual files: headers, quotes, bytes, sizes, numbering.

use std::collections::HashMap;
use std::io::{self, Read};

use super::setup::{decl, read, readings, shown, sound};
use crate::diagnostic::Diagnostics;
use crate::rows::{Input, LineEnd, Reading, RowFile};

const ID: &str = "{ key: id }";

fn reported(text: impl AsRef<[u8]>) -> Vec<String> {
    read(ID, text).reported()
}

#[test]
fn files_without_a_usable_header_are_refused() {
    for (text, wanted) in [
        (&b""[..], "bad-header 1:1 The file is empty"),
        (b"\n\r\n", "bad-header 1:1 The file is empty"),
        (b"\xef\xbb\xbf", "bad-header 1:1 The file is empty"),
        (
            b"PK\x03\x04rest",
            "unreadable-file 1:1 The workbook cannot be read: it is damaged or was cut off (invalid Zip archive: Could not find EOCD)",
        ),
        (
            b"id,\xe9t\xe9\n",
            "unsure-encoding 1:1 The file is not UTF-8, and Windows-1252 is read only where it is named",
        ),
        (b"id,\xff\n", "bad-header 1:4 The byte 0xFF is not UTF-8"),
        (b"id,\"na\"me\n", "bad-header 1:4 Text follows the quote that closes the cell"),
        (b"id,\"name\n1,x\n", "bad-row 1:4 The quote that opens here is never closed"),
        (b"id,name,id\n", "bad-header 1:9 The header names `id` twice, in columns 1 and 3"),
        (b"name\n", "missing-column 1:1 The key is not in the header: no column is named `id`"),
    ] {
        assert_eq!(reported(text), [wanted], "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn every_missing_column_is_named_with_what_was_probably_meant() {
    let text = "{ key: id, columns: { name: { from: Name }, phone: {}, city: { optional: true } } }";
    let one = read(text, "id,Nmae,phone,city\n1,2,3,4\n");
    assert_eq!(
        one.reported(),
        ["missing-column 1:1 The column `name` is not in the header: no column is named `Name`"]
    );
    assert_eq!(one.diagnostics[0].help.as_deref(), Some("Did you mean `Nmae`?"));
    let several = read(text, "id,Nmae,other\n1,2,3\n");
    assert_eq!(
        several.reported(),
        ["missing-column 1:1 3 declared columns are not in the header: `Name`, `phone`, `city`"]
    );
    let help = several.diagnostics[0].help.as_deref();
    assert_eq!(help, Some("The header names `id`, `Nmae`, `other`; perhaps `Name` is `Nmae`"));
    assert!(several.file.is_none());
    let delimiter = read(text, "id^Name^phone^city\n1^2^3^4\n");
    assert!(
        delimiter.reported().len() == 1 && delimiter.diagnostics[0].help.as_deref().unwrap().contains("`delimiter:`")
    );
}

#[test]
fn a_renamed_column_must_not_hide_another() {
    let read = read("{ key: id, columns: { name: { from: title } } }", "id,title,name\n1,2,3\n");
    assert_eq!(
        read.reported(),
        ["bad-header 1:10 The column `name` reads the head `title`, and another head is named `name`"]
    );
}

#[test]
fn ragged_rows_are_reported_and_reading_continues() {
    let read = read(ID, "id,a\n1\n2,x,y\n3,z\n4,\"p,q\n");
    assert_eq!(
        read.reported(),
        [
            "bad-row 2:1 Row 2 has 1 cell, and the header names 2 cells",
            "bad-row 3:5 Row 3 has 3 cells, and the header names 2 cells",
            "bad-row 5:3 The quote that opens here is never closed",
        ]
    );
    let keys: Vec<&str> = read.rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!((keys, read.rows[0].position), (vec!["3"], 2));
}

#[test]
fn misplaced_quotes_are_reported_and_inner_ones_are_text() {
    assert_eq!(reported("id,a\n1,\"x\"y\n2,ok\n"), ["bad-row 2:3 Row 2: text follows the quote that closes the cell"]);
    assert_eq!(
        reported("id,a\n1, \"x, y\"\n"),
        ["bad-row 2:3 Row 2: there is a space before the quote that opens the cell"]
    );
    // Inside a cell without quotes a quote is a sign like any other.
    let rows = sound(ID, "id,a\n1,5\" pipe\n");
    assert_eq!(rows[0].cells["a"], "5\" pipe");
}

#[test]
fn an_unclosed_quote_is_shown_where_it_opens() {
    let read = read(ID, "id,a\n1,\"x\n2,y\n3,z\n");
    assert_eq!(read.reported(), ["bad-row 2:3 The quote that opens here is never closed"]);
    assert_eq!(read.diagnostics[0].places[0].0.text, "1,\"x");
}

#[test]
fn undecodable_bytes_are_reported_by_line_and_column() {
    let read = read(ID, b"id,a\n1,ok\n2,caf\xe9\n3,a\0b\n4,\xff\xff\n5,ok\n");
    assert_eq!(
        read.reported(),
        [
            "bad-row 3:6 Row 3: the byte 0xE9 is not UTF-8",
            "bad-row 4:4 Row 4: the row holds a NUL byte",
            "bad-row 5:3 Row 5: the byte 0xFF is not UTF-8",
        ]
    );
    assert_eq!(read.rows.len(), 2);
}

#[test]
fn an_invalid_row_keeps_its_own_bytes() {
    let readings = readings(ID, "id,a\n1,x,y\n1,\"p\"q\n");
    let raws: Vec<&[u8]> = readings
        .iter()
        .map(|reading| match reading {
            Reading::Invalid(row) => &row.raw[..],
            Reading::Row(_) => panic!("a row"),
        })
        .collect();
    assert_eq!(raws, [&b"1,x,y"[..], b"1,\"p\"q"]);
}

#[test]
fn carriage_returns_alone_end_lines_only_where_the_header_says_so() {
    assert_eq!(
        reported("id,a\n1,x\ry\n"),
        ["bad-row 2:3 Row 2: a carriage return without a line feed stands inside the cell"]
    );
    let read = read(ID, "id,a\r1,x\r2,\"p\rq\"\r");
    assert_eq!(read.reported(), [""; 0]);
    assert_eq!((read.rows[1].cells["a"].as_str(), read.rows[1].number), (Some("p\rq"), 3));
    assert_eq!(read.file.unwrap().dialect().line_end, LineEnd::Cr);
}

#[test]
fn blank_lines_are_skipped_and_blank_rows_are_left_out_with_one_warning() {
    let read = read(ID, "\nid,a\n\n1,x\n,\n , \n2,y\n\n");
    assert_eq!(
        read.reported(),
        ["blank-row - 2 rows of `rows.csv` have only blank cells and are left out, the first is row 5"]
    );
    let numbers: Vec<(u64, u64)> = read.rows.iter().map(|row| (row.number, row.position)).collect();
    assert_eq!(numbers, [(4, 0), (7, 1)]);
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_and_lines_as_an_editor_counts() {
    let read = read(ID, "id,a\n1,\"x\ny\n\nz\"\n,\"p\nq\"\n");
    assert_eq!(read.reported(), ["blank-cell 6:1 The key of row 3 is blank"]);
    assert_eq!((read.rows[0].number, read.rows[0].line), (2, 2));
}

#[test]
fn keys_are_unique_and_never_blank() {
    let read = read("{ key: [a, b] }", "a,b\nx,1\nx,\nx,1\nx:,1\n\"x\",\"1\"\n");
    assert_eq!(
        read.reported(),
        [
            "blank-cell 3:3 The key of row 3 is blank in its column `b`",
            "duplicate-key 4:1 The key `x:1` of row 4 is that of row 2 too",
            "duplicate-key 6:1 The key `x:1` of row 6 is that of row 2 too",
        ]
    );
    let keys: Vec<&str> = read.rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(keys, ["x:1", "x\\::1"]);
}

#[test]
fn a_value_under_a_blank_head_is_reported() {
    let read = read(ID, "id,,\n1,,\n2,x,\n");
    assert_eq!(read.reported(), ["bad-row 3:3 Row 3 has a value in column 2, whose head is blank"]);
    assert_eq!(read.rows[0].cells.len(), 1);
}

#[test]
fn the_delimiter_is_detected_from_the_header() {
    for (text, delimiter) in [
        ("id;a,b\n1;x\n", ';'),
        ("id\ta,b,c,d\n1\tx\n", '\t'),
        ("id|a\n1|x\n", '|'),
        ("\"id\",\"a;b;c\"\n1,x\n", ','),
        ("id\n1\n", ','),
        ("id,a;b;c;d\n1,x\n", ','),
    ] {
        let read = read(ID, text);
        assert_eq!(read.reported(), [""; 0], "{text}");
        assert_eq!(read.file.unwrap().dialect().delimiter, delimiter, "{text}");
    }
    let declared = read("{ key: \"id,a\", delimiter: tab }", "id,a\tb\n1\t2\n");
    assert_eq!((declared.reported().len(), declared.rows[0].key.as_str()), (0, "1"));
}

#[test]
fn endless_rows_and_columns_are_stopped_at_a_bound() {
    let open = |reader: Box<dyn Read + Send>| {
        let mut diagnostics = Diagnostics::new();
        let input = Input { reader, ..Input::new("rows.csv", io::empty()) };
        let mut file = RowFile::open(&decl(ID), input, HashMap::new(), false, &mut diagnostics);
        while file.as_mut().and_then(|file| file.next(&mut diagnostics)).is_some() {}
        diagnostics.iter().map(shown).collect::<Vec<_>>()
    };
    let quote = || io::Cursor::new("id,a\n1,\"x");
    assert_eq!(open(Box::new(quote().chain(io::repeat(b'y')))), ["bad-row 2:3 The row is longer than 16 MiB"]);
    assert_eq!(
        open(Box::new(io::Cursor::new("id,a\n1,").chain(io::repeat(b'y')))),
        ["bad-row 2:3 The row is longer than 16 MiB"]
    );
    assert_eq!(
        open(Box::new(io::Cursor::new("id,a\n1").chain(io::repeat(b',')))),
        ["bad-row 1:1 The row on line 2 has more than 16384 cells"]
    );
    // A header without end gives no row.
    assert_eq!(open(Box::new(io::repeat(b'y'))), ["bad-row 1:1 The row is longer than 16 MiB"]);
    assert_eq!(open(Box::new(io::repeat(b'\n').take(50_000))), ["bad-header 1:1 The file is empty"]);
}

#[test]
fn a_cell_of_two_megabytes_is_read() {
    let long = "é".repeat(1 << 20);
    let rows = sound(ID, format!("id,a\n1,\"{long}\"\n"));
    assert_eq!(rows[0].cells["a"].as_str().map(str::len), Some(2 << 20));
}

#[test]
fn a_file_that_stops_being_readable_is_reported() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let mut diagnostics = Diagnostics::new();
    let input = Input::new("rows.csv", io::Cursor::new("id,a\n1,x\n2,").chain(Broken));
    let mut file = RowFile::open(&decl(ID), input, HashMap::new(), false, &mut diagnostics).unwrap();
    assert!(file.next(&mut diagnostics).is_some());
    assert!(file.next(&mut diagnostics).is_none());
    assert!(file.next(&mut diagnostics).is_none());
    assert_eq!(
        diagnostics.iter().map(shown).collect::<Vec<_>>(),
        ["unreadable-file 1:1 Reading stopped: the disk is gone"]
    );
}

#[test]
fn of_very_many_mistakes_of_one_cause_a_thousand_are_kept_and_all_are_counted() {
    let text = format!("id,a\n{}", "x\n".repeat(2_500));
    let mut diagnostics = Diagnostics::new();
    let input = Input::new("rows.csv", io::Cursor::new(text));
    let mut file = RowFile::open(&decl(ID), input, HashMap::new(), false, &mut diagnostics).unwrap();
    assert!(file.next(&mut diagnostics).is_none());
    assert_eq!((diagnostics.error_count(), diagnostics.iter().count(), diagnostics.blocks().len()), (2_500, 1_000, 1));
}

#[test]
fn of_several_key_columns_those_that_are_optional_may_be_blank() {
    let columns = "{ key: [a, b], columns: { a: { optional: true }, b: { optional: true } } }";
    let read = read(columns, "a,b\nx,\n,x\nx:,\ny,  \nx,y\n\"x:y\",\nx,\u{3000}\n");
    let keys: Vec<&str> = read.rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(keys, ["x:", ":x", "x\\::", "y:", "x:y", "x\\:y:"]);
    assert!(read.rows[0].cells["b"].is_null() && read.rows[0].blanks.is_empty());
    assert_eq!(read.reported()[0], "duplicate-key 8:1 The key `x:` of row 8 is that of row 2 too");
    let reported = self::read(columns, "a,b,c\n,,1\n");
    assert_eq!(reported.reported(), ["blank-cell 2:1 The key of row 2 is blank in all of its 2 columns"]);
    let reported = self::read("{ key: [a, b], columns: { b: { optional: true } } }", "a,b\n,y\n");
    assert_eq!(reported.reported(), ["blank-cell 2:1 The key of row 2 is blank in its column `a`"]);
    assert!(reported.diagnostics[0].help.as_deref().unwrap().contains("`a: { optional: true }`"));
}

#[test]
fn a_duplicate_key_names_the_column_that_may_tell_the_rows_apart() {
    for (decl, text, wanted) in [
        (
            "{ key: contract_id }",
            "contract_id,title,recipient_id\nC,t,\nC,t,R\n",
            Some("key: [contract_id, recipient_id]"),
        ),
        (
            "{ key: id, columns: { step_no: { optional: true } } }",
            "id,user_id,step_no\n1,,\n1,,2\n",
            Some("key: [id, step_no]"),
        ),
        ("{ key: id }", "id,Agent/Id\n1,\n1,2\n", Some("key: [id, Agent/Id]")),
        ("{ key: id }", "id,note: x\n1,\n1,2\n", Some("key: [id, \"note: x\"]")),
        ("{ key: id }", "id\n1\n1\n", None),
    ] {
        let read = read(decl, text);
        assert_eq!(read.diagnostics.len(), 1, "{:?}", read.reported());
        let help = read.diagnostics[0].help.as_deref().unwrap();
        match wanted {
            Some(wanted) => assert!(help.contains(wanted) && help.contains("{ optional: true }"), "{help}"),
            None => assert_eq!(help, "Each row needs a key of its own: take one of the two away"),
        }
    }
}
