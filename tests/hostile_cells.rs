//! Cells made to do harm: each arrives at the sandbox byte for byte, puts nothing on a terminal that acts there, and
//! runs as no formula in a cell that we write.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};

use runsheet::internals::model::TextEncoding;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::program::{CommandResult, TestFolder};

/// The cells are the rows' keys too, so that every verb that names a row shows them.
const PLAYBOOK: &str = "name: Hostile cells
rows: { from: FILE, key: cell, columns: { number: { type: integer } } }
limits: { in_flight: 1 }
steps:
  - id: send
    uses: http.request
    with: { method: POST, path: /cells, body: { cell: '{{ row.cell }}', inside: '<{{ row.cell }}>' } }
results: { told: '{{ row.cell }}', echoed: '{{ steps.send.body.body.cell }}' }
";

/// What may stand in a cell of every format.
const CELLS: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://x\",\"y\")",
    "+1+1",
    "-1+1",
    "-5",
    "@SUM(A1)",
    "＝1+1",
    "\t=1+1",
    "\r=1+1",
    "{{ row.number }}",
    "{{{row.number}}}",
    "\\{{ x }}",
    "{{#each row}}{{this}}{{/each}}",
    "}}",
    "1e309",
    "-0",
    "NaN",
    "123456789012345678901234567890",
    "00123",
    "0x1F",
    "=1\u{202e}fdp.exe",
    "\u{2066}left\u{2069}",
    "zero\u{200b}width\u{200d}joined\u{2060}",
    "👩\u{200d}👩\u{200d}👧\u{1f3fd} 🇹🇼",
    "e\u{301}\u{327} and é",
    "a\u{feff}b",
    "\u{1b}[2J\u{1b}]0;title\u{7}",
    "\u{9b}31m\u{85}",
    "two\nlines\r\nand three",
    "error[bad-row]\n\n  × forged",
    "say \"hi\", she said; or 'no'",
    " blanks around ",
    "null",
    "<v>&amp;</v>",
    "%s%n$(reboot)`id`",
    "'; DROP TABLE rows; --",
];

/// A row file of all cells, and how a row's own bytes stand in its row files.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    cells: Vec<String>,
}

fn cases() -> Vec<Case> {
    let cells: Vec<String> = CELLS.iter().map(|cell| (*cell).to_owned()).collect();
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let lines = |delimiter: &str| {
        let rows = cells.iter().map(|cell| format!("{}{delimiter}7\n", quoted(cell)));
        format!("cell{delimiter}number\n{}", rows.collect::<String>())
    };
    let with_nul: Vec<String> = cells.iter().cloned().chain(["a\0b".to_owned()]).collect();
    let objects: Vec<String> = with_nul.iter().map(|cell| json!({"cell": cell, "number": 7}).to_string()).collect();
    let case = |name, bytes, cells: &[String]| Case { name, bytes, cells: cells.to_vec() };
    vec![
        case("rows.csv", lines(",").into_bytes(), &cells),
        case("wide.csv", TextEncoding::Utf16le.encode(&format!("\u{feff}{}", lines(","))).into_owned(), &cells),
        case("rows.tsv", lines("\t").into_bytes(), &cells),
        case("rows.jsonl", (objects.join("\n") + "\n").into_bytes(), &with_nul),
        case("rows.json", format!("[{}]", objects.join(",\n")).into_bytes(), &with_nul),
        case("rows.xlsx", workbook(&cells), &cells),
    ]
}

fn workbook(cells: &[String]) -> Vec<u8> {
    let text = |cell: &str| {
        let escaped = cell.replace('&', "&amp;").replace('<', "&lt;");
        let control = |c: char| c.is_control() && c != '\n' && c != '\t';
        escaped
            .chars()
            .map(|c| if control(c) { format!("_x{:04X}_", c as u32) } else { c.to_string() })
            .collect::<String>()
    };
    let cell = |cell: &str| format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", text(cell));
    let rows: String = cells.iter().map(|own| format!("<row>{}<c><v>7</v></c></row>", cell(own))).collect();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"S\"/></sheets></workbook>".to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet><sheetData><row>{}{}</row>{rows}</sheetData></worksheet>",
                cell("cell"),
                cell("number")
            ),
        ),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn desk_of(case: &Case) -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", &PLAYBOOK.replace("FILE", case.name));
    fs::write(desk.path().join(case.name), &case.bytes).unwrap();
    desk
}

/// The requests that reached the sandbox in the latest run.
fn requests(desk: &TestFolder) -> Vec<Value> {
    let mut runs: Vec<_> =
        fs::read_dir(desk.path().join("state/runs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    runs.sort();
    let log = fs::read_to_string(runs.last().unwrap().join("sandbox.jsonl")).unwrap();
    log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["request"].clone()).collect()
}

/// Fails if anything was said that a terminal would act upon, or that reorders what stands beside it.
#[track_caller]
fn harmless(came: CommandResult) -> CommandResult {
    let acts = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for text in [&came.out, &came.err] {
        if let Some(at) = text.find(acts) {
            let near: String = text[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
            panic!("{:?} behind {near:?}", text[at..].chars().next());
        }
        assert!(!text.lines().any(|line| line == "  × forged"), "a cell pretends to be a message:\n{text}");
    }
    came
}

#[test]
fn every_cell_arrives_as_it_stands() {
    for case in cases() {
        let desk = desk_of(&case);
        desk.run("run playbook.yaml --out out").exits(0);
        let wanted: Vec<Value> =
            case.cells.iter().map(|cell| json!({"cell": cell, "inside": format!("<{cell}>")})).collect();
        assert_eq!(requests(&desk), wanted, "{}", case.name);
    }
}

#[test]
fn no_verb_puts_on_a_terminal_what_acts_there() {
    for case in cases() {
        let desk = desk_of(&case);
        let told = |line: &str, code: i32| harmless(desk.run(line).exits(code));
        told("check playbook.yaml", 0);
        told("plan playbook.yaml", 0);
        told("run playbook.yaml --out out -v", 0);
        told("run playbook.yaml -q", 0);
        told("runs show latest", 0);
        told("run playbook.yaml --again --faults lose=100%,seed=1", 5);
        told("resolve latest", 5);
        told("runs list", 0);
        told("resolve latest --key NaN --as failed --note \u{1b}[2J", 5);
        told("resolve latest --key \u{1b}[2J --as done", 2);
        told("resume latest", 5);
        told("retry latest", 5);
        harmless(desk.run("undo latest --dry-run"));
        desk.write(
            "playbook.yaml",
            &PLAYBOOK
                .replace("FILE", case.name)
                .replace("cell, columns: {", "number, columns: { cell: { type: integer },"),
        );
        told("check playbook.yaml", 3);
    }
}

#[test]
fn no_cell_of_ours_runs_as_a_formula_and_own_bytes_stay() {
    for case in cases().into_iter().filter(|case| !case.name.starts_with("rows.json")) {
        let desk = desk_of(&case);
        desk.run("run playbook.yaml --out out").exits(0);
        let extension = if case.name.ends_with("tsv") { "tsv" } else { "csv" };
        let bytes = fs::read(desk.path().join(format!("out/results.{extension}"))).unwrap();
        let encoding = if case.name == "wide.csv" { TextEncoding::Utf16le } else { TextEncoding::Utf8 };
        let text = encoding.decode(&bytes);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(if extension == "tsv" { b'\t' } else { b',' })
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let heads = reader.headers().unwrap().clone();
        let ours = heads.iter().position(|head| head == "_run").unwrap();
        let mut own = Vec::new();
        for record in reader.records() {
            let record = record.unwrap();
            own.push(record[0].to_owned());
            for cell in record.iter().skip(ours) {
                let runs = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
                assert!(!runs || cell == "-5" || cell == "-0", "{}: {cell:?}", case.name);
                assert!(!cell.contains(char::is_control), "{}: {cell:?}", case.name);
            }
        }
        let held = |cell: &String| -> String {
            // A workbook's texts become cells of CSV here; those of CSV were cells before.
            let figure = cell.parse::<f64>().is_ok();
            let runs = cell.starts_with(['\t', '\r', '\n'])
                || cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) && !figure;
            if case.name == "rows.xlsx" && runs { format!("'{cell}") } else { cell.clone() }
        };
        assert_eq!(own, case.cells.iter().map(held).collect::<Vec<_>>(), "{}", case.name);
        if case.name != "rows.xlsx" {
            let whole = encoding.decode(&case.bytes).into_owned();
            for line in whole
                .split("7\n")
                .filter(|line| !line.is_empty() && !line.starts_with("\u{feff}cell") && !line.starts_with("cell"))
            {
                assert!(text.contains(line), "{}: {line:?}", case.name);
            }
        }
    }
}

/// Rows of a workbook, corrected from JSON, and what an earlier run brought: each is held in the row file and arrives as
/// it was when that file is run.
#[test]
fn texts_that_would_run_are_held_in_row_files_and_arrive_as_they_were() {
    let case = cases().into_iter().find(|case| case.name == "rows.xlsx").unwrap();
    let desk = desk_of(&case);
    // A read that comes to nothing has no effects, so its rows may be run again.
    let read = PLAYBOOK.replace("method: POST", "method: GET").replace("FILE", case.name);
    desk.write(
        "read.yaml",
        &read
            .replace(
                "body: { cell: '{{ row.cell }}', inside: '<{{ row.cell }}>' } }",
                "query: { q: a } }\n    expect: ['{{ eq 1 2 }}']",
            )
            .replace(", echoed: '{{ steps.send.body.body.cell }}'", ""),
    );
    desk.run("run read.yaml --out out").exits(4);
    let failed = desk.read("out/failed.csv");
    assert!(failed.contains("\r\n'@SUM(A1),7,") && failed.contains("\r\n\"'=HYPERLINK("), "{failed}");
    desk.run("run playbook.yaml --rows out/failed.csv --out again").exits(0);
    let wanted: Vec<Value> =
        case.cells.iter().map(|cell| json!({"cell": cell, "inside": format!("<{cell}>")})).collect();
    assert_eq!(requests(&desk), wanted);
    // What stands in a row file of that run is the same once more.
    let own = |text: &str| -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        reader.records().map(|record| record.unwrap()[0].to_owned()).collect()
    };
    assert_eq!(own(&failed), own(&desk.read("again/results.csv")));
}

#[test]
fn half_a_character_of_utf16_is_reported_and_never_changed() {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", &PLAYBOOK.replace("FILE", "rows.csv"));
    let mut bytes = TextEncoding::Utf16le.encode("\u{feff}cell,number\na").into_owned();
    bytes.extend([0x3d, 0xd8]);
    bytes.extend(&*TextEncoding::Utf16le.encode("b,7\nok,7\n"));
    fs::write(desk.path().join("rows.csv"), bytes).unwrap();
    harmless(desk.run("check playbook.yaml").exits(3)).says(&["rows.csv:2:", "UTF-16LE"]);
    desk.run("run playbook.yaml").exits(3).says(&["nothing was sent"]);
}

#[test]
fn ten_megabytes_in_one_cell_arrive_whole() {
    let desk = TestFolder::new();
    let playbook = PLAYBOOK.replace("FILE", "rows.csv").replace("key: cell", "key: number");
    desk.write("playbook.yaml", &playbook.replace(", inside: '<{{ row.cell }}>'", ""));
    let cell = "約=\t".repeat(2_000_000);
    desk.write("rows.csv", &format!("cell,number\n\"{cell}\",1\n"));
    harmless(desk.run("check playbook.yaml").exits(0));
    // The echo is longer than an answer may be, and so nobody knows what became of the call.
    let came = harmless(desk.run("run playbook.yaml --out out").exits(5));
    assert!(came.out.contains("longer than"), "{}", came.out);
    let body = json!({"cell": cell}).to_string();
    let whole = [&(body.len() as u64).to_be_bytes()[..], body.as_bytes()].concat();
    let hash: String = Sha256::digest(&whole).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(requests(&desk), [json!({"omitted_bytes": body.len(), "hash": hash})]);
    assert!(desk.read("out/unknown.csv").contains(&cell));
}

#[test]
fn every_cell_is_another_one() {
    let names: BTreeMap<&str, ()> = CELLS.iter().map(|cell| (*cell, ())).collect();
    assert_eq!(names.len(), CELLS.len());
}
