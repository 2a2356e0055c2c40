//! Names in snake case, as step ids and variables need them: `create_task`.

/// The longest name, in bytes.
const LONGEST: usize = 64;

/// Whether a name consists of lower-case letters, digits and `_`, begins with a letter and is not too long.
pub(super) fn snake_case(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.len() <= LONGEST && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_are_refused() {
        for name in ["", "_a", "1a", "A", "createTask", "create-task", "create task", "täsk", &"a".repeat(65)] {
            assert!(!snake_case(name), "{name}");
        }
        for name in ["a", "task_2", "create_task", &"a".repeat(64)] {
            assert!(snake_case(name), "{name}");
        }
    }
}
