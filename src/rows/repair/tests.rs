//! Which cells are repaired, that every other byte stays, and that repairing twice changes nothing.

use std::collections::HashMap;
use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Diagnostics;
use crate::model::TextEncoding;
use crate::playbook::RowsDecl;
use crate::rows::tests::setup::decl;
use crate::rows::{Input, Reading, Row, RowFile};

/// Columns of every kind that is repaired.
const COLUMNS: &str = "{ key: id, columns: { n: { type: integer, optional: true }, d: { type: date, optional: true }, \
    t: { type: datetime, timezone: Asia/Taipei, optional: true }, cn: { format: cn_id, optional: true }, \
    code: { pattern: '^[A-Z0-9-]+$', optional: true }, z: { length: 3, optional: true }, \
    w: { one_of: ['085', '943'], optional: true } } }";

fn repaired(name: &str, decl: &RowsDecl, bytes: &[u8]) -> (Vec<u8>, RepairSummary) {
    let spec = RepairSpec::rows(decl, false);
    let input = || Input::new(name, Cursor::new(bytes.to_vec()));
    let mut out = Vec::new();
    let summary = repair_file(&spec, Some(input()), input(), &mut out);
    (out, summary.unwrap_or_else(|error| panic!("{error:?}")))
}

/// One cell of a column beside sound ones.
fn cell(column: &str, text: &str) -> Option<String> {
    let (out, _) = repaired(
        "r.csv",
        &decl(COLUMNS),
        format!("id,x,n,d,t,cn,code,z,w\nA,,,,,,,,\nB,{}\n", of(column, text)).as_bytes(),
    );
    let out = String::from_utf8(out).unwrap();
    let line = out.lines().nth(2).unwrap();
    (line != format!("B,{}", of(column, text))).then(|| line.to_owned())
}

fn of(column: &str, text: &str) -> String {
    ["x", "n", "d", "t", "cn", "code", "z", "w"].map(|name| if name == column { text } else { "" }).join(",")
}

fn becomes(column: &str, text: &str, wanted: &str) {
    assert_eq!(cell(column, text), Some(format!("B,{}", of(column, wanted))), "{column}: {text}");
}

#[test]
fn what_cannot_be_proved_stays() {
    for (column, text) in [
        // Accepted texts without a warning, whatever they hold.
        ("x", " Lin\u{A0}"),
        ("x", "１２３"),
        ("x", "a\u{200B}b"),
        ("x", "01/02/2035"),
        // Values that are taken as they are.
        ("n", " 7 "),
        ("d", " 2035-01-31"),
        ("code", "A-1"),
        ("cn", "11010519491231002X"),
        // Rounded, with zeros or marks that may mean something, other words, nothing.
        ("n", "1.23E+17"),
        ("n", "007"),
        ("n", "+5"),
        ("n", "1,000"),
        ("n", "1\u{A0}000"),
        ("n", "７.5"),
        ("n", "\u{200B}"),
        ("n", "x"),
        ("d", "01/02/2035"),
        ("d", "2035-02-30"),
        ("d", "20350131"),
        ("t", "2035-01-31"),
        ("cn", "110105194912310021"),
        ("cn", "130503670401001"),
        ("cn", "\u{FEFF}"),
        ("code", "A 1"),
        ("code", "a-1"),
        ("code", "A\u{A0}1"),
        ("code", "Ａ　１"),
        ("code", "é\u{200B}"),
        ("z", "7"),
        ("z", "1234"),
        ("w", "5"),
        ("w", "43"),
        ("w", "0085"),
    ] {
        assert_eq!(cell(column, text), None, "{column}: {text:?}");
    }
}

#[test]
fn what_can_be_proved_is_repaired() {
    for (column, text, wanted) in [
        ("n", "１２", "12"),
        ("n", "\u{200B}12", "12"),
        ("n", "－７", "-7"),
        ("d", "２０３５－０１－３１", "2035-01-31"),
        ("d", "2035/1/31\u{200E}", "2035-01-31"),
        ("d", "31/01/2035", "2035-01-31"),
        ("d", "２０３５／１／３１", "2035-01-31"),
        ("t", "2035-01-31\u{A0}09:00", "2035-01-31 09:00"),
        ("t", "2035/1/31 9:00", "2035-01-31T09:00:00"),
        ("cn", "11010519491231002x", "11010519491231002X"),
        ("cn", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("cn", "\u{3000}11010519491231002x\u{A0}", "11010519491231002X"),
        ("code", " A-1", "A-1"),
        ("code", "Ａ－１", "A-1"),
        ("code", "A\u{200B}-1", "A-1"),
        ("w", "85", "085"),
        ("z", " abc\u{FEFF}", "abc"),
    ] {
        becomes(column, text, wanted);
    }
}

#[test]
fn identifiers_lose_blanks_and_invisible_characters_around_them() {
    let (out, summary) = repaired(
        "r.csv",
        &decl("{ key: id }"),
        "id,flow_id,note\r\n A ,\"b\u{A0}\", x \r\n\"\u{200B}\"\"C\",d\u{200B}1,é\u{200B}\r\n".as_bytes(),
    );
    assert_eq!(String::from_utf8(out).unwrap(), "id,flow_id,note\r\nA,\"b\", x \r\n\"\"\"C\",d1,é\u{200B}\r\n");
    assert_eq!((summary.cells, summary.rows), (4, 2));
    let sample = &summary.changes[0].samples[0];
    assert_eq!((sample.row, sample.old.as_str(), sample.new.as_str()), (2, " A ", "A"));
    // A text that would open a quote of its own is quoted.
    let (out, _) = repaired("r.csv", &decl("{ key: id }"), "id,a\n\u{200B}\"A,1\n".as_bytes());
    assert_eq!(String::from_utf8(out).unwrap(), "id,a\n\"\"\"A\",1\n");
}

#[test]
fn zeros_are_restored_only_where_length_and_other_cells_require_them() {
    let one = decl("{ key: id, columns: { phone: { length: 10 } } }");
    let text = |last: &str| format!("id,phone\n1,0936039473\n2,0902627557\n3,0911000111\n4,{last}\n");
    let fixed = |last: &str| String::from_utf8(repaired("r.csv", &one, text(last).as_bytes()).0).unwrap();
    assert_eq!(fixed("912000113"), text("0912000113"));
    assert_eq!(fixed("91200"), text("91200"));
    assert_eq!(fixed("n/a"), text("n/a"));
    let open = decl("{ key: id }");
    assert_eq!(repaired("r.csv", &open, text("912000113").as_bytes()).1.cells, 0);
}

#[test]
fn match_columns_are_repaired_in_both_files_or_in_neither() {
    let playbook = decl(
        "{ key: id, columns: { g: { pattern: '^[A-Z0-9]+$' }, n: { type: integer } }, lists: { l: { match: { row: g, list: h } }, m: { match: { row: n, list: o } } } }",
    );
    let list = |at: usize, text: &str| {
        let mut out = Vec::new();
        let input = Input::new("l.csv", Cursor::new(text.to_owned()));
        repair_file(&RepairSpec::list(&playbook, &playbook.lists[at], false), None, input, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(list(0, "h,x\nＡ１ ,1\n"), "h,x\nA1,1\n");
    assert_eq!(list(1, "o,x\n 7\u{200B},1\n"), "o,x\n 7\u{200B},1\n");
    let (rows, _) = repaired("r.csv", &playbook, "id,g,n\nA,Ａ１ , 7\u{200B}\n".as_bytes());
    assert_eq!(String::from_utf8(rows).unwrap(), "id,g,n\nA,A1, 7\u{200B}\n");
}

#[test]
fn other_formats_and_encodings_keep_their_own_bytes() {
    let text = "編號,n,備註\r\n\r\n Ａ1 ,１２,預約 \r\nB,７,\"多,行\r\n二\"\r\n";
    let wanted = "編號,n,備註\r\n\r\nＡ1,12,預約 \r\nB,7,\"多,行\r\n二\"\r\n";
    let playbook = decl("{ key: 編號, columns: { n: { type: integer } } }");
    for encoding in [TextEncoding::Big5, TextEncoding::Utf16le, TextEncoding::Gb18030, TextEncoding::Utf8] {
        let (out, summary) = repaired("r.csv", &playbook, &encoding.encode(text));
        assert_eq!(encoding.decode(&out), wanted, "{}", encoding.name());
        assert_eq!((summary.cells, summary.encoding), (3, encoding));
    }
    let lines = "\u{feff}{\"id\": \" A\\t\", \"n\":\"１\", \"x\": \" \\u00e9\"}\n\n  {\"n\": 2, \"id\":\"B\\u200b\", \"x\":null}";
    let wanted = "\u{feff}{\"id\": \"A\", \"n\":\"1\", \"x\": \" \\u00e9\"}\n\n  {\"n\": 2, \"id\":\"B\", \"x\":null}";
    let playbook = decl("{ key: id, columns: { n: { type: integer } } }");
    assert_eq!(String::from_utf8(repaired("r.jsonl", &playbook, lines.as_bytes()).0).unwrap(), wanted);
    let array = "[ {\"id\": \" A\",\n   \"n\": \"１\" } ,\n {\"id\":\"B\", \"n\": [1] }\n]\n";
    for encoding in [TextEncoding::Utf8, TextEncoding::Utf16be] {
        let (out, _) = repaired("r.json", &playbook, &encoding.encode(array));
        assert_eq!(encoding.decode(&out), array.replace(" A", "A").replace('１', "1"), "{}", encoding.name());
    }
}

#[test]
fn sensitive_cells_are_masked_and_files_that_cannot_be_read_are_left() {
    let playbook = decl("{ key: id, columns: { id: { sensitive: true } } }");
    let (_, summary) = repaired("r.csv", &playbook, b"id\n A\n");
    assert_eq!(summary.changes[0].samples[0].old, "***");
    for text in ["", "id,id\n1,2\n", "x\n1\n", "id\n\"A\n"] {
        let input = Input::new("r.csv", Cursor::new(text));
        let summary = repair_file(&RepairSpec::rows(&playbook, false), None, input, &mut Vec::new());
        assert!(matches!(summary, Err(RepairError::Unreadable(_))), "{text:?}: {summary:?}");
    }
}

/// Every row of a file, and all messages about it.
fn checked(decl: &RowsDecl, bytes: &[u8]) -> (Vec<Reading>, String) {
    let mut diagnostics = Diagnostics::new();
    let input = Input::new("r.csv", Cursor::new(bytes.to_vec()));
    let mut file = RowFile::open(decl, input, HashMap::new(), false, &mut diagnostics).unwrap();
    let rows: Vec<Reading> = std::iter::from_fn(|| file.next_reading(&mut diagnostics)).collect();
    for row in &rows {
        if let Reading::Invalid(row) = row {
            diagnostics.extend(row.diagnostics.clone());
        }
    }
    (rows, diagnostics.iter().map(|one| format!("{}\n", one.message)).collect())
}

fn sound(reading: &Reading) -> Option<&Row> {
    match reading {
        Reading::Row(row) => Some(row),
        Reading::Invalid(_) => None,
    }
}

fn cells() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "A",
        "1",
        "12",
        "085",
        "85",
        "-",
        "/",
        " ",
        "\u{A0}",
        "\u{3000}",
        "\u{200B}",
        "\u{FEFF}",
        "１",
        "Ａ",
        "－",
        "x",
        "é",
        "約",
        "2035/1/31",
        "2035-01-31",
        "31/01/2035",
        "01/02/2035",
        " 9:00",
        "11010519491231002x",
        "11010519491231002X",
        "\t",
        ".",
        "0",
        "\u{200D}",
        "😀",
        "\u{202E}",
        "'",
        "=",
        "“",
        "”",
        ".0",
        "880100",
    ]);
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn only_what_the_check_reports_is_changed_and_only_once(
        rows in prop::collection::vec((prop::collection::vec(cells(), 9), any::<bool>()), 1..6),
        wide in any::<bool>(),
    ) {
        let heads = ["id", "note", "n", "d", "t", "cn", "code", "z", "w"];
        let mut text = format!("{}\n", heads.join(","));
        for (number, (cells, quoted)) in rows.iter().enumerate() {
            let quote = if *quoted { "\"" } else { "" };
            let line: Vec<String> = cells.iter().enumerate()
                .map(|(at, cell)| format!("{quote}{}{cell}{quote}", if at == 0 { format!("K{number}") } else { String::new() })).collect();
            text.push_str(&format!("{}\n", line.join(",")));
        }
        let encoding = if wide { TextEncoding::Utf16le } else { TextEncoding::Utf8 };
        let bytes = encoding.encode(&text).into_owned();
        let playbook = decl(COLUMNS);
        let (once, summary) = repaired("r.csv", &playbook, &bytes);
        let (twice, again) = repaired("r.csv", &playbook, &once);
        prop_assert_eq!(&once, &twice);
        prop_assert_eq!(again.cells, 0);
        let (before, said) = checked(&playbook, &bytes);
        let (after, _) = checked(&playbook, &once);
        for change in &summary.changes {
            prop_assert!(said.contains(&format!("Column `{}`", change.column)), "{}: {said}", change.column);
        }
        prop_assert_eq!(before.len(), after.len());
        for old in before.iter().filter_map(sound) {
            let new = after.iter().filter_map(sound).find(|new| new.position == old.position);
            prop_assert!(new.is_some(), "a sound row was made unsound: {}", old.key);
            for (name, value) in &old.cells {
                let reported = said.contains(&format!("Column `{name}`"));
                prop_assert!(reported || new.and_then(|new| new.cells.get(name)) == Some(value), "{name}: {value}");
            }
        }
    }
}

#[test]
fn what_exporters_write_around_codes_is_removed() {
    let text = "flow_id,note,id\n=\"00123\",\"=\"\"a\"\"\",K1\n'00124,'tis,K2\n“00125”,“so”,K3\n880100.0,1.0,K4\n00126\t,12\t,K5\n";
    let (out, summary) = repaired("r.csv", &decl("{ key: id }"), text.as_bytes());
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "flow_id,note,id\n00123,\"a\",K1\n00124,'tis,K2\n00125,“so”,K3\n880100,1.0,K4\n00126,12,K5\n"
    );
    let rules: Vec<&str> = summary.changes.iter().map(|change| change.rule.as_str()).collect();
    assert_eq!(rules, ["blanks", "formula", "text-mark", "quotes", "float-tail", "blanks", "formula"]);
    // Beside another fraction, `.0` may be a version; and marks between thousands may part two numbers.
    for text in ["id\n1.0\n1.5\n", "id\n\"880,100\"\n", "id\n880.100\n", "id\n#N/A\n"] {
        assert_eq!(repaired("r.csv", &decl("{ key: id }"), text.as_bytes()).1.cells, 0, "{text}");
    }
}
