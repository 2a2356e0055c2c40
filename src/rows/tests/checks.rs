//! What spreadsheets do to cells: reported where it is certain, and never where people may have meant it.

use super::setup::{decl, read, read_named, read_with};

/// A column `x` of those cells beside a sound key.
fn reported(head: &str, cells: &[&str]) -> Vec<String> {
    let rows: String = cells.iter().enumerate().map(|(at, cell)| format!("R{at},{cell}\n")).collect();
    read("{ key: k }", format!("k,{head}\n{rows}")).reported()
}

#[test]
fn each_kind_is_reported_once_a_column_with_its_count_and_first_cell() {
    for (head, cells, said) in [
        (
            "x",
            &["A1", "1.23E+17", "1.5E+11"][..],
            "rounded-number 3:4 Column `x`: 2 cells are numbers that a spreadsheet has rounded",
        ),
        (
            "x",
            &["123456789012345000"],
            "rounded-number 2:4 Column `x`: 1 cell is a number that a spreadsheet has rounded",
        ),
        (
            "x",
            &["0936039473", "0902627557", "0911000111", "902627558", "912000111"],
            "lost-zeros 5:4 Column `x`: 2 cells have lost their leading zeros: the others have 10 digits",
        ),
        (
            "x",
            &["012", "007", "103", "12", "7"],
            "lost-zeros 5:4 Column `x`: 2 cells have lost their leading zeros: the others have 3 digits",
        ),
        ("x", &["A1", "A2", "Ａ３"], "full-width 4:4 Column `x`: 1 cell holds full-width digits or letters"),
        ("flow_id", &["a ", "b"], "stray-blank 2:4 Column `flow_id`: 1 cell has blanks around its text"),
        ("flowId", &["a", "\u{3000}b"], "stray-blank 3:4 Column `flowId`: 1 cell has blanks around its text"),
        (
            "合同编号",
            &["a\u{A0}", "b\u{200B}c"],
            "unseen-character 2:4 Column `合同编号`: 2 cells hold invisible characters (the first is U+00A0)",
        ),
        (
            "x",
            &["31/01/2035", "01/31/2035", "30.12.2035", "01/02/2035"],
            "ambiguous-date 3:4 Column `x`: 1 cell writes the month first, 2 the day first, and 1 more can be read either way",
        ),
    ] {
        assert_eq!(reported(head, cells), [said], "{cells:?}");
    }
}

#[test]
fn what_people_may_have_meant_is_not_reported() {
    for (head, cells) in [
        // Round numbers of sixteen digits and more, some or all of a column; and short ones in the scientific form.
        ("x", &["20350101000000000", "20350102000000000"][..]),
        ("x", &["1234567890123450", "1234567890123461", "1234567890123472"]),
        ("x", &["123456789012345678", "123456789012345000"]),
        ("x", &["1.2E+05", "1E12", "E+17", "1.E+17", "12.3E+17", "1.2E+017"]),
        // Counts, numbers of several lengths, a mobile beside landlines, cells that are no numbers.
        ("x", &["9", "10", "11", "100"]),
        ("x", &["100", "101", "102", "7"]),
        ("x", &["01", "02", "10", "9"]),
        ("x", &["075512345678", "075512345679", "057112345678", "13800138000"]),
        ("x", &["02112345678", "01012345678", "02112345679", "4008001234"]),
        ("x", &["0936039473", "0902627557", "0911000111", "902627558", "n/a"]),
        ("x", &["0936039473", "0902627557", "0911000111", "12345"]),
        // Wide digits in addresses and texts, blanks around words, joiners in names.
        ("address", &["１－２－３", "４丁目５", "A1"]),
        ("title", &[" Lin ", "王\u{A0}"]),
        ("x", &["ＡＢＣ", "A1", "A2"]),
        // Dates of one order, numbers and versions that look like dates.
        ("x", &["31/01/2035", "01/02/2035", "05/06/2035"]),
        ("x", &["31/01/35", "01/31/35", "1.31.1234.5"]),
        ("x", &["01/31/2035", "2035/01/31", "99/99/2035"]),
    ] {
        assert_eq!(reported(head, cells), [""; 0], "{cells:?}");
    }
}

#[test]
fn keys_and_match_columns_are_checked_as_identifiers() {
    let key = read("{ key: k }", "k\nＡ１\nB \n\u{200E}C1\n");
    let codes: Vec<&str> = key.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["full-width", "stray-blank", "unseen-character"]);
    let lists = decl("{ key: k, lists: { l: { match: k } } }");
    let tied =
        read_with(&lists, "k\nA\n", &[("l", "k,phone\nA,0911000111\nA,0911000112\nA,0911000113\nA,911000114\n")]);
    assert_eq!(
        tied.reported(),
        ["lost-zeros 5:3 Column `phone`: 1 cell has lost its leading zeros: the others have 10 digits"]
    );
}

#[test]
fn columns_of_other_types_are_left_to_their_own_checks() {
    let read = read(
        "{ key: k, columns: { n: { type: number }, i: { type: integer } } }",
        "k,n,i\nA,1.2E+17,123456789012345000\nB,2,7\n",
    );
    assert_eq!(read.reported(), [""; 0]);
}

#[test]
fn small_letters_are_reported_in_valid_identity_numbers_only() {
    let reported = |cells: &str| {
        let read = read("{ key: k, columns: { x: { format: cn_id } } }", format!("k,x\n{cells}"));
        read.reported().into_iter().filter(|one| one.starts_with("small-letter")).collect::<Vec<_>>()
    };
    assert_eq!(
        reported("A,11010519491231002X\nB,11010519491231002x\n"),
        ["small-letter 3:3 Column `x`: 1 cell has a small letter"]
    );
    assert_eq!(reported("A,11010519491231003x\nB,x\n"), [""; 0]);
}

#[test]
fn sensitive_cells_are_masked_and_json_is_checked_too() {
    let masked = read("{ key: k, columns: { x: { sensitive: true } } }", "k,x\nA,1.23E+17\n");
    assert_eq!(masked.diagnostics[0].code, "rounded-number");
    assert!(!format!("{:?}", masked.diagnostics).contains("1.23"));
    let json = read_named("rows.jsonl", "{ key: k }", "{\"k\":\"A\\u00a0\",\"x\":1}\n{\"k\":\"B\",\"x\":null}\n");
    assert_eq!(json.diagnostics[0].code, "unseen-character", "{:?}", json.reported());
}
