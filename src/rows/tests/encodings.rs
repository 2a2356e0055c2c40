//! Files in other encodings: read correctly and kept byte for byte, or refused with the cure.

use std::collections::HashMap;

use proptest::prelude::*;

use super::setup::{decl, read, sound};
use crate::diagnostic::{Diagnostics, Severity};
use crate::model::TextEncoding;
use crate::rows::{Input, LineEnd, RowFile, read_settlements};

const TEXT: &str =
    "編號,預約時間,備註\r\n1,2026-11-22,請於上午九點半帶身分證件至櫃檯報到\r\n2,2026-11-23,\"引號\"\"與,\r\n逗號\"\r\n";

#[test]
fn undecodable_bytes_are_reported_with_row_column_and_cure() {
    for (encoding, broken, wanted) in [
        (TextEncoding::Big5, &b"\xa4,"[..], "bad-row 4:1 Row 4: the byte 0xA4 is not Big5"),
        (TextEncoding::Big5, b"x,\xff\xff", "bad-row 4:3 Row 4: the byte 0xFF is not Big5"),
        (TextEncoding::Gb18030, b"\x81\x30,", "bad-row 4:1 Row 4: the byte 0x81 is not GB18030"),
        (TextEncoding::ShiftJis, b"x,\xa0", "bad-row 4:3 Row 4: the byte 0xA0 is not Shift_JIS"),
        (TextEncoding::Utf16le, b"\x00\xd8,\0", "bad-row 4:1 Row 4: the bytes 0x00 0xD8 are not UTF-16LE"),
        (TextEncoding::Utf16be, b"\xdc\x00\0,", "bad-row 4:1 Row 4: the bytes 0xDC 0x00 are not UTF-16BE"),
        (TextEncoding::Utf16le, b"x\0,", "bad-row 4:2 Row 4: the byte 0x2C is not UTF-16LE"),
        (TextEncoding::Utf8, b"x,\xe9\xa0", "bad-row 4:3 Row 4: the bytes 0xE9 0xA0 are not UTF-8"),
    ] {
        let mut bytes = encoding.encode("id,a\n1,x\n2,y\n").into_owned();
        bytes.extend_from_slice(broken);
        let read = read(&format!("{{ key: id, encoding: {} }}", encoding.as_str()), &bytes);
        assert_eq!(read.rows.len(), 2, "{wanted}");
        assert_eq!(read.reported(), [wanted]);
        assert!(read.diagnostics[0].help.as_deref().unwrap().contains("`encoding:`"));
    }
}

#[test]
fn a_declared_encoding_that_the_file_contradicts_is_refused() {
    for (decl, bytes, wanted) in [
        (
            "big5",
            &b"\xef\xbb\xbfid\n1\n"[..],
            "bad-encoding 1:1 The playbook says `encoding: big5`, and the file opens as UTF-8",
        ),
        ("utf-8", b"\xff\xfei\0d\0\n\0", "The playbook says `encoding: utf-8`, and the file opens as UTF-16LE"),
        ("auto", b"\xff\xfe\0\0i\0\0\0", "The file is UTF-32"),
    ] {
        let reported = read(&format!("{{ key: id, encoding: {decl} }}"), bytes).reported();
        assert!(reported.len() == 1 && reported[0].contains(wanted), "{reported:?}");
    }
    // The mark decides which half of a pair comes first.
    assert_eq!(sound("{ key: id, encoding: utf-16 }", b"\xfe\xff\0i\0d\0\n\x007\0\n").len(), 1);
}

#[test]
fn each_encoding_is_detected_read_and_noted() {
    for (encoding, mark) in [
        (TextEncoding::Big5, ""),
        (TextEncoding::Utf16le, "\u{feff}"),
        (TextEncoding::Utf16be, "\u{feff}"),
        (TextEncoding::Utf16le, ""),
        (TextEncoding::Utf16be, ""),
        (TextEncoding::Gb18030, ""),
    ] {
        let bytes = encoding.encode(&format!("{mark}{TEXT}")).into_owned();
        let read = read("{ key: 編號 }", &bytes);
        let notes: Vec<&str> = read.diagnostics.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(notes, [format!("`rows.csv` is read as {}, detected from its bytes", encoding.name())]);
        assert_eq!(read.diagnostics[0].severity, Severity::Note);
        assert_eq!(read.rows[1].cells["備註"], "引號\"與,\r\n逗號");
        assert_eq!(read.rows[0].raw, &*encoding.encode("1,2026-11-22,請於上午九點半帶身分證件至櫃檯報到"));
        let file = read.file.unwrap();
        let dialect = file.dialect();
        assert_eq!((dialect.encoding, dialect.bom, dialect.line_end), (encoding, !mark.is_empty(), LineEnd::CrLf));
        assert_eq!(&*dialect.own_header(), &*encoding.encode("編號,預約時間,備註"));
        let place = file.place(&read.rows[1], "備註");
        assert_eq!((place.line, place.column, place.text.as_str()), (3, 14, "2,2026-11-23,\"引號\"\"與,"));
    }
}

#[test]
fn an_encoding_that_shows_only_after_much_ascii_is_read_correctly() {
    let mut bytes = b"id,a\n".to_vec();
    for number in 0..20_000 {
        bytes.extend_from_slice(format!("{number},plain\n").as_bytes());
    }
    let rest = TextEncoding::Big5.encode("z1,請於上午九點半\nz2,帶身分證件至櫃檯報到\n").into_owned();
    bytes.extend_from_slice(&rest);
    let read = read("{ key: id }", &bytes);
    assert_eq!(read.reported(), ["encoding-told - `rows.csv` is read as Big5, detected from its bytes"]);
    assert_eq!((read.rows.len(), read.rows[20_001].cells["a"].as_str()), (20_002, Some("帶身分證件至櫃檯報到")));
    assert_eq!(read.rows[20_000].raw, &*TextEncoding::Big5.encode("z1,請於上午九點半"));
    assert_eq!(read.file.unwrap().dialect().encoding, TextEncoding::Big5);
}

#[test]
fn bytes_that_decode_and_are_never_encoded_are_kept() {
    // Hong Kong's characters have bytes that decode and are never encoded.
    let bytes = b"id,a,_run,_outcome\n1,\x88\x62\x8e\x40,r,failed\n";
    let rows = sound("{ key: id, encoding: big5 }", bytes);
    assert_eq!(rows[0].raw, &b"1,\x88\x62\x8e\x40"[..]);
}

#[test]
fn a_byte_order_mark_in_the_middle_is_reported() {
    let reported = read("{ key: id }", "id,a\n1,x\n\u{feff}id,a\n2,y\n").reported();
    assert_eq!(reported, ["bad-row 3:1 Row 3: a byte-order mark stands in the middle of the file"]);
}

/// The whole help of the only message.
fn help(decl: &str, bytes: &[u8]) -> String {
    let read = read(decl, bytes);
    assert_eq!(read.diagnostics.len(), 1, "{:?}", read.reported());
    assert!(read.rows.is_empty() && read.diagnostics[0].code == "unsure-encoding", "{:?}", read.reported());
    read.diagnostics[0].whole_help().unwrap()
}

#[test]
fn thin_evidence_is_asked_about_with_the_line_for_each_encoding() {
    let thin = b"id,name\nA01,\xb3\xaf\n";
    let reported = help("{ key: id }", thin);
    for line in ["  encoding: big5       # 陳", "  encoding: euc-kr     # 날"] {
        assert!(reported.contains(line), "{reported}");
    }
    assert!(reported.contains("the cell on line 2"), "{reported}");
    for (word, name) in [("big5", "陳"), ("euc-kr", "날")] {
        assert_eq!(sound(&format!("{{ key: id, encoding: {word} }}"), thin)[0].cells["name"], name);
    }
    let masked = help("{ key: id, columns: { name: { sensitive: true } } }", thin);
    assert!(masked.contains("encoding: big5       # ***") && !masked.contains('陳'), "{masked}");
}

#[test]
fn thin_evidence_after_much_ascii_and_in_json_is_asked_about_too() {
    let mut bytes = b"id,a\n".to_vec();
    (0..20_000).for_each(|number| bytes.extend_from_slice(format!("{number},plain\n").as_bytes()));
    bytes.extend_from_slice(b"z,\xb3\xaf\n");
    let read = read("{ key: id }", &bytes);
    let last = read.diagnostics.last().unwrap();
    assert_eq!((last.code, last.places[0].0.line), ("unsure-encoding", 20_002));
    for (name, text) in [("r.json", &b"[{\"id\":\"\xb3\xaf\"}]"[..]), ("r.jsonl", b"{\"id\":\"\xb3\xaf\"}\n")] {
        let read = super::setup::read_named(name, "{ key: id }", text);
        assert_eq!(read.diagnostics[0].code, "unsure-encoding", "{name}");
    }
}

#[test]
fn a_file_that_a_run_wrote_is_read_in_the_encoding_of_its_rows() {
    let thin = b"id,name,_run\nA01,\xb3\xaf,r\n";
    for (encoding, name) in [(TextEncoding::Big5, "陳"), (TextEncoding::EucKr, "날")] {
        let input = Input::new("failed.csv", &thin[..]).with_fallback_encoding(encoding);
        let mut reported = Diagnostics::new();
        let mut file = RowFile::open(&decl("{ key: id }"), input, HashMap::new(), false, &mut reported).unwrap();
        assert_eq!(file.next(&mut reported).unwrap().cells["name"], name);
        let filled = read_settlements(
            Some(&decl("{ key: name }")),
            Input::new("u.csv", &thin[..]).with_fallback_encoding(encoding),
            &[],
            &mut reported,
        );
        assert_eq!((filled[0].key.as_str(), reported.has_errors()), (name, false));
    }
    // One that a person has saved as UTF-8 since then is read as that.
    let input = Input::new("failed.csv", "id,name\nA01,陳\n".as_bytes()).with_fallback_encoding(TextEncoding::Big5);
    let mut reported = Diagnostics::new();
    let mut file = RowFile::open(&decl("{ key: id }"), input, HashMap::new(), false, &mut reported).unwrap();
    assert_eq!(file.next(&mut reported).unwrap().cells["name"], "陳");
}

#[test]
fn western_files_are_read_where_their_encoding_is_named() {
    let bytes = b"id;name\nK-1;M\xfcller\n";
    let reported = help("{ key: id }", bytes);
    assert!(reported.ends_with("\n  encoding: windows-1252  # Müller"), "{reported}");
    for word in ["windows-1252", "cp1252", "iso-8859-1", "latin1", "iso-8859-15", "iso-8859-9", "windows-1250"] {
        let rows = sound(&format!("{{ key: id, encoding: {word} }}"), bytes);
        assert_eq!((&rows[0].cells["name"], &rows[0].raw[..]), (&"Müller".into(), &b"K-1;M\xfcller"[..]), "{word}");
    }
    let reported = read("{ key: id, encoding: iso-8859-1 }", b"id;name\nK-1;5 \x80\n").reported();
    assert_eq!(reported, ["bad-row 2:7 Row 2: the byte 0x80 is not ISO-8859-1"]);
}

#[test]
fn encodings_that_are_never_detected_are_read_where_they_are_declared() {
    for (word, text) in [
        ("euc-jp", "山田太郎様"),
        ("iso-2022-jp", "山田太郎様"),
        ("windows-1251", "Иванов"),
        ("koi8-r", "Иванов"),
        ("windows-1254", "Şahin"),
        ("iso-8859-2", "Wałęsa"),
    ] {
        let encoding = TextEncoding::of_word(word).unwrap();
        let bytes = encoding.encode(&format!("id,name,a,_run\n1,{text},x,r\n2,\"{text},\",y,r\n")).into_owned();
        let rows = sound(&format!("{{ key: id, encoding: {word} }}"), &bytes);
        assert_eq!(rows[1].cells["name"], format!("{text},"), "{word}");
        assert_eq!(rows[0].raw, &*encoding.encode(&format!("1,{text},x")), "{word}");
        // Of two that read the same, one is offered.
        let offered = word.replace("iso-8859-2", "windows-1250");
        assert!(help("{ key: id }", &bytes).contains(&format!("encoding: {offered}")), "{word}");
    }
}

#[test]
fn a_row_of_another_encoding_is_an_error_that_shows_what_it_reads() {
    let china = "编号,备注\n1,请于上午九点半携带身份证件到柜台办理\n";
    let mixed = [&*TextEncoding::Gb18030.encode(china), "2,张三\n".as_bytes()].concat();
    let reported = read("{ key: 编号 }", &mixed);
    let bad = reported.diagnostics.iter().find(|one| one.code == "bad-row").unwrap();
    assert_eq!(bad.message, "Row 3: a cell is written in UTF-8, and the file is GB18030");
    assert!(bad.help.as_ref().unwrap().ends_with("In UTF-8 it reads `张三`"));
    let mixed = [china.as_bytes(), &*TextEncoding::Gb18030.encode("2,张三\n")].concat();
    let reported = read("{ key: 编号 }", &mixed);
    assert_eq!(reported.reported(), ["bad-row 3:3 Row 3: the byte 0xD5 is not UTF-8"]);
    let help = reported.diagnostics[0].help.clone().unwrap();
    assert!(help.contains("`张三` with `encoding: gb18030`") && !help.contains("such as"), "{help}");
}

proptest! {
    #[test]
    fn any_row_of_any_encoding_keeps_its_bytes(
        rows in prop::collection::vec("[a-z預約|\"]{0,9}", 1..9),
        encoding in prop::sample::select(TextEncoding::ALL.to_vec()),
        end in prop::sample::select(vec!["\n", "\r\n"]),
        delimiter in prop::sample::select(vec![",", ";", "\t"]),
    ) {
        let lines: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(at, cell)| format!("k{at}{delimiter}\"{}\"", cell.replace('"', "\"\"")))
            .collect();
        let text = format!("id{delimiter}a{delimiter}_run{end}{}", lines.iter().map(|line| format!("{line}{delimiter}r{end}")).collect::<String>());
        let read = sound(&format!("{{ key: id, encoding: {} }}", encoding.as_str()), encoding.encode(&text));
        for ((row, line), cell) in read.iter().zip(&lines).zip(&rows) {
            prop_assert_eq!(&row.raw, &*encoding.encode(line));
            let lacks = encoding == TextEncoding::EucKr || encoding.is_single() || encoding.encoding().name().contains("JP") || encoding == TextEncoding::ShiftJis;
            prop_assert!(cell.trim().is_empty() || lacks || row.cells["a"] == cell.as_str());
        }
        prop_assert_eq!(read.len(), rows.len());
    }

    #[test]
    fn no_bytes_of_any_encoding_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), encoding in prop::sample::select(TextEncoding::ALL.to_vec())) {
        for decl in [format!("{{ key: id, encoding: {} }}", encoding.as_str()), "{ key: id }".to_owned()] {
            let mut text = encoding.encode("id,a,_run\n1,x,r\n").into_owned();
            text.extend_from_slice(&bytes);
            let _ = read(&decl, &text);
            let _ = read(&decl, &bytes);
        }
    }
}
