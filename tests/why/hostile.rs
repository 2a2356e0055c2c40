//! Cells and answers that speak to terminals and CI systems, or that are huge.

use super::shop::{RUN, shop};
use crate::program::TestFolder;
use crate::recorder::{Recorder, answer};

/// A desk whose vendor answers with these bytes.
fn desk(body: &'static [u8]) -> TestFolder {
    let server = Recorder::start(move |_, _| answer(422, &["Content-Type: application/json"], body));
    let desk = TestFolder::new();
    let steps =
        "  - { id: send, uses: http.request, with: { path: /x, method: POST, body: { n: \"{{ row.id }}\" } } }\n";
    desk.write("orders.yaml", &format!("name: N\nrows: {{ from: rows.csv, key: id }}\nsteps:\n{steps}"));
    desk.write("rows.csv", "id,note\n::error::a,\u{202e}\u{1b}[2J##vso[x]\n");
    let connection = format!("{{ http: {{ base_url: '{}' }} }}", server.url);
    desk.write("runsheet.yaml", &format!("environments: {{ here: {{ connections: {connection} }} }}\n"));
    desk.run(RUN).exits(4);
    desk
}

#[test]
fn hostile_cells_and_answers_are_harmless_on_the_screen() {
    let desk = desk("{\"message\": \"\u{1b}[31m\\n::set-output x\\r##[group]\u{202e}\"}".as_bytes());
    let told = desk.run("why latest --row 2").exits(0);
    for harmful in ["\u{1b}", "\u{202e}", "##vso[", "##["] {
        assert!(!told.out.contains(harmful), "{harmful:?}: {}", told.out);
    }
    for line in told.out.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
    }
    let json = desk.run("why latest --row 2 --format json").exits(0);
    assert!(!json.out.contains('\u{202e}') && !json.out.contains("##vso["), "{}", json.out);
    assert_eq!(json.json()["row"]["key"], "::error::a", "the same value, escaped");
}

#[test]
fn a_huge_answer_is_cut_and_says_so() {
    let body = format!(r#"{{"message": "no", "more": "{}"}}"#, "x".repeat(1_000_000));
    let desk = desk(body.into_bytes().leak());
    let told = desk.run("why latest --row 2").exits(0);
    assert!(told.out.len() < 20_000, "{}", told.out.len());
    let huge = shop(&format!("fine,0911222333,{}\n", "y".repeat(100_000)));
    huge.run(RUN).exits(0);
    let told = huge.run("why latest fine").exits(0);
    assert!(told.out.len() < 30_000, "{}", told.out.len());
    let json = huge.run("why latest fine --format json").exits(0).json();
    let cell = json["row"]["cells"].as_array().unwrap().iter().find(|cell| cell["name"] == "gift").unwrap();
    assert_eq!(cell["cut_from"], 100_000);
    assert!(cell["value"].as_str().unwrap().len() < 20_000);
}
