//! Suggests the file that a person probably meant, where a path names a missing file or a folder.

use std::fs;
use std::path::Path;

use crate::diagnostic::near_miss;

/// Suggests a file of nearly the same name beside the missing one, as the end of a sentence; empty where there is none.
pub(crate) fn nearby(path: &Path) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return format!(", nor a folder {}", folder.display());
    }
    let wanted = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let names = names_in(folder);
    match near_miss(wanted, names.iter().map(String::as_str)) {
        Some(near) => format!("; did you mean `{}`?", path.with_file_name(near).display()),
        None => String::new(),
    }
}

/// Suggests a playbook inside a folder, as the end of a sentence.
pub(crate) fn inside(folder: &Path) -> String {
    let names = names_in(folder);
    let yaml = |name: &&String| {
        (name.ends_with(".yaml") || name.ends_with(".yml")) && *name != "runsheet.yaml" && !name.contains(".test.")
    };
    match names.iter().find(yaml) {
        Some(name) => format!("; name the file in it, such as `{}`", folder.join(name).display()),
        None => "; name the file in it".to_owned(),
    }
}

/// The names in a folder, sorted.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}
