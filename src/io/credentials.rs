//! Credentials from where the settings say they are: environment, file, command.

use std::path::Path;

use super::credential_command::run;
use super::files::{SmallFileError, read_small};
use super::secret_text::{LONGEST, SecretFlaw, read_secret};
use crate::diagnostic::shell_path;
use crate::model::Secret;
use crate::provider::CredentialSource;
use crate::provider::auth::CredentialUse;
use crate::yaml::yaml_text;

/// Why a credential could not be had. No message holds any of its text.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The environment has no such variable.
    #[error("environment variable `{0}` is not set")]
    NoVariable(String),
    /// The file could not be read.
    #[error("the file `{path}` {why}")]
    File {
        /// The file.
        path: String,
        /// What kept it from being read.
        why: SmallFileError,
    },
    /// The command failed.
    #[error("command `{command}` {why}")]
    Command {
        /// Its first word.
        command: String,
        /// What happened.
        why: String,
    },
    /// What was found cannot be the secret.
    #[error("{place} {}", .flaw.in_words())]
    Flawed {
        /// Where it was found.
        place: SecretPlace,
        /// What is wrong with it.
        flaw: SecretFlaw,
    },
}

/// Where a secret was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretPlace {
    /// A variable of the environment.
    #[error("environment variable `{0}`")]
    Variable(String),
    /// A file.
    #[error("the file `{0}`")]
    File(String),
    /// What a command printed; the command's first word.
    #[error("the output of command `{0}`")]
    Output(String),
}

impl CredentialError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::NoVariable(name) => format!(
                "Set it where the run is started, `export {name}=…`, or say in `runsheet.yaml` under `credentials` \
                 where else the secret is: `file:` or `command:`"
            ),
            Self::File { path, why } => file_advice(path, why),
            Self::Command { .. } => "Try the command by itself in this terminal; `runsheet.yaml` names it under \
                 `credentials`. It gets PATH, HOME and the like, and no other variables: set what it needs in the command, \
                 `[env, NAME=VALUE, PROGRAM]`"
                .to_owned(),
            Self::Flawed { place, flaw } => place.advice(*flaw),
        }
    }
}

/// What to do about a file that could not be read.
fn file_advice(path: &str, why: &SmallFileError) -> String {
    use std::io::ErrorKind::{NotFound, PermissionDenied};
    let shown = shell_path(Path::new(path));
    let write = "Write the secret into that file, or name another one in `runsheet.yaml`".to_owned();
    match why {
        SmallFileError::System(error) if error.kind() == NotFound => write,
        SmallFileError::System(error) if error.kind() == PermissionDenied => format!(
            "See who may read it, `ls -l {shown}`: start the run as that user, or as its owner type `chmod 600 {shown}`"
        ),
        SmallFileError::System(_) => write,
        SmallFileError::Folder => {
            "Name the file in it that holds the secret, under `credentials` in `runsheet.yaml`".to_owned()
        }
        SmallFileError::Special => {
            format!(
                "Write `{{ command: [cat, {}] }}` in `runsheet.yaml` if the secret really comes from there",
                yaml_text(path)
            )
        }
        SmallFileError::TooLarge(_) => {
            format!("Look what it is, `ls -l {shown}`: `runsheet.yaml` may name the wrong file")
        }
    }
}

impl SecretPlace {
    /// What to do about a flaw of what stands there.
    fn advice(&self, flaw: SecretFlaw) -> String {
        match self {
            Self::File(path) => in_a_file(path, flaw),
            Self::Variable(name) => in_a_variable(name, flaw),
            Self::Output(_) => in_an_output(flaw).to_owned(),
        }
    }
}

/// What to type about a secret in a file.
fn in_a_file(path: &str, flaw: SecretFlaw) -> String {
    let file = shell_path(Path::new(path));
    let through = |command: String| format!("`(umask 077; {command} > {file}.new) && mv {file}.new {file}`");
    let write = format!("`read -rs S && printf %s \"$S\" > {file}`, then type it or paste it as plain text");
    let anew = format!("Fetch the secret anew from where the vendor shows it and write it alone: {write}");
    match flaw {
        SecretFlaw::Utf16(name) => {
            format!("Write it as UTF-8: {}", through(format!("iconv -f {name} -t UTF-8 {file}")))
        }
        SecretFlaw::ByteOrderMark => format!("Take the mark away: {}", through(format!("tail -c +4 {file}"))),
        SecretFlaw::Assignment => format!(
            "Load the file where the run is started, `set -a; . {file}; set +a`, and name the variable in \
             `runsheet.yaml`, `{{ env: NAME }}`. Or keep the value alone in it: {write}"
        ),
        SecretFlaw::Json => {
            let path = yaml_text(path);
            format!("Take the one value out of it, in `runsheet.yaml`: `{{ command: [jq, -r, .FIELD, {path}] }}`")
        }
        SecretFlaw::Quotes
        | SecretFlaw::NotUtf8
        | SecretFlaw::Empty
        | SecretFlaw::TooLong
        | SecretFlaw::Lines
        | SecretFlaw::BlanksAround
        | SecretFlaw::Control
        | SecretFlaw::Invisible
        | SecretFlaw::Placeholder
        | SecretFlaw::NotAscii => anew,
    }
}

fn in_a_variable(name: &str, flaw: SecretFlaw) -> String {
    let anew = format!("`read -rs {name} && export {name}`, then type the secret or paste it as plain text");
    match flaw {
        SecretFlaw::Assignment => format!("Give it the value alone, without a name and `=`: {anew}"),
        SecretFlaw::Quotes => format!("Give it the secret without quotes: {anew}"),
        SecretFlaw::Json => {
            format!("Give it the one value alone: `export {name}=\"$(jq -r .FIELD FILE)\"`")
        }
        SecretFlaw::Utf16(_)
        | SecretFlaw::ByteOrderMark
        | SecretFlaw::NotUtf8
        | SecretFlaw::Empty
        | SecretFlaw::TooLong
        | SecretFlaw::Lines
        | SecretFlaw::BlanksAround
        | SecretFlaw::Control
        | SecretFlaw::Invisible
        | SecretFlaw::Placeholder
        | SecretFlaw::NotAscii => format!("Set it anew where the run is started: {anew}"),
    }
}

fn in_an_output(flaw: SecretFlaw) -> &'static str {
    match flaw {
        SecretFlaw::Lines => {
            "Let the command print one line, in `runsheet.yaml`: `{ command: [sh, -c, \"COMMAND | head -n 1\"] }`"
        }
        SecretFlaw::Utf16(_) => {
            "Let the command print UTF-8, in `runsheet.yaml`: `{ command: [sh, -c, \"COMMAND | iconv -f UTF-16 -t UTF-8\"] }`"
        }
        SecretFlaw::Json => {
            "Let the command print the one value, in `runsheet.yaml`: `{ command: [sh, -c, \"COMMAND | jq -r .FIELD\"] }`"
        }
        SecretFlaw::Quotes => "Let the command print the secret without quotes: with `jq` for instance, `jq -r` does",
        SecretFlaw::ByteOrderMark
        | SecretFlaw::NotUtf8
        | SecretFlaw::Empty
        | SecretFlaw::TooLong
        | SecretFlaw::Assignment
        | SecretFlaw::BlanksAround
        | SecretFlaw::Control
        | SecretFlaw::Invisible
        | SecretFlaw::Placeholder
        | SecretFlaw::NotAscii => {
            "Try the command by itself in this terminal: it must print the secret on one line and nothing else"
        }
    }
}

/// Fetches a credential, which is used as `used` says. `tell` gets the name of a command and what it said on standard
/// error, masked, where it said anything and came to its end.
///
/// # Errors
/// Why it could not be had, without any of its text.
pub fn resolve(
    source: &CredentialSource,
    used: CredentialUse,
    tell: &mut dyn FnMut(&str, &str),
) -> Result<Secret, CredentialError> {
    let (place, bytes) = match source {
        CredentialSource::Env(name) => {
            let text = std::env::var_os(name).ok_or_else(|| CredentialError::NoVariable(name.clone()))?;
            (SecretPlace::Variable(name.clone()), text.into_encoded_bytes())
        }
        CredentialSource::File(path) => (SecretPlace::File(path.display().to_string()), in_file(path)?),
        CredentialSource::Command(words) => {
            let first = words.first().cloned().unwrap_or_default();
            let said = run(words)?;
            if !said.errors.is_empty() {
                tell(&first, &said.errors);
            }
            (SecretPlace::Output(first), said.output)
        }
        CredentialSource::Literal(secret) => return Ok(secret.clone()),
    };
    read_secret(&bytes, used).map(Secret::new).map_err(|flaw| CredentialError::Flawed { place, flaw })
}

fn in_file(path: &Path) -> Result<Vec<u8>, CredentialError> {
    read_small(path, LONGEST).map_err(|why| CredentialError::File { path: path.display().to_string(), why })
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn had(source: &CredentialSource) -> Result<Secret, CredentialError> {
        resolve(source, CredentialUse::Anywhere, &mut |_, _| {})
    }

    fn command(script: &str) -> CredentialSource {
        CredentialSource::Command(vec!["sh".into(), "-c".into(), script.into()])
    }

    #[test]
    fn what_cannot_be_had_is_named_and_never_shown() {
        let missing = had(&CredentialSource::Env("RUNSHEET_TEST_NO_SUCH_VARIABLE".into()));
        assert_eq!(
            missing.unwrap_err().to_string(),
            "environment variable `RUNSHEET_TEST_NO_SUCH_VARIABLE` is not set"
        );
        let file = had(&CredentialSource::File("/no/such/file".into())).unwrap_err().to_string();
        assert!(file.starts_with("the file `/no/such/file` could not be read"), "{file}");
        assert!(had(&command("exit 3")).unwrap_err().to_string().contains("exit status: 3"));
        assert!(had(&command("true")).unwrap_err().to_string().ends_with("is empty"));
        let blank = had(&command("printf ' hunter2'")).unwrap_err().to_string();
        assert!(blank.contains("begins or ends with a blank") && !blank.contains("hunter2"), "{blank}");
    }

    #[test]
    fn one_line_end_is_not_part_of_a_credential() {
        assert_eq!(had(&command("echo key")).unwrap().expose(), "key");
        assert_eq!(had(&command("printf 'key\\r\\n'")).unwrap().expose(), "key");
        assert!(had(&command("printf 'key\\n\\n'")).is_err());
    }

    #[test]
    fn what_is_no_file_is_told_and_never_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let told = |name: &str| {
            let error = had(&CredentialSource::File(folder.path().join(name))).unwrap_err();
            format!("{error}; {}", error.advice())
        };
        assert!(told(".").contains("is a folder; Name the file in it"), "{}", told("."));
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(told("pipe").contains("is no regular file but a pipe"), "{}", told("pipe"));
        assert!(told("pipe").contains("{ command: [cat, /"), "{}", told("pipe"));
        std::fs::write(folder.path().join("large"), vec![b'a'; LONGEST + 1]).unwrap();
        assert!(told("large").contains("is larger than 64 KiB; Look what it is, `ls -l /"), "{}", told("large"));
        let denied = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let denied = CredentialError::File { path: "/k".to_owned(), why: SmallFileError::System(denied) };
        assert_eq!(denied.to_string(), "the file `/k` could not be read: permission denied");
        assert!(denied.advice().contains("`ls -l /k`") && denied.advice().contains("`chmod 600 /k`"));
    }

    /// The first command that an advice shows.
    fn cure(advice: &str) -> &str {
        advice.split('`').nth(1).unwrap()
    }

    #[test]
    fn the_cure_that_is_shown_mends_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it's a key");
        let source = CredentialSource::File(path.clone());
        let utf16: Vec<u8> = "\u{feff}hunter2\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bare: Vec<u8> = "hunter2".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            &utf16[..],
            &bare,
            "\u{feff}hunter2\n".as_bytes(),
            b"\"hunter2\"",
            b"hunter2 \n",
            b"hunter2\nhunter3\n",
            b"hun\0ter2",
            "hunter2\u{200b}".as_bytes(),
            b"<your key>",
            b"\xff",
            b"",
        ] {
            std::fs::write(&path, bytes).unwrap();
            let error = had(&source).unwrap_err();
            assert!(!format!("{error}{error:?}{}", error.advice()).contains("hunter"), "{error}");
            let mut shell =
                Command::new("bash").args(["-c", cure(&error.advice())]).stdin(Stdio::piped()).spawn().unwrap();
            // A cure that asks for the secret gets it.
            let _ = std::io::Write::write_all(&mut shell.stdin.take().unwrap(), b"hunter2\n");
            assert!(shell.wait().unwrap().success(), "{}", error.advice());
            assert_eq!(had(&source).unwrap().expose(), "hunter2", "{}", error.advice());
        }
    }
}
