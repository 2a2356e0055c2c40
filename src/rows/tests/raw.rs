//! A row keeps its own bytes, whatever they are; files that a run wrote are recognised.

use std::collections::HashMap;
use std::io::Cursor;

use proptest::prelude::*;

use super::setup::{decl, read, sound};
use crate::diagnostic::Diagnostics;
use crate::rows::{Input, LineEnd, RowFile};

#[test]
fn rows_keep_their_bytes_up_to_the_result_columns() {
    let read = read(
        "{ key: id }",
        "\u{feff}\"id\",\"a\",\"_run\",\"_outcome\",\"x\"\r\n1,\"say \"\"hi\"\"\n\",r1,failed,y\r\n\"2\",,r1,not_started,\r\n",
    );
    assert_eq!(read.reported(), [""; 0]);
    let raws: Vec<&[u8]> = read.rows.iter().map(|row| &row.raw[..]).collect();
    assert_eq!(raws, [&b"1,\"say \"\"hi\"\"\n\""[..], b"\"2\","]);
    let file = read.file.unwrap();
    let dialect = file.dialect();
    assert_eq!((dialect.bom, dialect.quoted, dialect.line_end, dialect.columns), (true, true, LineEnd::CrLf, 2));
    assert_eq!(dialect.header, "\"id\",\"a\"");
    assert_eq!(file.prior_outcomes().refusal(), None);
    let place = file.place(&read.rows[1], "a");
    assert_eq!((place.line, place.column), (4, 5));
}

#[test]
fn a_row_file_of_a_run_is_refused_by_its_outcomes() {
    let read = read(
        "{ key: id }",
        "id,_run,_outcome\n1,20261122-004610-3fa9c1,unknown\n2,20261122-004610-3fa9c1,failed\n3,,\n",
    );
    let refusal = read.file.unwrap().prior_outcomes().refusal().unwrap();
    assert!(refusal.contains("runsheet resolve 20261122-004610-3fa9c1"), "{refusal}");
    // A row that is invalid by now still counts.
    let read = super::setup::read("{ key: id }", "id,a,_run,_outcome\n,x,r,partial\n");
    assert!(read.file.unwrap().prior_outcomes().refusal().is_some());
}

#[test]
fn the_last_row_needs_no_line_end() {
    for (text, raw) in [("id,a\n1,x", "1,x"), ("id,a\n1,", "1,"), ("id,a\n1,\"\"", "1,\"\""), ("id,a\n1,x\r", "1,x")] {
        let rows = sound("{ key: id }", text);
        assert_eq!(rows[0].raw, raw, "{text:?}");
    }
}

/// A cell as some program might write it: needing quotes or not, quoted or not.
fn cell() -> impl Strategy<Value = (String, String)> {
    (prop_oneof!["[a-z ]{0,6}", "[\\PC,;\"\r\n\t]{0,12}", "[ \"\r\n]{1,3}"], any::<bool>()).prop_map(
        |(text, quoted)| {
            let needs = text.contains([',', ';', '\t', '|', '"', '\r', '\n']);
            let written = if quoted || needs { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.clone() };
            (text, written)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_row_comes_back_byte_for_byte(
        rows in prop::collection::vec(prop::collection::vec(cell(), 3), 1..8),
        end in prop::sample::select(vec!["\n", "\r\n"]),
        delimiter in prop::sample::select(vec![",", ";", "\t", "|"]),
        bom in any::<bool>(),
    ) {
        let mut text = if bom { "\u{feff}".to_owned() } else { String::new() };
        text.push_str(&["id", "a", "b", "c"].join(delimiter));
        text.push_str(end);
        let mut lines = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let cells: Vec<&str> = row.iter().map(|(_, written)| written.as_str()).collect();
            lines.push(format!("k{index}{delimiter}{}", cells.join(delimiter)));
        }
        text.push_str(&lines.join(end));
        let read_rows = read("{ key: id, encoding: utf-8 }", &text).rows;
        prop_assert_eq!(read_rows.len(), rows.len());
        for ((row, line), cells) in read_rows.iter().zip(&lines).zip(&rows) {
            prop_assert_eq!(&row.raw[..], line.as_bytes());
            for (name, (text, _)) in ["a", "b", "c"].into_iter().zip(cells) {
                let wanted = if text.trim().is_empty() { "" } else { text.as_str() };
                prop_assert_eq!(row.cells[name].as_str(), Some(wanted));
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"\",\r\n; \t|".to_vec())], 0..200)) {
        let mut text = b"id,a,_run,_outcome\n".to_vec();
        text.extend_from_slice(&bytes);
        for text in [&text[..], &bytes] {
            let mut diagnostics = Diagnostics::new();
            let input = Input::new("rows.csv", Cursor::new(text.to_vec()));
            let columns = decl("{ key: id, columns: { a: { sensitive: true } } }");
            let Some(mut file) = RowFile::open(&columns, input, HashMap::new(), false, &mut diagnostics) else { continue };
            while let Some(row) = file.next(&mut diagnostics) {
                let _ = file.place(&row, "a");
            }
            prop_assert!(diagnostics.is_empty() || !diagnostics.render(false, 80).is_empty());
        }
    }
}
