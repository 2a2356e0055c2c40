//! One kind of trouble at a time, on the way or at the vendor, and what becomes of the rows.

use std::fs;

use runsheet::internals::sandbox::{Faults, ServeOptions, SimulatorSettings, credentials, serve_on_thread};
use serde_json::Value;

use crate::crashes::{APPOINTMENTS, BOOK, CANCELED, EXTEND, Job, Log, RELEASE, UNLIMITED, count, near, run_folder};
use crate::program::{CommandResult, TestFolder};

/// What a run with trouble came to.
struct Run {
    desk: TestFolder,
    came: CommandResult,
}

impl Run {
    fn of(job: &Job, rows: u64, faults: &str) -> Self {
        let desk = TestFolder::new();
        job.lay_out(&desk, rows, UNLIMITED);
        Self::on(desk, &format!("run playbook.yaml --rows rows.csv --faults {faults},seed=5 --format json"))
    }

    fn on(desk: TestFolder, line: &str) -> Self {
        let came = desk.run(line);
        Self { desk, came }
    }

    fn summary(&self) -> Value {
        self.came.json()
    }

    fn log(&self) -> Log {
        Log::read(&fs::read_to_string(run_folder(&self.desk).unwrap().join("sandbox.jsonl")).unwrap())
    }

    /// All rows succeeded in spite of so many faults at least, and nothing was made twice.
    #[track_caller]
    fn came_through(&self, rows: u64, faults: usize) {
        assert_eq!(self.came.code, 0, "{}{}", self.came.out, self.came.err);
        assert_eq!(count(&self.summary(), "succeeded"), rows, "{}", self.came.out);
        let log = self.log();
        assert!(log.faults() >= faults, "only {} faults", log.faults());
        assert!(log.doubled().is_empty(), "{:?}", log.doubled());
    }
}

#[test]
fn too_many_requests_pause_the_budget_and_are_sent_again() {
    let run = Run::of(&RELEASE, 20, "throttle=20%");
    run.came_through(20, 3);
    let told = run.summary()["operations"]["tencent_ess.create_release_flow"]["throttled"].as_u64();
    assert_eq!(told, Some(run.log().faults() as u64));
}

#[test]
fn a_token_that_runs_out_is_renewed_and_the_call_sent_again() {
    Run::of(&APPOINTMENTS, 10, "expire=10%").came_through(10, 3);
}

#[test]
fn a_read_without_an_answer_is_sent_again() {
    let desk = TestFolder::new();
    let playbook = "name: Look
rows: { from: rows.csv, key: id }
steps:
  - id: look
    uses: tencent_ess.describe_flow_briefs
    with: { FlowIds: ['{{ row.id }}'] }
";
    desk.write("playbook.yaml", playbook);
    desk.write("runsheet.yaml", UNLIMITED);
    let rows: String = (0..12).map(|row| format!("yDCNtUUckpvrcvf4UELZnZDvMS{row:06}\n")).collect();
    desk.write("rows.csv", &format!("id\n{rows}"));
    let faults = "lose=10%,close=10%,500=10%,garble=10%,seed=2";
    Run::on(desk, &format!("run playbook.yaml --faults {faults} --format json")).came_through(12, 3);
}

#[test]
fn a_write_that_may_be_repeated_is_sent_again_and_looked_up_where_that_is_refused() {
    Run::of(&EXTEND, 16, "lose=15%,500after=5%").came_through(16, 2);
}

/// No read tells the deadline of a single signer, and the vendor refuses to set the same one twice.
#[test]
fn a_repeat_that_is_refused_where_no_read_can_tell_is_unknown_and_says_that_the_first_answer_was_lost() {
    let desk = TestFolder::new();
    EXTEND.lay_out(&desk, 16, UNLIMITED);
    let signer = "RecipientId: yDwhyUUckp2cmuh4Uu2bfpvRH48OvSw7, Deadline";
    desk.write("playbook.yaml", &desk.read("playbook.yaml").replace("Deadline", signer));
    let run = Run::on(desk, "run playbook.yaml --rows rows.csv --faults lose=30%,seed=5 --out out --format json");
    assert_eq!(run.came.code, 5, "{}", run.came.err);
    let (unknown, succeeded) = (count(&run.summary(), "unknown"), count(&run.summary(), "succeeded"));
    assert!(unknown > 0 && unknown + succeeded == 16, "{}", run.came.out);
    let told = run.desk.read("out/unknown.csv");
    let both = "; the answer to an earlier send was lost, so the call may have taken effect";
    assert_eq!(told.matches(both).count() as u64, unknown, "{told}");
    // The code is the refusal's, which can be looked up; never ours for the lost answer.
    assert!(!told.contains(",no_answer,"), "{told}");
    assert!(run.log().doubled().is_empty(), "{:?}", run.log().doubled());
}

#[test]
fn a_write_with_a_lookup_is_asked_for_and_settled() {
    let desk = TestFolder::new();
    let playbook = "name: Approve
rows: { from: rows.csv, key: id }
steps:
  - id: approve
    uses: esignon.approve
    with: { memb_email: 'person@example.com', action_id: '2', workflow_id: '{{ row.id }}', comment: 承認します }
";
    desk.write("playbook.yaml", playbook);
    desk.write("rows.csv", "id\n10001\n10002\n10003\n10004\n");
    let run = Run::on(desk, "run playbook.yaml --faults lose=40%,seed=5 --format json");
    run.came_through(4, 1);
    let asked = run.summary()["operations"]["esignon.get_workflow"]["calls"].as_u64();
    assert!(asked > Some(0), "{}", run.came.out);
}

#[test]
fn a_write_that_must_not_be_repeated_is_unknown_at_once() {
    let run = Run::of(&RELEASE, 30, "lose=10%,close=10%,garble=10%,500after=10%");
    assert_eq!(run.came.code, 5, "{}", run.came.err);
    let (log, summary) = (run.log(), run.summary());
    assert_eq!(count(&summary, "unknown"), log.faults() as u64, "{summary}");
    assert_eq!(count(&summary, "succeeded") + count(&summary, "unknown"), 30, "{summary}");
    assert_eq!(log.calls(), 30, "no call was sent again");
}

#[test]
fn an_answer_that_comes_too_late_does_not_count() {
    let desk = TestFolder::new();
    RELEASE.lay_out(&desk, 2, UNLIMITED);
    let playbook = desk.read("playbook.yaml").replace("    with:", "    timeout: 200ms\n    with:");
    desk.write("playbook.yaml", &playbook);
    let run = Run::on(desk, "run playbook.yaml --faults slow=100%:60s --format json");
    assert_eq!(run.came.code, 5, "{}", run.came.err);
    assert_eq!((count(&run.summary(), "unknown"), run.log().calls()), (2, 2));
}

#[test]
fn a_refused_call_fails_its_row_and_what_the_row_did_is_rolled_back() {
    let run = Run::of(&BOOK, 30, "refuse=10%");
    assert_eq!(run.came.code, 4, "{}{}", run.came.out, run.came.err);
    let (log, summary) = (run.log(), run.summary());
    assert!(log.faults() >= 5, "only {} refusals", log.faults());
    assert!(log.doubled().is_empty(), "{:?}", log.doubled());
    let rows = log.by_row();
    let done = rows.values().filter(|effects| effects.len() == 4 && effects.last().unwrap() != CANCELED).count() as u64;
    let taken_back = rows.values().filter(|effects| effects.last().unwrap() == CANCELED).count() as u64;
    let nothing = 30 - rows.len() as u64;
    assert!(nothing > 0, "no first step was refused: {rows:?}");
    // A row is partial where its rollback was refused.
    assert_eq!(count(&summary, "succeeded") + count(&summary, "partial"), 30 - taken_back - nothing, "{summary}");
    assert_eq!(count(&summary, "failed"), taken_back + nothing, "{summary}");
    assert!(count(&summary, "succeeded") <= done && count(&summary, "succeeded") > 0, "{summary}");
    assert_eq!((count(&summary, "unknown"), count(&summary, "not_started")), (0, 0), "{summary}");
}

#[test]
fn a_sandbox_that_is_served_refuses_too() {
    let faults = Some(Faults::parse("refuse=100%").unwrap());
    let options = ServeOptions { settings: SimulatorSettings::unlimited(), faults, ..ServeOptions::default() };
    let server = serve_on_thread(options).unwrap();
    let desk = TestFolder::new();
    RELEASE.lay_out(&desk, 3, &near(server.url(), &credentials(), "1000/s"));
    let run = Run::on(desk, "run playbook.yaml --env near --format json");
    assert_eq!(run.came.code, 4, "{}", run.came.err);
    assert_eq!(count(&run.summary(), "failed"), 3, "{}", run.came.out);
    let entries = server.entries().unwrap();
    assert!(entries.len() == 3 && entries.iter().all(|entry| !entry.effect && entry.code == "OperationDenied"));
}

#[test]
fn credentials_that_are_refused_stop_the_run_at_once() {
    let kept = tempfile::tempdir().unwrap();
    let log = kept.path().join("log.jsonl");
    let options =
        ServeOptions { settings: SimulatorSettings::unlimited(), log: Some(log.clone()), ..ServeOptions::default() };
    let server = serve_on_thread(options).unwrap();
    let desk = TestFolder::new();
    let mut wrong = credentials();
    wrong.insert("secret_key".to_owned(), "wrong".into());
    RELEASE.lay_out(&desk, 50, &near(server.url(), &wrong, "1000/s"));
    let run = Run::on(desk, "run playbook.yaml --env near --format json");
    assert_eq!(run.came.code, 7, "{}", run.came.err);
    let summary = run.summary();
    assert_eq!(count(&summary, "not_started"), 50, "{summary}");
    let calls = Log::read(&fs::read_to_string(&log).unwrap()).calls();
    assert!(calls <= 4, "{calls} calls with credentials that are refused");
}

#[test]
fn a_row_whose_rollback_is_refused_is_partial() {
    let desk = TestFolder::new();
    BOOK.lay_out(&desk, 2, UNLIMITED);
    let playbook = desk.read("playbook.yaml");
    let broken = playbook
        .replace("{ task_num: '{{ steps.task.outputs.task_num }}', task_status", "{ task_num: 'nobody', task_status");
    assert_ne!(playbook, broken);
    desk.write("playbook.yaml", &broken);
    let run = Run::on(desk, "run playbook.yaml --format json");
    assert_eq!(run.came.code, 4, "{}", run.came.err);
    assert_eq!((count(&run.summary(), "partial"), count(&run.summary(), "succeeded")), (1, 1), "{}", run.came.out);
}

#[test]
fn a_call_whose_time_has_passed_is_not_sent() {
    let desk = TestFolder::new();
    EXTEND.lay_out(&desk, 6, UNLIMITED);
    let playbook = desk.read("playbook.yaml").replace("'2040-01-31T00:00:00Z'", "'{{ add run.started_at \"3s\" }}'");
    desk.write("playbook.yaml", &playbook);
    let run = Run::on(desk, "run playbook.yaml --rate 1/s --format json");
    assert_eq!(run.came.code, 4, "{}", run.came.err);
    let expired = fs::read_to_string(run_folder(&run.desk).unwrap().join("failed.csv")).unwrap();
    let expired = expired.lines().filter(|line| line.contains(",expired,")).count() as u64;
    assert!(expired >= 2, "{}", run.came.out);
    assert_eq!(run.log().calls() as u64 + expired, 6, "an expired call was sent");
}
