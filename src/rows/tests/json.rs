//! JSON Lines and JSON arrays: errors name line and member, values keep their digits, rows keep their bytes.

use proptest::prelude::*;
use serde_json::json;

use super::setup::{decl, read_as, read_named};
use crate::model::TextEncoding;
use crate::rows::RowFormat;

fn lines(decl: &str, text: &str) -> super::setup::Outcome {
    read_named("rows.jsonl", decl, text)
}

#[test]
fn malformed_json_rows_are_reported_and_the_others_read() {
    for (bad, wanted) in [
        ("7", "2:1 Row 2: a row must be an object, such as `{\"id\": 1}`"),
        ("{\"id\":2", "2:8 Row 2: the object is never closed: the text may be cut off"),
        ("{\"id\":2} x", "2:10 Row 2: text follows the object"),
        ("{id:2}", "2:2 Row 2: a member's name in double quotes is missing here"),
        ("{\"id\":2,}", "2:9 Row 2: a member's name in double quotes is missing here"),
        ("{\"id\" 2}", "2:7 Row 2: a colon between a member's name and its value is missing here"),
        ("{\"id\":2,\"id\":3}", "2:9 Row 2: the member `id` stands here a second time"),
        ("{\"id\":2,\"a\":{\"b\":1,\"b\":2}}", "2:20 Row 2: the member `b` stands here a second time"),
        ("{\"id\":2,\"\\u0061\":1,\"a\":2}", "2:20 Row 2: the member `a` stands here a second time"),
        ("{\"id\":02}", "2:7 Row 2: this is not a JSON number; write text in double quotes"),
        ("{\"id\":1.}", "2:7 Row 2: this is not a JSON number; write text in double quotes"),
        (
            "{\"id\":NaN}",
            "2:7 Row 2: a value is missing here: a text in double quotes, a number, `true`, `false` or `null`",
        ),
        ("{\"id\":\"\\ud800\"}", "2:8 Row 2: half of a character (a lone surrogate) stands here"),
        ("{\"id\":\"\\udc00\"}", "2:8 Row 2: half of a character (a lone surrogate) stands here"),
        ("{\"id\":\"\\ud800\\n\"}", "2:8 Row 2: half of a character (a lone surrogate) stands here"),
        ("{\"id\":\"\\x\"}", "2:8 Row 2: this escape is unknown to JSON; write a backslash as `\\\\`"),
        ("{\"id\":\"\\u12\"}", "2:8 Row 2: `\\u` must be followed by four hexadecimal digits"),
        ("{\"id\":\"a\tb\"}", "2:9 Row 2: the control character U+0009 stands in a string; write it as `\\u0009`"),
        ("{\"id\":\"a", "2:7 Row 2: the quote that opens here is never closed"),
        ("{\"id\":\"\0\"}", "2:8 Row 2: a NUL byte stands in the row"),
        ("\u{feff}{\"id\":2}", "2:1 Row 2: a byte-order mark stands in the middle of the file"),
        ("{\"id\":2,\"b\":1}", "2:9 Row 2: the member `b` is neither declared nor one of the first row's"),
    ] {
        let read = lines("{ key: id }", &format!("{{\"id\":1,\"a\":\"x\"}}\n{bad}\n{{\"id\":3}}\n"));
        assert_eq!(read.reported(), [format!("bad-row {wanted}")], "{bad}");
        assert_eq!(read.rows.len(), 2, "{bad}");
        assert!(read.diagnostics[0].help.is_some());
    }
}

#[test]
fn a_thousand_brackets_are_refused_and_a_hundred_are_not() {
    let nested = |depth: usize| format!("{{\"id\":1,\"a\":{}{}}}\n", "[".repeat(depth), "]".repeat(depth));
    let decl = "{ key: id, columns: { a: { type: json } } }";
    assert_eq!(lines(decl, &nested(90)).rows.len(), 1);
    for depth in [1_000, 200_000] {
        let reported = lines(decl, &nested(depth)).reported();
        assert!(reported[0].contains("more than 100 deep"), "{reported:?}");
    }
}

#[test]
fn malformed_arrays_are_reported() {
    for (text, wanted) in [
        ("", "The file holds no rows"),
        ("[]", "The file holds no rows"),
        ("{", "The file is not a JSON array"),
        ("[", "The array is never closed"),
        ("[{\"id\":1}", "The array is never closed"),
        ("[{\"id\":1},", "The array is never closed"),
        ("[{\"id\":1}\n{\"id\":2}]", "bad-row 2:1 A comma between two rows is missing here"),
        ("[{\"id\":1},\n]", "bad-row 2:1 A comma stands behind the last row"),
        ("[{\"id\":1}]\n]", "bad-row 2:1 Text follows the array"),
        ("[{\"id\":1},7]", "bad-row 1:11 Row 2: a row must be an object"),
        ("[{\"id\":1},\n  {\"id\":2,\n  \"id\":3}]", "bad-row 3:3 Row 2: the member `id` stands here a second time"),
        ("[{\"id\":1},\n  {\"id\":2, \"id\":3}]", "bad-row 2:12 Row 2: the member `id` stands here a second time"),
        ("[{\"id\":1,\"a\":\"]},{\"}, {\"id\":1}]", "duplicate-key"),
    ] {
        let reported = read_named("rows.json", "{ key: id }", text).reported();
        assert!(reported.len() == 1 && reported[0].contains(wanted), "{text}: {reported:?}");
    }
}

#[test]
fn values_of_the_wrong_kind_are_reported() {
    let decl = "{ key: id, columns: { n: { type: integer, optional: true }, l: { type: list, optional: true, max: 2 }, j: { type: json, optional: true } } }";
    for (member, wanted) in [
        ("\"n\":1.5", "cell-type 1:13 Column `n`, row 1: `1.5` is not an integer"),
        ("\"n\":true", "cell-type 1:13 Column `n`, row 1: `true` is not an integer"),
        ("\"n\":[1]", "cell-type 1:13 Column `n`, row 1: the value is an array, and the column is of type `integer`"),
        ("\"x\":{}", "cell-type 1:13 Column `x`, row 1: the value is an object, and the column is of type `string`"),
        ("\"l\":[[1]]", "cell-type 1:13 Column `l`, row 1: the value is an array of more than single values"),
        ("\"l\":[1,\"\"]", "cell-type 1:13 Column `l`, row 1: Element 2 of"),
        ("\"l\":[1,2,3]", "bad-value 1:13 Column `l`, row 1: `[1,2,3]` is more than 2"),
    ] {
        let reported = lines(decl, &format!("{{\"id\":1,{member}}}\n")).reported();
        assert!(reported.iter().any(|one| one.starts_with(wanted)), "{member}: {reported:?}");
    }
}

#[test]
fn a_first_row_that_a_run_wrote_still_names_all_columns() {
    let text = "{\"id\":1,\"_run\":\"r\",\"_columns\":[\"id\",\"a\"]}\n{\"id\":2,\"a\":\"x\"}\n{\"id\":3,\"b\":1}\n";
    let read = lines("{ key: id }", text);
    assert_eq!(read.reported(), ["bad-row 3:9 Row 3: the member `b` is neither declared nor one of the first row's"]);
    assert_eq!((read.rows[1].cells["a"].as_str(), &read.rows[0].raw[..]), (Some("x"), &b"{\"id\":1}"[..]));
}

#[test]
fn declared_members_that_no_row_has_are_reported_at_the_end() {
    let text = "{\"id\":1,\"remarks\":\"x\"}\n";
    let reported = lines("{ key: id, columns: { remark: { optional: true }, other: {} } }", text);
    let reported: Vec<String> = reported
        .diagnostics
        .iter()
        .map(|one| format!("{} {} {}", one.severity.as_str(), one.message, one.help.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(reported.len(), 2, "{reported:?}");
    assert!(
        reported[0].starts_with("warning No row of `rows.jsonl` has the member `remark`")
            && reported[0].contains("`remarks`")
    );
    assert!(reported[1].starts_with("error No row of `rows.jsonl` has the member `other`"));
    let reported = lines("{ key: nr }", text).reported();
    assert!(reported[0].contains("The key is not in the first row"), "{reported:?}");
}

#[test]
fn sensitive_members_are_masked_in_any_order() {
    let decl = "{ key: id, columns: { phone: { sensitive: true }, n: { type: integer } } }";
    let read = lines(
        decl,
        "{\"id\":1,\"phone\":\"0911\",\"n\":1}\n{\"n\":\"x\",\"phone\":\"0922\",\"id\":2}\n{\"id\":3,\"q\":\"0933\"}\n",
    );
    let shown: Vec<&str> = read.diagnostics.iter().map(|one| one.places[0].0.text.as_str()).collect();
    assert_eq!(shown, ["{\"n\":\"x\",\"phone\":\"***\",\"id\":2}", "***"]);
    let first = lines(decl, "{\"id\":1,\"phone\":\"0911\",}\n");
    assert_eq!((first.reported().len(), first.diagnostics[0].places[0].0.text.as_str()), (1, "***"));
}

#[test]
fn values_keep_their_digits_and_rows_their_bytes() {
    let text = "\u{feff}{\"id\": 123456789012345678901234567890, \"f\": 1.50, \"big\": 1e309, \"s\": \"\\u9810\\n\", \"b\": true, \"l\": [\"a;b\", 7], \"j\": {\"k\":[1.50,null]}, \"z\": null}\r\n\r\n  {\"s\":\"y\", \"id\":\"2\" , \"_run\":\"r\",\"_outcome\":\"failed\",\"x\":1 }\r\n";
    let decl = "{ key: id, columns: { l: { type: list, optional: true }, j: { type: json, optional: true }, big: { type: number, optional: true }, late: { optional: true } } }";
    let read = lines(decl, text);
    assert_eq!(
        read.reported(),
        ["missing-column - No row of `rows.jsonl` has the member `late`, which the playbook declares"]
    );
    let cells = &read.rows[0].cells;
    assert_eq!(cells["id"], "123456789012345678901234567890");
    assert_eq!(
        (cells["f"].as_str(), cells["s"].as_str(), cells["b"].as_str()),
        (Some("1.50"), Some("預\n"), Some("true"))
    );
    assert_eq!((&cells["l"], cells["j"].to_string().as_str()), (&json!(["a;b", "7"]), "{\"k\":[1.50,null]}"));
    assert_eq!(cells["big"].to_string(), "1e+309");
    assert_eq!((read.rows[0].number, read.rows[1].number, read.rows[1].line), (1, 3, 3));
    assert_eq!(read.rows[1].raw, &b"  {\"s\":\"y\", \"id\":\"2\" }"[..]);
    assert!(text.contains(std::str::from_utf8(&read.rows[0].raw).unwrap()));
    let file = read.file.unwrap();
    assert_eq!((file.dialect().format, file.dialect().bom), (RowFormat::JsonLines, true));
    assert_eq!(file.prior_outcomes().outcomes.len(), 1);
    let place = file.place(&read.rows[1], "s");
    assert_eq!((place.line, place.column), (3, 8));
}

#[test]
fn an_array_is_read_element_by_element_and_its_rows_become_lines() {
    for encoding in [TextEncoding::Utf8, TextEncoding::Utf16le, TextEncoding::Gb18030] {
        let text = encoding
            .encode("\n[\n  { \"id\": 1,\n    \"a\": \"x , 預約\" },\n  {\"id\":2}, {\"id\":3}\n]\n")
            .into_owned();
        let decl = format!("{{ key: id, encoding: {} }}", encoding.as_str());
        let read = read_named("standard input", &decl, &text);
        assert_eq!(
            read.reported(),
            ["format-told - `standard input` is read as a JSON array, detected from its first bytes"]
        );
        assert_eq!(read.rows[0].raw, "{\"id\":1,\"a\":\"x , 預約\"}");
        let places: Vec<(u64, usize)> = read.rows.iter().map(|row| (row.number, row.line)).collect();
        assert_eq!(places, [(1, 3), (2, 5), (3, 5)]);
        assert_eq!(read.file.unwrap().dialect().encoding, TextEncoding::Utf8);
    }
}

#[test]
fn lists_and_rows_may_be_of_different_formats() {
    let decl = decl("{ key: id, lists: { people: { match: id, columns: { name: {}, age: { type: integer } } } } }");
    let people = "{\"id\":1,\"name\":\"Ann\",\"age\":7}\n{\"age\":8,\"name\":\"Bo\",\"id\":\"2\"}\n{\"id\":1,\"name\":\"Cy\",\"age\":\"9\"}\n";
    let wanted = json!([{"name": "Ann", "age": 7}, {"name": "Cy", "age": 9}]);
    let rows = read_as("rows.csv", &decl, "id\n1\n2\n", &[("people", people)]);
    assert_eq!((rows.reported().len(), &rows.rows[0].cells["people"]), (0, &wanted));
    let rows =
        read_as("rows.json", &decl, "[{\"id\":1},{\"id\":2}]", &[("people", "name;id;age\nAnn;1;7\nCy;1;9\nBo;2;8\n")]);
    assert_eq!((rows.reported().len(), &rows.rows[0].cells["people"]), (0, &wanted));
}

#[test]
fn tabs_separate_the_cells_of_tsv() {
    let read = read_named("rows.tsv", "{ key: id }", "id\ta,b\n1\tx;y\n");
    assert_eq!((read.reported().len(), read.rows[0].cells["a,b"].as_str()), (0, Some("x;y")));
    assert_eq!(read.file.unwrap().dialect().extension(), "tsv");
}

#[test]
fn json_that_is_cut_off_anywhere_is_reported() {
    let whole = "[{\"id\":1,\"a\":\"x\"}]";
    for end in 0..whole.len() {
        for (name, text) in [("rows.json", &whole[..end]), ("rows.jsonl", &whole[1.min(end)..end])] {
            assert!(
                !read_named(name, "{ key: id }", text).reported().is_empty() || text == &whole[1..whole.len() - 1],
                "{name}: {text}"
            );
        }
    }
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(text in "[\\[\\]{}\",:\\\\u0-9a-ed \n\u{9810}]{0,60}", tail in "(\\[\\{|\\{)?\"id\":[\\PC\n]{0,40}") {
        for name in ["rows.json", "rows.jsonl"] {
            for text in [&text, &tail] {
                let read = read_named(name, "{ key: id, columns: { a: { sensitive: true } } }", text);
                for row in &read.rows {
                    let _ = read.file.as_ref().map(|file| file.place(row, "a"));
                }
            }
        }
    }

    #[test]
    fn any_object_comes_back(values in prop::collection::vec("\\PC{0,8}", 1..6), spaced in any::<bool>()) {
        let mut text = String::new();
        for (at, value) in values.iter().enumerate() {
            let object = json!({"id": at, "a": value});
            text.push_str(&if spaced { format!("{object:#}").replace('\n', " ") } else { object.to_string() });
            text.push('\n');
        }
        let array = format!("[{}]", text.trim().replace('\n', ",\n"));
        for (name, text) in [("rows.jsonl", &text), ("rows.json", &array)] {
            let read = read_named(name, "{ key: id }", text);
            prop_assert_eq!(read.rows.len(), values.len());
            for (row, value) in read.rows.iter().zip(&values) {
                let wanted = if value.trim().is_empty() { "" } else { value.as_str() };
                prop_assert_eq!(row.cells["a"].as_str(), Some(wanted));
            }
        }
    }
}
