//! Paths that a run stores in its journal and its summary, which hold texts.

use std::path::Path;

use super::refusal::Refusal;

/// Refuses a path that is not UTF-8, as no run can store it. `what` names it, such as `the settings`.
///
/// # Errors
/// [`Refusal::Usage`] with the path, as far as it can be shown.
pub(crate) fn refuse_unstorable(what: &str, path: &Path) -> Result<(), Refusal> {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match whole.to_str() {
        Some(_) => Ok(()),
        None => Err(Refusal::Usage(format!(
            "{what}: the path `{}` is not UTF-8, and a run could not store it. Rename the folder, or use another; nothing was \
             sent",
            whole.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn a_path_that_is_no_text_is_refused_with_its_place() {
        assert!(refuse_unstorable("the settings", Path::new("/合同/runsheet.yaml")).is_ok());
        let path = Path::new(OsStr::from_bytes(b"/odd\xff/runsheet.yaml"));
        let Err(Refusal::Usage(why)) = refuse_unstorable("the settings", path) else { panic!("it is taken") };
        assert!(why.starts_with("the settings: the path `/odd\u{fffd}/runsheet.yaml` is not UTF-8"), "{why}");
    }
}
