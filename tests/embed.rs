//! The library in another program: the example does what the command line does, and a program can follow, answer and
//! stop runs.

#[allow(dead_code, reason = "its `main` is for `cargo run --example`")]
#[path = "../examples/embed.rs"]
mod example;

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use runsheet::operate::{
    Confirmed, Context, Destination, GivenRows, Notice, Observer, Pace, PlanRequest, PlaybookFrom, Question, Questions,
    Refusal, ResumeRequest, RetryRequest, RowOutcome, RowsFrom, RowsRequest, RunInput, RunOutcome, RunRequest,
    RunsFilter, RunsRequest, SteerCommand, SteerRefusal, SteerWish, Steering, UndoRequest, WaveSize, plan, resume,
    retry, rows, run, runs, undo,
};
use serde_json::{Value, json};

use crate::program::TestFolder;

/// A playbook of one write, for rows of `id`.
const PLAYBOOK: &str = r#"
version: 1
name: Things
rows: { key: id }
steps:
  - { id: make, uses: http.request, with: { method: POST, path: /things, body: { id: "{{ row.id }}" } } }
"#;

/// Takes down what it learns.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Observer for Notes {
    fn notice(&self, notice: Notice<'_>) {
        let note = match notice {
            Notice::Started(start) => format!("started {} of {} rows", start.ended, start.rows),
            Notice::Running(progress) => format!("running, {} ended", progress.now().rows.ended()),
            Notice::CallsEnded => "calls over".to_owned(),
            other => format!("{other:?}"),
        };
        self.0.lock().unwrap().push(note);
    }
}

/// Gives the same answer to each question and keeps the questions.
struct Answers(&'static str, Mutex<Vec<Question>>);

impl Questions for Answers {
    fn answer(&self, question: &Question) -> std::io::Result<Option<String>> {
        self.1.lock().unwrap().push(question.clone());
        Ok(Some(self.0.to_owned()))
    }
}

fn things(count: u64) -> RunRequest {
    let rows = RowsFrom::of_objects("things", (0..count).map(|id| json!({"id": format!("t-{id}")})));
    RunRequest {
        input: RunInput { rows: vec![GivenRows { list: None, from: rows }], ..RunInput::default() },
        ..RunRequest::new(PlaybookFrom::Text { path: "things.yaml".into(), text: PLAYBOOK.to_owned() })
    }
}

#[test]
fn the_example_does_what_the_command_line_does() {
    let state = tempfile::tempdir().unwrap();
    let embedded = example::extend(state.path()).unwrap();
    let desk = TestFolder::new();
    desk.write("extend.yaml", example::PLAYBOOK);
    let line =
        |contract: &example::Contract| json!({"contract": contract.id, "deadline": contract.deadline}).to_string();
    let lines: Vec<String> = example::CONTRACTS.iter().map(line).collect();
    desk.write("contracts.jsonl", &lines.join("\n"));
    let summary = desk.run("run extend.yaml --rows contracts.jsonl --format json").exits(0).json();
    assert_eq!(summary["rows"]["total"], embedded.total);
    assert_eq!(summary["rows"]["succeeded"], 3);
    let file = summary["files"][0].as_str().unwrap();
    let written: Vec<Value> =
        std::fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(written.len(), embedded.rows.len());
    for (line, row) in written.iter().zip(&embedded.rows) {
        assert_eq!(line["contract"], row.key.as_str());
        assert_eq!(line["_outcome"], row.outcome.to_string());
        assert_eq!(line["_attempts"].to_string().trim_matches('"'), row.attempts.to_string());
    }
}

#[test]
fn a_program_follows_a_run_stops_it_and_goes_on() {
    let state = tempfile::tempdir().unwrap();
    let notes = Arc::new(Notes::default());
    let context = Context::new().state_folder(state.path()).observed_by(notes.clone());
    let steering = Steering::default();
    steering.drain();
    let stopped = run(&things(30), &context.clone().steered_by(steering)).unwrap();
    assert_eq!((stopped.summary.outcome, stopped.signal), (RunOutcome::Interrupted, Some(2)));
    let finished = resume(&ResumeRequest::new(stopped.summary.run_id.as_str()), &context).unwrap();
    assert_eq!((finished.summary.outcome, finished.signal), (RunOutcome::Succeeded, None));
    let told = notes.0.lock().unwrap().join("; ");
    assert!(told.starts_with("started 0 of 30 rows; running, 0 ended; calls over; started 0 of 30 rows"), "{told}");
    assert!(told.contains("StoppedBefore"), "{told}");
    let few = RowsRequest { outcomes: vec![RowOutcome::Succeeded], skip: 28, ..RowsRequest::new("latest") };
    let report = rows(&few, &context).unwrap();
    assert_eq!((report.total, report.rows.len()), (30, 2));
    assert_eq!(report.rows[1].key, "t-29");
}

#[test]
fn a_pace_that_no_run_can_keep_is_refused_before_anything_begins() {
    let state = tempfile::tempdir().unwrap();
    let context = Context::new().state_folder(state.path());
    let pace = Pace { waves: vec![WaveSize::Rows(0)], ..Pace::default() };
    let begin = run(&RunRequest { pace: pace.clone(), ..things(2) }, &context).map(drop);
    assert_eq!(std::fs::read_dir(state.path()).unwrap().count(), 0, "a run has begun");
    run(&things(2), &context).unwrap();
    let preview =
        plan(&PlanRequest { pace: pace.clone(), ..PlanRequest::new("playbooks/extend-deadlines.yaml") }, &context);
    let again = resume(&ResumeRequest { pace: pace.clone(), ..ResumeRequest::new("latest") }, &context).map(drop);
    let repeat = retry(&RetryRequest { pace: pace.clone(), ..RetryRequest::new("latest") }, &context).map(drop);
    let back = undo(&UndoRequest { pace, ..UndoRequest::new("latest") }, &context).map(drop);
    for refused in [begin, preview.map(drop), again, repeat, back] {
        let Err(Refusal::Usage(why)) = refused else { panic!("{refused:?}") };
        assert!(why.starts_with("`0` is not the size of a wave"), "{why}");
    }
}

#[test]
fn a_word_that_names_no_state_is_refused_with_the_words() {
    let state = tempfile::tempdir().unwrap();
    let context = Context::new().state_folder(state.path());
    let filter = RunsFilter { state: Some("fail".to_owned()), ..RunsFilter::default() };
    let Err(Refusal::Usage(why)) = runs(&RunsRequest { filter, ..RunsRequest::default() }, &context) else {
        panic!("it is taken");
    };
    assert!(why.starts_with("`fail` is not the state of a run") && why.contains("broken off, "), "{why}");
}

#[test]
fn a_run_that_says_it_is_running_takes_commands() {
    /// Tells that the run takes commands.
    struct Ready(Sender<()>);

    impl Observer for Ready {
        fn notice(&self, notice: Notice<'_>) {
            if let Notice::Running(_) = notice {
                self.0.send(()).unwrap();
            }
        }
    }

    let state = tempfile::tempdir().unwrap();
    let (ready, is_ready) = channel();
    let steering = Steering::default();
    let pause = SteerWish::Do(SteerCommand::Pause);
    assert_eq!(steering.command(pause), Err(SteerRefusal::NotUnderWay));
    let context = Context::new().state_folder(state.path()).steered_by(steering.clone());
    let context = context.observed_by(Arc::new(Ready(ready)));
    let running = std::thread::spawn(move || run(&things(40), &context));
    is_ready.recv().unwrap();
    assert_eq!(steering.command(SteerWish::Do(SteerCommand::InFlight(0))), Err(SteerRefusal::NoneInFlight));
    for wish in [pause, SteerWish::Do(SteerCommand::Resume)] {
        steering.command(wish).unwrap();
    }
    let report = running.join().unwrap().unwrap();
    assert_eq!(report.summary.steered.len(), 2);
    assert_eq!(steering.command(pause), Err(SteerRefusal::Ended));
}

#[test]
fn a_question_is_put_to_the_program_and_only_its_answer_counts() {
    let state = tempfile::tempdir().unwrap();
    let settings = state.path().join("runsheet.yaml");
    let connection = "{ base_url: \"http://127.0.0.1:9\", auth: { scheme: none } }";
    let text = format!("environments: {{ near: {{ confirm: true, connections: {{ http: {connection} }} }} }}\n");
    std::fs::write(&settings, text).unwrap();
    let context = Context::new().state_folder(state.path()).settings(&settings);
    let mut request = things(2);
    request.input.environment = Some("near".to_owned());
    let refusal = |context: &Context, request: &RunRequest| match run(request, context) {
        Err(Refusal::Conflict(message)) => message,
        other => panic!("{other:?}"),
    };
    assert!(refusal(&context, &request).contains("asks before it sends"));
    let answers = Arc::new(Answers("far", Mutex::default()));
    assert_eq!(refusal(&context.clone().asking(answers.clone()), &request), "not confirmed; nothing was sent");
    let hosts = vec![("http".to_owned(), "127.0.0.1:9".to_owned())];
    let to = Destination {
        environment: "near".to_owned(),
        sandbox: false,
        settings: Some(settings),
        hosts,
        notified: Vec::new(),
    };
    let asked = Question::Environment { name: "near".to_owned(), what: "2 rows, 2 calls".to_owned(), to };
    assert_eq!(answers.1.lock().unwrap().as_slice(), [asked]);
    // What is confirmed ahead is not asked: the run begins, and finds nobody at that address.
    request.confirmed = Confirmed { environment: true, rows: None };
    let steering = Steering::default();
    steering.drain();
    let report = run(&request, &context.asking(answers.clone()).steered_by(steering)).unwrap();
    assert_eq!(report.summary.rows.not_started, 2);
    assert_eq!(answers.1.lock().unwrap().len(), 1);
}
