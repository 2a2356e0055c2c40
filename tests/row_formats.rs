//! Rows in every format and in other encodings, through a process that dies and one that goes on: the row files hold
//! the rows' own bytes, and can be fed back or are refused.

use std::fs;
use std::io::{Cursor, Write};

use runsheet::internals::model::TextEncoding;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::program::{CommandResult, TestFolder};

const PLAYBOOK: &str = "name: Extend\nrows: { from: ROWS, key: id }\nsteps:\n  - id: extend\n    uses: tencent_essbasic.extend_deadline\n    with: { FlowId: \"{{ row.id }}\", Deadline: 2035-06-30T23:59:59+08:00 }\nresults: { told: \"{{ row.備註 }} é\" }\n";

/// The rows' ids: the second one's contract cannot be extended.
const IDS: [&str; 3] =
    ["yDCNtUUckpvrcvf4UELZnZDvMStFgT7K", "yDCNtUUckpvrezq3UudRJ1LEXexpired", "yDCNtUUckpvrcvf4UELZnZDvMStFgT8L"];

/// A row file, and what each row's line is in the row files.
struct Case {
    file: &'static str,
    bytes: Vec<u8>,
    encoding: TextEncoding,
    header: Option<&'static str>,
    mark: bool,
    lines: Vec<String>,
    end: &'static str,
}

fn cases() -> Vec<Case> {
    let csv =
        |end: &str| -> Vec<String> { IDS.iter().map(|id| format!("{id},\"請於{end}上午 , 九點半\"")).collect() };
    let text = |lines: &[String], end: &str| format!("id,備註{end}{}{end}", lines.join(end));
    let json = |id: &&str| format!("{{ \"id\": \"{id}\",  \"備註\": \"請, \\u65bc\", \"n\": 1.50 }}");
    let lines: Vec<String> = IDS.iter().map(json).collect();
    let case = |file, encoding: TextEncoding, mark: bool, lines: Vec<String>, end: &'static str| {
        let bytes =
            encoding.encode(&format!("{}{}", if mark { "\u{feff}" } else { "" }, text(&lines, end))).into_owned();
        Case { file, bytes, encoding, header: Some("id,備註"), mark, lines, end }
    };
    vec![
        case("rows.csv", TextEncoding::Big5, false, csv("\r\n"), "\r\n"),
        case("rows.csv", TextEncoding::Utf16le, true, csv("\n"), "\n"),
        case("rows.csv", TextEncoding::Gb18030, false, csv("\n"), "\n"),
        Case {
            file: "rows.jsonl",
            bytes: format!("{}\n", lines.join("\n")).into_bytes(),
            encoding: TextEncoding::Utf8,
            header: None,
            mark: false,
            lines,
            end: "\n",
        },
        Case {
            file: "rows.json",
            bytes: format!("[\n{}\n]", IDS.map(|id| json(&id).replace(",  ", ",\n  ")).join(",\n")).into_bytes(),
            encoding: TextEncoding::Utf8,
            header: None,
            mark: false,
            lines: IDS.iter().map(|id| format!("{{\"id\":\"{id}\",\"備註\":\"請, \\u65bc\",\"n\":1.50}}")).collect(),
            end: "\n",
        },
        Case {
            file: "rows.xlsx",
            bytes: workbook(),
            encoding: TextEncoding::Utf8,
            header: Some("id,備註"),
            mark: true,
            lines: IDS.iter().map(|id| format!("{id},\"請於, 九點半\"")).collect(),
            end: "\r\n",
        },
    ]
}

fn workbook() -> Vec<u8> {
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |id: &str, note: &str| format!("<row>{}{}</row>", cell(id), cell(note));
    let rows: String = IDS.iter().map(|id| row(id, "請於, 九點半")).collect();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"S\"/></sheets></workbook>".to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{}{rows}</sheetData></worksheet>", row("id", "備註")),
        ),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

trait Prints {
    fn prints(self, text: &str);
}

impl Prints for CommandResult {
    fn prints(self, text: &str) {
        assert!(self.out.contains(text), "{}\n{}", self.out, self.err);
    }
}

/// Dies in the middle, goes on without the file, and is through.
fn killed_and_gone_on_with(case: &Case) -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", &PLAYBOOK.replace("ROWS", case.file));
    fs::write(desk.path().join(case.file), &case.bytes).unwrap();
    let came = desk.run_with("run playbook.yaml --in-flight 1 --out out", &[("RUNSHEET_CRASH_AT", "3")]);
    assert_eq!(came.code, -1, "{}: {}", case.file, came.err);
    fs::write(desk.path().join(case.file), "gone").unwrap();
    let came = desk.run("resume latest");
    assert!([4, 5].contains(&came.code), "{}: {}", case.file, came.err);
    desk
}

#[test]
fn a_run_that_died_goes_on_from_its_own_rows_in_every_format() {
    for case in cases() {
        let desk = killed_and_gone_on_with(&case);
        let extension = if case.header.is_some() { "csv" } else { "jsonl" };
        let bytes = fs::read(desk.path().join(format!("out/results.{extension}"))).unwrap();
        let text = case.encoding.decode(&bytes);
        assert_eq!(&*case.encoding.encode(&text), bytes, "{}: {}", case.file, case.encoding.name());
        let text = text.strip_prefix('\u{feff}').filter(|_| case.mark).unwrap_or(&text);
        let mut wanted: Vec<String> = case.lines.clone();
        if case.header.is_none() {
            wanted.iter_mut().for_each(|line| *line = line.trim_end_matches(['}', ' ']).to_owned());
        }
        let mut rest = text;
        if let Some(header) = case.header {
            rest = rest.strip_prefix(&format!("{header},_run,_outcome,")).unwrap_or_else(|| panic!("{text}"));
            rest = rest.split_once(case.end).unwrap().1;
        }
        for line in &wanted {
            rest = rest.strip_prefix(line.as_str()).unwrap_or_else(|| panic!("{line}\n{rest}"));
            rest = rest.split_once(case.end).unwrap().1;
        }
        assert_eq!(rest, "");
        let lacks = case.encoding == TextEncoding::Big5;
        assert!(text.contains(if lacks { "[U+00E9]" } else { "é" }), "{text}");
    }
}

#[test]
fn row_files_of_every_format_are_fed_back_or_refused() {
    for case in cases() {
        let desk = killed_and_gone_on_with(&case);
        let extension = if case.header.is_some() { "csv" } else { "jsonl" };
        let came = desk.run(&format!("run playbook.yaml --rows out/results.{extension}"));
        came.exits(8).says(&["could do twice", "succeeded"]);
        let came = desk.run(&format!("run playbook.yaml --rows out/failed.{extension} --out again"));
        came.exits(4).prints("1 row: 1 failed");
        let (one, other) = (format!("out/failed.{extension}"), format!("again/failed.{extension}"));
        let own = |name: &str| {
            let text = case.encoding.decode(&fs::read(desk.path().join(name)).unwrap()).into_owned();
            text.split("_run").map(|part| part[..part.find("2026").unwrap_or(part.len())].to_owned()).next()
        };
        assert_eq!(own(&one), own(&other));
        let came = desk.bash(&format!("runsheet run playbook.yaml --rows - < out/failed.{extension}"));
        came.exits(4).prints("1 row: 1 failed");
        desk.run(&format!("retry latest --rows out/failed.{extension}")).exits(4).prints("1 row: 1 failed");
        desk.write("playbook.yaml", &PLAYBOOK.replace("é", "ö"));
        desk.run("retry latest --playbook playbook.yaml").exits(4).prints("1 row: 1 failed");
    }
}

#[test]
fn rows_of_another_run_are_taken_by_how_they_ended() {
    for case in cases() {
        let desk = TestFolder::new();
        desk.write("playbook.yaml", &PLAYBOOK.replace("ROWS", case.file));
        fs::write(desk.path().join(case.file), &case.bytes).unwrap();
        desk.run("run playbook.yaml --rows run:latest").exits(2).says(&["there is no run yet"]);
        desk.run(&format!("run playbook.yaml --rows {}", case.file)).exits(4).prints("2 succeeded, 1 failed");
        desk.run("check playbook.yaml --rows run:latest").exits(8).says(&["2 succeeded", "outcomes: [succeeded]"]);
        let taken = |outcomes: &str| PLAYBOOK.replace("ROWS", &format!("run:latest, outcomes: {outcomes}"));
        desk.write("none.yaml", &taken("[unknown]"));
        desk.run("run none.yaml").exits(2).says(&["no rows that are unknown"]);
        desk.write("failed.yaml", &taken("failed"));
        desk.run("run failed.yaml --out again").exits(4).prints("1 row: 1 failed");
        let extension = if case.header.is_some() { "csv" } else { "jsonl" };
        let again = fs::read(desk.path().join(format!("again/results.{extension}"))).unwrap();
        let own = case.lines[1].trim_end_matches(['}', ' ']);
        // The result of each row holds a character that Big5 lacks.
        let (encoding, mark) = match case.encoding {
            TextEncoding::Big5 => (TextEncoding::Utf8, true),
            other => (other, case.mark),
        };
        let text = encoding.decode(&again);
        assert!(text.contains(own) && text.contains('é'), "{}: {text}", case.file);
        assert_eq!(text.starts_with('\u{feff}'), mark, "{}", case.file);
    }
}
