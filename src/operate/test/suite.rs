//! A test file with everything that its tests share: the playbook, the providers, the connections.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{playbook_of, test_root};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::model::RunId;
use crate::operate::files::{NotOpened, Root, read_text};
use crate::operate::interface::{Context, Refusal};
use crate::operate::load;
use crate::operate::load::Target;
use crate::operate::stored_run::run_values;
use crate::plan::{Binding, bind, resolve_vars};
use crate::playbook::{self, Playbook};
use crate::provider::Registry;
use crate::settings::Environment;
use crate::testing::{self, START, TestFile, check_names, stand_ins};

/// The tests of one file, ready to be run.
pub(crate) struct Suite {
    /// The file.
    pub(crate) file: TestFile,
    /// The file's folder.
    pub(super) folder: PathBuf,
    /// The playbook.
    pub(super) playbook: Playbook,
    /// The playbook's folder.
    pub(super) playbook_folder: PathBuf,
    /// The folder inside which the test may name files.
    pub(super) root: Root,
    /// The folder inside which the playbook may name files.
    pub(super) playbook_root: Root,
    /// The providers.
    pub(super) registry: Arc<Registry>,
    /// The connections, with made-up credentials.
    pub(super) environment: Environment,
}

impl Suite {
    /// Reads a test file and its playbook; `None` where one of them is wrong, with the reasons in `diagnostics`.
    ///
    /// # Errors
    /// [`Refusal::Usage`] for a file that cannot be read; [`Refusal::Invalid`] for wrong settings or provider files.
    pub(crate) fn load(path: &Path, context: &Context, diagnostics: &mut Diagnostics) -> Result<Option<Self>, Refusal> {
        let source = Source::new(path.display().to_string(), read_text(path, "test file")?);
        let Some(file) = testing::read(&source, diagnostics) else { return Ok(None) };
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let playbook_path = match &file.playbook {
            Some(written) => folder.join(&written.value),
            None => playbook_of(path),
        };
        let root = test_root(&folder, context)?;
        if let Err(wrong @ NotOpened::Outside { .. }) = root.find(&playbook_path) {
            let span = file.playbook.as_ref().map_or(Span::new(0, 0), |written| written.span);
            let moved = "`runsheet run PLAYBOOK` (rows: `--rows FILE`)";
            diagnostics.push(
                wrong.diagnostic("playbook", &playbook_path, "missing-playbook", moved).at(source.place(span), ""),
            );
            return Ok(None);
        }
        if !playbook_path.is_file() {
            let span = file.playbook.as_ref().map_or(Span::new(0, 0), |written| written.span);
            let message = format!("The playbook `{}` does not exist", playbook_path.display());
            let help =
                "Put the test file beside its playbook, under the same name, or name the playbook: `playbook: FILE`.";
            diagnostics.push(Diagnostic::error("missing-playbook", message).at(source.place(span), "").help(help));
            return Ok(None);
        }
        let playbook_folder = playbook_path.parent().map(Path::to_path_buf).unwrap_or_default();
        let Some(place) = place(&file, &playbook_folder, context, diagnostics)? else { return Ok(None) };
        let Target { registry, environment, root: playbook_root, .. } = place;
        let text = read_text(&playbook_path, "playbook")?;
        let playbook_source = Source::new(playbook_path.display().to_string(), text);
        let Some(playbook) = playbook::read(&playbook_source, diagnostics) else { return Ok(None) };
        check_names(&file, &playbook, &registry, diagnostics);
        check_sandbox(&file, &environment, diagnostics);
        let environment = stand_ins(environment);
        check_playbook(&file, &playbook, &registry, &environment, diagnostics);
        Ok(Some(Self { file, folder, playbook, playbook_folder, root, playbook_root, registry, environment }))
    }
}

/// Reads the settings that apply to the playbook. An environment that they do not define is a mistake of the test file.
fn place(
    file: &TestFile,
    folder: &Path,
    context: &Context,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Target>, Refusal> {
    let written = file.environment.as_ref();
    match load::read_target(written.map(|name| name.value.as_str()), folder, context, diagnostics) {
        Err(Refusal::Usage(message)) if written.is_some() => {
            let span = written.map(|name| name.span).unwrap_or_default();
            diagnostics.push(Diagnostic::error("bad-value", message).at(file.source.place(span), ""));
            Ok(None)
        }
        other => other.map(Some),
    }
}

/// Reports the mistakes of the playbook that do not depend on rows and variables.
fn check_playbook(
    file: &TestFile,
    playbook: &Playbook,
    registry: &Registry,
    environment: &Environment,
    diagnostics: &mut Diagnostics,
) {
    let given = file.tests.iter().flat_map(|test| &test.vars).map(|(name, value)| (name.clone(), value.value.clone()));
    let vars = resolve_vars(&playbook.vars, &given.collect(), &playbook.source, &mut Diagnostics::new());
    let run = run_values(&RunId::from_text("check"), START, &environment.name);
    let environment = environment.clone();
    // Mistakes go to `diagnostics`.
    let _ = bind(Binding { playbook, registry, environment, vars, columns: None, run }, diagnostics);
}

/// Reports tests that use the sandbox in another environment.
fn check_sandbox(file: &TestFile, environment: &Environment, diagnostics: &mut Diagnostics) {
    if environment.is_sandbox() {
        return;
    }
    for test in file.tests.iter().filter(|test| test.sandbox.is_some()) {
        let message =
            format!("The simulators answer in the sandbox, and `{}` is another environment", environment.name);
        let help = "Take `sandbox` out and give `answers`, or take `environment` out.";
        let place = file.source.place(test.name.span);
        diagnostics.push(Diagnostic::error("bad-value", message).at(place, "").help(help));
    }
}
