//! Builds a registry from files: providers first, then their token exchanges, then all other operations.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::embedded::embedded;
use super::providers::{ProviderFile, Registry};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, near_miss};
use crate::provider::descriptor::{Effect, Login, LoginStep, Operation, Provider};
use crate::provider::reader::{ProviderDraft, read_operation, read_provider};
use crate::yaml::{Node, parse};

/// The name of a provider's own file.
pub(super) const PROVIDER_FILE: &str = "provider.yaml";

/// A file's operation name with its source and tree.
type Parsed = (String, Arc<Source>, Node);

impl Registry {
    /// The providers inside the binary.
    #[must_use]
    pub fn builtin() -> &'static Arc<Self> {
        static BUILTIN: LazyLock<Arc<Registry>> = LazyLock::new(|| {
            // A test ensures that these files have no mistakes.
            let read = Registry::from_files(embedded(), &mut Diagnostics::new());
            Arc::new(read.unwrap_or_default())
        });
        &BUILTIN
    }

    /// Reads providers from files named `<provider>/provider.yaml` and `<provider>/<operation>.yaml`.
    ///
    /// All mistakes of all files are reported; with any, there is no registry.
    pub fn from_files(files: Vec<ProviderFile>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let errors_before = diagnostics.errors().count();
        let mut folders: BTreeMap<String, Vec<(String, &ProviderFile)>> = BTreeMap::new();
        for file in &files {
            match file.path.split_once('/') {
                Some((folder, name)) if name.ends_with(".yaml") && !name.contains('/') => {
                    folders.entry(folder.to_owned()).or_default().push((name.to_owned(), file));
                }
                _ => {
                    let message = format!("`{}` is not a file of a provider", file.path);
                    let help = "Providers are folders with `provider.yaml` and one `<operation>.yaml` per call.";
                    diagnostics.push(Diagnostic::error("bad-value", message).help(help));
                }
            }
        }
        let mut registry = Self::default();
        for (name, files) in &folders {
            registry.read_folder(name, files, diagnostics);
        }
        registry.files = files;
        (diagnostics.errors().count() == errors_before).then_some(registry)
    }

    /// This registry with further files; a file of the same path replaces the one before it.
    #[cfg(any(test, feature = "internals"))]
    pub fn with(&self, files: Vec<ProviderFile>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut all: Vec<ProviderFile> =
            self.files.iter().filter(|known| files.iter().all(|file| file.path != known.path)).cloned().collect();
        all.extend(files);
        Self::from_files(all, diagnostics)
    }

    fn read_folder(&mut self, name: &str, files: &[(String, &ProviderFile)], diagnostics: &mut Diagnostics) {
        let mut draft = None;
        let mut operations = Vec::new();
        for (file_name, file) in files {
            let source = Source::new(file.path.clone(), file.text.clone());
            let Some(node) = parse(&source, diagnostics) else { continue };
            match file_name.strip_suffix(".yaml") {
                _ if file_name == PROVIDER_FILE => draft = read_provider(name, &node, &source, diagnostics),
                operation => operations.push((operation.unwrap_or(file_name).to_owned(), source, node)),
            }
        }
        match draft {
            Some(draft) => self.add_provider(draft, operations, diagnostics),
            None if files.iter().any(|(file_name, _)| file_name == PROVIDER_FILE) => {}
            None => {
                let message = format!("The provider `{name}` has no `{PROVIDER_FILE}`");
                diagnostics.push(Diagnostic::error("missing-key", message));
            }
        }
    }

    fn add_provider(&mut self, draft: ProviderDraft, operations: Vec<Parsed>, diagnostics: &mut Diagnostics) {
        // The operations of a token exchange get the provider without its exchanges: no reference goes in a circle.
        let base = Arc::new(draft.provider.clone());
        let is_login =
            |name: &String| draft.logins.iter().flat_map(|login| &login.steps).any(|step| step.operation == *name);
        let (of_login, of_steps): (Vec<Parsed>, Vec<Parsed>) =
            operations.into_iter().partition(|(name, ..)| is_login(name));
        let exchange = read_all(of_login, &base, &draft, diagnostics);
        let logins = logins(&draft, &exchange, diagnostics);
        let mut provider = draft.provider.clone();
        provider.auth.logins = logins;
        let provider = Arc::new(provider);
        let mut all = exchange;
        all.extend(read_all(of_steps, &provider, &draft, diagnostics));
        check_lookups(&draft, &all, diagnostics);
        check_undos(&draft, &all, diagnostics);
        self.operations.extend(all.into_values().map(|operation| (operation.full_name().to_owned(), operation)));
        self.providers.insert(provider.name.clone(), provider);
    }
}

fn read_all(
    parsed: Vec<Parsed>,
    provider: &Arc<Provider>,
    draft: &ProviderDraft,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Arc<Operation>> {
    let mut operations = BTreeMap::new();
    for (name, source, node) in parsed {
        if let Some(operation) = read_operation(&name, (&source, &node), provider, draft, diagnostics) {
            operations.insert(name, Arc::new(operation));
        }
    }
    operations
}

fn logins(
    draft: &ProviderDraft,
    operations: &BTreeMap<String, Arc<Operation>>,
    diagnostics: &mut Diagnostics,
) -> Vec<Login> {
    let auth = &draft.provider.auth;
    let mut logins = Vec::new();
    for login in &draft.logins {
        let last = login.steps.len().saturating_sub(1);
        let mut steps = Vec::new();
        for (index, step) in login.steps.iter().enumerate() {
            let Some(operation) = operations.get(&step.operation) else {
                let message = format!("The login names the operation `{}`, which has no file", step.operation);
                let place = draft.source.place(step.span);
                diagnostics.push(Diagnostic::error("unknown-name", message).at(place, "no such operation"));
                continue;
            };
            if !operation.internal || operation.effect != Effect::Read {
                let message =
                    format!("`{}` serves a login: it must say `internal: true` and `effect: read`", step.operation);
                let place = draft.source.place(step.span);
                diagnostics.push(Diagnostic::error("bad-value", message).at(place, "this operation"));
            }
            steps.push(LoginStep {
                operation: Arc::clone(operation),
                inputs: step.inputs.clone(),
                expiry: auth.expiry.clone().filter(|_| index == last),
                refresh_ahead: auth.refresh_ahead,
            });
        }
        logins.push(Login { credentials: login.credentials.clone(), steps });
    }
    logins
}

/// A lookup must name a read of its provider and inputs that it has.
fn check_lookups(draft: &ProviderDraft, operations: &BTreeMap<String, Arc<Operation>>, diagnostics: &mut Diagnostics) {
    for operation in operations.values() {
        let Some(lookup) = &operation.lookup else { continue };
        let mut wrong = |message: String, help: Option<String>| {
            let message = format!("The lookup of `{}.{}` {message}", draft.provider.name, operation.name);
            diagnostics.push(Diagnostic::error("unknown-name", message).maybe_help(help));
        };
        let Some(read) = operations.get(&lookup.operation).filter(|read| read.effect == Effect::Read) else {
            let help = near_miss(&lookup.operation, operations.keys().map(String::as_str));
            wrong(
                format!("names `{}`, which is not a read of the provider", lookup.operation),
                help.map(|near| format!("Did you mean `{near}`?")),
            );
            continue;
        };
        let batch = lookup.batch.iter().map(|batch| &batch.input);
        for name in lookup.inputs.iter().map(|(name, _)| name).chain(batch) {
            if !read.inputs.iter().any(|input| input.name == *name) {
                let near = near_miss(name, read.inputs.iter().map(|input| input.name.as_str()));
                wrong(
                    format!("gives `{}` the input `{name}`, which it does not have", lookup.operation),
                    near.map(|near| format!("Did you mean `{near}`?")),
                );
            }
        }
    }
}

/// An undo must name a write of its provider and inputs that it has.
fn check_undos(draft: &ProviderDraft, operations: &BTreeMap<String, Arc<Operation>>, diagnostics: &mut Diagnostics) {
    for operation in operations.values() {
        let Some(undo) = &operation.undo else { continue };
        let mut wrong = |message: String, near: Option<&str>| {
            let message = format!("The undo of `{}.{}` {message}", draft.provider.name, operation.name);
            let help = near.map(|near| format!("Did you mean `{near}`?"));
            diagnostics.push(Diagnostic::error("unknown-name", message).maybe_help(help));
        };
        let write = operations.get(&undo.operation).filter(|other| other.effect == Effect::Write && !other.internal);
        let Some(write) = write else {
            let near = near_miss(&undo.operation, operations.keys().map(String::as_str));
            wrong(format!("names `{}`, which is not a write of the provider", undo.operation), near);
            continue;
        };
        for (name, _) in undo.with.iter().filter(|(name, _)| !write.inputs.iter().any(|input| input.name == *name)) {
            let near = near_miss(name, write.inputs.iter().map(|input| input.name.as_str()));
            wrong(format!("gives `{}` the input `{name}`, which it does not have", undo.operation), near);
        }
    }
}
