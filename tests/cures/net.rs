//! The rest of what messages propose, one message a line; and a broad net over all that the golden cases show.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use regex::Regex;
use runsheet::internals::diagnostic::{Diagnostics, Source};
use runsheet::internals::yaml::parse;
use serde_json::Value;

use crate::program::{TestFolder, root};

const CALL: &str = "name: n\nsteps:\n  - id: a\n    uses: http.request\n    with: { method: GET, path: /x }\n";
const LOOK: &str = "name: n\nsteps:\n  - id: a\n    uses: esignon.get_workflow\n    with: { workflow_id: w }\n";
const NEAR: &str = "environments:\n  e:\n    connections:\n      http: { base_url: 'https://a.example' }\n";
const TWO: &str = "environments:\n  e:\n    connections:\n      north: { provider: http, base_url: 'https://a.example' }\n      south side: { provider: http, base_url: 'https://b.example' }\n";
const SIGN: &str = "environments:\n  e:\n    connections:\n      esignon: { credentials: { email: { env: E }, password: { env: P } } }\n";

/// One proposal: the code, playbook and settings that bring it about, what of the help is pasted, and where.
type Proposal = (&'static str, String, &'static str, &'static str, fn(&str, &str, &str) -> [String; 2]);

fn in_playbook(text: String, settings: &str) -> [String; 2] {
    [text, settings.to_owned()]
}

fn proposals() -> Vec<Proposal> {
    let loop_step = "name: n\nvars: { list: { default: x } }\nsteps:\n  - id: a\n    uses: http.request\n    with:\n      method: POST\n      path: /x\n      body:\n        b:\n          $each: '{{ vars.list }}'\n          c: '{{ item }}'\n";
    vec![
        ("ambiguous-connection", CALL.to_owned(), TWO, "with one of .*, `(.*)`\\.$", |book, set, name| {
            in_playbook(book.replace("    with:", &format!("    connection: {name}\n    with:")), set)
        }),
        (
            "unknown-connection",
            CALL.replace("    with:", "    connection: htp\n    with:"),
            NEAR,
            "`(http)`",
            |book, set, name| in_playbook(book.replace("htp", name), set),
        ),
        (
            "unknown-provider",
            CALL.to_owned(),
            "environments:\n  e:\n    connections:\n      htpp: { base_url: 'https://a.example' }\n",
            "`(http)`",
            |book, set, name| [book.to_owned(), set.replace("htpp", name)],
        ),
        ("missing-setting", LOOK.to_owned(), SIGN, "step: `(settings: .*)`", |book, set, line| {
            in_playbook(format!("{book}    {}\n", line.replace('…', "acme")), set)
        }),
        (
            "missing-key",
            CALL.replace("steps:", "stop_when: { new_kind: true }\nsteps:"),
            NEAR,
            "`(waves: .*)`;",
            |book, set, line| in_playbook(format!("{line}\n{book}"), set),
        ),
        ("bad-place", loop_step.to_owned(), NEAR, "`(- \\$each: \")", |book, set, dash| {
            let dash = dash.split('$').next().unwrap();
            in_playbook(
                book.replace("          $each", &format!("          {dash}$each"))
                    .replace("          c:", "            c:"),
                set,
            )
        }),
        ("template-syntax", CALL.replace("/x", "'/x{{ vars.a '"), NEAR, "`(\\}\\})`", |book, set, close| {
            in_playbook(book.replace("vars.a '", &format!("run.id {close}'")), set)
        }),
        ("yaml-key", CALL.replace("name: n", "name: {{ run.id }}"), NEAR, "`(key: .*)`", |book, set, shape| {
            in_playbook(book.replace("name: {{ run.id }}", &shape.replace("key", "name").replace('…', "run.id")), set)
        }),
        ("yaml-merge", CALL.replace("path: /x", "path: /x, <<: text"), NEAR, "`(<<: \\*name)`", |book, set, merge| {
            let anchored = book.replace("name: n", "name: n\nvars: { v: { default: &name { path: /x } } }");
            in_playbook(anchored.replace("path: /x, <<: text", merge), set)
        }),
        ("yaml-syntax", CALL.replace("name: n", r#"name: "a \d""#), NEAR, "`(\\\\+)`", |book, set, slash| {
            in_playbook(book.replace('\\', slash), set)
        }),
    ]
}

fn codes_of(desk: &TestFolder) -> BTreeSet<String> {
    let told = desk.run("check playbook.yaml --env e --format json").json();
    told["diagnostics"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_other_proposal_is_pasted_in() {
    for (code, playbook, settings, shape, paste) in proposals() {
        let desk = TestFolder::new();
        desk.write("playbook.yaml", &playbook);
        desk.write("runsheet.yaml", settings);
        let told = desk.run("check playbook.yaml --env e --format json").json();
        let messages = told["diagnostics"].as_array().unwrap();
        let helps = messages.iter().filter(|one| one["code"] == code).filter_map(|one| one["help"].as_str());
        let regex = Regex::new(shape).unwrap();
        let found = helps.clone().find_map(|help| regex.captures(help));
        let found = found.unwrap_or_else(|| panic!("`{shape}` of `{code}` is not in {told}"));
        let [playbook, settings] = paste(&playbook, settings, &found[1]);
        desk.write("playbook.yaml", &playbook);
        desk.write("runsheet.yaml", &settings);
        let left = codes_of(&desk);
        let unread = left.iter().any(|code| code.starts_with("yaml-"));
        assert!(!left.contains(code) && !unread, "after the cure of `{code}`: {left:?}\n{playbook}\n{settings}");
    }
}

/// `unknown-var`: the option is written as proposed.
#[test]
fn a_variable_that_is_nearly_named_is_given_as_proposed() {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", &format!("vars: {{ zone: x }}\n{CALL}"));
    let told = desk.run("check playbook.yaml --var znoe=y --format json").exits(3).json();
    let help = told["diagnostics"][0]["help"].as_str().unwrap();
    let name = help.split('`').nth(1).unwrap();
    desk.run(&format!("check playbook.yaml --var {name}=y")).exits(0);
}

/// `nearer-settings`: either option, and the line for the settings further up, in a folder with any name.
#[test]
fn nearer_settings_are_named_or_trusted_as_proposed() {
    for folder in ["billing", "my team", "it's", "a: b", "#1", "-x", "報表"] {
        let desk = TestFolder::new();
        desk.write("runsheet.yaml", NEAR);
        desk.write(&format!("{folder}/runsheet.yaml"), NEAR);
        desk.write(&format!("{folder}/playbook.yaml"), CALL);
        let book = format!("'./{}/playbook.yaml'", folder.replace('\'', "'\\''"));
        let told = desk.bash(&format!("runsheet check {book} --env e --format json")).exits(3).json();
        let help = told["diagnostics"][0]["help"].as_str().unwrap().to_owned();
        let options: Vec<&str> = help.split('`').skip(1).step_by(2).collect();
        assert_eq!(options.len(), 3, "{help}");
        for option in &options[..2] {
            desk.bash(&format!("runsheet check {book} --env e {option}")).exits(0);
        }
        desk.write("runsheet.yaml", &format!("{}\n{NEAR}", options[2]));
        desk.bash(&format!("runsheet check {book} --env e")).exits(0);
    }
}

/// `replaced-provider`: the line for the settings.
#[test]
fn a_provider_of_ones_own_replaces_a_built_in_one_as_proposed() {
    let desk = TestFolder::new();
    desk.write(
        "own/arctos/extra.yaml",
        &fs::read_to_string(root().join("schemas/providers/arctos/login.yaml")).unwrap(),
    );
    desk.write("playbook.yaml", CALL);
    desk.write("runsheet.yaml", "providers: own\n");
    let told = desk.run("check playbook.yaml --format json").exits(3).json();
    let help = told["diagnostics"][0]["help"].as_str().unwrap().to_owned();
    let parts: Vec<&str> = help.split('`').collect();
    let (line, from) = (parts[3], parts[5].replace("DIR", "own"));
    desk.write("runsheet.yaml", &format!("{}\n", line.replace("{ arctos", &format!("{{ {from}, arctos"))));
    desk.run("check playbook.yaml").never_says(&["replaced-provider"]);
}

/// `no-answer`, `test-request`, `test-outcome`: what a failed test proposes goes into the test, whatever the row's key.
#[test]
fn what_a_failed_test_proposes_goes_into_the_test() {
    for key in ["K-1", "a b", "a: b", "#1", "it's", "say \"x\"", "007", "no", "報表"] {
        let desk = TestFolder::new();
        desk.write("playbook.yaml", "name: n\nrows: { from: rows.csv, key: id }\nsteps:\n  - id: a\n    uses: http.request\n    with: { method: POST, path: /x, body: { id: '{{ row.id }}' } }\n");
        desk.write("rows.csv", "id\n1\n");
        let shown = Value::from(key).to_string();
        let head = format!("tests:\n  - name: t\n    rows: [{{ id: {shown} }}]\n");
        desk.write("playbook.test.yaml", &format!("{head}    expect: {{ requests: none }}\n"));
        let help_of = |code: &str| {
            let told = desk.run("test playbook.yaml --format json --unmask").json();
            let text = told.to_string();
            let found = find(&told, code).unwrap_or_else(|| panic!("{key}: no `{code}` in {text}"));
            found["help"].as_str().unwrap().to_owned()
        };
        let help = help_of("no-answer");
        let answer = block(&help, "An answer for it, under `answers:`");
        desk.write(
            "playbook.test.yaml",
            &format!("{head}    answers:\n{}    expect: {{ requests: none }}\n", indented(&answer, 6)),
        );
        let help = help_of("test-request");
        let request = block(&help, "expect it in its place:");
        let whole = format!(
            "{head}    answers:\n{}    expect:\n      requests:\n{}",
            indented(&answer, 6),
            indented(&request, 8)
        );
        desk.write("playbook.test.yaml", &whole);
        let came = desk.run("test playbook.yaml");
        assert_eq!(came.code, 0, "{key}:\n{whole}\n{}{}", came.out, came.err);
        desk.write(
            "playbook.test.yaml",
            &whole.replace(
                "    expect:\n",
                &format!("    expect:\n      rows: {{ {}: succeeded }}\n", Value::from(format!("{key}x"))),
            ),
        );
        let help = help_of("test-outcome");
        if let Some((_, near)) = help.split_once("Did you mean `") {
            assert_eq!(near.trim_end_matches("`?"), key);
        }
    }
}

fn find<'v>(value: &'v Value, code: &str) -> Option<&'v Value> {
    match value {
        Value::Object(map) if map.get("code").is_some_and(|found| found == code) => Some(value),
        Value::Object(map) => map.values().find_map(|value| find(value, code)),
        Value::Array(items) => items.iter().find_map(|value| find(value, code)),
        _ => None,
    }
}

/// The indented lines below a line that ends so.
fn block(help: &str, above: &str) -> Vec<String> {
    let below =
        help.lines().skip_while(|line| !line.ends_with(above)).skip(1).skip_while(|line| line.trim().is_empty());
    below.take_while(|line| line.starts_with(' ') && !line.trim().is_empty()).map(|line| line[2..].to_owned()).collect()
}

fn indented(lines: &[String], indent: usize) -> String {
    lines.iter().map(|line| format!("{}{line}\n", " ".repeat(indent))).collect()
}

/// What the golden cases show on either stream, line breaks of helps taken out.
fn shown() -> Vec<(PathBuf, String)> {
    let cases = fs::read_dir(root().join("tests/cases")).unwrap().map(|entry| entry.unwrap().path().join("expected"));
    let files = cases.flat_map(|folder| ["stdout", "stderr"].map(|name| folder.join(name)));
    let read = files.filter_map(|path| Some((path.clone(), fs::read_to_string(path).ok()?)));
    let wrapped = Regex::new(r"\n +│? *").unwrap();
    read.map(|(path, text)| (path, wrapped.replace_all(&text, " ").into_owned())).collect()
}

#[test]
fn every_command_that_a_golden_case_shows_is_one() {
    let command = Regex::new(r"(?:`|: |  )(runsheet [a-z]+(?: [^`\n│]*)?)").unwrap();
    let desk = TestFolder::new();
    let mut seen = BTreeSet::new();
    for (path, text) in shown().into_iter().filter(|(path, _)| path.ends_with("stderr")) {
        for found in command.captures_iter(&text) {
            // What follows a command in a sentence is not its own.
            let line = found[1]
                .split([',', ';', '('])
                .next()
                .unwrap()
                .split("  ")
                .next()
                .unwrap()
                .trim_end_matches(['.', ':']);
            let line = line.split(" brings ").next().unwrap().split(" settles ").next().unwrap().trim();
            if seen.insert(line.to_owned()) {
                let came = desk.bash(&format!("{line} --help"));
                assert_eq!(came.code, 0, "{}: `{line}`\n{}", path.display(), came.err);
            }
        }
    }
    assert!(seen.len() > 15, "{seen:?}");
}

#[test]
fn every_piece_of_yaml_that_a_golden_case_shows_is_yaml() {
    let piece = Regex::new(r"^(\S.*: .*|\{ .* \})$").unwrap();
    let mut seen = BTreeSet::new();
    for (path, text) in shown().into_iter().filter(|(path, _)| path.ends_with("stderr")) {
        let helps = text.split("help: ").skip(1).map(|help| help.split('\n').next().unwrap_or_default());
        let quoted = helps.flat_map(|help| help.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
        for found in quoted.filter(|quoted| piece.is_match(quoted)) {
            let is_yaml = !found.starts_with("runsheet") && !found.contains(" = ");
            if is_yaml && seen.insert(found.clone()) {
                let mut diagnostics = Diagnostics::default();
                let node = parse(&Source::new("piece.yaml", found.clone()), &mut diagnostics);
                let anchored = found.contains(": *");
                assert!(anchored || (node.is_some() && !diagnostics.has_errors()), "{}: `{found}`", path.display());
            }
        }
    }
    assert!(seen.len() > 15, "{seen:?}");
}
