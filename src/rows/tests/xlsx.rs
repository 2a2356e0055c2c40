//! Workbooks: cells as a spreadsheet shows them, errors by cell name, and hostile workbooks.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::setup::{Outcome, decl, read_named};
use crate::rows::{Input, RepairError, RepairSpec, repair_file};

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
fn errors_of_a_workbooks_cell_name_the_cell() {
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
            "bad-row 2:3 Row 2: the cell B2 is shown as a date, but its number is not a day or time",
        ),
        (
            r#"<c r="B2"><v>1</v></c><c r="C2"><v>2</v></c>"#,
            "bad-row 2:5 Row 2 has 3 cells, and the header names 2 cells",
        ),
    ] {
        let read = cell("{}", xml);
        assert_eq!(read.reported(), [wanted], "{xml}");
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
        assert_eq!((read.reported().len(), read.rows.len()), (0, 1), "{xml}: {:?}", read.reported());
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
    assert_eq!(
        read.reported(),
        ["hidden-row - Hidden rows of `rows.xlsx` are read like the others, the first is row 7"]
    );
    assert_eq!((read.rows[0].number, &read.rows[0].raw[..]), (7, &b"k,\"x & \"\"y\"\"\""[..]));
    let file = read.file.unwrap();
    assert_eq!((file.dialect().bom, file.dialect().header.as_str(), file.dialect().extension()), (true, "id,a", "csv"));
    assert_eq!(file.place(&read.rows[0], "a").line, 7);
}

#[test]
fn a_sheet_is_chosen_by_its_name() {
    let decl = |sheet: &str| format!("{{ key: id, sheet: {sheet} }}");
    let second = read_named("standard input", &decl("Second"), book(HEADER, STRINGS));
    assert_eq!((second.reported().len(), second.rows[0].key.as_str()), (0, "7"));
    let reported = read_named("rows.xlsx", &decl("Secnd"), book(HEADER, STRINGS));
    assert_eq!(reported.reported(), ["bad-header 1:1 The workbook has no sheet `Secnd`"]);
    assert_eq!(reported.diagnostics[0].help.as_deref(), Some("Did you mean `Second`?"));
}

#[test]
fn damaged_workbooks_and_files_that_are_none_are_refused() {
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
        let reported = read_named("rows.xlsx", "{ key: id }", bytes).reported();
        assert!(reported.len() == 1 && reported[0].contains(wanted), "{wanted}: {reported:?}");
    }
}

/// A sheet: its name, the kind of its relation, what stands beside its name, its part.
type Sheet<'s> = (&'s str, &'s str, &'s str, &'s str);

/// A workbook of sheets, each a name, the kind of its relation, what stands beside its name, and its part.
fn sheets(calculation: &str, sheets: &[Sheet<'_>]) -> Vec<u8> {
    let each = |one: &dyn Fn(usize, &Sheet<'_>) -> String| -> String {
        sheets.iter().enumerate().map(|(at, sheet)| one(at, sheet)).collect()
    };
    let listed =
        each(&|at, (name, _, more, _)| format!(r#"<sheet name="{name}" sheetId="{at}" {more} q:id="r{at}"/>"#));
    let relations = each(&|at, (_, kind, ..)| {
        format!(
            r#"<Relationship Id="r{at}" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/{kind}" Target="parts/s{at}.xml"/>"#
        )
    });
    let book = format!("<workbook xmlns:q=\"q\"><sheets>{listed}</sheets>{calculation}</workbook>");
    let mut parts = vec![
        ("xl/workbook.xml".to_owned(), book),
        ("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{relations}</Relationships>")),
    ];
    parts.extend(sheets.iter().enumerate().map(|(at, (.., part))| (format!("xl/parts/s{at}.xml"), (*part).to_owned())));
    let parts: Vec<(&str, String)> = parts.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    packed(&parts)
}

fn cells(rows: &str) -> String {
    let head = r#"<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>a</v></c></row>"#;
    format!("<worksheet><sheetViews/><sheetData>{head}{rows}</sheetData></worksheet>")
}

#[test]
fn formulas_without_valid_values_are_refused_and_others_read() {
    let reported = |calculation: &str, cell: &str| {
        let rows = cells(&format!(
            r#"<row r="2"><c r="A2"><v>1</v></c>{cell}</row><row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>0</v></c></row>"#
        ));
        read_named("rows.xlsx", "{ key: id }", sheets(calculation, &[("S", "worksheet", "", &rows)])).reported()
    };
    let saved = r#"<c r="B2"><f>A2+1</f><v>2</v></c>"#;
    let text = r#"<c r="B2" t="str"><f>A2&amp;""</f><v>x</v></c>"#;
    for calculation in
        ["", "<calcPr/>", r#"<calcPr calcMode="manual" calcCompleted="1"/>"#, r#"<calcPr fullCalcOnLoad="0"/>"#]
    {
        for cell in [
            saved,
            text,
            r#"<c r="B2" t="str"><f>""</f><v></v></c>"#,
            r#"<c r="B2"><f t="shared" si="0"/><v>3</v></c>"#,
        ] {
            assert_eq!(reported(calculation, cell), [""; 0], "{calculation} {cell}");
        }
        for cell in [
            r#"<c r="B2"><f>A2</f></c>"#,
            r#"<c r="B2"><f>A2</f><v/></c>"#,
            r#"<c r="B2"><f>A2</f><v> </v></c>"#,
            r#"<c r="B2" t="str"><f>A2</f></c>"#,
            r#"<c r="B2"><f t="shared" si="0"/></c>"#,
        ] {
            assert_eq!(
                reported(calculation, cell),
                ["bad-row 2:3 Row 2: the cell B2 holds a formula and not what comes of it"],
                "{cell}"
            );
        }
    }
    for (calculation, word) in [
        (r#"<calcPr calcId="124519" fullCalcOnLoad="1"/>"#, "fullCalcOnLoad"),
        (r#"<calcPr fullCalcOnLoad="true"></calcPr>"#, "fullCalcOnLoad"),
        (r#"<calcPr forceFullCalc="1"/>"#, "forceFullCalc"),
        (r#"<calcPr calcMode="manual" calcCompleted="0"/>"#, "calcCompleted"),
    ] {
        for cell in [saved, text] {
            let reported = reported(calculation, cell);
            assert!(
                reported.len() == 1 && reported[0].contains("B2 holds a formula") && reported[0].contains(word),
                "{reported:?}"
            );
        }
        assert_eq!(
            reported(calculation, r#"<c r="B2"><v>7</v></c>"#),
            [""; 0],
            "{calculation}: what is no formula stands"
        );
        // Of an array's formula the first cell alone has it; the others have values, or nothing.
        let array = r#"<c r="B2"><f t="array" ref="B2:B3">A2:A3</f><v>0</v></c>"#;
        assert_eq!(reported(calculation, array).len(), 2, "{calculation}");
        let wide = r#"<c r="B2"><v>7</v></c><c r="C2"><f t="array" ref="C2:C9">1</f><v>0</v></c>"#;
        assert!(reported(calculation, wide)[1].contains("C3"), "{:?}", reported(calculation, wide));
    }
}

#[test]
fn sheets_without_rows_are_skipped_and_named() {
    let rows = cells(r#"<row r="2"><c r="A2"><v>1</v></c></row>"#);
    let data = ("Data", "worksheet", "", rows.as_str());
    let hidden = ("Old", "worksheet", r#"state="veryHidden""#, rows.as_str());
    let chart = ("Chart", "chartsheet", "", "<chartsheet/>");
    let mistold = ("Chart", "worksheet", "", "<x:chartsheet xmlns:x=\"x\"><x:drawing/></x:chartsheet>");
    let dialog = ("Ask", "dialogsheet", "", "<dialogsheet/>");
    let macros = ("Macro1", "xlMacrosheet", "", "<xm:macrosheet xmlns:xm=\"m\"><sheetData/></xm:macrosheet>");
    for ahead in [chart, mistold, dialog, macros, hidden] {
        let book = || sheets("", &[ahead, data]);
        let read = read_named("rows.xlsx", "{ key: id }", book());
        assert_eq!((read.reported().len(), read.rows.len()), (0, 1), "{}: {:?}", ahead.0, read.reported());
        let named = read_named("rows.xlsx", &format!("{{ key: id, sheet: {} }}", ahead.0), book());
        match ahead.0 {
            "Old" => assert_eq!(named.rows.len(), 1, "a hidden sheet that is named is read"),
            name => {
                assert!(
                    named.reported()[0].contains(&format!("The sheet `{name}` of the workbook is a ")),
                    "{:?}",
                    named.reported()
                );
                assert!(named.diagnostics[0].help.as_deref().unwrap().contains("`Data`"));
            }
        }
    }
    for (all, wanted, help) in [
        (vec![chart, hidden], "Every sheet with rows of the workbook is hidden", "`sheet:`: `Old`"),
        (vec![chart], "The workbook has no sheet with rows", "passed over"),
        (vec![("S", "worksheet", "", "<worksheet><sheetData/></worksheet>")], "The sheet `S` is empty", "first row"),
        (vec![("S", "worksheet", "", "<worksheet/>"), data], "The sheet `S` is empty", "`Data`"),
    ] {
        let read = read_named("rows.xlsx", "{ key: id }", sheets("", &all));
        assert!(read.reported().len() == 1 && read.reported()[0].contains(wanted), "{wanted}: {:?}", read.reported());
        assert!(read.diagnostics[0].help.as_deref().unwrap().contains(help), "{:?}", read.diagnostics[0].help);
    }
}

#[test]
fn hostile_workbooks_are_refused_in_plain_words() {
    let deep = format!("<worksheet><sheetData><row r=\"1\">{}", "<a>".repeat(1_000_000));
    let formats: String = (0..5_000).map(|id| format!(r#"<numFmt numFmtId="{id}" formatCode="0"/>"#)).collect();
    let spills: String = (0..1_100).map(|_| r#"<f t="array" ref="A1:A9">1</f>"#).collect();
    let attributes: String = (0..60_000).map(|at| format!(r#" a{at}="1""#)).collect();
    let sheet = |part: &str| sheets("", &[("S", "worksheet", "", part)]);
    let styled = |styles: &str| {
        let book = r#"<workbook><sheets><sheet name="S"/></sheets></workbook>"#;
        packed(&[
            ("xl/workbook.xml", book.to_owned()),
            ("xl/styles.xml", styles.to_owned()),
            ("xl/worksheets/sheet1.xml", cells("")),
        ])
    };
    let shared = {
        let large = "x".repeat(1 << 20);
        let refs: String = (0..16).map(|_| "<c t=\"s\"><v>0</v></c>").collect();
        packed(&[
            ("xl/workbook.xml", r#"<workbook><sheets><sheet name="S"/></sheets></workbook>"#.to_owned()),
            ("xl/sharedStrings.xml", format!("<sst><si><t>{large}</t></si></sst>")),
            ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData><row>{refs}</row></sheetData></worksheet>")),
        ])
    };
    for (bytes, wanted) in [
        (sheet(&deep), "nested more than 32 deep"),
        (sheet("<worksheet><sheetData><row r=\"1\">"), "ends in the middle"),
        (
            sheet(&format!("<worksheet><sheetData><row r=\"1\"><c>{spills}</c></row></sheetData></worksheet>")),
            "array formulas",
        ),
        (
            sheet(&format!("<worksheet><sheetData><row r=\"1\"><c{attributes} r=\"{}\"/>", "A".repeat(2 << 20))),
            "longer than 1 MiB",
        ),
        (sheet(&format!("<worksheet><sheetData><row r=\"1\"><c r=\"{}\"/>", "A".repeat(1 << 19))), "is not a cell"),
        (styled(&format!("<styleSheet><numFmts>{formats}</numFmts></styleSheet>")), "number formats"),
        (shared, "The row is longer than 4 MiB"),
        (sheet("<chart/>"), "a sheet of it is a `chart`"),
        (
            packed(&[(
                "xl/workbook.xml",
                r#"<workbook><sheets><sheet name="A"/><sheet name="B"/></sheets></workbook>"#.to_owned(),
            )]),
            "the part of its sheet `A` is missing",
        ),
        (packed(&[("xl/workbook.xml", "<document/>".to_owned())]), "an archive, and no `.xlsx` workbook"),
        (twice_named(), "two of its parts have the same name"),
    ] {
        let reported = read_named("rows.xlsx", "{ key: id }", bytes).reported();
        assert!(
            reported.len() == 1 && reported[0].contains(wanted) && reported[0].len() < 500,
            "{wanted}: {reported:?}"
        );
    }
}

/// A workbook with two parts of one name, as no program writes it.
fn twice_named() -> Vec<u8> {
    let bytes = packed(&[("xl/workbook.xml", "<workbook/>".to_owned()), ("xl/workbook.xmk", "<workbook/>".to_owned())]);
    let mut out = bytes.clone();
    for at in (0..bytes.len()).filter(|at| bytes[*at..].starts_with(b"xl/workbook.xmk")) {
        out[at + b"xl/workbook.xm".len()] = b'l';
    }
    out
}

#[test]
fn far_cells_and_many_merged_ranges_are_read_correctly() {
    let merged: String = (2..100_002).map(|row| format!(r#"<mergeCell ref="A{row}:B{row}"/>"#)).collect();
    let rows = r#"<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="9"/></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>"#;
    let part = cells(rows).replace("</worksheet>", &format!("<mergeCells>{merged}</mergeCells></worksheet>"));
    let read = read_named("rows.xlsx", "{ key: id }", sheets("", &[("S", "worksheet", "", &part)]));
    assert_eq!(read.reported(), [""; 0]);
    let numbers: Vec<u64> = read.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [2, 1_048_576]);
}

#[test]
fn endless_inflation_is_stopped() {
    // A thousandfold each: a text, a tag and a shared text far larger than any cell may be.
    let flood = "x".repeat(64 << 20);
    for bytes in [
        book(&format!(r#"<row r="1"><c t="str"><v>{flood}</v></c></row>"#), STRINGS),
        book(&format!(r#"<row r="1"><c {flood}="1"><v>1</v></c></row>"#), STRINGS),
        book(HEADER, &format!("<si><t>{flood}</t></si>")),
    ] {
        assert!(bytes.len() < 1 << 20);
        let reported = read_named("rows.xlsx", "{ key: id }", bytes).reported();
        assert!(reported.len() == 1 && reported[0].contains("longer than 8 MiB"), "{reported:?}");
    }
}

#[test]
fn formulas_in_a_repaired_workbook_are_escaped_and_read_back_unchanged() {
    let playbook = decl("{ key: id }");
    let text = |cell: &str, text: &str| format!(r#"<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let rows = [("A2", "=k"), ("B2", "@x"), ("A3", "+8613800000000"), ("B3", "'=y")];
    let cells: Vec<String> = rows.iter().map(|(cell, own)| text(cell, own)).collect();
    let rows = format!("{HEADER}<row r=\"2\">{}</row><row r=\"3\">{}</row>", cells[..2].concat(), cells[2..].concat());
    let mut out = Vec::new();
    let input = Input::new("rows.xlsx", Cursor::new(book(&rows, STRINGS)));
    repair_file(&RepairSpec::rows(&playbook, false), None, input, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert_eq!(out, "\u{feff}id,a,_run\r\n'=k,'@x,\r\n+8613800000000,''=y,\r\n");
    let read = read_named("fixed.csv", "{ key: id }", out);
    let cells: Vec<(&str, &str)> =
        read.rows.iter().map(|row| (row.key.as_str(), row.cells["a"].as_str().unwrap())).collect();
    assert_eq!((read.reported().len(), cells), (0, vec![("=k", "@x"), ("+8613800000000", "'=y")]));
}

#[test]
fn a_repaired_workbook_becomes_csv_and_is_refused_where_a_cell_has_no_text() {
    let playbook = decl("{ key: id, columns: { a: { type: integer } } }");
    let repaired = |cell: &str| {
        let key = r#"<c r="A2" t="inlineStr"><is><t xml:space="preserve"> k,1</t></is></c>"#;
        let rows = format!("{HEADER}<row r=\"2\">{key}{cell}</row>");
        let mut out = Vec::new();
        let input = Input::new("rows.xlsx", Cursor::new(book(&rows, STRINGS)));
        let reported = repair_file(&RepairSpec::rows(&playbook, false), None, input, &mut out);
        reported.map(|reported| (reported.cells, String::from_utf8(out).unwrap()))
    };
    let sound = repaired(r#"<c r="B2" t="inlineStr"><is><t>１２</t></is></c>"#).unwrap();
    assert_eq!(sound, (2, "\u{feff}id,a\r\n\"k,1\",12\r\n".to_owned()));
    for cell in [r#"<c r="B2" t="e"><v>#N/A</v></c>"#, r#"<c r="B2"><v>123456789012345678</v></c>"#] {
        assert!(matches!(repaired(cell), Err(RepairError::Unkept(reported)) if reported.len() == 1), "{cell}");
    }
}
