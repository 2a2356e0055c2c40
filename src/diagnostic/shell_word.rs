//! Names of files inside commands that a message shows.

/// A word as a shell takes it: in quotes where anything in it would mean something to the shell.
#[must_use]
pub fn shell_word(word: &str) -> String {
    let plain = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_act_upon_is_quoted() {
        assert_eq!(shell_word("/etc/keys/a-1.txt"), "/etc/keys/a-1.txt");
        assert_eq!(shell_word("my keys"), "'my keys'");
        assert_eq!(shell_word("it's;$HOME"), "'it'\\''s;$HOME'");
        assert_eq!(shell_word(""), "''");
    }
}
