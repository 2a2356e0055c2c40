//! What messages propose is pasted in as it stands: the message is gone, and the file can be read.

use std::collections::BTreeSet;
use std::fs;

use regex::Regex;
use runsheet::internals::diagnostic::codes;
use serde_json::Value;

use crate::program::{CommandResult, TestFolder, root};

/// Names that people give columns, and what a spreadsheet or a shell leaves in them.
const NAMES: [&str; 18] = [
    "amount",
    "a b",
    "a: b",
    "#a",
    "-a",
    "- a",
    "it's",
    "say \"x\"",
    "預約 時間",
    "no",
    "007",
    "a,b",
    "{a}",
    "*a",
    "&a",
    "Agent/Id",
    "null",
    "a #b",
];

/// A name as the key or the value of YAML that a careful person writes.
fn in_yaml(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

fn in_csv(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A playbook with its rows, and one message that it must have.
struct Desktop {
    desk: TestFolder,
    code: &'static str,
}

impl Desktop {
    fn new(code: &'static str, files: &[(&str, &str)]) -> Self {
        let desk = TestFolder::new();
        for (name, text) in files {
            desk.write(name, text);
        }
        Self { desk, code }
    }

    fn check(&self) -> CommandResult {
        self.desk.run("check playbook.yaml --env e --format json")
    }

    /// The message, and what its help shows in backticks that matches.
    #[track_caller]
    fn proposal(&self, shape: &str) -> (Value, String) {
        let told = self.check().json();
        let messages = told["diagnostics"].as_array().unwrap();
        let shape = Regex::new(shape).unwrap();
        let proposed = messages.iter().filter(|one| one["code"] == self.code).find_map(|one| {
            let help = one["help"].as_str().unwrap_or_default();
            Some((one.clone(), shape.captures(help)?[1].to_owned()))
        });
        proposed.unwrap_or_else(|| panic!("no `{}` proposes `{shape}`: {told}", self.code))
    }

    /// Changes the playbook; then the message is gone and every file can be read.
    #[track_caller]
    fn cured_by(&self, change: impl FnOnce(&str) -> String) {
        let before = self.desk.read("playbook.yaml");
        let after = change(&before);
        assert_ne!(before, after, "nothing was pasted");
        self.desk.write("playbook.yaml", &after);
        let told = self.check().json();
        let codes: Vec<&str> =
            told["diagnostics"].as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
        let unread = codes.iter().any(|code| code.starts_with("yaml-") || code.starts_with("template-"));
        assert!(!codes.contains(&self.code) && !unread, "after the cure of `{}`:\n{after}\n{told}", self.code);
    }
}

const SETTINGS: &str = "environments:
  e:
    connections:
      http: { base_url: 'https://api.example.com' }
      tencent_ess: { defaults: { Operator: { UserId: u } }, credentials: { secret_id: { env: I }, secret_key: { env: K } } }
";

/// The line of a text, from 1, exchanged.
fn with_line(text: &str, line: &Value, new: impl Fn(&str) -> String) -> String {
    let at = usize::try_from(line.as_u64().unwrap()).unwrap() - 1;
    text.lines()
        .enumerate()
        .map(|(number, line)| if number == at { new(line) } else { line.to_owned() } + "\n")
        .collect()
}

/// Its words behind the indentation, and a dash, exchanged.
fn rest_of_line(line: &str, new: &str) -> String {
    let indent = line.len() - line.trim_start_matches([' ', '-']).len();
    format!("{}{new}", &line[..indent])
}

fn under_columns(text: &str, proposal: &str) -> String {
    text.replace("  columns:\n", &format!("  columns:\n    {proposal}\n"))
}

const FLOW: &str = "yDCNtUUckpvrcvf4UELZnZDvMS000001";

fn playbook(step: &str) -> String {
    format!(
        "name: n\nrows:\n  from: rows.csv\n  key: id\n  columns:\n    id: {{ type: string }}\nsteps:\n  - id: a\n{step}"
    )
}

#[test]
fn a_column_whose_cell_is_blank_is_declared_as_proposed_whatever_its_name() {
    for name in NAMES {
        let template = format!("{{{{ row.[{name}] }}}}");
        let step = format!(
            "    uses: tencent_ess.cancel_flow\n    with: {{ FlowId: '{{{{ row.id }}}}', CancelMessage: {} }}\n",
            in_yaml(&template)
        );
        let rows = format!("id,{}\n{FLOW},\n", in_csv(name));
        let files = [("playbook.yaml", &*playbook(&step)), ("rows.csv", &rows), ("runsheet.yaml", SETTINGS)];
        let desk = Desktop::new("blank-cell", &files);
        let (_, proposal) = desk.proposal("`(.*: \\{ optional: true \\})`");
        desk.cured_by(|text| under_columns(text, &proposal));
    }
}

#[test]
fn a_column_of_times_is_declared_as_proposed_whatever_its_name() {
    for name in NAMES {
        let template = format!("{{{{ row.[{name}] }}}}");
        let step = format!(
            "    uses: tencent_ess.extend_deadline\n    with: {{ FlowId: '{{{{ row.id }}}}', Deadline: {} }}\n",
            in_yaml(&template)
        );
        let rows = format!("id,{}\n{FLOW},2040/3/5 9:30\n", in_csv(name));
        let files = [("playbook.yaml", &*playbook(&step)), ("rows.csv", &rows), ("runsheet.yaml", SETTINGS)];
        let desk = Desktop::new("bad-type", &files);
        let (_, proposal) = desk.proposal("`columns: \\{ (.*) \\}`$");
        desk.cured_by(|text| under_columns(text, &proposal));
    }
}

#[test]
fn a_column_of_yes_and_no_is_declared_as_proposed_whatever_its_name() {
    for name in NAMES {
        let when = in_yaml(&format!("{{{{ row.[{name}] }}}}"));
        let step = format!(
            "    when: {when}\n    uses: http.request\n    with: {{ method: POST, path: /x, body: '{{{{ row.id }}}}' }}\n"
        );
        let rows = format!("id,{}\n1,yes\n2,no\n", in_csv(name));
        let files = [("playbook.yaml", &*playbook(&step)), ("rows.csv", &rows), ("runsheet.yaml", SETTINGS)];
        let desk = Desktop::new("when-text", &files);
        let (_, proposal) = desk.proposal("`(.*: \\{ type: boolean \\})`");
        desk.cured_by(|text| under_columns(text, &proposal));
    }
}

#[test]
fn a_member_of_a_json_row_is_declared_as_proposed_whatever_its_name() {
    for name in NAMES {
        let step = "    uses: http.request\n    with: { method: POST, path: /x, body: '{{ row.id }}' }\n";
        let rows = format!("{{\"id\": \"1\"}}\n{{\"id\": \"2\", {}: \"x\"}}\n", Value::from(name));
        let text = playbook(step).replace("rows.csv", "rows.jsonl");
        let files = [("playbook.yaml", &*text), ("rows.jsonl", &rows), ("runsheet.yaml", SETTINGS)];
        let desk = Desktop::new("bad-row", &files);
        let (_, proposal) = desk.proposal("`([^`]*: \\{ optional: true \\})`");
        desk.cured_by(|text| under_columns(text, &proposal));
    }
}

#[test]
fn a_column_that_is_nearly_named_is_named_as_proposed() {
    for name in NAMES {
        let head = format!("customer {name}");
        let wrong = format!("row.[{head}s]");
        let step = format!(
            "    uses: http.request\n    with: {{ method: POST, path: /x, body: {} }}\n",
            in_yaml(&format!("{{{{ {wrong} }}}}"))
        );
        let rows = format!("id,{}\n1,x\n", in_csv(&head));
        let files = [("playbook.yaml", &*playbook(&step)), ("rows.csv", &rows), ("runsheet.yaml", SETTINGS)];
        let desk = Desktop::new("unknown-name", &files);
        let (_, proposal) = desk.proposal("Did you mean `(.*)`\\?$");
        // It goes into a text that stands in single quotes.
        let quoted = |name: &str| name.replace('\'', "''");
        desk.cured_by(|text| text.replace(&quoted(&wrong), &quoted(&proposal)));
        // A column that is declared, and read under another head.
        let step = "    uses: http.request\n    with: { method: POST, path: /x, body: '{{ row.it }}' }\n";
        let text = under_columns(&playbook(step), &format!("it: {{ from: {} }}", in_yaml(&format!("{head}s"))));
        let desk = Desktop::new("missing-column", &[("playbook.yaml", &text), files[1], files[2]]);
        let (_, proposal) = desk.proposal("Did you mean `(.*)`\\?$");
        desk.cured_by(|text| text.replace(&in_yaml(&format!("{head}s")), &proposal));
    }
}

#[test]
fn a_condition_without_braces_is_written_as_proposed() {
    for condition in [
        r#"row.system == "fxiaoke""#,
        "row.system == 'fxiaoke'",
        "row.system != \"a:b\" && row.id",
        "row.system",
        "not row.system",
        "row.[預約 時間] >= 3 or row.id",
        r#"eq row.system "fxiaoke""#,
        r#"(eq row.system "say 'x'")"#,
        "true",
        "always, please",
        "row.system is fxiaoke",
    ] {
        let step = format!(
            "    when: {condition}\n    uses: http.request\n    with: {{ method: POST, path: /x, body: '{{{{ row.id }}}}' }}\n"
        );
        let rows = "id,system,預約 時間\n1,fxiaoke,4\n";
        let files = [("playbook.yaml", &*playbook(&step)), ("rows.csv", rows), ("runsheet.yaml", SETTINGS)];
        let desk = Desktop::new("bad-value", &files);
        let (message, proposal) = desk.proposal("`(when: .*)`\\.$");
        if !proposal.contains('…') {
            desk.cured_by(|text| with_line(text, &message["line"], |line| rest_of_line(line, &proposal)));
            assert_eq!(desk.check().code, 0, "{condition}: {}", desk.check().err);
        } else {
            assert!(
                ["true", "always, please", "row.system is fxiaoke"].contains(&condition),
                "{condition}: {proposal}"
            );
        }
    }
}

#[test]
fn what_is_nearly_right_is_written_as_proposed() {
    for (code, wrong, line) in [
        ("unknown-key", "wehn", "    wehn: '{{ row.id }}'\n"),
        ("unknown-input", "methd", ""),
        ("unknown-operation", "http.requets", ""),
        ("unknown-effect", "cancelation", ""),
    ] {
        let mut text = playbook(&format!(
            "{line}    uses: tencent_ess.cancel_flow\n    with: {{ FlowId: '{{{{ row.id }}}}', CancelMessage: x }}\n"
        ));
        match code {
            "unknown-input" => text = text.replace("CancelMessage", "CancelMesage"),
            "unknown-operation" => text = text.replace("tencent_ess.cancel_flow", "tencent_ess.cancel_flwo"),
            "unknown-effect" => text = text.replace("steps:", "budget: { cancelation: 5 }\nsteps:"),
            _ => {}
        }
        let wrong = match code {
            "unknown-input" => "CancelMesage",
            "unknown-operation" => "tencent_ess.cancel_flwo",
            _ => wrong,
        };
        let rows = format!("id\n{FLOW}\n");
        let desk = Desktop::new(code, &[("playbook.yaml", &text), ("rows.csv", &rows), ("runsheet.yaml", SETTINGS)]);
        let (_, proposal) = desk.proposal("Did you mean `(.*)`\\?$");
        desk.cured_by(|text| text.replace(wrong, &proposal));
        assert_eq!(desk.check().code, 0, "{code}: {}", desk.check().err);
    }
}

#[test]
fn what_is_missing_is_added_as_proposed() {
    let step = "    uses: http.request\n    with: { method: POST, path: '{{ vars.pth }}', body: '{{ row.id }}' }\n";
    let desk = Desktop::new(
        "unknown-name",
        &[("playbook.yaml", &playbook(step)), ("rows.csv", "id\n1\n"), ("runsheet.yaml", SETTINGS)],
    );
    let (_, proposal) = desk.proposal("`(vars: .*)`");
    desk.cured_by(|text| format!("{text}{}\n", proposal.replace('…', "/x")));
    let step = "    uses: fxiaoke.get_task\n    with: { objectDataId: '{{ row.id }}' }\n";
    let files = [
        ("playbook.yaml", &*playbook(step)),
        ("rows.csv", "id\n6183b1b622794e6865bca8ce\n"),
        ("runsheet.yaml", SETTINGS),
    ];
    let desk = Desktop::new("no-connection", &files);
    let (_, proposal) = desk.proposal("`connections: \\{ (.*) \\}`");
    desk.desk.write("runsheet.yaml", &format!("{SETTINGS}      {}\n", proposal.replace('…', "{}")));
    let told = desk.check().json().to_string();
    assert!(!told.contains("no-connection") && !told.contains("yaml-"), "{told}");
    let step = "    uses: http.request\n    with: { method: POST, path: /x, body: '{{ vars.a }}' }\n";
    let text = format!("{}vars: {{ a: {{ type: string }} }}\n", playbook(step));
    let desk =
        Desktop::new("missing-var", &[("playbook.yaml", &text), ("rows.csv", "id\n1\n"), ("runsheet.yaml", SETTINGS)]);
    let (_, proposal) = desk.proposal("`(--var .*)`, or");
    let came = desk.desk.bash(&format!("runsheet check playbook.yaml --env e {}", proposal.replace('…', "b")));
    came.exits(0);
}

/// Commands that a run's end shows, in a folder whose name a shell would take apart.
#[test]
fn commands_that_name_a_file_run_as_shown_wherever_it_lies() {
    for folder in ["my results", "it's", "a;b & $HOME", "#1", "報表 (3)", "say \"x\""] {
        let desk = TestFolder::new();
        desk.write("playbook.yaml", include_str!("../../playbooks/release-contracts.yaml"));
        desk.write("release-contracts.csv", include_str!("../../playbooks/release-contracts.csv"));
        let run = |faults: &str| {
            let mut command = desk.command("runsheet");
            command.args([
                "run",
                "playbook.yaml",
                "--again",
                "--faults",
                faults,
                "--max-fail",
                "100%",
                "--out",
                folder,
            ]);
            command.output().unwrap()
        };
        let failed = run("refuse=20%,seed=7");
        let shown = String::from_utf8(failed.stdout).unwrap();
        let retry = shown
            .lines()
            .find_map(|line| line.strip_prefix("Or correct rows in this file first, then do its rows again: "));
        let retry = retry.unwrap_or_else(|| panic!("{shown}"));
        assert!(retry.contains(" --rows "), "{retry}");
        let came = desk.bash(retry);
        assert!([0, 4, 6].contains(&came.code), "{retry}\n{}", came.err);
        let lost = run("lose=20%,seed=7");
        assert_eq!(lost.status.code(), Some(5));
        let told = desk.run("resolve latest");
        let told = told.err;
        let (_, from) = told.rsplit_once("and run: ").unwrap_or_else(|| panic!("{told}"));
        let from = from.lines().next().unwrap();
        let (_, file) = from.trim().split_once("--from ").unwrap();
        let fill = format!("sed -i '1s/$/,_settle,_note/; 2,$s/$/,failed,asked/' {file}");
        desk.bash(&format!("{fill} && {}", from.trim())).exits(0);
    }
}

/// The command that settles a row, for keys that a shell would take apart.
#[test]
fn the_command_that_settles_a_row_runs_as_shown_whatever_its_key() {
    for key in ["A-1", "a b", "it's", "-x", "$HOME", "a;b", "say \"x\"", "#1", "報表"] {
        let desk = TestFolder::new();
        let playbook = "name: n\nrows: { from: rows.csv, key: id }\nsteps:\n  - id: a\n    uses: tencent_ess.create_release_flow\n    with: { NeedRelievedFlowId: '{{ row.flow }}', ReliveInfo: { Reason: r } }\n";
        desk.write("playbook.yaml", playbook);
        desk.write("rows.csv", &format!("id,flow\n{},{FLOW}\n", in_csv(key)));
        desk.run("run playbook.yaml --faults lose=100%").exits(5);
        let told = desk.run("resolve latest").err;
        let command =
            told.lines().find(|line| line.trim_start().starts_with("runsheet") && line.ends_with("--as failed"));
        desk.bash(command.unwrap_or_else(|| panic!("{told}")).trim()).exits(0);
    }
}

/// Codes whose helps propose nothing that could be pasted or run as it stands: they name what to look at, list what there
/// is, or show a form with blanks to fill in.
const NOTHING_TO_PASTE: &[&str] = &[
    "alike-key",
    "ambiguous-date",
    "bad-encoding",
    "bad-header",
    "bad-identity",
    "bad-template",
    "bad-var",
    "blank-row",
    "cell-type",
    "changed-code",
    "clashing-result",
    "connection",
    "credential",
    "cut-text",
    "date-number",
    "deprecated-input",
    "duplicate-effect",
    "duplicate-id",
    "duplicate-key",
    "encoding-told",
    "error-word",
    "escaped-text",
    "failed-example",
    "float-tail",
    "foreign-letter",
    "format-told",
    "format-unknown",
    "formula-text",
    "full-width",
    "garbled-text",
    "grouped-number",
    "hidden-row",
    "literal-credential",
    "lost-zeros",
    "midnight",
    "missing-credential",
    "missing-input",
    "missing-playbook",
    "missing-rows",
    "missing-word",
    "mixed-unit",
    "more-mistakes",
    "no-path",
    "no-rows",
    "no-scratch",
    "not-built",
    "object-text",
    "orphan",
    "outside-root",
    "over-budget",
    "quoted-code",
    "repeat-not-open",
    "repeated-header",
    "reserved-header",
    "rounded-number",
    "sandbox-setting",
    "short-year",
    "small-letter",
    "stray-blank",
    "survey-header",
    "template",
    "template-place",
    "test-refused",
    "text-mark",
    "too-late",
    "total-row",
    "unreadable-file",
    "unseen-character",
    "unused-answer",
    "yaml-alias",
    "yaml-depth",
    "yaml-documents",
    "yaml-empty",
    "yaml-size",
    "yaml-tag",
    "zero-date",
];

/// Codes whose proposals are pasted in above.
const PASTED: &[&str] = &[
    "bad-row",
    "bad-type",
    "bad-value",
    "blank-cell",
    "missing-column",
    "missing-var",
    "no-connection",
    "unknown-effect",
    "unknown-input",
    "unknown-key",
    "unknown-name",
    "unknown-operation",
    "when-text",
];

/// Codes whose proposals are pasted in elsewhere, with the test.
const PASTED_ELSEWHERE: &[(&str, &str)] = &[
    ("ambiguous-connection", "tests/cures/net.rs"),
    ("bad-place", "tests/cures/net.rs"),
    ("encoded-address", "tests/what_is_sent/values.rs"),
    ("forgotten-braces", "tests/forgotten_braces.rs"),
    ("missing-key", "tests/cures/net.rs"),
    ("missing-setting", "tests/cures/net.rs"),
    ("nearer-settings", "tests/cures/net.rs"),
    ("no-answer", "tests/cures/net.rs"),
    ("replaced-provider", "tests/cures/net.rs"),
    ("template-syntax", "tests/cures/net.rs"),
    ("test-outcome", "tests/cures/net.rs"),
    ("test-request", "tests/cures/net.rs"),
    ("unknown-connection", "tests/cures/net.rs"),
    ("unknown-provider", "tests/cures/net.rs"),
    ("unknown-var", "tests/cures/net.rs"),
    ("unsure-encoding", "tests/row_lists.rs"),
    ("yaml-key", "tests/cures/net.rs"),
    ("yaml-merge", "tests/cures/net.rs"),
    ("yaml-syntax", "tests/cures/net.rs"),
];

#[test]
fn every_code_is_pasted_in_or_is_known_to_propose_nothing() {
    let listed: Vec<&str> =
        NOTHING_TO_PASTE.iter().chain(PASTED).copied().chain(PASTED_ELSEWHERE.iter().map(|(code, _)| *code)).collect();
    let all: BTreeSet<&str> = codes().iter().map(|entry| entry.name).collect();
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), all);
    assert_eq!(listed.len(), all.len(), "a code occurs twice");
    for (code, file) in PASTED_ELSEWHERE {
        let text = fs::read_to_string(root().join(file)).unwrap();
        assert!(text.contains(code), "{file} does not name `{code}`");
    }
    let own = fs::read_to_string(root().join("tests/cures/pasted.rs")).unwrap();
    assert!(PASTED.iter().all(|code| own.matches(&format!("\"{code}\"")).count() > 1));
}
