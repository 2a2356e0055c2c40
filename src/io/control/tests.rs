//! The socket between a run and those who steer it: who is answered, and what a silent or talkative caller may do.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::message::LONGEST_QUESTION;
use super::{ControlAnswer, ControlAsk, ControlError, ControlServer, SteerCall, ask};
use crate::policy::{SteerCommand, SteerDone, SteerOrigin, SteerRefusal, SteerWish};

const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: ControlAsk = ControlAsk::Steer(SteerWish::Do(SteerCommand::Pause));

fn start(folder: &Path) -> (ControlServer, mpsc::Receiver<SteerCall>) {
    ControlServer::start(folder, || json!({"rows": 7})).unwrap()
}

fn asked(folder: &Path, what: ControlAsk, patience: Duration) -> Result<ControlAnswer, ControlError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(ask(folder, what, SteerOrigin::Ctl, patience))
}

/// Answers every command, on a thread of its own; gives the persons who asked.
fn obey(mut commands: mpsc::Receiver<SteerCall>) -> std::thread::JoinHandle<Vec<(SteerWish, u32)>> {
    std::thread::spawn(move || {
        let mut came = Vec::new();
        while let Some(SteerCall { wish, by, reply }) = commands.blocking_recv() {
            came.push((wish, by.uid));
            let SteerWish::Do(command) = wish else { panic!() };
            let answer = match command {
                SteerCommand::Drain => Err(SteerRefusal::Ended),
                command => Ok(SteerDone { command, already: false }),
            };
            reply.send(answer).unwrap();
        }
        came
    })
}

/// Sends bytes as they are, and gives the answer.
fn say(folder: &Path, bytes: &[u8]) -> Value {
    let mut stream = UnixStream::connect(folder.join("control")).unwrap();
    stream.write_all(bytes).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_command_is_passed_on_and_answered_and_the_socket_is_removed_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let (server, commands) = start(folder.path());
    let run = obey(commands);
    let mode = fs::metadata(folder.path().join("control")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let done = SteerDone { command: SteerCommand::Pause, already: false };
    assert_eq!(asked(folder.path(), PAUSE, PATIENCE).unwrap(), ControlAnswer::Done(done));
    let drain = ControlAsk::Steer(SteerWish::Do(SteerCommand::Drain));
    let refused = ControlAnswer::Refused(SteerRefusal::Ended.to_string());
    assert_eq!(asked(folder.path(), drain, PATIENCE).unwrap(), refused);
    let status = asked(folder.path(), ControlAsk::Status, PATIENCE).unwrap();
    assert_eq!(status, ControlAnswer::Status(json!({"rows": 7})));
    drop(server);
    assert!(!folder.path().join("control").exists());
    let uid = rustix::process::geteuid().as_raw();
    let came = run.join().unwrap();
    assert_eq!(came, [(SteerWish::Do(SteerCommand::Pause), uid), (SteerWish::Do(SteerCommand::Drain), uid)]);
    assert!(matches!(asked(folder.path(), PAUSE, PATIENCE), Err(ControlError::NotServed)));
}

#[test]
fn a_run_whose_calls_have_ended_refuses_commands_and_still_says_how_far_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, commands) = start(folder.path());
    drop(commands);
    let refused = ControlAnswer::Refused(SteerRefusal::Ended.to_string());
    assert_eq!(asked(folder.path(), PAUSE, PATIENCE).unwrap(), refused);
    assert!(matches!(asked(folder.path(), ControlAsk::Status, PATIENCE), Ok(ControlAnswer::Status(_))));
}

#[test]
fn a_socket_left_by_a_killed_process_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    drop(std::os::unix::net::UnixListener::bind(folder.path().join("control")).unwrap());
    assert!(matches!(asked(folder.path(), PAUSE, PATIENCE), Err(ControlError::NotServed)));
    let (_server, commands) = start(folder.path());
    let _run = obey(commands);
    assert!(asked(folder.path(), PAUSE, PATIENCE).is_ok());
}

#[test]
fn a_folder_with_a_very_long_path_has_a_socket_too() {
    let folder = tempfile::tempdir().unwrap();
    let deep: PathBuf = folder.path().join("d".repeat(120)).join("e".repeat(200));
    fs::create_dir_all(&deep).unwrap();
    let (server, commands) = start(&deep);
    let _run = obey(commands);
    assert!(matches!(asked(&deep, PAUSE, PATIENCE), Ok(ControlAnswer::Done(_))));
    assert!(deep.join("control").exists());
    drop(server);
    assert!(!deep.join("control").exists());
}

#[test]
fn what_is_no_question_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, _commands) = start(folder.path());
    let long = vec![b'x'; LONGEST_QUESTION];
    for (bytes, why) in [
        (&b"\n"[..], "no version"),
        (b"hello\n", "no version"),
        (b"{\"v\":2,\"from\":\"ctl\",\"ask\":\"status\"}\n", "version 1"),
        (b"{\"v\":1,\"from\":\"ctl\",\"ask\":\"dance\"}\n", "cannot be read"),
        (b"{\"v\":1,\"from\":\"ctl\",\"ask\":{\"steer\":{\"do\":{\"rate\":\"0/s\"}}}}\n", "cannot be read"),
        (&long, "one line"),
    ] {
        let answer = say(folder.path(), bytes);
        let said = answer["answer"]["refused"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn silent_callers_hold_up_neither_the_run_nor_for_long_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, commands) = start(folder.path());
    let _run = obey(commands);
    let silent: Vec<UnixStream> = (0..9).map(|_| UnixStream::connect(folder.path().join("control")).unwrap()).collect();
    // Each of them is sent away after its time, so that this one gets its turn.
    assert!(matches!(asked(folder.path(), PAUSE, Duration::from_secs(60)), Ok(ControlAnswer::Done(_))));
    drop(silent);
}

#[test]
fn a_run_that_takes_no_caller_or_gives_no_answer_is_reported_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let listener = std::os::unix::net::UnixListener::bind(folder.path().join("control")).unwrap();
    let short = Duration::from_millis(200);
    assert!(matches!(asked(folder.path(), PAUSE, short), Err(ControlError::NoAnswer(_))));
    // Nobody accepts, and the system lets one more caller wait.
    rustix::net::listen(&listener, 0).unwrap();
    assert!(matches!(asked(folder.path(), PAUSE, short), Err(ControlError::Busy(_))));
    drop(listener);
}

#[test]
fn commands_beyond_what_may_wait_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, mut commands) = start(folder.path());
    // The run takes no command; callers do not wait for their answers.
    let question = b"{\"v\":1,\"from\":\"page\",\"ask\":{\"steer\":{\"do\":\"pause\"}}}\n";
    for _ in 0..8 {
        UnixStream::connect(folder.path().join("control")).unwrap().write_all(question).unwrap();
    }
    let first = commands.blocking_recv().unwrap();
    assert_eq!((first.by.from, first.wish), (SteerOrigin::Page, SteerWish::Do(SteerCommand::Pause)));
    // Their places are free once the run has answered.
    drop(first);
    drop(commands);
    assert!(matches!(asked(folder.path(), PAUSE, PATIENCE), Ok(ControlAnswer::Refused(_))));
}
