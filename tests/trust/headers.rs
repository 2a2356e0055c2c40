//! Headers that a playbook, a provider file or the settings must not give: credentials as they are, and the transport's.

use crate::program::{CommandResult, TestFolder};

/// Credentials by name, as vendors write them.
const CREDENTIALS: [&str; 8] = [
    "X-Api-Key",
    "x-api-key",
    "Api-Key",
    "X-Auth-Token",
    "X-Access-Token",
    "Proxy-Authorization",
    "Cookie",
    "Authorization",
];

/// The transport's, in several cases.
const TRANSPORT: [&str; 12] = [
    "Host",
    "host",
    "HOST",
    "Transfer-Encoding",
    "transfer-encoding",
    "Content-Length",
    "Connection",
    "Keep-Alive",
    "Upgrade",
    "TE",
    "Trailer",
    "Expect",
];

fn desk() -> TestFolder {
    let desk = TestFolder::new();
    desk.write("rows.csv", "id,secret,headers\n1,hunter2,\"{\"\"X-Api-Key\"\": \"\"hunter2\"\"}\"\n");
    desk
}

/// The check of a playbook whose step has these further lines.
fn check(desk: &TestFolder, with: &str, more: &str) -> CommandResult {
    let playbook = format!(
        "name: n
vars: {{ key: {{ type: string, default: hunter2 }} }}
rows: {{ from: rows.csv, key: id, columns: {{ headers: {{ type: json }} }} }}
steps:
  - {{ id: login, uses: http.request, with: {{ method: POST, path: /login }} }}
  - id: a
    uses: http.request
    with: {{ method: POST, path: /, {with} }}
{more}"
    );
    desk.write("playbook.yaml", &playbook);
    desk.run("check playbook.yaml")
}

#[test]
fn a_credential_in_a_header_is_refused_wherever_in_the_playbook_its_value_stands() {
    let desk = desk();
    for header in CREDENTIALS {
        for value in
            ["abc123", "\"Bearer abc123\"", "\"{{ vars.key }}\"", "\"{{ row.secret }}\"", "\"key {{ row.secret }}\""]
        {
            let came = check(&desk, &format!("headers: {{ {header}: {value} }}"), "").exits(3);
            came.says_wrapped(&["literal-credential", &format!("`{header}`"), "playbook.yaml:8:", "{ env: NAME }"])
                .never_says(&["abc123"]);
        }
    }
    check(&desk, "headers: { X-Api-Key: abc123 }", "")
        .says_wrapped(&["auth: { scheme: header, header: X-Api-Key, value: { env: NAME } }"]);
    // A step that no row reaches, a rollback, and steps that run once hold it all the same.
    let rollback =
        "    rollback: { uses: http.request, with: { method: POST, path: /, headers: { X-Api-Key: abc } } }\n";
    check(&desk, "body: {}", rollback).exits(3).says_wrapped(&["literal-credential"]);
    let never = "    when: \"{{ eq row.id 'none' }}\"\n";
    check(&desk, "headers: { X-Api-Key: abc }", never).exits(3).says_wrapped(&["literal-credential"]);
    let after =
        "after: [{ id: z, uses: http.request, with: { method: POST, path: /, headers: { X-Api-Key: abc } } }]\n";
    check(&desk, "body: {}", after).exits(3).says_wrapped(&["literal-credential"]);
}

#[test]
fn headers_that_come_whole_from_a_row_are_judged_by_the_names_that_they_bring() {
    let desk = desk();
    let came = check(&desk, "headers: \"{{ row.headers }}\"", "").exits(3);
    came.says_wrapped(&["literal-credential", "`X-Api-Key`"]).never_says(&["hunter2"]);
    desk.write("rows.csv", "id,secret,headers\n1,x,\"{\"\"Host\"\": \"\"other.example\"\"}\"\n");
    check(&desk, "headers: \"{{ row.headers }}\"", "").exits(3).says_wrapped(&["reserved-header", "`Host`"]);
    desk.write("rows.csv", "id,secret,headers\n1,x,\"{\"\"X-Trace\"\": \"\"t\"\"}\"\n");
    check(&desk, "headers: \"{{ row.headers }}\"", "").exits(0);
}

#[test]
fn headers_from_an_answer_and_similar_names_may_be_sent() {
    let desk = desk();
    for header in [
        "X-Request-Id: abc",
        "Idempotency-Key: \"{{ row.id }}\"",
        "X-Author: mei",
        "X-Page-Token: t",
        "X-Api-Key: null",
    ] {
        check(&desk, &format!("headers: {{ {header} }}"), "").exits(0);
    }
    check(&desk, "headers: { X-Auth-Token: \"{{ steps.login.body.token }}\" }", "").exits(0);
    // What is the connection's alone is not, whatever it comes from.
    check(&desk, "headers: { Authorization: \"Bearer {{ steps.login.body.token }}\" }", "")
        .exits(3)
        .says_wrapped(&["literal-credential"]);
}

#[test]
fn a_credential_in_a_body_a_query_or_a_url_is_a_warning() {
    let desk = desk();
    for with in [
        "body: { user: mei, password: abc123 }",
        "body: { list: [{ api_key: abc123 }] }",
        "query: { access_token: abc123 }",
        "url: \"http://127.0.0.1:9/x?a=1&api_key=abc123\"",
    ] {
        let came = check(&desk, with, "");
        came.says_wrapped(&["warning", "literal-credential", "playbook.yaml:8:"]).never_says(&["abc123"]);
    }
    for with in [
        "body: { password: \"{{ row.secret }}\" }",
        "body: { key: abc, page_token: x }",
        "query: { author: x }",
        "body: { token: \"\" }",
    ] {
        let said = check(&desk, with, "").exits(0).err;
        assert!(!said.contains("literal-credential"), "{with}: {said}");
    }
}

#[test]
fn headers_of_the_transport_cannot_be_given() {
    let desk = desk();
    for header in TRANSPORT {
        let came = check(&desk, &format!("headers: {{ {header}: x }}"), "").exits(3);
        came.says_wrapped(&["reserved-header", &format!("`{header}`"), "set by the transport", "playbook.yaml:8:"]);
        let came = check(&desk, &format!("headers: {{ {header}: \"{{{{ steps.login.body.x }}}}\" }}"), "").exits(3);
        came.says_wrapped(&["reserved-header"]);
        let came = check(&desk, "body: {}", &format!("    settings: {{ header: {header} }}\n")).exits(3);
        came.says_wrapped(&["reserved-header", "playbook.yaml:9:"]);
    }
    check(&desk, "body: {}", "    settings: { header: X-Key }\n").exits(0);
}

#[test]
fn settings_name_no_such_header_either() {
    let desk = desk();
    check(&desk, "body: {}", "").exits(0);
    let settings = |inside: &str| {
        let text = format!(
            "environments: {{ near: {{ connections: {{ http: {{ base_url: \"http://127.0.0.1:9\", {inside} }} }} }} }}\n"
        );
        desk.write("runsheet.yaml", &text);
        desk.run("check playbook.yaml --env near")
    };
    for header in CREDENTIALS {
        settings(&format!("headers: {{ {header}: abc123 }}"))
            .exits(3)
            .says_wrapped(&["literal-credential", "runsheet.yaml:1:", "{ env: NAME }"])
            .never_says(&["abc123"]);
    }
    for header in TRANSPORT {
        settings(&format!("headers: {{ {header}: x }}")).exits(3).says_wrapped(&["reserved-header"]);
        let auth = format!("auth: {{ scheme: header, header: {header}, value: abc }}");
        settings(&auth).exits(3).says_wrapped(&["reserved-header", "cannot hold a credential"]);
    }
    // Inputs that the settings lay under every step are no way round.
    for header in ["X-Api-Key", "Host"] {
        let came = settings(&format!("defaults: {{ headers: {{ {header}: abc }} }}")).exits(3);
        came.says_wrapped(&[&format!("`headers.{header}`")]);
    }
    settings("headers: { X-Tenant: t }, auth: { scheme: header, header: X-Api-Key, value: { env: KEY } }").exits(0);
}

#[test]
fn provider_files_show_credentials_only_from_the_connection() {
    let desk = desk();
    let provider = |more: &str| {
        let text = format!(
            "title: Acme\nbase_url: https://api.acme.example\ncredentials: {{ token: {{ description: t }} }}\ncredential_sets: [{{ credentials: [token] }}]\nsettings: {{ s: {{ description: s }} }}\nanswer: {{ any_body: true, otherwise: rejected }}\n{more}\n"
        );
        desk.write("own/acme/provider.yaml", &text);
    };
    let operation = |more: &str| {
        let text = format!(
            "summary: s\nvendor_name: v\neffect: write\nmethod: POST\npath: /v\nrepeat: never\n{more}\nexamples: [{{ name: a, with: {{}}, request: {{ path: /v }}, answers: [{{ status: 200, body: \"{{}}\", is: succeeded }}] }}]\n"
        );
        desk.write("own/acme/make.yaml", &text);
    };
    let check = || desk.run("operations acme --providers own");
    operation("");
    let sound = "auth: { scheme: header, headers: { X-Api-Key: \"{{ credentials.token }}\" } }";
    provider(sound);
    check().exits(0);
    for wrong in [
        "auth: { scheme: header, headers: { X-Api-Key: abc123 } }",
        "auth: { scheme: header, headers: { Authorization: \"Bearer {{ settings.s }}\" } }",
        "auth: { scheme: bearer }\nheaders: { X-Api-Key: abc123 }",
        "auth: { scheme: bearer }\nheaders: { Cookie: \"{{ settings.s }}\" }",
    ] {
        provider(wrong);
        check()
            .exits(3)
            .says_wrapped(&["literal-credential", "own/acme/provider.yaml:", "credentials.NAME"])
            .never_says(&["abc123"]);
    }
    provider("auth: { scheme: bearer }\nheaders: { Host: evil.example }");
    check().exits(3).says_wrapped(&["reserved-header", "`Host`"]);
    provider("auth: { scheme: header, headers: { Transfer-Encoding: \"{{ credentials.token }}\" } }");
    check().exits(3).says_wrapped(&["reserved-header"]);
    provider(sound);
    for (wrong, code) in [
        ("headers: { X-Api-Key: abc123 }", "literal-credential"),
        ("headers: { HOST: evil.example }", "reserved-header"),
        ("inputs: { properties: { k: { type: string, in: header, wire_name: X-Api-Key } } }", "literal-credential"),
        ("inputs: { properties: { Host: { type: string, in: header } } }", "reserved-header"),
    ] {
        operation(wrong);
        check().exits(3).says_wrapped(&[code, "own/acme/make.yaml"]);
    }
}

#[test]
fn a_url_that_leads_away_from_the_connection_is_refused_before_anything_is_sent() {
    let desk = desk();
    desk.write("runsheet.yaml", "environments: { near: { connections: { http: { base_url: \"http://127.0.0.1:9/v1\", auth: { scheme: bearer, token: abc } } } } }\n");
    let url = |url: &str| {
        let step = format!("{{ id: a, uses: http.request, with: {{ method: GET, url: \"{url}\" }} }}");
        desk.write("playbook.yaml", &format!("name: n\nrows: {{ from: rows.csv, key: id }}\nsteps: [{step}]\n"));
        desk.run("check playbook.yaml --env near")
    };
    url("http://127.0.0.1:9/v1/things").exits(0);
    for elsewhere in [
        "https://evil.example/v1",
        "http://127.0.0.1:10/v1",
        "http://127.0.0.1:9@evil.example/",
        "http://evil.example/{{ row.id }}",
        "http://127.0.0.1{{ row.id }}:9/",
    ] {
        url(elsewhere).exits(3).says_wrapped(&["not for the connection `http`", "playbook.yaml:3:", "base_url"]);
    }
}
