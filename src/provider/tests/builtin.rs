//! The providers inside the binary: they read without a word, and their examples hold.

use crate::diagnostic::Diagnostics;
use crate::provider::Registry;
use crate::provider::registry::embedded;

#[test]
fn the_built_in_files_have_no_mistakes() {
    let mut diagnostics = Diagnostics::new();
    let registry = Registry::from_files(embedded(), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{}", diagnostics.render(false, 120));
    assert!(registry.is_some());
}

#[test]
fn every_example_holds() {
    let registry = Registry::builtin();
    let all = registry.operations().chain(registry.internal_operations());
    let failures: Vec<String> = all.flat_map(|operation| operation.example_failures()).collect();
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}
