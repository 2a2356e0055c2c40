//! Workbooks: cells as they are shown, what is wrong named by its cell, and workbooks that are made to do harm.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::setup::{Outcome, decl, read_named};
use crate::rows::{Input, MendSpec, Unmended, mend};

const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="0.00E+00"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="165"/><xf numFmtId="49"/><xf numFmtId="4"/></cellXfs></styleSheet>"#;

/// A workbook of one sheet and shared texts.
fn book(rows: &str, strings: &str) -> Vec<u8> {
    packed(&[
        ("xl/workbook.xml", r#"<workbook xmlns:r="r"><sheets><sheet name="First" r:id="rId1"/><sheet name="Second" r:id="rId2"/></sheets></workbook>"#.to_owned()),
        ("xl/_rels/workbook.xml.rels", r#"<Relationships><Relationship Id="rId1" Target="worksheets/a.xml"/><Relationship Id="rId2" Target="/xl/worksheets/b.xml"/></Relationships>"#.to_owned()),
        ("xl/styles.xml", STYLES.to_owned()),
        ("xl/sharedStrings.xml", format!("<sst>{strings}</sst>")),
        ("xl/worksheets/a.xml", format!(r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData><mergeCells/></worksheet>"#)),
        ("xl/worksheets/b.xml", r#"<worksheet><sheetData><row><c t="inlineStr"><is><t>id</t></is></c></row><row><c><v>7</v></c></row></sheetData></worksheet>"#.to_owned()),
    ])
}

fn packed(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const HEADER: &str = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>"#;
const STRINGS: &str = "<si><t>id</t></si><si><t>a</t></si><si><r><t>x &amp; </t></r><r><t>\"y\"</t></r><rPh><t>no</t></rPh></si><si><t>a_x000D_b_xZZ</t></si>";

fn read(decl: &str, rows: &str) -> Outcome {
    read_named("rows.xlsx", decl, book(&format!("{HEADER}{rows}"), STRINGS))
}

/// The cell B2, under a declaration of its column.
fn cell(column: &str, cell: &str) -> Outcome {
    read(
        &format!("{{ key: id, columns: {{ a: {column} }} }}"),
        &format!(r#"<row r="2"><c r="A2"><v>1</v></c>{cell}</row>"#),
    )
}

#[test]
fn what_is_wrong_with_a_cell_names_it() {
    for (xml, wanted) in [
        (r#"<c r="B2" t="e"><f>NA()</f><v>#N/A</v></c>"#, "bad-row 2:3 Row 2: the cell B2 holds the error `#N/A`"),
        (
            r#"<c r="B2"><v>1.23456789012346E+17</v></c>"#,
            "bad-row 2:3 Row 2: the cell B2 holds a number of more than 15 digits, which the spreadsheet has rounded",
        ),
        (
            r#"<c r="B2" s="4"><v>5551234</v></c>"#,
            "bad-row 2:3 Row 2: the cell B2 shows a number as `0.00E+00`, which is not read",
        ),
        (r#"<c r="B2"><f>A1+1</f></c>"#, "bad-row 2:3 Row 2: the cell B2 holds a formula and not what comes of it"),
        (r#"<c r="B2" t="s"><v>99</v></c>"#, "bad-row 2:3 Row 2: the text of the cell B2 is missing"),
        (r#"<c r="B2" t="str"><v>a_x0000_b</v></c>"#, "bad-row 2:3 Row 2: a NUL stands in the cell B2"),
        ("<c r=\"B2\" t=\"inlineStr\"><is><t>a\0b</t></is></c>", "bad-row 2:3 Row 2: a NUL stands in the cell B2"),
        (
            r#"<c r="B2" s="2"><v>-1</v></c>"#,
            "bad-row 2:3 Row 2: the cell B2 is shown as a date, and its number is no day or time",
        ),
        (
            r#"<c r="B2"><v>1</v></c><c r="C2"><v>2</v></c>"#,
            "bad-row 2:5 Row 2 has 3 cells, and the header names 2 cells",
        ),
    ] {
        let read = cell("{}", xml);
        assert_eq!(read.told(), [wanted], "{xml}");
        assert!(read.diagnostics[0].help.is_some());
    }
}

#[test]
fn cells_are_read_as_they_are_shown() {
    for (column, xml, wanted) in [
        ("{}", r#"<c r="B2" t="s"><v>2</v></c>"#, "\"x & \\\"y\\\"\""),
        ("{}", r#"<c r="B2" t="s"><v>3</v></c>"#, "\"a\\rb_xZZ\""),
        ("{}", r#"<c r="B2" t="str"><f>A1</f><v>a,b</v></c>"#, "\"a,b\""),
        ("{}", r#"<c r="B2" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c>"#, "\"inline\""),
        ("{}", r#"<c r="B2" s="1"><v>123</v></c>"#, "\"00123\""),
        ("{}", r#"<c r="B2"><v>123456789012345</v></c>"#, "\"123456789012345\""),
        ("{}", r#"<c r="B2" s="6"><v>1234.5</v></c>"#, "\"1,234.50\""),
        ("{ type: number }", r#"<c r="B2" s="6"><v>1234.5</v></c>"#, "1234.5"),
        ("{ type: integer }", r#"<c r="B2" s="1"><v>123</v></c>"#, "123"),
        ("{ type: boolean }", r#"<c r="B2" t="b"><v>1</v></c>"#, "true"),
        ("{ type: date }", r#"<c r="B2" s="2"><v>46348</v></c>"#, "\"2026-11-22\""),
        ("{ type: date, format: YYYY/M/D }", r#"<c r="B2" s="2"><v>46348</v></c>"#, "\"2026-11-22\""),
        (
            "{ type: datetime, timezone: Asia/Taipei }",
            r#"<c r="B2" s="3"><v>46348.395833333336</v></c>"#,
            "\"2026-11-22T09:30:00+08:00\"",
        ),
        ("{}", r#"<c r="B2" s="2"><v>46348</v></c>"#, "\"2026-11-22\""),
        ("{ optional: true }", r#"<c r="B2" s="2"/>"#, "null"),
    ] {
        let read = cell(column, xml);
        assert_eq!((read.told().len(), read.rows.len()), (0, 1), "{xml}: {:?}", read.told());
        assert_eq!(read.rows[0].cells["a"].to_string(), wanted, "{xml}");
    }
}

#[test]
fn a_mark_in_the_first_cell_is_quoted_in_the_row() {
    let xml = "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>\u{feff}k</v></c><c r=\"B2\" t=\"str\"><v>\u{feff}</v></c></row>";
    let read = read("{ key: id }", xml);
    assert_eq!(read.rows[0].raw, "\"\u{feff}k\",\u{feff}");
}

#[test]
fn rows_become_csv_under_their_own_numbers() {
    let rows = r#"<row r="2"/><row r="3"><c r="A3"/></row><row r="7" hidden="1"><c r="A7" t="str"><v>k</v></c><c r="B7" t="s"><v>2</v></c></row>"#;
    let read = read("{ key: id }", rows);
    assert_eq!(read.told(), ["hidden-row - Hidden rows of `rows.xlsx` are read like the others, the first is row 7"]);
    assert_eq!((read.rows[0].number, &read.rows[0].raw[..]), (7, &b"k,\"x & \"\"y\"\"\""[..]));
    let file = read.file.unwrap();
    assert_eq!((file.dialect().bom, file.dialect().header.as_str(), file.dialect().extension()), (true, "id,a", "csv"));
    assert_eq!(file.place(&read.rows[0], "a").line, 7);
}

#[test]
fn a_sheet_is_chosen_by_its_name() {
    let decl = |sheet: &str| format!("{{ key: id, sheet: {sheet} }}");
    let second = read_named("standard input", &decl("Second"), book(HEADER, STRINGS));
    assert_eq!((second.told().len(), second.rows[0].key.as_str()), (0, "7"));
    let told = read_named("rows.xlsx", &decl("Secnd"), book(HEADER, STRINGS));
    assert_eq!(told.told(), ["bad-header 1:1 The workbook has no sheet `Secnd`"]);
    assert_eq!(told.diagnostics[0].help.as_deref(), Some("Did you mean `Second`?"));
}

#[test]
fn workbooks_that_are_damaged_or_none_are_refused() {
    let whole = book(HEADER, STRINGS);
    let cut = whole[..whole.len() / 2].to_vec();
    let sheet = |rows: &str| book(rows, STRINGS);
    for (bytes, wanted) in [
        (cut, "The workbook cannot be read"),
        (b"PK\x03\x04nonsense".to_vec(), "The workbook cannot be read"),
        (b"id,a\n1,x\n".to_vec(), "The file is text, although its name ends in `.xlsx`"),
        (packed(&[("mimetype", "x".to_owned())]), "The file is an archive, and no `.xlsx` workbook"),
        (sheet(""), "The sheet `First` is empty"),
        (sheet("<row"), "The workbook cannot be read"),
        (sheet(&format!(r#"{HEADER}<row r="1"><c r="A1"><v>1</v></c></row>"#)), "row 1 follows row 1"),
        (sheet(r#"<row r="1048577"><c><v>1</v></c></row>"#), "row 1048577 follows row 0"),
        (sheet(r#"<row r="1"><c r="XFE1"><v>1</v></c></row>"#), "a cell stands in column 16385"),
        (sheet(r#"<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>"#), "a cell stands in column 1"),
        (sheet(r#"<row r="1"><c><v>&boom;</v></c></row>"#), "it names the entity `boom`"),
        (
            packed(&[("xl/workbook.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><workbook/>".to_owned())]),
            "it declares a document type",
        ),
    ] {
        let told = read_named("rows.xlsx", "{ key: id }", bytes).told();
        assert!(told.len() == 1 && told[0].contains(wanted), "{wanted}: {told:?}");
    }
}

#[test]
fn what_inflates_without_end_is_stopped() {
    // A thousandfold each: a text, a tag and a shared text far larger than any cell may be.
    let flood = "x".repeat(64 << 20);
    for bytes in [
        book(&format!(r#"<row r="1"><c t="str"><v>{flood}</v></c></row>"#), STRINGS),
        book(&format!(r#"<row r="1"><c {flood}="1"><v>1</v></c></row>"#), STRINGS),
        book(HEADER, &format!("<si><t>{flood}</t></si>")),
    ] {
        assert!(bytes.len() < 1 << 20);
        let told = read_named("rows.xlsx", "{ key: id }", bytes).told();
        assert!(told.len() == 1 && told[0].contains("longer than 16 MiB"), "{told:?}");
    }
}

#[test]
fn repaired_rows_of_a_workbook_are_csv_or_none_where_a_cell_has_no_text() {
    let playbook = decl("{ key: id, columns: { a: { type: integer } } }");
    let mended = |cell: &str| {
        let key = r#"<c r="A2" t="inlineStr"><is><t xml:space="preserve"> k,1</t></is></c>"#;
        let rows = format!("{HEADER}<row r=\"2\">{key}{cell}</row>");
        let mut out = Vec::new();
        let input = Input::new("rows.xlsx", Cursor::new(book(&rows, STRINGS)));
        let told = mend(&MendSpec::rows(&playbook, false), None, input, &mut out);
        told.map(|told| (told.cells, String::from_utf8(out).unwrap()))
    };
    let sound = mended(r#"<c r="B2" t="inlineStr"><is><t>１２</t></is></c>"#).unwrap();
    assert_eq!(sound, (2, "\u{feff}id,a\r\n\"k,1\",12\r\n".to_owned()));
    for cell in [r#"<c r="B2" t="e"><v>#N/A</v></c>"#, r#"<c r="B2"><v>123456789012345678</v></c>"#] {
        assert!(matches!(mended(cell), Err(Unmended::Unkept(told)) if told.len() == 1), "{cell}");
    }
}
