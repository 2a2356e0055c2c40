//! One input that stands for several files: each begins with a line `=== name`.

use std::collections::HashSet;

/// The files with their names; what stands ahead of the first such line belongs to `first`.
pub(crate) fn parts<'d>(text: &'d str, first: &'d str) -> Vec<(&'d str, String)> {
    let mut parts = vec![(first, String::new())];
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("=== ") {
            Some(name) => parts.push((name.trim_end(), String::new())),
            None => parts.last_mut().expect("the first one").1.push_str(line),
        }
    }
    parts.retain(|(name, text)| *name != first || !text.is_empty());
    // No folder holds two files of one name.
    let mut names = HashSet::new();
    parts.retain(|(name, _)| names.insert(*name));
    parts
}
