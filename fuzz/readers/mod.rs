//! What must hold of whatever a reader is given. The fuzz targets throw bytes at these functions, and the tests give
//! them every seed of the corpus.

mod csv;
mod journal;
mod messages;
mod parts;
mod playbook;
mod provider;
mod settings;
mod template;
mod tree;
mod xlsx;

/// A reader's name, and what must hold of it.
pub(crate) type Reader = (&'static str, fn(&[u8]));

/// Every reader by the name of its target.
pub(crate) const READERS: [Reader; 7] = [
    ("playbook", playbook::holds),
    ("settings", settings::holds),
    ("provider", provider::holds),
    ("template", template::holds),
    ("csv", csv::holds),
    ("xlsx", xlsx::holds),
    ("journal", journal::holds),
];

/// What must hold of the reader of that name.
pub(crate) fn holds(name: &str, data: &[u8]) {
    let reader = READERS.into_iter().find(|(known, _)| *known == name);
    reader.expect("a reader of that name").1(data);
}
