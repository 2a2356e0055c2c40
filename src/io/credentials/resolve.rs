//! Reads one credential from its source: an environment variable, a file, or a command.

use std::path::Path;

use super::command::run;
use super::error::{CredentialError, SecretPlace};
use super::secret_text::{LONGEST, read_secret};
use crate::io::files::read_small;
use crate::model::Secret;
use crate::provider::CredentialSource;
use crate::provider::auth::CredentialUse;

/// Reads a credential from its source; `used` says where in a request it is used. `tell` gets a command's name and masked
/// standard error, if the command succeeded and printed any.
///
/// # Errors
/// [`CredentialError`] says why it could not be read, without any of its text.
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
        CredentialSource::File(path) => (SecretPlace::File(path.display().to_string()), read_file(path)?),
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

fn read_file(path: &Path) -> Result<Vec<u8>, CredentialError> {
    read_small(path, LONGEST).map_err(|why| CredentialError::File { path: path.display().to_string(), why })
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;
    use crate::io::files::SmallFileError;

    fn had(source: &CredentialSource) -> Result<Secret, CredentialError> {
        resolve(source, CredentialUse::Anywhere, &mut |_, _| {})
    }

    fn command(script: &str) -> CredentialSource {
        CredentialSource::Command(vec!["sh".into(), "-c".into(), script.into()])
    }

    #[test]
    fn an_unreadable_credential_is_named_and_never_shown() {
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
    fn one_final_line_end_is_not_part_of_a_credential() {
        assert_eq!(had(&command("echo key")).unwrap().expose(), "key");
        assert_eq!(had(&command("printf 'key\\r\\n'")).unwrap().expose(), "key");
        assert!(had(&command("printf 'key\\n\\n'")).is_err());
    }

    #[test]
    fn a_folder_or_pipe_is_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let told = |name: &str| {
            let error = had(&CredentialSource::File(folder.path().join(name))).unwrap_err();
            format!("{error}; {}", error.advice())
        };
        assert!(told(".").contains("is a folder; Name the file in it"), "{}", told("."));
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(told("pipe").contains("is not a regular file but a pipe"), "{}", told("pipe"));
        assert!(told("pipe").contains("{ command: [cat, /"), "{}", told("pipe"));
        std::fs::write(folder.path().join("large"), vec![b'a'; LONGEST + 1]).unwrap();
        assert!(told("large").contains("is larger than 64 KiB; Look what it is, `ls -l /"), "{}", told("large"));
        let denied = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let denied = CredentialError::File { path: "/k".to_owned(), why: SmallFileError::System(denied) };
        assert_eq!(denied.to_string(), "the file `/k` could not be read: permission denied");
        assert!(denied.advice().contains("`ls -l /k`") && denied.advice().contains("`chmod 600 /k`"));
    }

    /// The first command in an advice.
    fn cure(advice: &str) -> &str {
        advice.split('`').nth(1).unwrap()
    }

    #[test]
    fn the_command_in_the_advice_repairs_the_file() {
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
