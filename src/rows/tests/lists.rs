//! Lists: rows of a second file on the row they belong to.

use serde_json::json;

use super::setup::{decl, read_with};

const DECL: &str = "{ key: id, lists: { people: { match: id, min: 1, max: 2,
    columns: { phone: { sensitive: true }, age: { type: integer }, email: { optional: true } } } } }";

fn reported(rows: &str, people: &str) -> Vec<String> {
    read_with(&decl(DECL), rows, &[("people", people)]).reported()
}

#[test]
fn errors_of_a_lists_file_are_reported_together() {
    assert_eq!(read_with(&decl(DECL), "id\n1\n", &[]).reported(), ["missing-rows - The list `people` has no file"]);
    assert_eq!(
        reported("id\n1\n", "ids,phone,age,email\n"),
        ["missing-column 1:1 The `match` of the list `people` is not in the header: no column is named `id`"]
    );
    assert_eq!(
        reported("id\n1\n", "id,phone,age\n1,2,3\n"),
        ["missing-column 1:1 The column `email` is not in the header: no column is named `email`"]
    );
    assert_eq!(
        reported("id,people\n1,x\n", "id,phone,age,email\n1,2,3,\n"),
        ["bad-header - `people` is a list of the playbook and a column of `rows.csv`"]
    );
    // Mistakes of both files' headers come together.
    let both = reported("name\n1\n", "id\n1\n");
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(both[0].contains("3 declared columns are not in the header: `phone`, `age`, `email`"), "{both:?}");
}

#[test]
fn errors_of_a_lists_rows_are_reported_by_row() {
    let people = "id,phone,age,email\n1,0911,x,\n1,0912\n,0913,5,\n9,0914,6,\n";
    let read = read_with(&decl(DECL), "id\n1\n2\n", &[("people", people)]);
    assert_eq!(
        read.reported(),
        [
            "bad-row 3:3 Row 3 has 2 cells, and the header names 4 cells",
            "blank-cell 4:1 Row 4 of the list `people` has a blank `id`",
            "cell-type 2:8 Column `age`, row 2: `x` is not an integer",
            "bad-value 3:1 Row 3 has 0 of `people`, and at least 1 are needed",
            "orphan 5:1 Row 5 of the list `people` matches no row: none has the `id` `9`",
        ]
    );
    assert_eq!(read.diagnostics[2].places[0].0.file, "people.csv");
    // The phone is sensitive.
    assert!(read.diagnostics.iter().all(|d| d.places.iter().all(|(place, _)| !place.text.contains("091"))));
}

#[test]
fn too_many_elements_are_reported() {
    assert_eq!(
        reported("id\n1\n", "id,phone,age,email\n1,1,1,\n1,2,2,\n1,3,3,\n"),
        ["bad-value 2:1 Row 2 has 3 of `people`, and at most 2 are allowed"]
    );
}

#[test]
fn orphans_are_not_reported_where_a_row_is_malformed() {
    let people = "id,phone,age,email\n1,1,1,\n2,2,2,\n";
    assert_eq!(reported("id,a\n1,\n2\n", people), ["bad-row 3:1 Row 3 has 1 cell, and the header names 2 cells"]);
}

#[test]
fn elements_keep_the_files_order_and_omit_the_match_column() {
    let people = "email,id,phone,age\nb@x,2,3,30\n,1,1,10\na@x,2,\"0,9\",\n";
    let read = read_with(&decl(DECL), "id\n1\n2\n", &[("people", people)]);
    assert_eq!(read.reported(), [""; 0]);
    assert_eq!(read.rows[0].cells["people"], json!([{ "email": null, "phone": "1", "age": 10 }]));
    assert_eq!(
        read.rows[1].cells["people"],
        json!([{ "email": "b@x", "phone": "3", "age": 30 }, { "email": "a@x", "phone": "0,9", "age": "" }])
    );
    assert_eq!(read.rows[1].blanks, ["people.1.age"]);
    let file = read.file.unwrap();
    let names: Vec<String> = file.lists()[0].columns.iter().map(|column| column.name.clone()).collect();
    assert_eq!(names, ["email", "phone", "age"]);
    let place = file.place(&read.rows[1], "people.1.age");
    assert_eq!((place.file.as_str(), place.line, place.column), ("people.csv", 4, 13));
    let place = file.place(&read.rows[1], "people");
    assert_eq!((place.file.as_str(), place.line, place.column), ("rows.csv", 3, 1));
}

#[test]
fn several_match_columns_under_other_names_match_exactly() {
    let decl = decl(
        "{ key: [a, b], lists: { parts: { match: { row: [a, b], list: [left, right] }, orphans: ignore,
           columns: { left: { from: L } } } } }",
    );
    let parts = "L,right,value\nx:,1,one\nx,:1,two\nx,1,three\nX,1,four\n";
    let read = read_with(&decl, "a,b\nx:,1\nx,:1\nx,1\ny,1\n", &[("parts", parts)]);
    assert_eq!(read.reported(), [""; 0]);
    let values: Vec<String> = read.rows.iter().map(|row| row.cells["parts"].to_string()).collect();
    assert_eq!(values, [r#"[{"value":"one"}]"#, r#"[{"value":"two"}]"#, r#"[{"value":"three"}]"#, "[]"]);
}

#[test]
fn a_match_that_fits_no_row_at_all_is_one_message() {
    let decl = decl("{ key: id, lists: { parts: { match: { row: name, list: id }, min: 1 } } }");
    let read = read_with(&decl, "id,name\nA,x\nB,y\n", &[("parts", "id,part\nA,1\nB,2\n")]);
    let reported: Vec<String> = read.reported().into_iter().filter(|reported| reported.starts_with("orphan")).collect();
    assert_eq!(
        reported,
        ["orphan 2:1 None of the 2 rows of the list `parts` matches a row: no `id` of them is a `name` of rows.csv"]
    );
    let help = read.diagnostics.iter().find(|one| one.code == "orphan").unwrap().help.as_deref();
    assert_eq!(help, Some("Both files have a column `id`: perhaps `match: id`"));
    assert!(!read.reported().iter().any(|reported| reported.starts_with("bad-value")), "{:?}", read.reported());
}
