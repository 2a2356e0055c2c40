//! What the machine lacks is no doubt about any call: descriptors, room on the disk, the journal's lock, its folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use runsheet::internals::sandbox::{Background, Faults, ServeOptions, SimulatorSettings, credentials, serve_on_thread};
use serde_json::Value;

use crate::crashes::{Log, RELEASE, near, run_folder};
use crate::program::{TestFolder, ended, held_at, leave_no_descriptor_free, limit_descriptors, says_soon};

/// A desk whose calls, which must not be repeated, go to a server beside it.
struct Bench {
    desk: TestFolder,
    server: Background,
    rows: u64,
}

impl Bench {
    fn new(rows: u64, rate: &str, slow: Option<&str>) -> Self {
        let desk = TestFolder::new();
        let log = Some(desk.path().join("server.jsonl"));
        let faults = slow.map(|slow| Faults::parse(&format!("slow=100%:{slow}")).unwrap());
        let server = serve_on_thread(ServeOptions {
            settings: SimulatorSettings::unlimited(),
            log,
            faults,
            ..ServeOptions::default()
        });
        let server = server.unwrap();
        RELEASE.lay_out(
            &desk,
            rows,
            &near(server.url(), &credentials(), rate).replace("in_flight: 64", "in_flight: 2000"),
        );
        Self { desk, server, rows }
    }

    fn sent(&self) -> usize {
        self.server.entries().unwrap().len()
    }

    /// Starts a run that is held at a place until the file is closed.
    fn start_held(&self, flags: &str, place: u64) -> (Child, File) {
        let pipe = self.desk.pipe("pipe");
        let mut command = self.desk.command("runsheet");
        command.args(["run", "playbook.yaml", "--env", "near"]).args(flags.split_whitespace());
        command.env("RUNSHEET_HOLD_AT", format!("{place}:{}", pipe.display()));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let held = held_at(&pipe, &mut child);
        (child, held.unwrap_or_else(|| panic!("it ended before its place")))
    }

    fn journal(&self) -> PathBuf {
        run_folder(&self.desk).unwrap().join("journal.sqlite")
    }

    /// Goes on once all is put right: every row succeeds, each effect was made once, and nothing was ever in doubt.
    #[track_caller]
    fn goes_on_without_doubt(&self) {
        let summary = self.desk.run("resume latest --format json").exits(0).json();
        self.all_succeeded(&summary);
    }

    /// Runs without a free descriptor until a call was postponed for that, and then with enough of them. What other runs have
    /// made does not matter to it.
    #[track_caller]
    fn connects_once_descriptors_are_free(&self) {
        // Held before the run writes down what it begins with; each call waits for that.
        let (mut child, held) = self.start_held("--in-flight 8 -vv --again --format json", 1);
        leave_no_descriptor_free(&child);
        drop(held);
        says_soon(&mut child, "a call waits for a moment");
        assert_eq!(self.sent(), 0);
        limit_descriptors(&child, 4_096);
        let came = ended(child).exits(0).json();
        self.all_succeeded(&came);
        let operation = &came["operations"]["tencent_ess.create_release_flow"];
        assert_eq!(operation["attempts"], self.rows, "{came}");
    }

    #[track_caller]
    fn all_succeeded(&self, summary: &Value) {
        assert_eq!(
            (&summary["rows"]["succeeded"], &summary["rows"]["unknown"]),
            (&self.rows.into(), &0.into()),
            "{summary}"
        );
        let log = Log::read(&self.desk.read("server.jsonl"));
        assert!(log.doubled().is_empty(), "{:?}", log.doubled());
        assert_eq!((log.calls() as u64, log.effects_made() as u64), (self.rows, self.rows));
    }
}

#[test]
fn more_calls_than_descriptors_wait_and_every_row_succeeds() {
    let bench = Bench::new(400, "20000/s", Some("50ms"));
    let script = "ulimit -n 64; exec runsheet run playbook.yaml --env near --in-flight 1200 --format json";
    let came = bench.desk.bash(script).exits(0);
    bench.all_succeeded(&came.json());
    came.says(&["calls are under way at once instead of 1200", "may have 64 files and sockets open", "ulimit -n 4096"]);
}

#[test]
fn a_connection_for_which_no_descriptor_is_free_is_made_later_and_costs_no_attempt() {
    Bench::new(40, "20000/s", None).connects_once_descriptors_are_free();
}

#[test]
fn a_name_for_whose_lookup_no_descriptor_is_free_is_looked_up_later_and_costs_no_attempt() {
    let bench = Bench::new(40, "20000/s", None);
    let settings = bench.desk.read("runsheet.yaml").replace("http://127.0.0.1:", "http://localhost:");
    assert!(settings.contains("http://localhost:"));
    bench.desk.write("runsheet.yaml", &settings);
    bench.connects_once_descriptors_are_free();
}

#[test]
fn a_run_that_has_its_connection_needs_a_further_descriptor_only_for_its_row_files() {
    // The first answer is known by then.
    for place in [5, 6, 20] {
        let bench = Bench::new(40, "20000/s", None);
        let (child, held) = bench.start_held("--in-flight 1 --again", place);
        leave_no_descriptor_free(&child);
        drop(held);
        ended(child).exits(1).says(&["Every answer is in the journal"]);
        assert_eq!(bench.sent(), 40);
        bench.goes_on_without_doubt();
    }
}

#[test]
fn a_locked_journal_leaves_no_call_in_doubt() {
    let bench = Bench::new(120, "300/s", None);
    // Held before it writes down what came of the first calls and what goes out next.
    let (child, held) = bench.start_held("--in-flight 16", 60);
    let other = rusqlite::Connection::open(bench.journal()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    drop(held);
    let came = ended(child).exits(1);
    came.says(&["another program keeps the journal locked", "Nothing more was sent", "runsheet resume"]);
    let sent = bench.sent();
    assert!(sent > 0 && sent < 120, "{sent}");
    bench.desk.run("resume latest").exits(1).says(&["keeps the journal locked", "Nothing was sent"]);
    assert_eq!(bench.sent(), sent);
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    bench.goes_on_without_doubt();
}

#[test]
fn a_folder_that_was_moved_leaves_no_call_in_doubt() {
    let bench = Bench::new(120, "300/s", None);
    let (child, held) = bench.start_held("--in-flight 16", 60);
    let (state, away) = (bench.desk.path().join("state"), bench.desk.path().join("away"));
    fs::rename(&state, &away).unwrap();
    drop(held);
    ended(child).exits(1).says(&["was moved, removed or replaced", "Nothing more was sent"]);
    let sent = bench.sent();
    assert!(sent > 0 && sent < 120, "{sent}");
    fs::rename(&away, &state).unwrap();
    bench.goes_on_without_doubt();
}

#[test]
fn a_full_disk_leaves_no_call_in_doubt() {
    let bench = Bench::new(600, "300/s", Some("20ms"));
    let script = "mkdir small && mount -t tmpfs -o size=900k none small || exit 77
        runsheet --state-dir small run playbook.yaml --env near --in-flight 16; first=$?
        sent=$(wc -l < server.jsonl)
        runsheet --state-dir small resume latest; second=$?
        after=$(wc -l < server.jsonl)
        mount -o remount,size=20m none small
        runsheet --state-dir small resume latest --format json > summary.json; third=$?
        echo \"$first $second $third $sent $after\" > codes";
    let inside = format!("unshare --map-root-user --mount bash -c '{}'", script.replace('\'', "'\\''"));
    let came = bench.desk.bash(&inside);
    if came.code == 77 || came.err.contains("unshare") {
        // Machines that let nobody mount anything: the test below stands for this one.
        println!("skipped: {}", came.err);
        return;
    }
    let came = came.says(&["the disk is full", "Make room on that disk"]);
    let codes = bench.desk.read("codes");
    let codes: Vec<u64> = codes.split_whitespace().map(|word| word.parse().unwrap()).collect();
    assert_eq!((&codes[..3], codes[3] == codes[4]), (&[1, 1, 0][..], true), "{codes:?} {}", came.err);
    assert!(codes[3] > 0 && codes[3] < 600, "{codes:?}");
    bench.all_succeeded(&serde_json::from_str(&bench.desk.read("summary.json")).unwrap());
}

#[test]
fn a_file_that_cannot_grow_leaves_no_call_in_doubt() {
    let bench = Bench::new(600, "20000/s", Some("20ms"));
    // In blocks of 1,024 bytes, enough for what a run begins with and not for all its rows.
    let script = "ulimit -f 500; exec runsheet run playbook.yaml --env near --in-flight 16";
    bench.desk.bash(script).exits(1).says(&["broke off", "Nothing more was sent"]);
    let sent = bench.sent();
    assert!(sent > 0 && sent < 600, "{sent}");
    bench.goes_on_without_doubt();
}

#[test]
fn a_ledger_that_fails_in_mid_run_leaves_no_call_in_doubt() {
    let bench = Bench::new(120, "100/s", None);
    let (child, held) = bench.start_held("--in-flight 16", 60);
    let ledger = bench.desk.path().join("state/ledger");
    let files: Vec<PathBuf> = fs::read_dir(&ledger).unwrap().flatten().map(|entry| entry.path()).collect();
    for file in &files {
        fs::remove_file(file).unwrap();
        fs::create_dir(file).unwrap();
    }
    drop(held);
    ended(child).exits(1).says(&["the ledger of calls", "delete it", "Nothing more was sent"]);
    bench.desk.run("resume latest").exits(1).says(&["the ledger of calls", "delete it", "Nothing was sent"]);
    files.iter().for_each(|file| fs::remove_dir(file).unwrap());
    bench.goes_on_without_doubt();
}

#[test]
fn a_ledger_that_is_taken_away_stops_no_run_that_has_it_open() {
    let bench = Bench::new(120, "100/s", None);
    let (child, held) = bench.start_held("--in-flight 16 --format json", 60);
    let ledger = bench.desk.path().join("state/ledger");
    fs::remove_dir_all(&ledger).unwrap();
    fs::write(&ledger, "a file in its place").unwrap();
    drop(held);
    bench.all_succeeded(&ended(child).exits(0).json());
}

#[test]
fn row_files_that_cannot_be_written_at_the_end_leave_no_call_in_doubt() {
    let bench = Bench::new(20, "20000/s", None);
    let out = bench.desk.path().join("out");
    let (child, held) = bench.start_held("--in-flight 4 --out out", 1);
    fs::remove_dir_all(&out).unwrap();
    fs::write(&out, "a file in its place").unwrap();
    drop(held);
    ended(child).exits(1).says(&["the row files in", "could not be written", "resuming writes the files again"]);
    fs::remove_file(&out).unwrap();
    bench.goes_on_without_doubt();
    assert!(Path::new(&out).join("results.csv").exists());
}

#[test]
fn a_spoilt_ledger_is_reported_before_anything_is_sent() {
    let bench = Bench::new(4, "20000/s", None);
    bench.desk.run("run playbook.yaml --env near --limit 1").exits(0);
    let ledger = bench.desk.path().join("state/ledger");
    let file = fs::read_dir(&ledger).unwrap().flatten().next().unwrap().path();
    let runs = || fs::read_dir(bench.desk.path().join("state/runs")).unwrap().count();
    let advice = [file.to_str().unwrap(), "Nothing was sent", "delete it", "while no run is under way"];
    let refused = |what: &str| {
        bench.desk.run("run playbook.yaml --env near --from-row 3").exits(1).says(&advice).says(&[what]);
        assert_eq!((bench.sent(), runs()), (1, 1), "{what}");
    };
    for spoilt in ["garbage", "{\"calls\": 3}", "someone else's format 7\n"] {
        fs::write(&file, spoilt).unwrap();
        refused("holds something else than runsheet writes there");
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    refused("directory");
    fs::remove_dir(&file).unwrap();
    bench.desk.run("run playbook.yaml --env near --from-row 3").exits(0);
    assert!(bench.sent() > 1);
}
