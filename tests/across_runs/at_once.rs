//! Two live runs that are about to make the same effects: whichever way they get ahead of each other, every effect is
//! made once, by one of them, and no row is left by both.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use super::{POST, posted, without_doubles};
use crate::playbooks::Server;
use crate::program::{TestFolder, ended, held_at, leave_no_descriptor_free, limit_descriptors, says_soon};

const ROWS: usize = 6;

/// One of the two runs, held at places of its own until it is told to go on.
struct Run {
    child: Child,
    /// The places that it has not left yet.
    places: VecDeque<PathBuf>,
    /// The place at which it is held.
    held: Option<File>,
}

struct Bench {
    desk: TestFolder,
    server: Server,
}

impl Bench {
    fn new() -> Self {
        let desk = TestFolder::new();
        let server = Server::start(&desk, "");
        let http = format!("connections: {{ http: {{ base_url: {} }} }}", server.url);
        desk.write("runsheet.yaml", &format!("environments:\n  near: {{ {http} }}\n"));
        desk.write("post.yaml", POST);
        let rows: String = (0..ROWS).map(|n| format!("row-{n},{n}\n")).collect();
        desk.write("rows.csv", &format!("id,key\n{rows}"));
        Self { desk, server }
    }

    /// Starts a run that is held before its first entry is on the disk, when it has looked for what was made before, and
    /// then at `place`.
    fn start(&self, playbook: &str, out: &str, place: Option<u64>) -> Run {
        let places =
            [Some(1), place].into_iter().flatten().map(|place| (place, self.desk.pipe(&format!("{out}-{place}"))));
        let places: VecDeque<(u64, PathBuf)> = places.collect();
        let named: Vec<String> = places.iter().map(|(place, pipe)| format!("{place}:{}", pipe.display())).collect();
        let child = self.start_with(playbook, out, ("RUNSHEET_HOLD_AT", &named.join(",")));
        let mut run = Run { child, places: places.into_iter().map(|(_, pipe)| pipe).collect(), held: None };
        assert!(run.is_held(), "it never began");
        run
    }

    fn start_with(&self, playbook: &str, out: &str, (name, value): (&str, &str)) -> Child {
        let mut command = self.desk.command("runsheet");
        command.args(["run", playbook, "--env", "near", "--in-flight", "2", "--out", out, "-vv"]).env(name, value);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The runs, in the order of their ids.
    fn ids(&self) -> Vec<String> {
        let runs = fs::read_dir(self.desk.path().join("state/runs")).unwrap().flatten();
        let mut ids: Vec<String> = runs.map(|entry| entry.file_name().into_string().unwrap()).collect();
        ids.sort();
        ids
    }

    /// By row: outcome and code.
    fn rows(&self, out: &str) -> BTreeMap<String, (String, String)> {
        let text = self.desk.read(&format!("{out}/results.csv"));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head = reader.headers().unwrap().clone();
        let at = |name| head.iter().position(|head| head == name).unwrap();
        let (outcome, code) = (at("_outcome"), at("_code"));
        let lines = reader.records().map(Result::unwrap);
        lines.map(|line| (line[0].to_owned(), (line[outcome].to_owned(), line[code].to_owned()))).collect()
    }
}

impl Run {
    /// Waits until it is held at its next place; false where it has ended or has no further place.
    fn is_held(&mut self) -> bool {
        self.held = self.places.pop_front().and_then(|pipe| held_at(&pipe, &mut self.child));
        self.held.is_some()
    }

    fn go_on(&mut self) {
        self.held = None;
    }

    /// Lets it go on to its next place.
    fn comes_on(&mut self) -> bool {
        self.go_on();
        self.is_held()
    }

    /// Lets it go on to its end: the exit code, and what it said.
    fn end(mut self) -> (i32, String) {
        self.go_on();
        let came = ended(self.child);
        (came.code, came.err)
    }
}

/// Whether every row was made by one run, and left or found done by the other.
#[track_caller]
fn each_row_once(bench: &Bench, told: &str) {
    let made = posted(&bench.server);
    let once = without_doubles(&made);
    assert_eq!(made, once, "{told}: an effect was made twice");
    assert_eq!(made.len(), ROWS, "{told}: an effect was made by neither: {made:?}");
    let (one, other) = (bench.rows("one"), bench.rows("other"));
    for (row, first) in &one {
        let mut ends = [first.clone(), other[row].clone()];
        ends.sort_by_key(|(outcome, _)| outcome != "succeeded");
        let [(made, _), (left, code)] = &ends;
        assert_eq!(made, "succeeded", "{told}: row {row}: {ends:?}");
        let is_left =
            (left == "not_started" && code == "left_to_other_run") || (left == "failed" && code == "done_before");
        assert!(is_left, "{told}: row {row}: {ends:?}");
    }
}

#[test]
fn the_run_with_the_lower_id_makes_an_effect_that_both_intend() {
    let mut left = 0;
    for place in 2..20 {
        // The lower one stands still at that place while the other one does all that it may.
        let bench = Bench::new();
        let mut lower = bench.start("post.yaml", "one", Some(place));
        let higher = bench.start("post.yaml", "other", None);
        lower.comes_on();
        let (code, said) = higher.end();
        assert!([0, 4, 6].contains(&code), "{place}: {code}: {said}");
        let (code, said) = lower.end();
        assert!([0, 4].contains(&code), "{place}: the lower id leaves nothing: {code}: {said}");
        left += bench.rows("other").values().filter(|(_, code)| code == "left_to_other_run").count();
        each_row_once(&bench, &format!("the lower one stopped at {place}"));
    }
    assert!(left > 0, "no row was ever left, so that nothing was tried");
}

#[test]
fn the_lower_id_waits_for_a_higher_one_that_has_looked_before_it() {
    for place in 2..20 {
        for lower_is_ahead in [false, true] {
            // Both have their intents on the disk; one of them has come on to that place, and may have sent.
            let bench = Bench::new();
            let (at, only_intents) = (Some(place), Some(2));
            let mut lower = bench.start("post.yaml", "one", if lower_is_ahead { at } else { only_intents });
            let mut higher = bench.start("post.yaml", "other", if lower_is_ahead { only_intents } else { at });
            let (ahead, behind) = if lower_is_ahead { (&mut lower, &mut higher) } else { (&mut higher, &mut lower) };
            ahead.comes_on();
            behind.comes_on();
            behind.go_on();
            ahead.go_on();
            let ends = [lower, higher].map(Run::end);
            for (code, said) in &ends {
                assert!([0, 4, 6].contains(code), "{place}: {code}: {said}");
            }
            let said: String = ends.iter().map(|(code, said)| format!("\n--- exit {code}\n{said}")).collect();
            each_row_once(&bench, &format!("place {place}, the lower one ahead: {lower_is_ahead}{said}"));
        }
    }
}

#[test]
fn a_run_that_came_to_its_end_since_another_looked_is_seen_when_that_one_sends() {
    for lower_is_first in [true, false] {
        // Both have looked, and found nothing; then one of them does everything and closes its journal.
        let bench = Bench::new();
        let (lower, higher) = (bench.start("post.yaml", "one", None), bench.start("post.yaml", "other", None));
        let [first, second] = if lower_is_first { [lower, higher] } else { [higher, lower] };
        let (code, said) = first.end();
        assert_eq!(code, 0, "{said}");
        let (code, said) = second.end();
        assert_eq!(code, 4, "{said}");
        each_row_once(&bench, &format!("the lower one first: {lower_is_first}"));
    }
}

#[test]
fn rows_left_to_another_run_are_counted_named_and_easy_to_run() {
    let bench = Bench::new();
    let mut lower = bench.start("post.yaml", "one", Some(2));
    let higher = bench.start("post.yaml", "other", None);
    assert!(lower.comes_on());
    let (code, said) = higher.end();
    let [first, second] = <[String; 2]>::try_from(bench.ids()).unwrap();
    assert_eq!(code, 6, "{said}");
    let rows = bench.rows("other").values().filter(|(outcome, _)| outcome == "not_started").count();
    assert_eq!(rows, 2, "as many as were in flight");
    assert!(
        said.contains(&format!("2 rows were left to the run {first}, which had the same calls under way")),
        "{said}"
    );
    let not_started = bench.desk.read("other/not_started.csv");
    assert_eq!(not_started.lines().count(), 3);
    assert!(not_started.contains(&format!("left_to_other_run,the run {first} has the same call under way")));
    // While that run is still at it, they are left once more; nothing of them is sent.
    let sent = posted(&bench.server).len();
    bench.desk.run(&format!("resume {second}")).exits(6).says(&["2 rows were left to the run"]);
    assert_eq!(posted(&bench.server).len(), sent);
    assert_eq!(lower.end().0, 4, "it made two, and found four done");
    // A durable result counts as done before.
    bench.desk.run(&format!("resume {second} --format json")).exits(4).json();
    assert_eq!(bench.rows("other").values().filter(|(_, code)| code == "done_before").count(), 2);
    each_row_once(&bench, "after the resume");
}

#[test]
fn a_run_that_cannot_look_at_the_others_for_want_of_a_descriptor_waits_until_it_can() {
    let bench = Bench::new();
    // It has a connection and two answers when a run begins of which it does not know yet.
    let mut run = bench.start("post.yaml", "one", Some(7));
    assert!(run.comes_on());
    bench.desk.run(&format!("run post.yaml --env near --only row-{}", ROWS - 1)).exits(0);
    let sent = posted(&bench.server).len();
    leave_no_descriptor_free(&run.child);
    run.go_on();
    says_soon(&mut run.child, "a call waits");
    assert_eq!(posted(&bench.server).len(), sent);
    limit_descriptors(&run.child, 4_096);
    assert_eq!(run.end().0, 4);
    let made = posted(&bench.server);
    let once = without_doubles(&made);
    assert_eq!((made.len(), &made), (ROWS, &once), "an effect was made twice");
    let (last, rows) = (format!("row-{}", ROWS - 1), bench.rows("one"));
    let mut twice = rows.iter().filter(|(_, end)| **end != ("succeeded".to_owned(), String::new()));
    assert_eq!(twice.next(), Some((&last, &("failed".to_owned(), "done_before".to_owned()))));
    assert_eq!(twice.next(), None);
}

#[test]
fn what_a_run_that_died_was_about_to_make_counts_as_done_before() {
    for place in [2, 3, 4, 5, 6] {
        let bench = Bench::new();
        let higher = bench.start("post.yaml", "other", None);
        // It looks before the other has begun, and dies at that place.
        let dead = bench.start_with("post.yaml", "one", ("RUNSHEET_CRASH_AT", &place.to_string()));
        assert_eq!(ended(dead).code, -1);
        let (code, said) = higher.end();
        assert_eq!(code, 4, "{place}: {said}");
        let rows = bench.rows("other");
        assert!(rows.values().all(|(_, code)| code != "left_to_other_run"), "{place}: {rows:?}");
        let doubtful = rows.values().filter(|(_, code)| code == "done_before").count();
        assert!(doubtful >= 2, "{place}: {rows:?}");
        let made = posted(&bench.server);
        let once = without_doubles(&made);
        assert_eq!(made, once, "{place}");
    }
}

/// Makes a thing of its own, then the one that the other playbook makes.
const TWO_STEPS: &str = "name: Two steps
rows: { from: rows.csv, key: id }
steps:
  - id: own
    uses: http.request
    with: { method: POST, path: /own, body: { own: \"{{ row.id }}\" } }
  - id: post
    uses: http.request
    with: { method: POST, path: /things, body: { id: \"{{ row.id }}\" } }
";

#[test]
fn a_row_with_an_effect_of_its_own_is_partial_until_the_call_it_left_is_settled() {
    let bench = Bench::new();
    bench.desk.write("two.yaml", TWO_STEPS);
    let mut lower = bench.start("post.yaml", "one", Some(2));
    let higher = bench.start("two.yaml", "other", None);
    assert!(lower.comes_on());
    let (code, said) = higher.end();
    assert_eq!(code, 6, "{said}");
    let ends = |outcome: &str, code: &str| {
        bench.rows("other").values().filter(|row| **row == (outcome.to_owned(), code.to_owned())).count()
    };
    assert_eq!((ends("partial", "left_to_other_run"), ends("succeeded", "")), (2, 4), "{:?}", bench.rows("other"));
    assert_eq!(lower.end().0, 4);
    let second = bench.ids().pop().unwrap();
    bench.desk.run(&format!("resume {second}")).exits(4);
    assert_eq!((ends("partial", "done_before"), ends("succeeded", "")), (2, 4), "{:?}", bench.rows("other"));
    let made = posted(&bench.server);
    let once = without_doubles(&made);
    assert_eq!((made.len(), once.len()), (2 * ROWS, 2 * ROWS));
}

/// The shared step runs once, ahead of the rows.
const ONCE: &str = "name: Once
rows: { from: rows.csv, key: id }
before:
  - { id: open, uses: http.request, with: { method: POST, path: /open } }
steps:
  - id: own
    uses: http.request
    with: { method: POST, path: /NAME, body: { NAME: \"{{ row.id }}\" } }
";

#[test]
fn without_a_step_that_runs_once_no_row_is_begun() {
    let bench = Bench::new();
    for name in ["a", "b"] {
        bench.desk.write(&format!("{name}.yaml"), &ONCE.replace("NAME", name));
    }
    let mut lower = bench.start("a.yaml", "one", Some(2));
    let higher = bench.start("b.yaml", "other", None);
    assert!(lower.comes_on());
    let (code, said) = higher.end();
    assert_eq!(code, 6, "{said}");
    assert!(said.contains("a step that runs once was left to the run"), "{said}");
    assert!(bench.rows("other").values().all(|(outcome, _)| outcome == "not_started"));
    assert_eq!(lower.end().0, 0);
    assert_eq!(posted(&bench.server).len(), 1 + ROWS);
}
