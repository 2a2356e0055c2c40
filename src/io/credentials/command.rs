//! Runs the command that prints a credential. It gets a small environment, without this program's options and without
//! other credentials. Its standard error is shown with everything masked that looks like a secret.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::error::CredentialError;
use crate::model::{CredentialRedactor, Secret};

/// Environment variables that are passed to a command. Others can be set in the command itself: `[env, NAME=VALUE, …]`.
const PASSED: [&str; 15] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "TERM",
    "GPG_TTY",
    "SSH_AUTH_SOCK",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "WAYLAND_DISPLAY",
];

/// Prefixes of further variables that are passed.
const PASSED_PREFIXES: [&str; 2] = ["LC_", "XDG_"];

/// Bytes of standard error that are read, from its end.
const MAX_STDERR: u64 = 64 * 1024;

/// The number of last lines of standard error that are shown.
const SHOWN_LINES: usize = 10;

/// Stands in place of a secret.
const MASK: &str = "***";

/// Matches words for a secret with the text behind them, and long runs of letters and digits.
const LOOKS_SECRET: &str = r#"(?i)([\w-]*(?:secret|passw|passphrase|token|key|credential|authorization|cookie)[\w-]*["']?\s*[:=]\s*)(\S.*)|\b((?:bearer|basic)\s+)(\S+)|([A-Za-z0-9+/_=.~-]{20,})"#;

/// What a command printed.
pub(super) struct CommandOutput {
    /// Its standard output.
    pub(super) output: Vec<u8>,
    /// Its standard error, masked; empty if it printed nothing there.
    pub(super) errors: String,
}

/// Runs a command to its end.
///
/// # Errors
/// [`CredentialError::Command`] if it cannot be started or fails, with its masked standard error.
pub(super) fn run(words: &[String]) -> Result<CommandOutput, CredentialError> {
    let (first, rest) = words.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let wrong = |why: String| CredentialError::Command { command: first.to_owned(), why };
    let unstarted = |error: io::Error| wrong(format!("could not be started: {error}"));
    // A file instead of a pipe: an agent that the command leaves behind may hold a pipe open for ever.
    let stderr = tempfile::tempfile().ok();
    let errors = stderr.as_ref().and_then(|file| file.try_clone().ok());
    let output = Command::new(first)
        .args(rest)
        .env_clear()
        .envs(login_variables())
        .stdin(Stdio::null())
        .stderr(errors.map_or_else(Stdio::null, Stdio::from))
        .output()
        .map_err(unstarted)?;
    let secret = Secret::new(String::from_utf8_lossy(&output.stdout).trim());
    let errors = masked(&stderr.map(end_of).unwrap_or_default(), &secret);
    if !output.status.success() {
        let said = if errors.is_empty() { String::new() } else { format!(", saying: {}", errors.replace('\n', " / ")) };
        return Err(wrong(format!("failed: {}{said}", output.status)));
    }
    Ok(CommandOutput { output: output.stdout, errors })
}

/// The variables of this process that are passed to a command.
pub(in crate::io) fn login_variables() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os().filter(|(name, _)| is_passed(name))
}

/// Whether the variable of this name is passed to a command.
fn is_passed(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    PASSED.contains(&name.as_ref()) || PASSED_PREFIXES.iter().any(|kind| name.starts_with(kind))
}

/// The last bytes of a file, as text.
fn end_of(mut file: File) -> String {
    let mut bytes = Vec::new();
    let length = file.metadata().map_or(0, |about| about.len());
    let read = file.seek(SeekFrom::Start(length.saturating_sub(MAX_STDERR))).and_then(|_| file.read_to_end(&mut bytes));
    read.map(|_| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// The last lines of a text, with the credential and everything that looks like one masked.
pub(in crate::io) fn masked(text: &str, secret: &Secret) -> String {
    static SECRETS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(LOOKS_SECRET).ok());
    let Some(pattern) = SECRETS.as_ref() else { return String::new() };
    let parts: Vec<Secret> = secret.expose().split_whitespace().map(Secret::new).collect();
    let known = CredentialRedactor::of(parts.iter().chain([secret]));
    let redacted = |found: &Captures<'_>| {
        let ahead = found.get(1).or_else(|| found.get(3)).map_or("", |ahead| ahead.as_str());
        format!("{ahead}{MASK}")
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.iter().skip(lines.len().saturating_sub(SHOWN_LINES));
    let shown = last.map(|line| pattern.replace_all(&known.text(line.trim_end()), redacted).into_owned());
    shown.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Result<CommandOutput, CredentialError> {
        run(&["sh".to_owned(), "-c".to_owned(), script.to_owned()])
    }

    #[test]
    fn a_command_gets_the_variables_of_a_login_session_and_no_others() {
        for name in ["PATH", "HOME", "LC_ALL", "XDG_RUNTIME_DIR", "SSH_AUTH_SOCK", "TZ"] {
            assert!(is_passed(OsStr::new(name)), "{name}");
        }
        for name in [
            "RUNSHEET_VAR",
            "RUNSHEET_UNMASK",
            "VENDOR_SECRET",
            "AWS_SECRET_ACCESS_KEY",
            "LD_PRELOAD",
            "BASH_ENV",
            "ENV",
        ] {
            assert!(!is_passed(OsStr::new(name)), "{name}");
        }
        // What a test runner sets for itself is not there.
        let said = sh("env | cut -d= -f1").unwrap();
        let output = String::from_utf8(said.output).unwrap();
        assert!(output.lines().all(|name| is_passed(OsStr::new(name)) || ["PWD", "SHLVL", "_"].contains(&name)));
    }

    #[test]
    fn standard_error_is_shown_without_the_credential_or_anything_like_one() {
        let said = sh("echo hunter2hunter2; echo 'got hunter2hunter2 for mei' >&2; echo 'touch the key' >&2").unwrap();
        assert_eq!(
            (said.output.as_slice(), said.errors.as_str()),
            (&b"hunter2hunter2\n"[..], "got *** for mei\ntouch the key")
        );
        for (line, shown) in [
            ("Authorization: Bearer abc", "Authorization: ***"),
            ("sent bearer abc123", "sent bearer ***"),
            ("password=abc def", "password=***"),
            ("api_key: abc", "api_key: ***"),
            ("curl https://x/ eyJhbGciOiJIUzI1NiJ9.eyJzdWIi", "curl https://x/ ***"),
            ("gpg: decryption failed: No secret key", "gpg: decryption failed: No secret key"),
        ] {
            let Err(CredentialError::Command { why, .. }) = sh(&format!("echo '{line}' >&2; exit 3")) else { panic!() };
            assert_eq!(why, format!("failed: exit status: 3, saying: {shown}"), "{line}");
        }
    }

    #[test]
    fn long_output_is_cut_and_an_agent_left_behind_does_not_block() {
        let said = sh("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done >&2; echo key").unwrap();
        assert_eq!(said.errors.lines().count(), SHOWN_LINES);
        assert!(said.errors.ends_with("line 2999"), "{}", said.errors);
        let said = sh("sleep 600 >/dev/null & echo $!; echo started >&2").unwrap();
        assert_eq!(said.errors, "started");
        sh(&format!("kill {}", String::from_utf8_lossy(&said.output).trim())).unwrap();
    }
}
