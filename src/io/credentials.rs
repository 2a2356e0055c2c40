//! Credentials from where the settings say they are: environment, file, command.

use super::credential_command::run;
use crate::model::Secret;
use crate::provider::CredentialSource;

/// The longest credential that is read, in bytes.
const LONGEST: usize = 64 * 1024;

/// Why a credential could not be had. No message holds any of its text.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The environment has no such variable.
    #[error("environment variable `{0}` is not set")]
    NoVariable(String),
    /// The file could not be read.
    #[error("`{path}` could not be read: {why}")]
    File {
        /// The file.
        path: String,
        /// The system's words.
        why: String,
    },
    /// The command failed.
    #[error("command `{command}` {why}")]
    Command {
        /// Its first word.
        command: String,
        /// What happened.
        why: String,
    },
    /// There is nothing in it.
    #[error("{0} is empty")]
    Empty(String),
    /// It begins or ends with a blank, which no vendor's key does.
    #[error("{0} begins or ends with a blank: copy it again without blanks or line ends")]
    Blanks(String),
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
            Self::File { .. } => "Write the secret into that file, or name another one in `runsheet.yaml`".to_owned(),
            Self::Command { .. } => "Try the command by itself in this terminal; `runsheet.yaml` names it under \
                 `credentials`. It gets PATH, HOME and the like, and no other variables: set what it needs in the command, \
                 `[env, NAME=VALUE, PROGRAM]`"
                .to_owned(),
            Self::Empty(_) | Self::Blanks(_) => "Fetch the secret anew from where the vendor shows it".to_owned(),
        }
    }
}

/// Fetches a credential. `tell` gets the name of a command and what it said on standard error, masked, where it said
/// anything and came to its end.
///
/// # Errors
/// Why it could not be had, without any of its text.
pub fn resolve(source: &CredentialSource, tell: &mut dyn FnMut(&str, &str)) -> Result<Secret, CredentialError> {
    let (place, text) = match source {
        CredentialSource::Env(name) => {
            let text = std::env::var(name).map_err(|_| CredentialError::NoVariable(name.clone()))?;
            (format!("environment variable `{name}`"), text)
        }
        CredentialSource::File(path) => {
            let shown = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|error| CredentialError::File { path: shown.clone(), why: error.to_string() })?;
            (format!("file `{shown}`"), without_line_end(text))
        }
        CredentialSource::Command(words) => {
            let first = words.first().cloned().unwrap_or_default();
            let said = run(words)?;
            if !said.errors.is_empty() {
                tell(&first, &said.errors);
            }
            (format!("the output of command `{first}`"), without_line_end(said.output))
        }
        CredentialSource::Literal(secret) => return Ok(secret.clone()),
    };
    match text.as_str() {
        "" => Err(CredentialError::Empty(place)),
        text if text.trim() != text || text.len() > LONGEST => Err(CredentialError::Blanks(place)),
        text => Ok(Secret::new(text)),
    }
}

fn without_line_end(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fetch(source: &CredentialSource) -> Result<Secret, CredentialError> {
        resolve(source, &mut |_, _| {})
    }

    fn command(script: &str) -> CredentialSource {
        CredentialSource::Command(vec!["sh".into(), "-c".into(), script.into()])
    }

    #[test]
    fn what_cannot_be_had_is_named_and_never_shown() {
        let missing = fetch(&CredentialSource::Env("RUNSHEET_TEST_NO_SUCH_VARIABLE".into()));
        assert_eq!(
            missing.unwrap_err().to_string(),
            "environment variable `RUNSHEET_TEST_NO_SUCH_VARIABLE` is not set"
        );
        let file = fetch(&CredentialSource::File("/no/such/file".into())).unwrap_err().to_string();
        assert!(file.starts_with("`/no/such/file` could not be read"), "{file}");
        assert!(fetch(&command("exit 3")).unwrap_err().to_string().contains("exit status: 3"));
        assert!(fetch(&command("true")).unwrap_err().to_string().ends_with("is empty"));
        let blank = fetch(&command("printf ' hunter2'")).unwrap_err().to_string();
        assert!(blank.contains("begins or ends with a blank") && !blank.contains("hunter2"), "{blank}");
    }

    #[test]
    fn one_line_end_is_not_part_of_a_credential() {
        assert_eq!(fetch(&command("echo key")).unwrap().expose(), "key");
        assert_eq!(fetch(&command("printf 'key\\r\\n'")).unwrap().expose(), "key");
        assert!(fetch(&command("printf 'key\\n\\n'")).is_err());
    }
}
