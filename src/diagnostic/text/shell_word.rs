//! Quotes words and file names in shell commands that messages show.

use std::borrow::Cow;
use std::path::Path;

/// A word for a shell, quoted if it contains characters that the shell would interpret.
#[must_use]
pub fn shell_word(word: &str) -> String {
    let plain = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// A file name for a shell and the program that it starts. A name with a leading dash is not read as an option.
#[must_use]
pub fn shell_path(path: &Path) -> String {
    let name = path.to_string_lossy();
    shell_word(&if name.starts_with('-') { Cow::Owned(format!("./{name}")) } else { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_shell_characters_are_quoted() {
        assert_eq!(shell_word("/etc/keys/a-1.txt"), "/etc/keys/a-1.txt");
        assert_eq!(shell_word("my keys"), "'my keys'");
        assert_eq!(shell_word("it's;$HOME"), "'it'\\''s;$HOME'");
        assert_eq!(shell_word(""), "''");
        assert_eq!(shell_path(Path::new("-rf.csv")), "./-rf.csv");
        assert_eq!(shell_path(Path::new("-a b")), "'./-a b'");
        assert_eq!(shell_path(Path::new("a/-b.csv")), "a/-b.csv");
    }

    #[test]
    fn a_shell_reads_each_quoted_word_unchanged() {
        let words = [
            "a b", "it's", "$HOME", "`id`", "a;b", "a&b", "\"x\"", "*", "~", "!x", "#a", "(a)", "報表 1", "a\\b",
            "a\nb",
        ];
        let line = format!("printf '%s\\0' {}", words.map(shell_word).join(" "));
        let told = std::process::Command::new("sh").arg("-c").arg(line).output().unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        assert_eq!(told.trim_end_matches('\0').split('\0').collect::<Vec<_>>(), words);
    }
}
