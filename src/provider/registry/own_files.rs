//! A user's own provider files on top of the built-in ones. They replace no built-in provider or operation unless the
//! settings say so: such a file may come from a stranger, and would get the vendor's credentials.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::load::PROVIDER_FILE;
use super::providers::{ProviderFile, Registry};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, plural};
use crate::yaml::{NodeKind, parse};

impl Registry {
    /// The built-in providers with a user's own `files` on top, which may replace or extend the built-in providers that
    /// `replaced` names. All mistakes of all files are reported; with any, there is no registry.
    pub fn with_own(
        files: Vec<ProviderFile>,
        replaced: &BTreeSet<String>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let builtin = Self::builtin();
        let before = diagnostics.error_count();
        refuse_replacing(builtin, &files, replaced, diagnostics);
        if diagnostics.error_count() > before {
            return None;
        }
        let provider_files = files.iter().filter_map(|file| file.path.strip_suffix(PROVIDER_FILE)?.strip_suffix('/'));
        let own = provider_files.map(str::to_owned).collect();
        let kept = builtin.files().iter().filter(|known| files.iter().all(|file| file.path != known.path));
        let all = kept.cloned().chain(files.iter().cloned()).collect();
        let registry = Self { own, ..Self::from_files(all, diagnostics)? };
        report_failing_examples(&registry, &files, diagnostics);
        (diagnostics.error_count() == before).then_some(registry)
    }
}

/// Reports the examples in a user's own `files` that do not hold: such a file says two things about one call.
fn report_failing_examples(registry: &Registry, files: &[ProviderFile], diagnostics: &mut Diagnostics) {
    for file in files {
        let Some((provider, name)) = file.path.split_once('/') else { continue };
        let Some(operation) = registry.operation_of(provider, name.strip_suffix(".yaml").unwrap_or(name)) else {
            continue;
        };
        for (example, wrong) in operation.failing_examples() {
            let source = Source::new(file.path.clone(), file.text.clone());
            let span = example_span(&source, example).unwrap_or(Span::new(0, 0));
            let (name, call) = (&operation.examples[example].name, operation.full_name());
            let message = format!("The example `{name}` of `{call}` does not hold: {wrong}");
            let help = "Compare both with the vendor's documents, and correct the one that is wrong: the example, or what the \
                        file says about the call and its answers.";
            diagnostics
                .push(Diagnostic::error("failed-example", message).at(source.place(span), "this example").help(help));
        }
    }
}

/// The place of an example's name in its file.
fn example_span(source: &Arc<Source>, example: usize) -> Option<Span> {
    let root = parse(source, &mut Diagnostics::new())?;
    let NodeKind::List(examples) = &root.get("examples")?.kind else { return None };
    let example = examples.get(example)?;
    Some(example.get("name").unwrap_or(example).span)
}

/// Reports files of a user's own in the folders of built-in providers, once for each provider.
fn refuse_replacing(
    builtin: &Registry,
    files: &[ProviderFile],
    replaced: &BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) {
    let mut touching: BTreeMap<&str, Vec<&ProviderFile>> = BTreeMap::new();
    for file in files {
        let Some((folder, _)) = file.path.split_once('/') else { continue };
        // A file system may not tell `Http` from `http`, and a reader may not either.
        let named = builtin.providers().find(|provider| provider.name.eq_ignore_ascii_case(folder));
        if let Some(provider) = named.filter(|provider| !replaced.contains(&provider.name)) {
            touching.entry(&provider.name).or_default().push(file);
        }
    }
    for (provider, files) in touching {
        let [first, rest @ ..] = files.as_slice() else { continue };
        let more = match rest.len() {
            0 => String::new(),
            more => format!(", and {} beside it", plural(more, "file")),
        };
        let message = format!("`{}` would {}{more}", first.path, deed(builtin, provider, first));
        let place = Source::new(first.path.clone(), first.text.clone()).place(Span::new(0, 0));
        let help = format!(
            "Calls of `{provider}` carry its credentials. Give the folder another name, or say in the settings that your \
             files are meant: `providers: {{ {provider}: {{ replaces: true }} }}`, with `from: DIR` for your folder."
        );
        diagnostics.push(Diagnostic::error("replaced-provider", message).at(place, "this file").help(help));
    }
}

/// What a file would do to a built-in provider.
fn deed(builtin: &Registry, provider: &str, file: &ProviderFile) -> String {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let operation = name.strip_suffix(".yaml").unwrap_or(name);
    if name == PROVIDER_FILE {
        format!("replace the built-in provider `{provider}`")
    } else if builtin.operation_of(provider, operation).is_some() {
        format!("replace the built-in operation `{provider}.{operation}`")
    } else {
        format!("add an operation to the built-in provider `{provider}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(paths: &[&str], replaced: &[&str]) -> String {
        let files = paths.iter().map(|path| ProviderFile { path: (*path).to_owned(), text: "x: 1\n".to_owned() });
        let mut diagnostics = Diagnostics::new();
        let replaced = replaced.iter().map(|name| (*name).to_owned()).collect();
        assert!(Registry::with_own(files.collect(), &replaced, &mut diagnostics).is_none());
        diagnostics.render(false, 400)
    }

    #[test]
    fn an_own_file_replaces_a_built_in_one_only_if_the_settings_allow_it() {
        for (path, deed) in [
            ("http/provider.yaml", "would replace the built-in provider `http`"),
            ("http/request.yaml", "would replace the built-in operation `http.request`"),
            ("http/take_all.yaml", "would add an operation to the built-in provider `http`"),
            ("HTTP/provider.yaml", "would replace the built-in provider `http`"),
        ] {
            let told = told(&[path], &["acme", "other"]);
            assert!(
                told.contains(deed) && told.contains("replaced-provider") && told.contains("replaces: true"),
                "{told}"
            );
        }
    }

    #[test]
    fn several_files_of_one_provider_are_one_mistake() {
        let told = told(&["http/a.yaml", "http/b.yaml", "acme/c.yaml"], &[]);
        assert_eq!(told.matches("error[replaced-provider]").count(), 1, "{told}");
        assert!(told.contains("`http/a.yaml` would add an operation to the built-in provider `http`, and 1 file"));
    }

    #[test]
    fn a_replacement_that_the_settings_allow_is_read_and_checked() {
        let told = told(&["http/request.yaml"], &["http"]);
        assert!(!told.contains("replaced-provider") && told.contains("`x` is no key"), "{told}");
    }
}
