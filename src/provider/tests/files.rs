//! Mistakes in provider files are told at their place, all at once.

use super::acme::files;
use crate::diagnostic::Diagnostics;
use crate::provider::{ProviderFile, Registry};

/// What is said of the files with a piece of text replaced: code and message of each, and the rendering.
fn said(changes: &[(&str, &str)]) -> (Vec<(&'static str, String)>, String) {
    let mut diagnostics = Diagnostics::new();
    let registry = Registry::from_files(files(changes), &mut diagnostics);
    assert!(registry.is_none() || diagnostics.is_empty());
    let all = diagnostics.iter().map(|one| (one.code, one.message.clone())).collect();
    (all, diagnostics.render(false, 120))
}

#[test]
fn every_mistake_has_its_message() {
    for (from, to, code, part) in [
        ("title: Acme", "titel: Acme", "unknown-key", "`titel`"),
        ("title: Acme\n", "", "missing-key", "`title`"),
        ("base_url: https://api", "base_url: http://api", "bad-value", "not encrypted"),
        ("scheme: login", "scheme: kerberos", "bad-value", "`scheme` must be one of"),
        ("scheme: login", "scheme: tc3", "missing-key", "`service`"),
        ("{{ settings.word }}", "{{ settings.wrod }}", "unknown-name", "`settings.wrod`"),
        ("{{ settings.word }}", "{{ inputs.num }}", "unknown-name", "`inputs` means nothing here"),
        ("{{ token.access_token }}", "{{ token.access_token", "bad-template", "not closed"),
        ("{{ settings.word }}", "{{ upper settings.word }}", "bad-template", "`upper`"),
        ("operation: code", "operation: cdoe", "unknown-name", "`cdoe`"),
        ("expires: { seconds: expires_in }", "expires: { seconds: a, at: b }", "bad-value", "`expires`"),
        ("credentials: [key]", "credentials: [kye]", "unknown-name", "`kye`"),
        ("limits: { rate: 10/s", "limits: { rate: fast", "bad-value", "is not a rate"),
        ("timeout: 20s", "timeout: 20s\nquota: { calls: 10, resets: Mars }", "bad-value", "`Mars` is no time zone"),
        ("timeout: 20s", "timeout: 20s\nquota: { calls: 10 }", "missing-key", "`resets`"),
        ("timeout: 20s", "timeout: 20s\nquota: { calls: 0, resets: UTC }", "bad-value", "at least 1"),
        (
            "success: { path: head.code, is: [\"00\", 1] }",
            "success: { path: head.code }",
            "bad-value",
            "`path` and `is`",
        ),
        ("\"42\", is: throttled, gate: true", "\"42\", is: throttled", "bad-value", "sent again"),
        ("\"60\", is: refused", "\"60\", is: maybe", "bad-value", "`is` must be one of"),
        ("code: \"28\", is: warning", "code: \"29\", is: warning", "duplicate-key", "`29`"),
        ("(?i)unauthorized", "(?i", "bad-value", "`message`"),
        ("$ref: Id }\n    owner", "$ref: Ident }\n    owner", "unknown-name", "`Ident`"),
        ("required: [num, owner,", "required: [nmu, owner,", "unknown-name", "`nmu`"),
        ("weight: { type: number }", "weight: { type: double }", "bad-value", "`type` must be one of"),
        ("weight: { type: number }", "weight: { description: x }", "missing-key", "`type`"),
        ("weight: { type: number }", "weight: { type: number, minLength: 1 }", "unknown-key", "`minLength`"),
        ("weight: { type: number }", "weight: { type: number, format: date }", "bad-value", "`format`"),
        ("remark: { type: string,", "remark: { type: string, pattern: \"(\",", "bad-value", "`pattern`"),
        ("eq inputs.kind \"normal\"", "eq inputs.kidn \"normal\"", "unknown-name", "`kidn`"),
        ("eq inputs.kind \"normal\"", "eq settings.word \"normal\"", "unknown-name", "`settings.word`"),
        ("phone: { type: string,", "phone: { type: string, in: query,", "unknown-key", "`in`"),
        (
            "phone: { type: string,",
            "phone: { type: string, required_when: \"{{ inputs.who }}\",",
            "unknown-key",
            "`required_when`",
        ),
        ("vendor_name: code\ninternal: true", "vendor_name: code", "bad-value", "`internal: true`"),
        ("vendor_name: makeThing\n", "", "missing-key", "`vendor_name`"),
        ("path: /v1/list\n", "", "missing-key", "`path`"),
        ("effect: read\npath: /v1/list", "path: /v1/list", "missing-key", "`effect`"),
        ("$inputs: all, tags", "$inputs: [nmu], tags", "unknown-name", "`nmu`"),
        ("$inputs: all, tags", "$inputs: some, tags", "bad-value", "`$inputs`"),
        ("natural_key: [num, kind]", "natural_key: [num, knid]", "unknown-name", "`knid`"),
        ("- { is: lookup }", "- { is: sometimes }", "bad-value", "`is` must be one of"),
        ("kind: bills", "kind: hurts", "bad-value", "`kind` must be one of"),
        ("when: \"{{ inputs.notify }}\"", "when: inputs.notify", "bad-value", "`{{ … }}`"),
        ("operation: list", "operation: lsit", "unknown-name", "`lsit`"),
        ("inputs: { nums: [", "inputs: { num: [", "unknown-name", "`num`"),
        ("batch: { input: nums,", "batch: { input: nus,", "unknown-name", "`nus`"),
        ("took_effect: \"{{ eq match.size inputs.size }}\"\n", "conclusive_: true\n", "missing-key", "`took_effect`"),
        ("effect: read\npath: /v1/list", "effect: write\npath: /v1/list", "unknown-name", "not a read of the provider"),
        ("operation: remove", "operation: remoev", "unknown-name", "`remoev`, which is not a write"),
        ("operation: remove", "operation: list", "unknown-name", "`list`, which is not a write"),
        ("with: { id: \"{{ outputs.id }}\"", "with: { ident: \"{{ outputs.id }}\"", "unknown-name", "`ident`"),
        ("{{ outputs.id }}", "{{ outputs.idd }}", "unknown-name", "`outputs.idd`"),
        ("{{ outputs.id }}", "{{ answer.id }}", "unknown-name", "`answer` means nothing here"),
        ("operation: remove\n", "operatoin: remove\n", "unknown-key", "`operatoin`"),
        ("when: \"{{ not inputs.notify }}\"", "when: \"{{ not inputs.notfy }}\"", "unknown-name", "`inputs.notfy`"),
        ("effect: write\npath: /v1/{{", "effect: read\npath: /v1/{{", "bad-value", "A read changes nothing"),
        ("id: { path: [data.id, id], type: string,", "id: { type: string,", "missing-key", "`path`"),
    ] {
        let (said, rendered) = said(&[(from, to)]);
        let found = said.iter().any(|(found, message)| *found == code && message.contains(part));
        assert!(found, "{to}: wanted {code} with {part}, got {said:?}\n{rendered}");
        assert!(said.len() <= 3, "{to}: {said:?}");
    }
}

#[test]
fn an_operation_without_an_example_is_refused() {
    let (said, rendered) = said(&[("examples:\n  - name: One\n", "nothing:\n  - name: One\n")]);
    assert!(said.iter().any(|(_, message)| message.contains("at least one of `examples`")), "{rendered}");
    assert!(said.iter().any(|(code, _)| *code == "unknown-key"), "{rendered}");
    assert!(rendered.contains("acme/list.yaml"), "{rendered}");
}

#[test]
fn mistakes_of_all_files_come_together_with_their_places() {
    let (said, rendered) = said(&[("title: Acme", "titel: Acme"), ("vendor_name: token", "vendor_nmae: token")]);
    assert!(said.len() >= 3, "{rendered}");
    assert!(rendered.contains("acme/provider.yaml:2:1") && rendered.contains("acme/token.yaml:3:1"), "{rendered}");
}

#[test]
fn other_files_in_a_providers_folder_are_refused() {
    for (path, text) in [
        ("acme.yaml", "title: x"),
        ("acme/a/b.yaml", "title: x"),
        ("acme/readme.txt", "hello"),
        ("acme/list.yaml", "title: x"),
        ("acme/provider.yaml", ""),
        ("acme/provider.yaml", "[1, 2]"),
        ("acme/provider.yaml", "{{{{"),
    ] {
        let mut diagnostics = Diagnostics::new();
        let files = vec![ProviderFile { path: path.into(), text: text.into() }];
        assert!(Registry::from_files(files, &mut diagnostics).is_none(), "{path}: {text}");
        assert!(diagnostics.has_errors(), "{path}: {text}");
    }
    assert!(Registry::from_files(Vec::new(), &mut Diagnostics::new()).is_some());
}

#[test]
fn a_scheme_without_its_credentials_is_told_where_it_stands() {
    let login = "auth:\n  scheme: login\n  headers: { Authorization: \"{{ settings.word }} {{ token.access_token }}\", \
                 X-User: \"{{ settings.user_id }}\" }\n  login:\n    - credentials: [name, password]\n      steps:\n        \
                 - { operation: code, inputs: { name: \"{{ credentials.name }}\", password: \"{{ credentials.password }}\" } \
                 }\n        - { operation: token, inputs: { code: \"{{ token.code }}\" } }\n  expires: { seconds: expires_in \
                 }\n  refresh_ahead: 100s\n";
    let missing = |auth: &str| {
        let (all, text) = said(&[(login, &format!("auth: {{ {auth} }}\n"))]);
        assert!(all.iter().all(|(code, _)| *code == "unknown-name"), "{text}");
        all.iter().map(|(_, message)| message.split('`').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(missing("scheme: none"), Vec::<String>::new());
    assert_eq!(missing("scheme: bearer"), ["token"]);
    assert_eq!(missing("scheme: basic"), ["user"], "the provider has a `password`");
    assert_eq!(missing("scheme: header"), ["value"]);
    assert_eq!(missing("scheme: tc3, service: shop, version: \"2024-01-31\""), ["secret_id", "secret_key"]);
    let own = "scheme: bearer, headers: { Authorization: \"Bearer {{ credentials.key }}\" }";
    assert_eq!(missing(own), Vec::<String>::new(), "its own headers say what they take");
}
