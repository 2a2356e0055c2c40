//! The keys in the run's own terminal, and that the terminal is always set back.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nix::pty::openpty;
use nix::sys::termios::{LocalFlags, tcgetattr};

use crate::playbooks::copy_playbooks;
use crate::program::TestFolder;

const WITHIN: Duration = Duration::from_secs(30);

/// A run in a terminal of its own.
struct InTerminal {
    desk: TestFolder,
    child: Child,
    keyboard: File,
    slave: OwnedFd,
    shown: Arc<Mutex<String>>,
}

impl InTerminal {
    fn start(line: &str) -> Self {
        let words: Vec<&str> = std::iter::once("runsheet").chain(line.split(' ')).collect();
        Self::start_words(&words)
    }

    /// The same under a shell that runs jobs as at a prompt.
    fn start_shell(script: &str) -> Self {
        Self::start_words(&["bash", "-c", &format!("set -m; {script}")])
    }

    fn start_words(words: &[&str]) -> Self {
        let desk = TestFolder::new();
        copy_playbooks(&desk);
        let terminal = openpty(None, None).unwrap();
        // A second pair of handles, which are closed in the program that is started.
        let (master, slave) = (terminal.master.try_clone().unwrap(), terminal.slave.try_clone().unwrap());
        drop(terminal);
        let end = || Stdio::from(slave.try_clone().unwrap());
        let mut command = desk.command("setsid");
        command.arg("--ctty").args(words);
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        let (keyboard, mut screen) = (File::from(master.try_clone().unwrap()), File::from(master));
        let shown = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&shown);
        std::thread::spawn(move || {
            let mut bytes = [0; 4_096];
            while let Ok(count) = screen.read(&mut bytes) {
                into.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        Self { desk, child, keyboard, slave, shown }
    }

    /// Waits until a text stands on the screen.
    #[track_caller]
    fn shows(&mut self, text: &str) {
        let limit = Instant::now() + WITHIN;
        while !self.shown.lock().unwrap().contains(text) {
            assert!(Instant::now() < limit, "`{text}` is not shown:\n{}", self.shown.lock().unwrap());
            std::thread::yield_now();
        }
    }

    fn press(&mut self, keys: &[u8]) {
        self.keyboard.write_all(keys).unwrap();
    }

    /// Whether the terminal hands over whole lines and shows what is typed, as it did before.
    fn is_set_back(&self) -> bool {
        let flags = tcgetattr(&self.slave).unwrap().local_flags;
        flags.contains(LocalFlags::ICANON | LocalFlags::ECHO)
    }

    fn until(&self, set_back: bool) {
        let limit = Instant::now() + WITHIN;
        while self.is_set_back() != set_back {
            assert!(Instant::now() < limit, "the mode of the terminal stays: {}", self.shown.lock().unwrap());
            std::thread::yield_now();
        }
    }
}

#[test]
fn keys_pause_slow_down_and_drain_a_run_and_the_terminal_is_set_back() {
    let mut run = InTerminal::start("run extend-deadlines.yaml --rate 2/s");
    run.shows("Keys: p pauses");
    run.until(false);
    run.press(b"p");
    run.shows("Paused by");
    run.shows("(key)");
    run.press(b"xq p");
    run.shows("The pause was ended by");
    run.press(b"-");
    run.shows("at most 1/s");
    run.press(b"+");
    run.shows("at most 2/s");
    run.press(b"d");
    run.shows("Drained by");
    assert_eq!(run.child.wait().unwrap().code(), Some(6));
    assert!(run.is_set_back());
    let steered = run.desk.run("runs show latest --format json").exits(0).json()["steered"].clone();
    let from: Vec<&str> = steered.as_array().unwrap().iter().map(|one| one["from"].as_str().unwrap()).collect();
    assert_eq!(from, ["key"; 5], "{steered}");
}

#[test]
fn ctrl_c_drains_as_ever_and_the_terminal_is_set_back() {
    let mut run = InTerminal::start("run extend-deadlines.yaml --rate 2/s");
    run.shows("Keys: p pauses");
    run.until(false);
    run.press(&[3]);
    run.shows("Stopping: nothing new is started");
    assert_eq!(run.child.wait().unwrap().code(), Some(130));
    assert!(run.is_set_back());
}

#[test]
fn a_termination_sets_the_terminal_back() {
    let mut run = InTerminal::start("run extend-deadlines.yaml --rate 2/s");
    run.until(false);
    let sent = std::process::Command::new("kill").arg(run.child.id().to_string()).status().unwrap();
    assert!(sent.success());
    assert_eq!(run.child.wait().unwrap().code(), Some(143));
    assert!(run.is_set_back());
}

#[test]
fn ctrl_z_stops_the_job_with_the_terminal_set_back_and_fg_goes_on_with_the_keys() {
    let mut run = InTerminal::start_shell(
        "runsheet run extend-deadlines.yaml --rate 2/s; echo came $?; read -r line; fg; echo ended $?",
    );
    run.shows("Keys: p pauses");
    run.until(false);
    run.press(&[0x1a]);
    run.shows("came 148");
    assert!(run.is_set_back());
    run.press(b"\n");
    run.until(false);
    run.press(b"d");
    run.shows("ended 6");
    run.child.wait().unwrap();
    assert!(run.is_set_back());
}

#[test]
fn a_job_in_the_background_is_not_stopped_and_reads_no_keys() {
    let mut run = InTerminal::start_shell(
        "runsheet run extend-deadlines.yaml --rate 20/s & wait $!; echo ended $?; read -r line",
    );
    run.press(b"dd");
    run.shows("ended 0");
    assert!(run.is_set_back());
    assert!(!run.shown.lock().unwrap().contains("Keys:"));
    run.press(b"\n");
    run.child.wait().unwrap();
}

#[test]
fn without_a_terminal_at_standard_input_nothing_is_read_and_the_mode_stays() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    let came = desk.run("run extend-deadlines.yaml --limit 2").exits(0);
    came.never_says(&["Keys:"]);
}
