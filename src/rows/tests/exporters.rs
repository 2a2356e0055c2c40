//! What exporters and joined files leave in cells: each kind is reported once a column, and never where it may be meant.

use super::setup::{decl, read, read_named, read_with};

/// The codes reported for a column of these cells beside a valid key.
fn codes(head: &str, cells: &[&str]) -> Vec<&'static str> {
    reported(head, cells).into_iter().map(|(code, _)| code).collect()
}

fn reported(head: &str, cells: &[&str]) -> Vec<(&'static str, String)> {
    let cell = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let rows: String = cells.iter().enumerate().map(|(at, text)| format!("R{at},{}\n", cell(text))).collect();
    let read = read("{ key: k }", format!("k,{head}\n{rows}"));
    read.diagnostics.into_iter().map(|one| (one.code, one.message)).collect()
}

#[test]
fn error_words_of_spreadsheets_are_reported() {
    assert_eq!(
        reported("note", &["#N/A", "#REF!", "#NAME?"]),
        [(
            "error-word",
            "Column `note`: 3 cells are errors that a spreadsheet shows instead of values (`#N/A`)".to_owned()
        )]
    );
    for word in ["#SPILL!", "#NV", "#BEZUG!", "#¡VALOR!", "########", "Err:502"] {
        assert_eq!(codes("note", &["fine", word]), ["error-word"], "{word}");
    }
}

#[test]
fn formulas_around_text_and_text_apostrophes_are_reported() {
    let read = read("{ key: id }", "id,phone\n=\"00123\",'0911211211\n880100.0,'0922333444\n");
    let codes: Vec<&str> = read.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["formula-text", "float-tail", "text-mark"]);
    assert_eq!(read.diagnostics[2].places.len(), 2);
}

#[test]
fn thousands_separators_in_ids_are_reported() {
    for cell in ["880,100", "880.100", "880 100", "880\u{a0}100", "880'100"] {
        assert!(codes("workflow_id", &[cell]).contains(&"grouped-number"), "{cell}");
    }
    assert_eq!(codes("amount", &["880,100", "1,200"]), [""; 0]);
    assert_eq!(codes("phone", &["0911 211 211", "02 123 456"]), [""; 0]);
    assert_eq!(codes("version_no", &["880.100", "88012", "1.200"]), [""; 0]);
}

#[test]
fn words_for_missing_values_are_reported() {
    for word in ["NaN", "nan", "<NA>", "NaT", "NULL", "null", "\\N", "undefined", "(null)"] {
        assert_eq!(codes("note", &["fine", word]), ["missing-word"], "{word}");
    }
    for word in ["None", "N/A", "n/a"] {
        assert_eq!(codes("phone", &["0911211211", word]), ["missing-word"], "{word}");
        assert_eq!(codes("note", &["fine", word]), [""; 0], "{word}");
    }
    assert_eq!(codes("last_name", &["Null", "NULL", "Nan"]), [""; 0]);
    assert_eq!(codes("country_code", &["NA", "DE"]), [""; 0]);
}

#[test]
fn printed_objects_are_reported() {
    for text in ["[object Object]", "['a', 'b']", "{'a': 1}", "b'00123'", "Decimal('1.00')"] {
        assert_eq!(codes("note", &["fine", text]), ["object-text"], "{text}");
    }
    assert_eq!(codes("note", &["[1] see below", "{\"a\": 1}", "[a]"]), [""; 0]);
}

#[test]
fn escaped_characters_are_reported() {
    for text in ["Smith &amp; Co", "one<br>two", "line_x000D_", "=E5=BC=A0", "\\u5f20", "%E5%BC%A0"] {
        assert_eq!(codes("note", &["fine", text]), ["escaped-text"], "{text}");
    }
    assert_eq!(codes("callback_url", &["https://a.com/%E5%BC%A0", "/%E5%BC%A0"]), [""; 0]);
    assert_eq!(codes("note", &["<p>a &amp; b<br>c</p>", "AT&T", "5 < 6"]), [""; 0]);
}

#[test]
fn garbled_texts_are_reported() {
    for text in ["MÃ¼ller", "itâ€™s", "锟斤拷", "a\u{fffd}", "寮犱笁", "ÕÅÈý", "å¼\u{a0}ä¸‰"] {
        assert_eq!(codes("name", &["fine", text]), ["garbled-text"], "{text}");
    }
    assert_eq!(codes("name", &["Müller", "São Paulo", "張三", "Ærø", "CAFÉ »"]), [""; 0]);
}

#[test]
fn quotation_marks_around_codes_are_reported() {
    for text in ["“880100”", "\"880100\"", "«A-1»", "'A12'"] {
        assert_eq!(codes("flow_id", &["A11", text]), ["quoted-code"], "{text}");
    }
    assert_eq!(codes("title", &["“Quoted”", "\"so\""]), [""; 0]);
}

#[test]
fn codes_that_became_dates_or_truth_values_are_reported() {
    assert_eq!(codes("part_no", &["A12", "1-Mar", "TRUE", "A13", "A14"]), ["changed-code"]);
    assert_eq!(codes("part_no", &["3月5日"]), ["changed-code"]);
    assert_eq!(codes("month", &["Jan-25", "Feb-25"]), [""; 0]);
    assert_eq!(codes("active", &["TRUE", "FALSE"]), [""; 0]);
}

#[test]
fn letters_of_another_script_in_codes_are_reported() {
    assert_eq!(codes("flow_id", &["AB12", "\u{410}B12"]), ["foreign-letter"]);
    assert_eq!(codes("flow_id", &["A-12", "A–12"]), ["foreign-letter"]);
    assert_eq!(codes("car_no", &["\u{410}123\u{412}\u{421}", "\u{410}124\u{412}\u{421}"]), [""; 0]);
    assert_eq!(codes("note", &["A–12"]), [""; 0]);
}

#[test]
fn dates_that_programs_write_in_their_own_way_are_reported() {
    assert_eq!(codes("starts_on", &["2035-01-31", "45292"]), ["date-number"]);
    assert_eq!(codes("ship_date", &["45292", "45293"]), ["date-number"]);
    assert_eq!(codes("starts_on", &["2035-01-31", "1735689600"]), ["date-number"]);
    assert_eq!(codes("starts_on", &["31/01/2035", "31/01/35"]), ["short-year"]);
    assert_eq!(codes("ends_on", &["2035-01-31", "0000-00-00"]), ["zero-date"]);
    assert_eq!(codes("birth_date", &["1990-05-17 00:00:00", "1991-05-17 00:00:00"]), ["midnight"]);
    assert_eq!(codes("amount", &["45292", "31000"]), [""; 0]);
    assert_eq!(codes("starts_at", &["2035-01-31 00:00:00", "2035-01-31 09:00:00"]), [""; 0]);
}

#[test]
fn units_among_plain_numbers_and_cut_texts_are_reported() {
    assert_eq!(codes("amount", &["100", "200", "300", "400", "500元"]), ["mixed-unit"]);
    assert_eq!(codes("amount", &["100元", "200元", "300"]), [""; 0]);
    let (cut, other) = ("x".repeat(255), "y".repeat(255));
    assert_eq!(codes("note", &[&cut, &other, "short"]), ["cut-text"]);
    assert_eq!(codes("note", &[&cut, &format!("{other}y")]), [""; 0]);
}

#[test]
fn rounded_numbers_of_other_programs_are_reported() {
    for cell in ["1.23e+17", "1e+05", "1,23E+17", "8.613800138e+12"] {
        assert_eq!(codes("x", &[cell]), ["rounded-number"], "{cell}");
    }
    assert_eq!(codes("part_no", &["1.00E+05"]), ["rounded-number"]);
    assert_eq!(codes("flow_id", &["880100.0000000001"]), ["float-tail"]);
    assert_eq!(codes("price", &["1.0", "2.5"]), [""; 0]);
    assert_eq!(codes("rate", &["1.0", "2.0"]), [""; 0]);
}

#[test]
fn tabs_behind_numbers_are_reported_in_every_column() {
    assert_eq!(codes("x", &["123456789012345678\t"]), ["stray-blank"]);
    assert_eq!(codes("x", &["a text\t", "\tan indent"]), [""; 0]);
    assert_eq!(codes("flow_id", &["88\n01"]), ["unseen-character"]);
    assert_eq!(codes("note", &["a\u{feff}b"]), ["unseen-character"]);
}

#[test]
fn totals_survey_headers_repeated_headers_and_instructions_are_reported() {
    let last = read("{ key: id }", "id,amount\na1,1\n合计,1\n").reported();
    assert_eq!(last, ["total-row 3:1 The last row, 3, is headed as one of sums"]);
    assert_eq!(read("{ key: id }", "id,amount\nTotal,1\na1,1\n").reported(), [""; 0]);
    let survey = read("{ key: id }", "id,name\n\"{\"\"ImportId\"\":\"\"QID1\"\"}\",x\na1,y\n").reported();
    assert_eq!(survey, ["survey-header 2:1 Row 2 is one that a survey writes below its header"]);
    let joined = read("{ key: id }", "id,name\na1,x\nid,name\na2,y\n").reported();
    assert_eq!(joined, ["repeated-header 3:1 Row 3 repeats the header"]);
    assert_eq!(read("{ key: id }", "id\nid\n").reported(), [""; 0]);
    let instruction = read("{ key: id }", "sep=;\nid;name\na1;x\n").reported();
    assert_eq!(instruction, ["bad-header 1:1 `sep=;` tells a spreadsheet which delimiter to use; it is not a header"]);
}

#[test]
fn sensitive_cells_are_not_quoted_and_json_leftovers_are_found() {
    let masked = read("{ key: k, columns: { x: { sensitive: true } } }", "k,x\nA,'0911211211\n");
    assert_eq!(masked.diagnostics[0].code, "text-mark");
    assert!(!format!("{:?}", masked.diagnostics).contains("0911"));
    let json = read_named(
        "rows.jsonl",
        "{ key: k }",
        "{\"k\":\"A\",\"n_id\":880100.0}\n{\"k\":\"B\",\"n_id\":\"x\\ufffd\"}\n",
    );
    let codes: Vec<&str> = json.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["garbled-text", "float-tail"], "{:?}", json.reported());
}

#[test]
fn keys_heads_and_match_values_that_look_the_same_are_reported() {
    let keys = read("{ key: id }", "id,x\nハ\u{309a}フ\u{3099}ロ,1\nパブロ,2\n").reported();
    assert_eq!(
        keys,
        [
            "alike-key 3:1 The key of row 3 looks like that of row 2 and is another one; they differ in Unicode composition: \
          U+30CF U+309A U+30D5 U+3099 there, U+30D1 U+30D6 here"
        ]
    );
    for (one, other) in
        [("A1", "Ａ1"), ("Ａ1", "A1"), ("A1", "A1\u{200b}"), ("A1", "\u{410}1"), ("Cafe\u{301}", "Café")]
    {
        let reported = read("{ key: id }", format!("id,x\n{one},1\nB,2\n{other},3\n")).reported();
        assert!(reported.iter().any(|one| one.starts_with("alike-key 4:1")), "{one} {other}: {reported:?}");
    }
    assert_eq!(read("{ key: id }", "id,x\n王伟,1\n王偉,2\nA1,3\nAl,4\n00,5\nO0,6\n").reported(), [""; 0]);
    let heads = read("{ key: id }", "id,フ\u{309a},プ\nA,1,2\n").reported();
    assert!(heads.len() == 1 && heads[0].starts_with("alike-key 1:"), "{heads:?}");
    let missing = read("{ key: プ }", "id,フ\u{309a}\nA,1\n");
    let help = missing.diagnostics[0].help.clone().unwrap();
    assert!(
        help.contains("which looks the same; they differ in Unicode composition: U+30D5 U+309A there, U+30D7 here"),
        "{help}"
    );
    let lists = decl("{ key: k, lists: { l: { match: k } } }");
    for (row, tie) in [("プ", "フ\u{309a}"), ("フ\u{309a}", "プ")] {
        let tied = read_with(&lists, format!("k\n{row}\n"), &[("l", &format!("k,x\n{tie},1\n"))]);
        assert_eq!(tied.diagnostics[0].code, "orphan");
        let help = tied.diagnostics[0].help.clone().unwrap();
        assert!(help.starts_with("Row 2 has one that looks the same; they differ in Unicode composition"), "{help}");
    }
    let lists = decl("{ key: k, lists: { l: { match: k, orphans: ignore } } }");
    let tied = read_with(&lists, "k\nプ\n", &[("l", "k,x\nフ\u{309a},1\n")]);
    assert_eq!(tied.reported().len(), 1);
    assert!(tied.reported()[0].starts_with("alike-key 2:1"), "{:?}", tied.reported());
}

#[test]
fn a_list_without_rows_is_reported() {
    for text in ["id,note\n", "id,note", "id,note\n,\n"] {
        let reported = read("{ key: id }", text).reported();
        assert!(reported.contains(&"no-rows - `rows.csv` holds no rows".to_owned()), "{reported:?}");
    }
    let lists = decl("{ key: k, lists: { l: { match: k } } }");
    assert_eq!(read_with(&lists, "k\nA\n", &[("l", "k,x\n")]).reported(), ["no-rows - `l.csv` holds no rows"]);
}
