//! Workbooks that other programs wrote: cells as they are shown, dates as dates, and the kinds that are not read named.
//! `tests/fixtures/workbooks/README.md` says which program made which.

use std::fs;
use std::io::{Read, Write};

use nix::sys::resource::{UsageWho, getrusage};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::program::{TestFolder, root};

const PLAYBOOK: &str = "name: Workbooks
rows: { from: rows.xlsx, key: id, columns: { value: { optional: true } } }
steps:
  - { id: a, uses: http.request, repeat: safe, with: { method: GET, path: / } }
";

/// What every writer's sheet of the same cells comes to, by what stands beside the cell.
const SHOWN: [(&str, &str); 17] = [
    ("text zeros", "00123"),
    ("long id text", "123456789012345678"),
    ("zeros by format", "00123"),
    ("zip 000-0000", "123-4567"),
    ("percent", "15.5%"),
    ("cny locale", "\"¥1,234.50\""),
    ("accounting", "\"1,234.50\""),
    ("accounting neg", "\"(1,234.50)\""),
    ("date m/d/yy", "2035-03-31"),
    ("date cn", "2035-03-31"),
    ("datetime am", "2035-03-31T21:30:00"),
    ("time s", "09:30:15"),
    ("bool t", "TRUE"),
    ("float", "0.3"),
    ("optional places", "1.5"),
    ("emoji", "👍🏽 é"),
    ("empty string", ""),
];

fn desk(book: &str) -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    fs::copy(root().join("tests/fixtures/workbooks").join(book), desk.path().join(book)).unwrap();
    desk
}

#[test]
fn unsupported_files_are_named_for_what_they_are_with_their_cure() {
    for (book, what) in [
        ("locked.xlsx", "locked with a password"),
        ("old.xls", "workbook of the old kind, `.xls`"),
        ("open.ods", "OpenDocument spreadsheet"),
        ("binary.xlsb", "binary workbook, `.xlsb`"),
    ] {
        let desk = desk(book);
        let renamed = ["renamed.xlsx", "renamed.csv"];
        for name in renamed {
            fs::copy(desk.path().join(book), desk.path().join(name)).unwrap();
        }
        for name in [book].iter().chain(&renamed) {
            let came = desk.run(&format!("check playbook.yaml --rows {name}")).exits(3);
            let said = came.err.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
            assert!(said.contains(what) && said.contains("as \"CSV UTF-8\""), "{name}: {said}");
        }
    }
    let desk = desk("hidden_first.xlsx");
    for (name, text, what) in [
        ("export.xls", "<html><table><tr><td>id</td></tr></table></html>", "web page that is named `.xls`"),
        ("export.xlsx", "id,value\nA-1,x\n", "Rename it to `.csv`"),
        ("nothing.xlsx", "", "The file is empty"),
    ] {
        desk.write(name, text);
        desk.run(&format!("check playbook.yaml --rows {name}")).exits(3).says(&[what]);
    }
}

#[test]
fn every_writers_cells_are_read_as_they_are_shown() {
    for book in
        ["openpyxl_1904.xlsx", "xlsxwriter_inline.xlsx", "exceljs.xlsx", "sheetjs.xlsx", "gnumeric.xlsx", "strict.xlsx"]
    {
        let desk = desk(book);
        desk.run(&format!("run playbook.yaml --rows {book} --out out")).exits(0);
        let results = desk.read("out/results.csv");
        let mut found = 0;
        for line in results.lines().skip(1) {
            let (_, rest) = line.split_once(',').unwrap();
            let (what, rest) = rest.split_once(',').unwrap();
            let (_, shown) = SHOWN.iter().find(|(name, _)| *name == what).unwrap();
            assert!(rest.starts_with(&format!("{shown},20")), "{book}, {what}: {rest}");
            found += 1;
        }
        // Times of day alone are no dates to two of the writers.
        assert!(found >= SHOWN.len() - 1, "{book}: {found}");
    }
}

/// The workbook of all kinds of cells as a spreadsheet saves it. The program that wrote it leaves all formulas to be
/// worked out on opening.
fn all_kinds() -> TestFolder {
    let desk = desk("cells_of_all_kinds.xlsx");
    desk.run("check playbook.yaml --rows cells_of_all_kinds.xlsx").exits(3).says_wrapped(&["`fullCalcOnLoad`"]);
    let path = desk.path().join("cells_of_all_kinds.xlsx");
    let mut was = zip::ZipArchive::new(std::io::Cursor::new(fs::read(&path).unwrap())).unwrap();
    let mut is = ZipWriter::new(fs::File::create(&path).unwrap());
    for place in 0..was.len() {
        let mut part = was.by_index(place).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if part.name().unwrap() == "xl/workbook.xml" {
            bytes = String::from_utf8(bytes).unwrap().replace("fullCalcOnLoad=\"1\"", "").into_bytes();
        }
        is.start_file(part.name().unwrap(), SimpleFileOptions::default()).unwrap();
        is.write_all(&bytes).unwrap();
    }
    is.finish().unwrap();
    desk
}

#[test]
fn cells_of_all_kinds_are_read_or_reported() {
    let desk = all_kinds();
    let came = desk.run("run playbook.yaml --rows cells_of_all_kinds.xlsx --skip-invalid --out out").exits(4);
    came.says(&["warning[hidden-row]", "the first is row 4"]);
    let results = desk.read("out/results.csv");
    for wanted in [
        "R2,formula num,2,",
        "R3,formula text,ab,",
        "R4,formula bool,TRUE,",
        "R5,formula err,#UNREAD! #DIV/0!,",
        "the cell C5 holds the error `#DIV/0!`",
        "R7,array formula,3,",
        "R8,rich,contract 1,",
        "R9,merged,over three,",
        "R10,url,link,",
        "R11,blank styled,,",
    ] {
        assert!(results.contains(wanted), "{wanted}: {results}");
    }
    let (rows, hidden) = (results.lines().count(), desk_hidden());
    assert_eq!((rows, hidden.as_str()), (11, "R2,a,1,"));
}

/// The row of a workbook whose first sheet is hidden.
fn desk_hidden() -> String {
    let desk = desk("hidden_first.xlsx");
    desk.run("run playbook.yaml --rows hidden_first.xlsx --out out").exits(0);
    desk.read("out/results.csv").lines().nth(1).unwrap().chars().take(7).collect()
}

#[test]
fn a_cell_that_could_not_be_read_is_refused_when_its_row_is_fed_back() {
    let desk = all_kinds();
    desk.run("run playbook.yaml --rows cells_of_all_kinds.xlsx --skip-invalid --out out").exits(4);
    let failed = desk.read("out/failed.csv");
    assert!(failed.contains("R5,formula err,#UNREAD! #DIV/0!,"), "{failed}");
    let again = desk.run("run playbook.yaml --rows out/failed.csv --out again").exits(3);
    again.says(&["`#UNREAD!` stands for a cell that could not be read", "Write the value itself"]);
    let told = desk.run("check playbook.yaml --rows out/failed.csv --format json").json();
    assert_eq!(told["diagnostics"][0]["count"], failed.lines().count() - 1, "each of its rows: {told}");
    desk.write("right.csv", &failed.replace("#UNREAD! #DIV/0!", "right"));
    desk.run("run playbook.yaml --rows right.csv --only R5 --out right").exits(0);
}

/// A workbook of one sheet, part by part: names and the texts that fill them, each so many times.
fn packed(path: &std::path::Path, parts: &[(&str, &str, &str, usize, &str)]) {
    let mut zip = ZipWriter::new(fs::File::create(path).unwrap());
    for (name, ahead, text, times, behind) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(ahead.as_bytes()).unwrap();
        let block = text.repeat((*times).min(1_000));
        (0..times / 1_000).for_each(|_| zip.write_all(block.as_bytes()).unwrap());
        zip.write_all(text.repeat(times % 1_000).as_bytes()).unwrap();
        zip.write_all(behind.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

/// The most memory that the refusal of a workbook may take, in KiB; the program itself is most of it.
const MOST_MEMORY: i64 = 100 * 1024;

#[test]
fn the_memory_of_a_refused_workbook_is_bounded() {
    const BOOK: (&str, &str, &str, usize, &str) =
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"S\"/></sheets></workbook>", "", 0, "");
    const SHEET: &str = "xl/worksheets/sheet1.xml";
    const HEAD: &str = "<worksheet><sheetData><row><c t=\"str\"><v>id</v></c><c t=\"str\"><v>value</v></c></row>";
    let large = "x".repeat(1_000);
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    for (name, wanted, parts) in [
        ("open.xlsx", "nested more than 32 deep", vec![BOOK, (SHEET, HEAD, "<a>", 12_000_000, "")]),
        (
            "text.xlsx",
            "longer than 8 MiB",
            vec![BOOK, (SHEET, "<worksheet><sheetData><row><c><v>", "xxxx", 5_000_000, "")],
        ),
        (
            "name.xlsx",
            "longer than 8 MiB",
            vec![BOOK, (SHEET, "<worksheet><sheetData><row><c a=\"", "xxxx", 5_000_000, "")],
        ),
        (
            "row.xlsx",
            "more than 4 MiB",
            vec![BOOK, (SHEET, "<worksheet><sheetData><row>", &format!("<c t=\"str\"><v>{large}</v></c>"), 16_000, "")],
        ),
        (
            "attributes.xlsx",
            "longer than 1 MiB",
            vec![BOOK, (SHEET, "<worksheet><sheetData><row><c ", "a='1' ", 400_000, "/>")],
        ),
        (
            "shared.xlsx",
            "longer than 4 MiB",
            vec![
                BOOK,
                (
                    "xl/sharedStrings.xml",
                    "<sst><si><t>id</t></si><si><t>value</t></si><si><t>",
                    &large,
                    1_000,
                    "</t></si></sst>",
                ),
                (
                    SHEET,
                    "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row><row>",
                    "<c t=\"s\"><v>2</v></c>",
                    16_000,
                    "</row></sheetData></worksheet>",
                ),
            ],
        ),
        (
            "styles.xlsx",
            "number formats",
            vec![
                BOOK,
                ("xl/styles.xml", "<styleSheet><numFmts>", "<numFmt numFmtId=\"1\" formatCode=\"0\"/>", 10, ""),
                (SHEET, HEAD, "", 0, "</sheetData></worksheet>"),
            ],
        ),
    ] {
        let path = desk.path().join(name);
        packed(&path, &parts);
        if name == "styles.xlsx" {
            let formats: String =
                (0..100_000).map(|id| format!("<numFmt numFmtId=\"{id}\" formatCode=\"0\"/>")).collect();
            packed(
                &path,
                &[BOOK, ("xl/styles.xml", "<styleSheet><numFmts>", &formats, 1, ""), (SHEET, HEAD, "", 0, "")],
            );
        }
        desk.run(&format!("check playbook.yaml --rows {name}")).exits(3).says_wrapped(&[wanted]);
        let most = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
        assert!(most < MOST_MEMORY, "{name}: {most} KiB");
    }
    // An archive whose table names very many parts.
    let path = desk.path().join("parts.xlsx");
    let mut zip = ZipWriter::new(fs::File::create(&path).unwrap());
    for part in 0..60_000 {
        zip.start_file(
            format!("xl/{part:06}"),
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored),
        )
        .unwrap();
    }
    zip.finish().unwrap();
    desk.run("check playbook.yaml --rows parts.xlsx").exits(3).says(&["more than 10000 parts"]);
    let most = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
    assert!(most < MOST_MEMORY, "parts.xlsx: {most} KiB");
}

#[test]
fn formulas_that_a_workbook_wants_worked_out_are_refused_with_their_cure() {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    let rows = "<row><c t=\"str\"><v>id</v></c><c t=\"str\"><v>value</v></c></row><row><c><v>1</v></c><c><f>DATE(2035,3,1)</f><v>0</v></c></row>";
    packed(
        &desk.path().join("rows.xlsx"),
        &[
            (
                "xl/workbook.xml",
                "<workbook><sheets><sheet name=\"S\"/></sheets><calcPr fullCalcOnLoad=\"1\"/></workbook>",
                "",
                0,
                "",
            ),
            ("xl/worksheets/sheet1.xml", "<worksheet><sheetData>", rows, 1, "</sheetData></worksheet>"),
        ],
    );
    let came = desk.run("plan playbook.yaml").exits(3);
    came.says_wrapped(&[
        "the cell B2 holds a formula",
        "`fullCalcOnLoad`",
        "Open the workbook in a spreadsheet and save it",
    ]);
}
