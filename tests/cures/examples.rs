//! Every example of every `--help` runs as written, in a folder where what it speaks of is there.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Stdio;

use crate::playbooks::{Server, copy_playbooks, near};
use crate::program::TestFolder;

/// A run that died on the way and can be resumed.
const DIED: &str = "RUNSHEET_CRASH_AT=40 runsheet run playbook.yaml || true";
/// The folder of that run put back as it was in the middle.
const COPIED: &str = "RUNSHEET_CRASH_AT=40 runsheet run playbook.yaml || true
    id=$(ls state/runs); cp -r state/runs/$id kept; runsheet resume latest; rm -r state/runs/$id; cp -r kept state/runs/$id";
/// A run of which some rows failed, with its row files here.
const FAILED: &str = "runsheet run playbook.yaml --out . --faults refuse=5%,seed=7 || test $? = 4";
/// A run with two lists of which some rows failed, and corrected files.
const TWO_LISTS: &str = "runsheet new . --example onboard-appointments
    runsheet run onboard-appointments.yaml --faults refuse=2%,seed=7 || test $? = 4
    cp onboard-appointments.yaml corrected.yaml";
/// A run of which some rows are unknown.
const UNKNOWN: &str = "runsheet new . --example release-contracts
    runsheet run release-contracts.yaml --out . --faults lose=10%,seed=7 || test $? = 5";
/// The same, its row file filled in.
const FILLED: &str = "runsheet new . --example release-contracts
    runsheet run release-contracts.yaml --out . --faults lose=10%,seed=7 || test $? = 5
    sed -i '1s/$/,_settle,_note/; 2,$s/$/,failed,asked/' unknown.csv";
const DONE: &str = "runsheet new . --example release-contracts; runsheet run release-contracts.yaml";
/// Two runs of one list.
const TWICE: &str = "runsheet new . --example release-contracts
    runsheet run release-contracts.yaml; runsheet run release-contracts.yaml";
/// One appointment of which nobody knows whether it was made.
const LOST_TASK: &str = "runsheet new . --example onboard-appointments; sed -i 's/TPE-2035-0001/A-1/' *.csv
    runsheet run onboard-appointments.yaml --limit 1 --faults lose=40%,seed=2 || test $? = 5";
/// One that was made, and of whose staff nobody knows.
const LOST_STAFF: &str = "runsheet new . --example onboard-appointments; sed -i 's/TPE-2035-0001/A-1/' *.csv
    runsheet run onboard-appointments.yaml --limit 1 --faults lose=40%,seed=5 || test $? = 5";
/// A run whose folder is gone, and a list of what it did.
const LOST_RUN: &str = "runsheet new . --example release-contracts
    runsheet run release-contracts.yaml --env staging --yes --confirm 24
    id=$(ls state/runs); rm -r state/runs/$id; head -n 3 release-contracts.csv > done.csv";
/// A run that is under way. It ends with the shell, unless the example ended it before.
const UNDER_WAY: &str = "runsheet run playbook.yaml --rate 5/s & trap \"kill -9 $! 2> /dev/null || true\" EXIT
    until test -S state/runs/*/control; do sleep 0.1; done";
/// A provider of one's own.
const OWN_PROVIDER: &str = "mkdir -p my-providers/acme; cat > my-providers/acme/provider.yaml <<'END'
title: Acme
base_url: https://api.acme.example
auth: { scheme: connection }
answer: { any_body: true, otherwise: rejected }
END";
const EXAMPLE: &str = "runsheet new --example extend-deadlines";
const SERVED: &str = "SERVED";

/// An example, what makes the folder ready for it, and the exit codes that it may have.
const EXAMPLES: &[(&str, &str, &[i32])] = &[
    ("runsheet new --example", "", &[0]),
    ("runsheet new --example extend-deadlines", "", &[0]),
    ("runsheet new trial --from http.request", "", &[0]),
    ("runsheet check extend-deadlines/extend-deadlines.yaml", EXAMPLE, &[0]),
    ("runsheet plan extend-deadlines/extend-deadlines.yaml", EXAMPLE, &[0]),
    ("runsheet run extend-deadlines/extend-deadlines.yaml", EXAMPLE, &[0]),
    ("runsheet check playbook.yaml", "", &[0]),
    ("runsheet check playbook.yaml --rows mine.csv --env staging", "", &[0]),
    ("runsheet check playbook.yaml --rows mine.csv --format json", "", &[0]),
    ("runsheet check playbook.yaml --rows mine.csv --fix fixed.csv", "", &[0]),
    ("runsheet test playbook.yaml", "", &[0]),
    ("runsheet test .", "", &[0]),
    ("runsheet test . --only refused --report-junit tests.xml", "", &[0]),
    ("runsheet fmt playbook.yaml", "", &[0]),
    ("runsheet fmt --check .", "", &[0]),
    ("runsheet fmt - < playbook.yaml", "", &[0]),
    ("runsheet plan playbook.yaml", "", &[0]),
    ("runsheet plan playbook.yaml --env production --var zone=Asia/Taipei", "", &[0]),
    ("runsheet plan playbook.yaml --format json > plan.json", "", &[0]),
    ("runsheet run playbook.yaml", "", &[0]),
    ("runsheet run playbook.yaml --rows mine.csv --env staging", "", &[0]),
    ("runsheet run playbook.yaml --env production --limit 5 --yes --confirm 5", "", &[0]),
    // A rehearsal with trouble: rows may fail.
    ("runsheet run playbook.yaml --faults lose=2%,refuse=5%,seed=7", "", &[0, 4, 6]),
    ("runsheet resume latest", DIED, &[0]),
    ("runsheet resume 20351122-0046 --rate 5/s", DIED, &[0]),
    ("runsheet resume 20351122-0046 --from-copy", COPIED, &[0]),
    ("runsheet retry latest", FAILED, &[0, 4]),
    ("runsheet retry latest --rows failed.csv", FAILED, &[0, 4]),
    ("runsheet retry latest --playbook corrected.yaml --rows customers=customers.csv", TWO_LISTS, &[0, 4]),
    ("runsheet retry latest --only unknown", UNKNOWN, &[0, 5]),
    ("runsheet undo latest --dry-run", DONE, &[0]),
    ("runsheet undo latest --yes --confirm 24", DONE, &[0]),
    ("runsheet resolve latest", UNKNOWN, &[0, 5]),
    ("runsheet resolve latest --key A-1 --as done --output task_num=7 --note Mei", LOST_TASK, &[0]),
    ("runsheet resolve latest --key A-1 --step moderators --as failed", LOST_STAFF, &[0]),
    ("runsheet resolve latest --from unknown.csv", FILLED, &[0]),
    ("runsheet resolve 20351122-0046 --lost --as done --rows done.csv --note Mei", LOST_RUN, &[0]),
    ("runsheet ctl latest pause", UNDER_WAY, &[0]),
    ("runsheet ctl latest resume", UNDER_WAY, &[0]),
    ("runsheet ctl latest rate 5/s", UNDER_WAY, &[0]),
    ("runsheet ctl latest in-flight 2", UNDER_WAY, &[0]),
    ("runsheet ctl latest drain", UNDER_WAY, &[0]),
    ("runsheet cancel latest", UNDER_WAY, &[0]),
    ("runsheet cancel latest --yes", UNDER_WAY, &[0]),
    ("runsheet why latest A-1", LOST_TASK, &[0]),
    ("runsheet why latest A-1 --step moderators", LOST_STAFF, &[0]),
    ("runsheet why latest --kind 1", UNKNOWN, &[0]),
    ("runsheet why latest A-1 --format json", LOST_TASK, &[0]),
    ("runsheet runs list", DONE, &[0]),
    ("runsheet runs list --format json", DONE, &[0]),
    ("runsheet runs list --state failed --limit 10", DONE, &[0]),
    ("runsheet runs show latest", DONE, &[0]),
    ("runsheet runs show 20351122-0046 --format json", DONE, &[0]),
    ("runsheet runs diff 20351122-0046 latest", TWICE, &[0]),
    ("runsheet runs diff 20351122-0046 latest --format json", TWICE, &[0]),
    ("runsheet runs prune --older-than 90d --dry-run", DONE, &[0]),
    ("runsheet runs prune --older-than 180d --yes", DONE, &[0]),
    ("runsheet runs prune --keep 50 --yes", DONE, &[0]),
    ("runsheet runs export latest --out what-is-known", DONE, &[0]),
    ("runsheet report latest --format junit --out report.xml", DONE, &[0]),
    ("runsheet report latest --format html --out report.html", DONE, &[0]),
    ("runsheet report latest --format markdown", DONE, &[0]),
    ("runsheet report 20351122-0046 --format json", DONE, &[0]),
    ("runsheet report latest --format csv > rows.csv", DONE, &[0]),
    ("runsheet ui", SERVED, &[0]),
    ("runsheet ui --port 8480", SERVED, &[0]),
    ("runsheet ui --format json", SERVED, &[0]),
    ("runsheet operations", "", &[0]),
    ("runsheet operations http.request", "", &[0]),
    ("runsheet explain blank-cell", "", &[0]),
    ("runsheet explain unknown", "", &[0]),
    ("runsheet explain http:429", "", &[0]),
    ("runsheet explain stop_when", "", &[0]),
    ("runsheet explain", "", &[0]),
    ("runsheet sandbox", SERVED, &[0]),
    ("runsheet sandbox --port 8470 --faults lose=2%,503=1%,seed=7", SERVED, &[0]),
    ("runsheet sandbox --tls", SERVED, &[0]),
    ("runsheet sandbox --format json", SERVED, &[0]),
    ("runsheet schema", "", &[0]),
    ("runsheet schema playbook > playbook.schema.json", "", &[0]),
    ("runsheet schema playbook --providers my-providers > playbook.schema.json", OWN_PROVIDER, &[0]),
    ("runsheet schema operation > my-providers/operation.schema.json", "mkdir my-providers", &[0]),
    ("source <(runsheet completions bash)", "", &[0]),
    ("runsheet completions zsh > ~/.zfunc/_runsheet", "mkdir ~/.zfunc", &[0]),
    (
        "runsheet completions fish > ~/.config/fish/completions/runsheet.fish",
        "mkdir -p ~/.config/fish/completions",
        &[0],
    ),
    ("runsheet man | man -l -", "man() { grep -q TH; }", &[0]),
    ("runsheet man ~/.local/share/man/man1", "", &[0]),
];

/// Every line to type below `Examples:` of a help.
fn examples_of(desk: &TestFolder, verb: &str) -> Vec<String> {
    let help = desk.run(&format!("{verb} --help")).exits(0).out;
    let below = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let lines = below.take_while(|line| !line.is_empty()).map(|line| line.trim().to_owned());
    lines.filter(|line| !line.starts_with("# ")).collect()
}

/// The verbs that a help lists, without `help` itself.
fn verbs_of(desk: &TestFolder, verb: &str) -> Vec<String> {
    let help = desk.run(&format!("{verb} --help")).exits(0).out;
    let below = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = below.take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(|name| format!("{verb} {name}").trim().to_owned()).collect()
}

fn walk(desk: &TestFolder, verb: &str, found: &mut BTreeSet<String>) {
    found.extend(examples_of(desk, verb));
    for below in verbs_of(desk, verb) {
        walk(desk, &below, found);
    }
}

/// A folder as a user prepares it for the examples: an example under names of one's own, settings of two environments.
fn desk(server: &Server) -> TestFolder {
    let desk = TestFolder::new();
    desk.bash(
        "runsheet new . --example extend-deadlines
        mv extend-deadlines.yaml playbook.yaml; mv extend-deadlines.test.yaml playbook.test.yaml
        mv extend-deadlines.csv mine.csv; sed -i 's/extend-deadlines.csv/mine.csv/' *.yaml",
    )
    .exits(0);
    let staging = near(server);
    let connections = staging.split_once("  near:\n").unwrap().1;
    desk.write(
        "runsheet.yaml",
        &format!("environments:\n  staging:\n{connections}  production:\n    confirm: true\n{connections}"),
    );
    desk
}

/// The exit codes that the help of an example's verb names.
fn exit_codes(desk: &TestFolder, example: &str) -> Vec<i32> {
    let words: Vec<&str> = example.split_whitespace().skip_while(|word| !word.ends_with("runsheet")).skip(1).collect();
    let verb = if words[0] == "runs" { words[..2].join(" ") } else { words[0].to_owned() };
    let help = desk.run(&format!("{verb} --help")).exits(0).out;
    let below = help.lines().skip_while(|line| *line != "Exit codes:").skip(1);
    let codes = below.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()?.parse().ok());
    codes.collect()
}

/// What runs an example: `SERVED` ones until they say something, all others to their end.
fn script(example: &str, ready: &str) -> String {
    let line = example.replace("20351122-0046", "$id").replace("8470", "0").replace("8480", "0");
    if ready == SERVED {
        return format!("set -e; mkfifo said; {line} > said & exec 3< said; read -r first <&3; kill -TERM $!; wait $!");
    }
    // An id stands for that of the one run that there is.
    format!(
        "set -e\n{{ {ready}\n}} > /dev/null 2> ready.err\n: ${{id:=$(ls state/runs 2> /dev/null | head -n 1)}}\n{line}"
    )
    .replace("{ \n}", "{ true; }")
}

#[test]
fn every_example_of_every_help_is_run_below() {
    let desk = TestFolder::new();
    let mut found = BTreeSet::new();
    walk(&desk, "", &mut found);
    let listed: BTreeSet<String> = EXAMPLES.iter().map(|(example, ..)| (*example).to_owned()).collect();
    assert_eq!(found, listed);
    // A line that a terminal breaks cannot be pasted.
    let wide: Vec<&String> = found.iter().filter(|line| line.chars().count() > 78).collect();
    assert!(wide.is_empty(), "{wide:?}");
}

fn run(part: usize) {
    for (example, ready, codes) in EXAMPLES.iter().skip(part).step_by(PARTS) {
        let server = Server::start(&TestFolder::new(), "");
        let desk = desk(&server);
        let named = exit_codes(&desk, example);
        assert!(
            codes.iter().all(|code| named.contains(code)),
            "`{example}` may exit {codes:?}, its help names {named:?}"
        );
        let came = desk.bash(&script(example, ready));
        let ready = std::fs::read_to_string(desk.path().join("ready.err")).unwrap_or_default();
        assert!(codes.contains(&came.code), "`{example}` exits {}\n{ready}\n{}{}", came.code, came.out, came.err);
    }
}

/// The examples are run by several tests, so that they run at one time.
const PARTS: usize = 3;

#[test]
fn every_example_of_a_help_runs_as_written() {
    run(0);
}

#[test]
fn every_example_of_a_help_runs_as_written_2() {
    run(1);
}

#[test]
fn every_example_of_a_help_runs_as_written_3() {
    run(2);
}

/// What a served sandbox prints goes into the settings as it is, and a run under the example's faults comes through.
#[test]
fn the_settings_that_a_sandbox_prints_work_as_pasted() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let serve = || {
        let line = format!("sandbox --port {port} --faults lose=2%,503=1%,seed=7");
        desk.command("runsheet").args(line.split_whitespace()).stdout(Stdio::piped()).spawn().unwrap()
    };
    let mut first = serve();
    let mut said = BufReader::new(first.stdout.take().unwrap());
    let mut printed = String::new();
    // The last connection has no more than its address.
    while !printed.contains("      http:\n        base_url:") {
        assert!(said.read_line(&mut printed).unwrap() > 0, "{printed}");
    }
    first.kill().unwrap();
    first.wait().unwrap();
    desk.write("runsheet.yaml", &printed[printed.find("environments:").unwrap()..]);
    let mut second = serve();
    let mut ready = BufReader::new(second.stdout.take().unwrap());
    ready.read_line(&mut printed).unwrap();
    let came = desk.run("run extend-deadlines.yaml --env rehearsal --format json").exits(0);
    assert_eq!(came.json()["rows"]["succeeded"], 40, "{}", came.err);
    second.kill().unwrap();
    second.wait().unwrap();
}
