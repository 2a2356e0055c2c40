//! What `uses:` may say, and what is answered to a name that means nothing.

use super::acme::{LIST, files, registry};
use crate::diagnostic::Diagnostics;
use crate::provider::{ProviderFile, Registry};

fn wrong(uses: &str) -> (String, String) {
    let error = registry().operation(uses).unwrap_err();
    (error.message, error.help.unwrap_or_default())
}

#[test]
fn unknown_names_get_a_hint() {
    assert_eq!(wrong("acme.craete").1, "Did you mean `acme.create`?");
    assert_eq!(wrong("acme.maekThing").1, "Did you mean `acme.makeThing`?");
    assert_eq!(wrong("amce.create").1, "Did you mean `acme`?");
    assert_eq!(wrong("create").1, "Did you mean `acme.create`?");
    assert_eq!(wrong("makeThing").1, "Did you mean `acme.create`?");
    assert!(wrong("acme.zzzzzzzz").1.contains("`create`, `list`"));
    assert!(wrong("zzzzzzzz.create").1.contains("`acme`"));
    assert!(wrong("").1.contains("provider.operation"));
    assert!(wrong("acme.").0.contains("has no operation"));
}

#[test]
fn calls_of_a_token_exchange_are_not_for_playbooks() {
    for internal in ["acme.token", "acme.code"] {
        let (message, help) = wrong(internal);
        assert!(message.contains("has no operation") && !help.contains("`token`"), "{message} {help}");
    }
    let registry = registry();
    assert!(registry.operations().all(|operation| !operation.internal));
    assert_eq!(registry.internal_operations().count(), 2);
    assert!(registry.operation_of("acme", "token").is_some());
}

#[test]
fn the_vendors_own_name_is_taken_where_it_is_of_one_operation() {
    let registry = registry();
    assert_eq!(registry.operation("acme.makeThing").unwrap().name, "create");
    assert_eq!(registry.operation(" acme.create ").unwrap().full_name(), "acme.create");
    let mut files = files(&[]);
    files.push(ProviderFile {
        path: "acme/other.yaml".into(),
        text: LIST.replace("vendor_name: listThings", "vendor_name: makeThing"),
    });
    let registry = Registry::from_files(files, &mut Diagnostics::new()).unwrap();
    let error = registry.operation("acme.makeThing").unwrap_err();
    assert!(error.message.contains("`acme.create` and `acme.other`"), "{error}");
    assert!(registry.operation("acme.create").is_ok());
}

#[test]
fn a_users_files_stand_beside_the_built_in_ones_or_replace_them() {
    let builtin = Registry::builtin();
    let with = builtin.with(files(&[]), &mut Diagnostics::new()).unwrap();
    assert!(with.operation("acme.create").is_ok());
    assert_eq!(with.providers().count(), builtin.providers().count() + 1);
    assert_eq!(with.files().len(), builtin.files().len() + files(&[]).len());
    let again = Registry::from_files(with.files().to_vec(), &mut Diagnostics::new()).unwrap();
    assert_eq!(again.operations().count(), with.operations().count());
    let changed = with.with(
        vec![ProviderFile { path: "acme/list.yaml".into(), text: LIST.replace("Lists things", "Lists") }],
        &mut Diagnostics::new(),
    );
    let changed = changed.unwrap();
    assert_eq!(changed.operation("acme.list").unwrap().summary, "Lists");
    assert_eq!(changed.files().len(), with.files().len());
}
