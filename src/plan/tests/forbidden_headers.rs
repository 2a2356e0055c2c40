//! Headers that a playbook or a row must not give, and credentials that stand in a playbook.

use serde_json::json;

use super::setup::{Setup, check, help, plan, reports, row};

fn step(with: &str) -> String {
    format!(
        "rows: {{ from: rows.csv, key: id }}\nsteps:\n  - {{ id: a, uses: shop.list }}\n  \
         - {{ id: b, uses: http.request, with: {{ method: POST, path: /x, {with} }} }}\n"
    )
}

fn said(with: &str) -> Vec<String> {
    Setup::default().reports(&step(with))
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_header_of_the_transport_is_refused_whatever_its_value() {
    let message = "reserved-header: The header `Content-Length` is set by the transport and cannot be given";
    for value in ["'5'", "'{{ row.id }}'", "'{{ steps.a.body }}'"] {
        assert_eq!(said(&format!("headers: {{ Content-Length: {value} }}")), [message], "{value}");
    }
}

#[test]
fn a_header_with_a_credential_is_refused_and_its_value_not_shown() {
    let (_, diagnostics) = Setup::default().bind(&step("headers: { X-Api-Key: s3cret, X-Auth-Token: other }"));
    assert_eq!(reports(&diagnostics).len(), 2);
    let shown = diagnostics.render(false, 200);
    assert!(shown.contains("The header `X-Api-Key` holds a credential"), "{shown}");
    assert!(!shown.contains("s3cret") && !shown.contains("other"), "{shown}");
    assert!(help(diagnostics.iter().next().unwrap()).contains("of the connection `http`"));
}

#[test]
fn a_credential_that_an_answer_brings_may_be_sent_under_its_name_but_not_as_the_connections_own() {
    assert_eq!(said("headers: { X-Api-Key: '{{ steps.a.body }}' }"), NOTHING);
    assert_eq!(said("headers: { Authorization: '{{ steps.a.body }}' }").len(), 1);
    assert_eq!(said("headers: { X-Api-Key: '{{ row.id }}' }").len(), 1);
}

#[test]
fn other_headers_and_absent_ones_pass() {
    assert_eq!(said("headers: { X-Trace: abc, X-Api-Key: null }"), NOTHING);
}

#[test]
fn a_literal_credential_elsewhere_is_warned_of() {
    for with in [
        "body: { api_key: s3cret }",
        "body: { list: [{ password: s3cret }] }",
        "query: { access_token: s3cret }",
        "body: { link: 'https://x.example/?a=1&token=s3cret' }",
    ] {
        let (plan, diagnostics) = Setup::default().bind(&step(with));
        assert!(plan.is_some(), "{with}");
        assert_eq!((diagnostics.warning_count(), diagnostics.iter().next().unwrap().code), (1, "literal-credential"));
        assert!(!diagnostics.render(false, 200).contains("s3cret"), "{with}");
    }
}

#[test]
fn what_is_no_literal_credential_is_not_warned_of() {
    for with in [
        "body: { api_key: '' }",
        "body: { api_key: '{{ row.id }}' }",
        "body: { key: abc }",
        "body: { name: abc }",
        "body: { link: 'https://x.example/?key=a&token=' }",
        "body: { link: 'https://x.example/token=a' }",
    ] {
        assert_eq!(said(with), NOTHING, "{with}");
    }
}

#[test]
fn a_closed_operation_is_not_searched_for_literal_credentials() {
    let text = "steps: [{ id: a, uses: shop.create, with: { num: x, any: { api_key: s3cret } } }]\n";
    assert_eq!(Setup::default().reports(text), NOTHING);
}

/// What the check of a row reports, whose column `h` holds all headers.
fn of_row(headers: serde_json::Value) -> Vec<String> {
    let plan = plan(
        "rows: { from: rows.csv, key: id, columns: { h: { type: json } } }\n\
         steps: [{ id: b, uses: http.request, with: { method: POST, path: /x, headers: '{{ row.h }}' } }]\n",
    );
    reports(&check(&plan, &row(2), json!({"id": "1", "h": headers})).1)
}

#[test]
fn headers_that_the_row_names_are_held_to_the_same_rules() {
    assert_eq!(of_row(json!({"X-Trace": "a"})), NOTHING);
    assert_eq!(
        of_row(json!({"Host": "a"})),
        ["reserved-header: Row 2: The header `Host` is set by the transport and cannot be given"]
    );
    let credential = of_row(json!({"X-Api-Key": "a"}));
    assert_eq!(
        credential,
        ["literal-credential: Row 2: The header `X-Api-Key` holds a credential, which a playbook does not hold"]
    );
}
