//! The program as a user runs it: a temporary folder, a state folder of its own, nothing from the machine.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use nix::fcntl::OFlag;

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of its own with the program on the path.
pub(crate) struct TestFolder {
    folder: tempfile::TempDir,
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct CommandResult {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl TestFolder {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file and gives its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program, ready to run here: an empty environment but for the state folder.
    pub(crate) fn command(&self, program: &str) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_runsheet"));
        let path = std::env::join_paths([binary.parent().unwrap(), Path::new("/usr/bin"), Path::new("/bin")]).unwrap();
        let mut command = Command::new(if program == "runsheet" { binary } else { Path::new(program) });
        command
            .current_dir(self.path())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.path())
            .env("LANG", "C.UTF-8")
            .env("RUNSHEET_STATE_DIR", self.path().join("state"));
        command
    }

    /// The program ready to run here with some signals ignored, such as `HUP,INT`, and no others, whatever the process of
    /// these tests ignores.
    pub(crate) fn ignoring(&self, signals: &str) -> Command {
        let mut command = self.command("env");
        command.arg("--default-signal=HUP,INT,QUIT,ALRM,TERM,USR1,USR2,XCPU,XFSZ");
        if !signals.is_empty() {
            command.arg(format!("--ignore-signal={signals}"));
        }
        command.arg("runsheet");
        command
    }

    /// Runs `runsheet` with words split at blanks.
    pub(crate) fn run(&self, line: &str) -> CommandResult {
        self.run_with(line, &[])
    }

    /// Runs `runsheet` with further environment variables.
    pub(crate) fn run_with(&self, line: &str, variables: &[(&str, &str)]) -> CommandResult {
        let output = self.command("runsheet").args(line.split_whitespace()).envs(variables.iter().copied()).output();
        came(output.unwrap())
    }

    /// A pipe at which `RUNSHEET_HOLD_AT` holds the program.
    pub(crate) fn pipe(&self, name: &str) -> PathBuf {
        let path = self.path().join(name);
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    /// Runs a bash script.
    pub(crate) fn bash(&self, script: &str) -> CommandResult {
        came(self.command("bash").arg("-c").arg(script).output().unwrap())
    }
}

/// Waits until a process is held at a pipe; `None` where it has ended first. It goes on when the file is closed.
pub(crate) fn held_at(pipe: &Path, child: &mut Child) -> Option<File> {
    let limit = Instant::now() + Duration::from_secs(60);
    loop {
        // A pipe that nobody reads cannot be opened so.
        let opened = OpenOptions::new().write(true).custom_flags(OFlag::O_NONBLOCK.bits()).open(pipe);
        if opened.is_ok() || child.try_wait().unwrap().is_some() {
            return opened.ok();
        }
        assert!(Instant::now() < limit, "it neither came so far nor ended");
        std::thread::yield_now();
    }
}

/// Lets a process have that many files open from now on.
pub(crate) fn limit_descriptors(child: &Child, most: usize) {
    let most = format!("--nofile={most}:4096");
    let set = Command::new("prlimit").args(["--pid", &child.id().to_string(), &most]).status().unwrap();
    assert!(set.success());
}

/// Lets a process open no file more.
pub(crate) fn leave_no_descriptor_free(child: &Child) {
    // The limit is on the number of a new file, and the standard streams have 0 to 2.
    limit_descriptors(child, 3);
}

/// Reads what a process says until that text was said. The rest of it is read and left out.
#[track_caller]
pub(crate) fn says_soon(child: &mut Child, text: &str) {
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains(text) {
        assert!(lines.read_line(&mut said).unwrap() > 0, "it ended without `{text}`: {said}");
    }
    // A full pipe would hold it up. The thread ends with the process.
    std::thread::spawn(move || lines.lines().map_while(Result::ok).count());
}

/// What a process came to that runs already.
pub(crate) fn ended(child: Child) -> CommandResult {
    came(child.wait_with_output().unwrap())
}

fn came(output: std::process::Output) -> CommandResult {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    CommandResult { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

impl CommandResult {
    /// Fails with everything that was said unless the exit code is this one.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert!(
            self.code == code,
            "exit {} instead of {code}\n--- out\n{}\n--- err\n{}",
            self.code,
            self.out,
            self.err
        );
        self
    }

    /// Fails unless standard error has all of these texts.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.err.contains(text), "standard error lacks `{text}`:\n{}", self.err);
        }
        self
    }

    /// The same, wherever the lines of standard error were broken.
    #[track_caller]
    pub(crate) fn says_wrapped(self, texts: &[&str]) -> Self {
        let plain = |text: &str| text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        let said = plain(&self.err);
        for text in texts {
            assert!(said.contains(&plain(text)), "standard error lacks `{text}`:\n{}", self.err);
        }
        self
    }

    /// Fails unless standard error has none of these texts.
    #[track_caller]
    pub(crate) fn never_says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(
                !self.err.contains(text) && !self.out.contains(text),
                "`{text}` was said:\n{}{}",
                self.out,
                self.err
            );
        }
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(self.out.trim()).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}
