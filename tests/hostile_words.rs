//! Words that a CI system would carry out, and characters that nobody sees, in every place where a user's word or a
//! vendor's can stand: no verb prints them as they are, in a job or outside of one, and JSON says the same as before.

use std::fs;

use serde_json::Value;

use crate::program::{CommandResult, TestFolder};
use crate::secrets::parrot;

/// Azure's, GitHub's old and new ones, TeamCity's; then what is not seen.
const WORDS: [&str; 9] = [
    "##vso[task.setvariable variable=x]y",
    "##[error]z",
    "::error::w",
    "::add-mask::v",
    "##teamcity[buildStatus]",
    "a\u{202e}b\u{61c}c\u{e0041}d",
    "e\u{200b}f\u{2066}g\u{feff}h\u{ad}i",
    "j\u{3164}k\u{9b}l\u{e000}m\u{fffe}n\u{2028}o",
    "travis_fold:start:p",
];

/// Words of a command line.
const WORDS_OF_A_LINE: [&str; 2] = ["::error::w##vso[x]y\u{202e}", WORDS[0]];

/// Outside of a job, and in one of GitHub's.
const JOBS: [&[(&str, &str)]; 2] = [&[], &[("GITHUB_ACTIONS", "true"), ("CI", "true")]];

/// Commands of our own to a GitHub job.
fn is_ours(line: &str) -> bool {
    line.starts_with("::error ") || line.starts_with("::warning ")
}

fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fffe}' | '\u{e0000}'..='\u{e007f}')
}

#[track_caller]
fn harmless(line: &str, text: &str) {
    for shown in text.lines() {
        let hash = shown.match_indices("##").find(|(at, _)| {
            let rest = shown[at + 2..].trim_start_matches(|c: char| c.is_ascii_alphanumeric());
            rest.starts_with('[')
        });
        assert!(hash.is_none(), "{line}: {shown}");
        let start = shown.trim_start();
        assert!(is_ours(shown) || !start.starts_with("::") && !start.starts_with("travis_fold:"), "{line}: {shown}");
        assert!(!shown.contains(is_unseen), "{line}: {shown:?}");
    }
}

struct Hostile {
    desk: TestFolder,
    rows: Vec<String>,
}

impl Hostile {
    fn new() -> Self {
        let said: Vec<String> = WORDS.iter().map(|word| format!("{word}\n{word}")).collect();
        let url = parrot(move |heard| {
            let word = &said[heard.body.len() % said.len()];
            let told =
                serde_json::json!({"message": word, "code": word, "echo": heard.body, "error": {"message": word}});
            (if heard.body.contains("##[") { 422 } else { 200 }, told.to_string())
        });
        let desk = TestFolder::new();
        let escaped = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\U{:08x}", u32::from(c)) };
        let quoted = |word: &str| format!("\"{}\"", word.chars().map(escaped).collect::<String>());
        let all = WORDS.join(" ");
        let mut playbook = format!(
            "name: {}\nrows: {{ from: rows.csv, key: cell }}\nvars: {{ v: {{ default: {} }} }}\n",
            quoted(&all),
            quoted(&all)
        );
        playbook += "limits: { in_flight: 1 }\nsteps:\n  - id: send\n    uses: http.request\n    with:\n      method: POST\n      path: /cells\n";
        playbook +=
            &format!("      body: {{ cell: '{{{{ row.cell }}}}', v: '{{{{ vars.v }}}}', {}: 1 }}\n", quoted(WORDS[0]));
        playbook += &format!("results: {{ told: '{{{{ row.cell }}}}' }}\n# {}\n", WORDS[0]);
        desk.write("p.yaml", &playbook);
        let rows: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
        let lines: String = rows.iter().map(|row| format!("\"{row}\",7\n")).collect();
        desk.write("rows.csv", &format!("cell,##vso[head]\n{lines}"));
        let env = format!("environments:\n  near:\n    connections:\n      http: {{ base_url: \"{url}\" }}\n");
        desk.write("runsheet.yaml", &env);
        Self { desk, rows }
    }

    fn run(&self, words: &[&str], job: &[(&str, &str)]) -> CommandResult {
        let summary = self.desk.path().join("step.md");
        let mut command = self.desk.command("runsheet");
        command.args(words).envs(job.iter().copied()).env("GITHUB_STEP_SUMMARY", &summary);
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let came = CommandResult {
            code: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: text(&output.stderr),
        };
        let line = words.join(" ");
        harmless(&line, &came.out);
        harmless(&line, &came.err);
        harmless(&line, &fs::read_to_string(&summary).unwrap_or_default());
        assert!(came.code != 1 && came.code != 101 && came.code >= 0, "{line}: {}\n{}", came.code, came.err);
        came
    }
}

#[test]
fn no_output_speaks_to_a_ci_system_or_hides_anything() {
    for job in JOBS {
        let hostile = Hostile::new();
        let (desk, run) = (&hostile.desk, |line: &str| hostile.run(&line.split(' ').collect::<Vec<_>>(), job));
        for line in [
            "check p.yaml",
            "check p.yaml --format json",
            "check p.yaml --fix fixed",
            "plan p.yaml --env near",
            "plan p.yaml --format json",
            "run p.yaml --env near --out out -vvv",
            "run p.yaml --env near --again --yes --format json --events ev.jsonl",
            "run p.yaml --env near --again --yes --events -",
            "run p.yaml --faults lose=100%,seed=1",
            "resolve latest",
            "resolve latest --format json",
            "runs",
            "runs list --format json",
            "runs show latest",
            "runs show latest --format json",
            "runs export latest --out exported",
            "report latest --format junit",
            "report latest --format json",
            "report latest --format markdown",
            "report latest --format csv",
            "report latest --format junit --out report.xml",
            "resume latest",
            "retry latest",
            "retry latest --format json",
            "undo latest --dry-run",
            "undo latest --dry-run --format json",
            "operations",
            "operations http.request --format json",
            "schema playbook",
            "fmt --check p.yaml",
            "fmt --check p.yaml --format json",
            "completions bash",
            "man",
        ] {
            run(line);
        }
        harmless("events", &desk.read("ev.jsonl"));
        let hostile_words = |ahead: &[&str]| {
            let words = if job.is_empty() { &WORDS_OF_A_LINE[..] } else { &[] };
            for word in words {
                let words: Vec<&str> = ahead.iter().copied().chain([*word]).collect();
                hostile.run(&words, job);
            }
        };
        // What the command line itself quotes is the same in a job.
        for ahead in [
            &[][..],
            &["run"],
            &["check"],
            &["run", "p.yaml", "--rate"],
            &["run", "p.yaml", "--env"],
            &["run", "p.yaml", "--rows"],
            &["plan", "p.yaml", "--var"],
            &["plan", "p.yaml", "--only"],
            &["plan", "p.yaml", "--settings"],
            &["runs", "show"],
            &["resume"],
            &["resolve", "latest", "--key"],
            &["resolve", "latest", "--as", "done", "--note"],
            &["explain"],
            &["operations"],
            &["new", "--from"],
            &["new"],
            &["test"],
            &["fmt"],
            &["sandbox", "--faults"],
            &["check", "p.yaml", "--format", "json", "--vars-file"],
        ] {
            hostile_words(ahead);
        }
        for (name, text) in [
            ("a.yaml", "name: x\n##vso[a]: [\n::error::b: {\n"),
            ("b.yaml", "name: 'x'\n'##vso[a]': 1\n'::error::b': 2\nsteps: '##[c] \u{202e}'\n"),
            ("c.yaml", "::error::w\n"),
            (
                "d.test.yaml",
                "playbook: p.yaml\ntests:\n  - name: '##vso[x] \u{202e}'\n    rows: [{ cell: '##vso[y]' }]\n    expect: { calls: 7 }\n",
            ),
        ] {
            desk.write(name, text);
            run(&format!("check {name}"));
            run(&format!("check {name} --format json"));
            run(&format!("fmt --check {name}"));
        }
        run("test d.test.yaml --report-junit j.xml");
        run("test d.test.yaml --format json");
        harmless("junit", &fs::read_to_string(desk.path().join("j.xml")).unwrap_or_default());
        desk.write(
            "runsheet.yaml",
            "environments:\n  '##vso[x]\u{202e}': { connections: { '::error::y': {} } }\n'##[z]': 1\n",
        );
        run("check p.yaml");
        run("plan p.yaml --env ##vso[x]");
    }
}

#[test]
fn json_says_the_same_as_before_it_was_made_harmless() {
    let hostile = Hostile::new();
    let plan = hostile.run(&["plan", "p.yaml", "--format", "json"], &[]).exits(0).json();
    assert_eq!(plan["playbook"], WORDS.join(" "));
    for (sample, row) in plan["samples"].as_array().unwrap().iter().zip(&hostile.rows) {
        assert_eq!(
            (&sample["key"], &sample["calls"][0]["inputs"]["body"]["cell"]),
            (&row.as_str().into(), &row.as_str().into())
        );
    }
    hostile.desk.write(
        "rows.jsonl",
        &hostile.rows.iter().map(|row| format!("{}\n", serde_json::json!({"cell": row}))).collect::<String>(),
    );
    hostile.run(&["run", "p.yaml", "--rows", "rows.jsonl", "--out", "out"], &[]).exits(0);
    let results = hostile.desk.read("out/results.jsonl");
    for (line, row) in results.lines().zip(&hostile.rows) {
        let read: Value = serde_json::from_str(line).unwrap();
        assert_eq!((&read["cell"], &read["told"]), (&row.as_str().into(), &row.as_str().into()));
        let ours = &line[line.find("\"_run\"").unwrap()..];
        harmless("results.jsonl", ours);
    }
}

#[test]
fn what_a_vendor_says_is_harmless_in_the_row_files_too() {
    let hostile = Hostile::new();
    hostile.run(&["run", "p.yaml", "--env", "near", "--out", "out"], &[]);
    let text = hostile.desk.read("out/results.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let said: Vec<usize> = ["_code", "_message", "_request_id"]
        .iter()
        .map(|name| heads.iter().position(|head| head == *name).unwrap())
        .collect();
    for (record, row) in reader.records().zip(&hostile.rows) {
        let record = record.unwrap();
        assert_eq!(&record[0], row);
        said.iter().for_each(|at| harmless("results.csv", &record[*at]));
    }
}

#[test]
fn a_file_for_an_editor_is_byte_for_byte_but_never_in_the_log_of_a_job() {
    let hostile = Hostile::new();
    let text = "# ##vso[x]y\nname: \"a\u{202e}b\"\n";
    hostile.desk.write("e.yaml", text);
    let fmt = |variables: &str| hostile.desk.bash(&format!("{variables} runsheet fmt - < e.yaml"));
    assert_eq!(fmt("").exits(0).out, text);
    for job in ["CI=true", "TF_BUILD=True", "GITHUB_ACTIONS=true", "TEAMCITY_VERSION=2"] {
        let refused = fmt(job).exits(2).says(&["line 1 holds what the CI system would take for a command"]);
        assert_eq!(refused.out, "");
    }
}
