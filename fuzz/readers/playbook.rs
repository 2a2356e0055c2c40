//! Playbooks: read with messages about their own lines, twice the same, and bound to the sandbox without a panic.

use std::collections::BTreeMap;
use std::str;

use runsheet::internals::diagnostic::{Diagnostics, Source};
use runsheet::internals::model::Map;
use runsheet::internals::plan::{Binding, bind, resolve_vars};
use runsheet::internals::playbook::{Playbook, read};
use runsheet::internals::provider::Registry;
use runsheet::internals::sandbox;
use runsheet::internals::settings::{Environment, SANDBOX};

const NAME: &str = "playbook.yaml";

pub(crate) fn holds(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    super::tree::is_sound(NAME, text);
    let (first, told) = taken(text);
    assert!(first.is_some() || told.has_errors());
    super::messages::are_sound(&told, &[(NAME, text)]);
    let (second, told_again) = taken(text);
    assert_eq!(told.to_json(), told_again.to_json());
    assert_eq!(first.as_ref().map(shown), second.as_ref().map(shown));
}

/// Reads and binds.
fn taken(text: &str) -> (Option<Playbook>, Diagnostics) {
    let mut told = Diagnostics::default();
    let playbook = read(&Source::new(NAME, text), &mut told);
    if let Some(playbook) = &playbook {
        let vars = resolve_vars(&playbook.vars, &BTreeMap::new(), &playbook.source, &mut told);
        let environment =
            Environment { name: SANDBOX.to_owned(), connections: sandbox::environment(), ..Environment::default() };
        let registry = Registry::builtin();
        let plan = bind(Binding { playbook, registry, environment, vars, columns: None, run: Map::new() }, &mut told);
        assert_eq!(plan.is_none(), told.has_errors());
    }
    (playbook, told)
}

/// What two readings of one text must agree in.
fn shown(playbook: &Playbook) -> String {
    let Playbook { name, description, vars, rows, limits, before, steps, after, results, .. } = playbook;
    format!(
        "{name}{description:?}{vars:?}{rows:?}{limits:?}{before:?}{steps:?}{after:?}{results:?}{:?}",
        playbook.bounds()
    )
}
