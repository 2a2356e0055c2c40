//! Whole URLs and base URLs: what has no sound origin is refused, and nothing is glued to another address.

use super::desk;
use crate::recorder::{Recorder, answer};

const MALFORMED: &[&str] = &[
    "https://x@h/",
    "https://u:p@h/",
    "https:///x",
    "https:/x",
    "https:x",
    "HTTPS:\\\\h",
    "HTTPS://h/x",
    "//h/x",
    "https://h:99999/",
    "https://h:",
    "https://h:x/",
    "https://h /",
    " https://h/",
    "https://[::g]/",
    "https://[::1/",
    "https://[::1]x/",
    "https://\u{430}pi.example.com/",
    "https://h\u{3002}example/",
    "https://h\u{ff0f}x/",
    "https://2130706433/",
    "https://h/../x",
    "https://h/%2e%2e/x",
    "https://h\\x",
    "https://h/a b",
    "https://h/a#b",
    "ftp://h/",
    "file:///etc/passwd",
    "javascript:alert(1)",
];

#[test]
fn a_malformed_url_is_sent_nowhere() {
    let server = Recorder::start(|_, _| answer(200, &[], b"{}"));
    for url in MALFORMED {
        for input in ["url", "path"] {
            let quoted = url.replace('\'', "''");
            let steps = format!("  - {{ id: s, uses: http.request, with: {{ method: GET, {input}: '{quoted}' }} }}\n");
            desk(&server, "", &steps, "id\na1\n").run("check playbook.yaml --env here").exits(3);
            let steps = format!(
                "  - {{ id: s, uses: http.request, with: {{ method: GET, {input}: '{{{{ raw row.u }}}}' }} }}\n"
            );
            let cells = desk(&server, "", &steps, &format!("id,u\na1,{url}\n"));
            cells.run("check playbook.yaml --env here").exits(3);
            // Without a base URL there is nothing to hold it against.
            cells.write("runsheet.yaml", "environments: { here: { connections: { http: {} } } }\n");
            cells.run("check playbook.yaml --env here").exits(3);
        }
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_url_that_only_an_answer_brings_is_judged_before_it_is_sent() {
    for url in ["https://x@h/", "https:///x", "//h/x", "https://evil.example/", "http://127.0.0.1:99999/x", "/a/../b"] {
        let body = serde_json::json!({"next": url}).to_string().into_bytes();
        let server = Recorder::start(move |_, _| answer(200, &[], &body));
        let steps = "  - { id: a, uses: http.request, with: { method: POST, path: /a } }\n  - { id: b, uses: http.request, with: { method: DELETE, url: '{{ raw steps.a.body.next }}' } }\n";
        let desk = desk(&server, "", steps, "id\na1\n");
        super::run(&desk).exits(4);
        assert_eq!(server.paths(), ["/a"], "{url}");
    }
}

#[test]
fn a_base_url_that_is_read_in_another_way_is_refused() {
    let server = Recorder::start(|_, _| answer(200, &[], b"{}"));
    let steps = "  - { id: s, uses: http.request, with: { method: GET, path: /x } }\n";
    let desk = desk(&server, "", steps, "id\na1\n");
    for base in MALFORMED.iter().copied().chain(["https://h/a//b", "https://h/?a=1", "https://h.example/\u{9810}"]) {
        if base == " https://h/" || base == "HTTPS://h/x" {
            // Blanks around a setting and capitals of a scheme mean nothing else.
            continue;
        }
        let base = base.replace('\'', "''");
        desk.write(
            "runsheet.yaml",
            &format!("environments: {{ here: {{ connections: {{ http: {{ base_url: '{base}' }} }} }} }}\n"),
        );
        desk.run("check playbook.yaml --env here").exits(3);
    }
}

#[test]
fn a_whole_url_is_shown_as_it_is_sent() {
    let server = Recorder::start(|_, _| answer(200, &[], b"{}"));
    let steps = format!(
        "  - {{ id: s, uses: http.request, with: {{ method: GET, url: '{}/v1/{{{{ row.id }}}}' }} }}\n",
        server.url
    );
    let desk = desk(&server, "", &steps, "id\na/1\n");
    let plan = desk.run("plan playbook.yaml --env here --format json").exits(0).json();
    let line = plan["samples"][0]["calls"][0]["request"]["line"].clone();
    assert_eq!(line, format!("GET {}/v1/a%2F1", server.url));
    super::run(&desk).exits(0);
    assert_eq!(server.paths(), ["/v1/a%2F1"]);
}
