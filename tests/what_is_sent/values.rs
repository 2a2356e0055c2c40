//! Values in paths, queries and headers: null and blank never stand there, and what a parser would change is refused.

use proptest::prelude::*;
use runsheet::internals::io::journal::Reader;
use runsheet::internals::journal::Fact;
use runsheet::internals::model::{Map, StepScope, Time, Value};
use runsheet::internals::provider::{Connection, Registry};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{desk, run};
use crate::crashes::run_folder;
use crate::recorder::{Recorder, answer};

fn server() -> Recorder {
    Recorder::start(|_, _| answer(200, &["Content-Type: application/json"], br#"{"id":5,"empty":"","none":null}"#))
}

#[test]
fn null_and_blank_in_a_path_a_query_or_a_header_are_refused_at_check_with_their_cell() {
    let server = server();
    for with in [
        "{ method: DELETE, path: '/things/{{ row.x }}' }",
        "{ method: DELETE, path: '/things/a{{ row.x }}/b' }",
        "{ method: DELETE, path: '/things/{{{ row.x }}}' }",
        "{ method: DELETE, path: '/things/{{ raw row.x }}' }",
        "{ method: DELETE, path: '/things/{{ trim row.x }}' }",
        "{ method: DELETE, path: '/things/{{ concat row.x }}' }",
        "{ method: DELETE, path: '/things/{{ default row.x \"\" }}' }",
        "{ method: DELETE, path: '/things/{{ replace row.y row.y row.x }}' }",
        "{ method: DELETE, path: '/things?id={{ row.x }}' }",
        "{ method: DELETE, path: '/things/{{#if true}}{{ row.x }}{{/if}}' }",
        "{ method: DELETE, url: 'URL/things/{{ row.x }}' }",
        "{ method: GET, path: /t, query: { id: 'a{{ row.x }}' } }",
        "{ method: GET, path: /t, query: { id: '{{ default row.x \"\" }}' } }",
        "{ method: GET, path: /t, query: { id: '{{ concat row.x }}' } }",
        "{ method: GET, path: /t, query: { id: [a, '{{ row.x }}{{ row.x }}'] } }",
        "{ method: GET, path: /t, query: { id: '{{ row.blank }}' } }",
        "{ method: POST, path: /t, headers: { X-Id: 'a{{ row.x }}' } }",
        "{ method: POST, path: /t, headers: { X-Id: '{{ concat row.x }}' } }",
    ] {
        let steps = format!("  - {{ id: s, uses: http.request, with: {} }}\n", with.replace("URL", &server.url));
        let columns = "x: { optional: true }, blank: { default: ' ' }";
        let desk = desk(&server, columns, &steps, "id,x,y,blank\na1,7,y,z\na2,,y,\n");
        let came = desk.run("check playbook.yaml --env here --format json").exits(3);
        let found = &came.json()["diagnostics"];
        let errors: Vec<&Value> = found.as_array().unwrap().iter().filter(|one| one["severity"] == "error").collect();
        // A helper may refuse null itself.
        assert!(!errors.is_empty(), "{with}: {found}");
        for error in errors.iter().filter(|error| error["code"] == "blank-cell") {
            assert_eq!(
                (&error["places"][0]["line"], &error["places"][0]["file"]),
                (&3.into(), &"rows.csv".into()),
                "{with}"
            );
        }
        run(&desk).exits(3);
    }
    assert!(server.requests().is_empty());
}

#[test]
fn the_cell_is_pointed_at_and_the_cure_passes() {
    let server = server();
    let steps = "  - { id: s, uses: http.request, with: { method: DELETE, path: '/things/{{ row.x }}' } }\n";
    let desk = desk(&server, "x: { optional: true }", steps, "id,x\na1,\na2,7\n");
    let came = desk.run("check playbook.yaml --env here").exits(3);
    let came = came.says(&["error[blank-cell]", "Row 2", "rows.csv:2:4", "`row.x` is blank"]);
    came.says_wrapped(&["when: \"{{ row.x }}\""]);
    let cured = "  - { id: s, uses: http.request, when: \"{{ row.x }}\", with: { method: DELETE, path: '/things/{{ row.x }}' } }\n";
    desk.write("playbook.yaml", &desk.read("playbook.yaml").replace(steps, cured));
    run(&desk).exits(0);
    assert_eq!(server.paths(), ["/things/7"]);
}

#[test]
fn a_parameter_that_is_blank_as_a_whole_is_left_out_and_a_written_blank_is_sent() {
    let server = server();
    let steps = "  - { id: s, uses: http.request, with: { method: POST, path: /t, query: { id: '{{ row.x }}', note: '' }, headers: { X-Id: '{{ row.x }}' } } }\n";
    let desk = desk(&server, "x: { optional: true }", steps, "id,x\na1,\na2,7\n");
    run(&desk).exits(0);
    let mut paths = server.paths();
    paths.sort_unstable();
    assert_eq!(paths, ["/t?id=7&note=", "/t?note="]);
    assert_eq!(server.requests().iter().filter(|request| request.header("x-id").is_some()).count(), 1);
}

#[test]
fn a_blank_from_an_answer_is_refused_in_the_run_and_nothing_is_sent() {
    for with in [
        "{ method: DELETE, path: '/things/{{ steps.a.body.none }}' }",
        "{ method: DELETE, path: '/things/{{ steps.a.body.empty }}' }",
        "{ method: DELETE, path: '/things/{{ steps.a.outputs.location }}' }",
        "{ method: DELETE, path: /things, query: { id: '{{ steps.a.body.none }}' } }",
        "{ method: DELETE, path: /things, query: { id: '{{ steps.a.body.empty }}' } }",
        "{ method: DELETE, path: /things, headers: { X-Id: '{{ steps.a.body.none }}' } }",
        "{ method: DELETE, path: /things, headers: { X-Id: 'a{{ steps.a.outputs.location }}' } }",
        "{ method: DELETE, path: /things, query: '{{ steps.a.body }}' }",
        "{ method: DELETE, path: '/things/{{ steps.a.body.missing }}' }",
    ] {
        let server = server();
        let steps = format!(
            "  - {{ id: a, uses: http.request, with: {{ method: POST, path: /a }} }}\n  - {{ id: b, uses: http.request, with: {with} }}\n"
        );
        let desk = desk(&server, "", &steps, "id\na1\n");
        desk.run("check playbook.yaml --env here").exits(0);
        run(&desk).exits(4);
        assert_eq!(server.paths(), ["/a"], "{with}");
        assert!(desk.read("out/partial.csv").contains(",partial,b,template,"), "{}", desk.read("out/partial.csv"));
    }
}

#[test]
fn a_known_blank_beside_an_answer_is_found_at_check() {
    let server = server();
    let steps = "  - { id: a, uses: http.request, with: { method: POST, path: /a } }\n  - { id: b, uses: http.request, with: { method: DELETE, path: '/t/{{ steps.a.body.id }}/{{ row.x }}' } }\n";
    let desk = desk(&server, "x: { optional: true }", steps, "id,x\na1,7\na2,\n");
    desk.run("check playbook.yaml --env here").exits(3).says(&["error[blank-cell]", "rows.csv:3:4"]);
}

#[test]
fn elements_of_lists_are_looked_at_too() {
    let server = server();
    let steps = "  - id: s
    uses: http.request
    for_each: '{{ row.parts }}'
    with: { method: DELETE, path: '/t/{{ item.no }}' }
    rollback: { uses: http.request, with: { method: POST, path: '/u/{{ item.no }}' } }
";
    let desk = desk(&server, "", steps, "id\na1\n");
    let book = desk.read("playbook.yaml").replace(
        "columns: {  }",
        "lists: { parts: { from: parts.csv, match: id, columns: { no: { optional: true } } } }",
    );
    desk.write("playbook.yaml", &book);
    desk.write("parts.csv", "id,no\na1,7\na1,\n");
    desk.run("check playbook.yaml --env here").exits(3).says(&["error[blank-cell]", "parts.csv:3:4"]);
}

/// Cells made to lead elsewhere.
const CELLS: &[&str] = &[
    "42",
    "42?force=true",
    "42/delete",
    "42#x",
    "a b",
    "100%",
    "%41",
    "a&b=c+d",
    "王偉",
    "é",
    "a;b",
    "a\\b",
    "DOMAIN\\user",
    "'quoted\"",
    "{x}",
    "...",
    "a..b",
    "..",
    ".",
    "%2e%2e",
    "%2E.",
    ".%2e",
    "%2e",
    "%252e%252e",
    "%2e%2e/%2e%2e/admin",
    "..\\..\\x",
    "../../admin",
    "..%2f..%2fadmin",
    "..;/admin",
    "/",
    "//evil.example/x",
    "https://evil.example/",
    "a\tb",
    "\u{200b}",
    "\u{202e}x",
];

#[test]
fn plan_journal_and_wire_have_the_same_bytes_for_every_cell() {
    let server = server();
    let steps = "  - { id: s, uses: http.request, with: { method: DELETE, path: '/things/{{ row.x }}/x', query: { q: '{{ row.x }}' } } }\n";
    let quoted = |cell: &&str| format!("\"{}\"", cell.replace('"', "\"\""));
    let rows = CELLS.iter().enumerate().map(|(place, cell)| format!("a{place},{}\n", quoted(cell)));
    let desk = desk(&server, "", steps, &format!("id,x\n{}", rows.collect::<String>()));
    let came =
        desk.run("run playbook.yaml --env here --yes --confirm 999 --again --skip-invalid --out out --format json");
    let summary = came.exits(4).json();
    let reader = Reader::open(&run_folder(&desk).unwrap().join("journal.sqlite")).unwrap();
    let sent = server.requests();
    assert_eq!(summary["rows"]["succeeded"], sent.len());
    assert!(sent.len() >= 15, "only {} were sent", sent.len());
    let failed = desk.read("out/failed.csv");
    let mut found = 0;
    for (place, cell) in CELLS.iter().enumerate() {
        if failed.lines().any(|line| line.starts_with(&format!("a{place},"))) {
            continue;
        }
        found += 1;
        let plan = desk
            .run(&format!("plan playbook.yaml --env here --skip-invalid --only a{place} --format json"))
            .exits(0)
            .json();
        let shown = plan["samples"][0]["calls"][0]["request"]["line"].as_str().unwrap();
        let (method, url) = shown.split_once(' ').unwrap();
        let path = url.strip_prefix(&server.url).unwrap();
        let line = format!("{method} {path} HTTP/1.1");
        let came: Vec<_> = sent.iter().filter(|request| request.line == line).collect();
        assert_eq!(came.len(), 1, "{cell:?}: {line}");
        assert_eq!(path.split('?').next().unwrap().split('/').count(), 4, "{cell:?}: {path}");
        let facts = reader.facts(StepScope::Row(place as u64)).unwrap();
        let hash = facts
            .iter()
            .find_map(|(_, fact)| if let Fact::Intent(intent) = fact { Some(intent.hash.clone()) } else { None });
        let mut digest = Sha256::new();
        digest.update(format!("{method}\n{path}\n"));
        digest.update(&came[0].body);
        let expected: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash.as_deref(), Some(expected.as_str()), "{cell:?}");
    }
    assert_eq!(found, sent.len());
    for led in ["..", ".", "%2e%2e", "%2e%2e/%2e%2e/admin", "..\\..\\x", "../../admin"] {
        desk.write("rows.csv", &format!("id,x\nb,{}\n", quoted(&led)));
        desk.run("check playbook.yaml --env here")
            .exits(3)
            .says_wrapped(&["rows.csv:2:", "leads elsewhere by its dots"]);
    }
}

#[test]
fn raw_parts_are_taken_as_they_are_and_still_lead_nowhere_else() {
    let server = server();
    let steps = "  - { id: s, uses: http.request, with: { method: GET, path: '/v1/{{ raw row.x }}' } }\n";
    let desk = desk(&server, "", steps, "id,x\na1,things/42?force=true&b=c%20d\n");
    run(&desk).exits(0);
    assert_eq!(server.paths(), ["/v1/things/42?force=true&b=c%20d"]);
    for bad in ["../admin", "%2e%2e/admin", "/evil", "a//b", "a b", "a\\b", "預約", "a#b", "\"a\tb\"", "a<b"] {
        desk.write("rows.csv", &format!("id,x\na1,{bad}\n"));
        desk.run("check playbook.yaml --env here").exits(3).says(&["rows.csv:2:"]);
    }
    // One expression is a segment, not a path: the message says how to take it whole.
    let whole = "  - { id: s, uses: http.request, with: { method: GET, path: '{{ row.x }}' } }\n";
    desk.write("playbook.yaml", &desk.read("playbook.yaml").replace(steps, whole));
    desk.write("rows.csv", "id,x\na1,/v1/whole?a=b\n");
    let came = desk.run("check playbook.yaml --env here").exits(3);
    let came = came.says(&["error[encoded-address]"]);
    came.says_wrapped(&["error[encoded-address]", "\"{{ raw row.x }}\""]);
    desk.write("playbook.yaml", &desk.read("playbook.yaml").replace("'{{ row.x }}'", "\"{{ raw row.x }}\""));
    run(&desk).exits(0);
    assert_eq!(server.paths().last().unwrap(), "/v1/whole?a=b");
}

#[test]
fn a_header_arrives_as_it_is_or_is_refused() {
    let server = server();
    let steps =
        "  - { id: s, uses: http.request, with: { method: POST, path: /t, headers: { X-Id: '{{ row.x }}' } } }\n";
    let desk = desk(&server, "", steps, "");
    for bad in ["\" a\"", "\"a \"", "\"\ta\"", "\"a\nX-Evil: 1\"", "\"a\r\nX-Evil: 1\"", "\"a\rb\"", "王", "é"] {
        desk.write("rows.csv", &format!("id,x\na1,{bad}\n"));
        desk.run("check playbook.yaml --env here").exits(3).says(&["rows.csv:2:", "X-Id"]);
    }
    assert!(server.requests().is_empty());
    desk.write("rows.csv", "id,x\na1,a b; c=\"\"d\"\n");
    run(&desk).exits(0);
    assert_eq!(server.requests()[0].header("x-id"), Some("a b; c=\"\"d\""));
}

#[test]
fn no_compressed_answer_is_asked_for() {
    let server = server();
    let steps = "  - { id: s, uses: http.request, with: { method: POST, path: /t } }\n";
    let asked = desk(&server, "", steps, "id\na1\n");
    run(&asked).exits(0);
    assert_eq!(server.requests()[0].header("accept-encoding"), Some("identity"));
    let other =
        "  - { id: s, uses: http.request, with: { method: POST, path: /t, headers: { Accept-Encoding: gzip } } }\n";
    desk(&server, "", other, "id\na1\n").run("check playbook.yaml --env here").exits(3).says(&["reserved-header"]);
}

fn inputs(text: Value) -> Map {
    text.as_object().cloned().unwrap()
}

proptest! {
    /// Whatever a query holds arrives as the parser of the transport reads it, and nothing breaks out.
    #[test]
    fn any_query_arrives_as_it_is(name in "[a-z&=#+ %é]{1,8}", value in "\\PC{1,20}") {
        let registry = Registry::builtin();
        let operation = registry.operation("http.request").unwrap();
        let connection = Connection { name: "h".into(), base_url: Some("https://h.example".into()), ..Connection::default() };
        let with = inputs(json!({"method": "GET", "path": "/t", "query": {name.clone(): value.clone()}}));
        let inputs = operation.prepare(&connection, with, Time::from_secs(0)).unwrap();
        if let Ok(prepared) = operation.request(&connection, &Map::new(), &inputs) {
            let url = url::Url::parse(&format!("https://h.example{}", prepared.path_and_query)).unwrap();
            prop_assert_eq!(&url[url::Position::BeforePath..], prepared.path_and_query.as_str());
            let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            prop_assert_eq!(pairs, vec![(name, value)]);
        }
    }
}
