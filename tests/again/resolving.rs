//! `resolve`, the unhappy half first.

use std::fs::{self, File};
use std::sync::{Arc, Mutex};

use runsheet::operate::{CallFilter, Context, Notice, Observer, ResolveRequest, RunProgress, SettledBy, resolve};
use serde_json::Value;

use super::log::{count, effects, last, log, task_num};
use crate::playbooks::copy_playbooks;
use crate::program::TestFolder;
use crate::why::shop::{RUN, shop};

/// A desk with a run of appointments of which some are unknown.
fn desk() -> TestFolder {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    let came =
        desk.run("run onboard-appointments.yaml --faults lose=6%,close=4%,seed=3 --in-flight 1 --out out").exits(5);
    assert!(came.out.contains(&format!("runsheet resolve {}", last(&desk))), "{}", came.out);
    desk
}

/// What `resolve` says is unknown, without settling anything: no read tells of an appointment.
fn unknown(desk: &TestFolder) -> Vec<Value> {
    let came = desk.run("resolve latest --format json");
    came.json()["unknown"].as_array().unwrap().clone()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// What the sandbox's log says of an unknown call.
fn truth(desk: &TestFolder, case: &Value) -> Option<String> {
    let log = log(desk, &last(desk));
    let made = effects(&log);
    let number = task_num(&log, text(case, "key")).unwrap_or_default();
    let moderators = desk.read("appointments.csv");
    let row = moderators.lines().find(|line| line.starts_with(text(case, "key"))).unwrap();
    let element = case["element"].as_u64().map_or(0, |element| element as usize - 1);
    let moderator = row.split(',').nth(4).unwrap().split(';').nth(element).unwrap_or_default();
    let begins = match (text(case, "step"), case["rollback"] == true) {
        ("task", false) => format!("create_task:{}", text(case, "key")),
        ("task", true) => format!("update_status:{number}:canceled"),
        ("moderators", _) => format!("add_moderator:{number}:{moderator}"),
        _ => format!("add_publishers:{number}:"),
    };
    (count(&made, &begins) > 0).then_some(number)
}

#[test]
fn wrong_statements_settle_nothing() {
    let desk = desk();
    let run = last(&desk);
    let before = unknown(&desk);
    assert!(before.len() > 1, "{before:?}");
    let task = before.iter().find(|case| text(case, "step") == "task").unwrap();
    let key = text(task, "key");
    for (line, code, says) in [
        ("resolve 2035".to_owned(), 2, "no run"),
        (format!("resolve {run} --as done"), 2, "`--key`"),
        (format!("resolve {run} --key nobody --as failed"), 2, "`nobody`"),
        (format!("resolve {run} --key {key} --step customers --as failed"), 2, "`customers`"),
        (format!("resolve {run} --key {key} --as done"), 2, "--output task_num=…"),
        (format!("resolve {run} --key {key} --as done --output task_num="), 2, "--output task_num=…"),
        (format!("resolve {run} --key {key} --as done --output task_nmu=1"), 2, "did you mean `task_num`"),
        (format!("resolve {run} --key {key} --as failed --output task_num=1"), 2, "no output `task_num`"),
        (format!("resolve {run} --key {key} --as maybe"), 2, "maybe"),
        (format!("resolve {run} --output task_num=1"), 2, "--as"),
        (format!("resolve {run} --from nowhere.csv"), 2, "nowhere.csv"),
        (format!("resolve {run} --from out/unknown.csv"), 3, "`_settle`"),
        (format!("resolve {run} --from out/unknown.csv --key {key}"), 2, "--key"),
    ] {
        desk.run(&line).exits(code).says(&[says]);
    }
    assert_eq!(unknown(&desk), before);
    assert!(desk.run("resume latest").exits(5).out.contains("unknown"));
}

#[test]
fn a_filled_in_file_is_taken_whole_or_not_at_all() {
    let desk = desk();
    let run = last(&desk);
    let all = desk.read("out/unknown.csv");
    let (head, rows) = all.split_once('\n').unwrap();
    let filled = |settle: &dyn Fn(usize, &str) -> String| {
        let rows = rows.lines().enumerate().map(|(at, row)| format!("{row},{}\n", settle(at, row)));
        format!("{head},_settle,_note\n{}", rows.collect::<String>())
    };
    let before = unknown(&desk);
    desk.write("maybe.csv", &filled(&|at, _| if at == 0 { "perhaps,".into() } else { "failed,".into() }));
    desk.run(&format!("resolve {run} --from maybe.csv")).exits(3).says(&["maybe.csv:2:", "`done` or `failed`"]);
    desk.write("other.csv", &filled(&|_, _| "failed,".into()).replace(&run, "20350101-000000-abcdef"));
    desk.run(&format!("resolve {run} --from other.csv")).exits(3).says(&["20350101-000000-abcdef"]);
    desk.write("done.csv", &filled(&|_, _| "done,".into()));
    let lacking = desk.run(&format!("resolve {run} --from done.csv"));
    lacking.exits(3).says(&["`task_num`: add a column of that name"]);
    assert_eq!(unknown(&desk), before, "a file with mistakes settled something");
    desk.write(
        "half.csv",
        &filled(&|at, _| if at == 0 { "Failed,\"asked Mei, by phone\"".into() } else { ",".into() }),
    );
    desk.run(&format!("resolve {run} --from half.csv")).exits(5).says(&["1 call settled"]);
    assert_eq!(unknown(&desk).len(), before.len() - 1);
    let journal = fs::read(desk.path().join("state/runs").join(&run).join("journal.sqlite")).unwrap();
    let kept = String::from_utf8_lossy(&journal).into_owned();
    assert!(kept.contains("asked Mei, by phone"), "the note is not in the journal");
    desk.run(&format!("resolve {run} --from half.csv")).exits(3).says(&["Nothing of this row is unknown"]);
}

#[test]
fn a_filled_in_result_file_is_kept_as_the_result_files_are_written_anew() {
    let desk = desk();
    let run = last(&desk);
    let (all, before) = (desk.read("out/unknown.csv"), unknown(&desk).len());
    let filled = |settle: &dyn Fn(usize) -> &'static str, text: &str| {
        let (head, rows) = text.split_once('\n').unwrap();
        let rows = rows.lines().enumerate().map(|(at, row)| format!("{row},{}\n", settle(at)));
        format!("{head},_settle,_note\n{}", rows.collect::<String>())
    };
    // Nothing is settled, so nothing is written.
    let blank = filled(&|_| ",", &all);
    desk.write("out/unknown.csv", &blank);
    desk.run(&format!("resolve {run} --from out/unknown.csv")).exits(5).never_says(&["kept as"]);
    assert_eq!(desk.read("out/unknown.csv"), blank);
    let half = filled(&|at| if at == 0 { "failed,Mei looked" } else { "," }, &all);
    desk.write("out/unknown.csv", &half);
    desk.run(&format!("resolve {run} --from out/unknown.csv")).exits(5).says(&["kept as", "unknown.settled-1.csv"]);
    assert_eq!(desk.read("out/unknown.settled-1.csv"), half);
    let rest = desk.read("out/unknown.csv");
    assert!(!rest.contains("_settle") && rest.lines().count() == before, "{rest}");
    // The last row is settled: `unknown.csv` is deleted, and the words of the person are still there.
    let whole = filled(&|_| "failed,", &rest);
    desk.write("out/unknown.csv", &whole);
    desk.run(&format!("resolve {run} --from out/unknown.csv")).exits(0).says(&["unknown.settled-2.csv"]);
    assert_eq!((desk.read("out/unknown.settled-1.csv"), desk.read("out/unknown.settled-2.csv")), (half, whole));
    assert!(!desk.path().join("out/unknown.csv").exists());
}

#[test]
fn the_ways_on_name_what_each_does_the_most_useful_first() {
    let desk = desk();
    let run = last(&desk);
    let cases = unknown(&desk);
    let done = cases.iter().find(|case| text(case, "step") != "task").unwrap();
    let failed = cases.iter().find(|case| text(case, "step") == "task").unwrap();
    let (retry, resume) = (format!("runsheet retry {run} --only unknown"), format!("runsheet resume {run}"));
    let first = desk.run(&format!("resolve {run} --key {} --as done", text(done, "key"))).err;
    let places = [&resume, &retry].map(|way| first.find(way.as_str()).unwrap_or_else(|| panic!("{way}: {first}")));
    assert!(places[0] < places[1] && first.contains("settled as done: 1 row\n"), "{first}");
    assert!(!first.contains("but fails"), "{first}");
    let then = desk.run(&format!("resolve {run} --key {} --as failed", text(failed, "key"))).err;
    let places = [&retry, &resume].map(|way| then.find(way.as_str()).unwrap_or_else(|| panic!("{way}: {then}")));
    assert!(places[0] < places[1], "{then}");
    for said in ["sends again what was settled as failed", "settled as done: 2 rows\n", "but fails 1 row with a call"] {
        assert!(then.contains(said), "{said}: {then}");
    }
}

#[test]
fn a_run_that_another_process_drives_is_refused() {
    let desk = desk();
    let run = last(&desk);
    let lock = File::open(desk.path().join("state/runs").join(&run).join("lock")).unwrap();
    lock.lock().unwrap();
    for verb in ["resolve", "retry", "undo", "resume"] {
        desk.run(&format!("{verb} {run}")).exits(8).says(&["under way"]);
    }
    drop(lock);
    desk.run(&format!("resolve {run}")).exits(5);
}

#[test]
fn settled_by_the_truth_and_resumed_every_row_has_its_effects_once() {
    let desk = desk();
    let run = last(&desk);
    for _ in 0..20 {
        let cases = unknown(&desk);
        if cases.is_empty() {
            break;
        }
        for case in cases {
            let (key, step) = (text(&case, "key"), text(&case, "step"));
            let line = match truth(&desk, &case) {
                Some(number) if step == "task" && case["rollback"] == false => {
                    format!("resolve {run} --key {key} --step {step} --as done --output task_num={number} --note seen")
                }
                Some(_) => format!("resolve {run} --key {key} --step {step} --as done --note seen"),
                None => format!("resolve {run} --key {key} --step {step} --as failed"),
            };
            let came = desk.run(&line);
            assert!(came.out.contains(key), "{line}: {came:?}");
        }
        let came = desk.run(&format!("resume {run} --format json"));
        assert!([0, 4, 5].contains(&came.code), "{came:?}");
    }
    assert_eq!(unknown(&desk), Vec::<Value>::new());
    let log = log(&desk, &run);
    let made = effects(&log);
    assert!(made.values().all(|count| *count == 1), "{made:?}");
    let results = desk.read("out/results.csv");
    let mut succeeded = 0;
    for line in results.lines().skip(1) {
        let key = line.split(',').next().unwrap();
        let number = task_num(&log, key).unwrap_or_else(|| "none".to_owned());
        let canceled = count(&made, &format!("update_status:{number}:canceled"));
        let staff = line.split(',').nth(4).unwrap().split(';').count() as u32;
        let parts =
            [count(&made, &format!("add_moderator:{number}:")), count(&made, &format!("add_publishers:{number}:"))];
        if line.contains(",succeeded,") {
            succeeded += 1;
            assert_eq!((parts, canceled), ([staff, 1], 0), "{line}");
        } else {
            assert!(line.contains(",failed,"), "{line}");
            assert!(number == "none" || canceled == 1, "{line}");
        }
    }
    assert!(succeeded > 12, "{results}");
}

const EXTEND: &str = "
version: 1
name: Extend
rows: { from: rows.csv, key: flow }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }
    retry: { attempts: 3, delay: 1ms, max_delay: 5ms }
";

#[test]
fn what_reads_can_tell_is_looked_up_and_nothing_else_is_sent() {
    let desk = TestFolder::new();
    // The vendor's file but for the wait before a lookup is trusted.
    for name in ["provider", "extend_deadline", "cancel_flow", "describe_flow_details"] {
        let path = format!("schemas/providers/tencent_essbasic/{name}.yaml");
        let text = fs::read_to_string(crate::program::root().join(path)).unwrap();
        let quick = text.lines().map(|line| if line.trim().starts_with("settle:") { "  settle: 1ms" } else { line });
        let text = quick.collect::<Vec<_>>().join("\n");
        desk.write(&format!("providers/tencent_essbasic/{name}.yaml"), &text);
    }
    desk.write("runsheet.yaml", "providers: { from: providers, tencent_essbasic: { replaces: true } }\n");
    desk.write("playbook.yaml", EXTEND);
    let rows = (10..36).map(|number| format!("yDCNtUUckpvrcvf4UELZnZDvMS0000{number}\n"));
    desk.write("rows.csv", &format!("flow\n{}", rows.collect::<String>()));
    desk.run("run playbook.yaml --faults lose=50%,close=20%,seed=4 --in-flight 1").exits(5);
    let run = last(&desk);
    let sent = log(&desk, &run).len();
    for _ in 0..20 {
        let came = desk.run(&format!("resolve {run} --format json"));
        assert!([0, 5].contains(&came.code), "{came:?}");
        let settled = came.json()["settled"].clone();
        assert!(settled.as_array().unwrap().iter().all(|one| one["by"] == "tencent_essbasic.describe_flow_details"));
        if came.code == 0 {
            break;
        }
    }
    let log = log(&desk, &run);
    assert!(log.len() > sent);
    for entry in &log[sent..] {
        assert_eq!(
            (&entry["operation"], &entry["effect"]),
            (&"DescribeFlowDetailInfo".into(), &false.into()),
            "{entry}"
        );
    }
    assert_eq!(unknown(&desk), Vec::<Value>::new());
    let results = fs::read_to_string(desk.path().join("state/runs").join(&run).join("results.csv")).unwrap();
    assert!(!results.contains(",unknown,"), "{results}");
}

/// Keeps the counters of a run, and whether its calls have ended.
#[derive(Default)]
struct Watch(Mutex<(Option<RunProgress>, bool)>);

impl Observer for Watch {
    fn notice(&self, notice: Notice<'_>) {
        let mut kept = self.0.lock().unwrap();
        match notice {
            Notice::Running(progress) => kept.0 = Some(progress),
            Notice::CallsEnded => kept.1 = true,
            _ => {}
        }
    }
}

#[test]
fn the_progress_of_lookups_counts_the_calls_that_are_looked_up() {
    let desk = shop("blind-1,0911222333,\na-2,0911222333,\nblind-3,0911222333,\n");
    desk.run(RUN).exits(5);
    let watch = Arc::new(Watch::default());
    let context = Context::new().state_folder(desk.path().join("state")).observed_by(watch.clone());
    let request = ResolveRequest { run: "latest".to_owned(), by: SettledBy::Lookups(CallFilter::default()) };
    let done = resolve(&request, &context).unwrap();
    let (progress, ended) = std::mem::take(&mut *watch.0.lock().unwrap());
    let now = progress.expect("no progress is shown").now();
    assert!(ended && now.lookups_only && now.rows.total == 3, "{now:?}");
    let looked_up: Vec<_> = now.calls.iter().map(|own| (own.operation.as_str(), own.done, own.total)).collect();
    assert_eq!(looked_up, [("shop.orders", 2, Some(2))], "{done:?}");
    assert_eq!((done.settled.len(), done.unknown.len()), (2, 0), "{done:?}");
}
