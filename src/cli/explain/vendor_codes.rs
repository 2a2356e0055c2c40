//! Codes of vendors, from the tables of the known providers.

use std::sync::Arc;

use crate::model::Disposition;
use crate::provider::{CodeMeaning, CodeTable, Operation, Provider, Registry};

/// One meaning of a vendor's code.
#[derive(Debug, Clone, Copy)]
pub(super) struct VendorCode<'r> {
    /// The vendor.
    pub(super) provider: &'r Provider,
    /// The operation with the table; `None` for the table that all operations of the vendor share.
    pub(super) operation: Option<&'r Operation>,
    /// The meaning.
    pub(super) meaning: &'r CodeMeaning,
}

/// Where a code is looked up: in a provider, in an operation, or everywhere.
#[derive(Debug, Clone, Copy)]
struct CodeScope<'a> {
    provider: Option<&'a str>,
    operation: Option<&'a str>,
}

/// Returns the meanings of a code, such as `RequestLimitExceeded`, `provider:10`, `provider.operation:10` or `429` for an HTTP status.
pub(super) fn vendor_codes<'r>(registry: &'r Registry, asked: &str) -> Vec<(String, VendorCode<'r>)> {
    let (within, code) = scope(registry, asked);
    let is_status = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    let status = is_status.then(|| format!("http {code}"));
    let mut found = Vec::new();
    for place in tables(registry).filter(|place| fits(place, within)) {
        for code in std::iter::once(code).chain(status.as_deref()) {
            let rows = matching(place.table, code);
            found.extend(rows.into_iter().map(|(name, meaning)| {
                (name, VendorCode { provider: place.provider, operation: place.operation, meaning })
            }));
        }
    }
    found
}

/// Returns every code of every table.
pub(super) fn all_codes(registry: &Registry) -> Vec<(String, VendorCode<'_>)> {
    tables(registry)
        .flat_map(|place| {
            let rows = place.table.rows();
            rows.into_iter().map(move |(name, meaning)| {
                (name, VendorCode { provider: place.provider, operation: place.operation, meaning })
            })
        })
        .collect()
}

/// A table with its owner.
struct FoundTable<'r> {
    provider: &'r Provider,
    operation: Option<&'r Operation>,
    table: &'r Arc<CodeTable>,
}

/// Iterates over every table once: the table that all operations of a vendor share, then those of single operations.
fn tables(registry: &Registry) -> impl Iterator<Item = FoundTable<'_>> {
    let mut places: Vec<FoundTable<'_>> = Vec::new();
    for operation in registry.operations().chain(registry.internal_operations()) {
        for table in &operation.answers.tables {
            match places.iter_mut().find(|place| Arc::ptr_eq(place.table, table)) {
                Some(shared) => shared.operation = None,
                None => places.push(FoundTable { provider: &operation.provider, operation: Some(operation), table }),
            }
        }
    }
    places.sort_by_key(|place| (place.provider.name.clone(), place.operation.map(|operation| operation.name.clone())));
    places.into_iter()
}

/// Splits `provider:code` into the scope and the code.
fn scope<'a>(registry: &Registry, asked: &'a str) -> (CodeScope<'a>, &'a str) {
    let everywhere = (CodeScope { provider: None, operation: None }, asked);
    let Some((place, code)) = asked.split_once(':') else { return everywhere };
    match place.split_once('.') {
        Some((provider, operation)) if registry.operation_of(provider, operation).is_some() => {
            (CodeScope { provider: Some(provider), operation: Some(operation) }, code.trim())
        }
        None if registry.provider(place).is_some() => {
            (CodeScope { provider: Some(place), operation: None }, code.trim())
        }
        _ => everywhere,
    }
}

/// Whether a table lies in the scope.
fn fits(place: &FoundTable<'_>, within: CodeScope<'_>) -> bool {
    let of_provider = within.provider.is_none_or(|provider| place.provider.name == provider);
    let of_operation = match (within.operation, place.operation) {
        (Some(wanted), Some(own)) => own.name == wanted,
        _ => true,
    };
    of_provider && of_operation
}

/// The rows of a table that apply to a code: its own, or those of the longest matching prefix.
fn matching<'t>(table: &'t CodeTable, code: &str) -> Vec<(String, &'t CodeMeaning)> {
    let rows = table.rows();
    let fit = |name: &str| match name.strip_suffix('*') {
        _ if name == code => Some(usize::MAX),
        Some(prefix) if code.starts_with(prefix) => Some(prefix.len()),
        _ => None,
    };
    let best = rows.iter().filter_map(|(name, _)| fit(name)).max();
    rows.into_iter().filter(|(name, _)| best.is_some() && fit(name) == best).collect()
}

/// The name of a disposition in files.
pub(super) fn disposition_word(disposition: Disposition) -> String {
    disposition.as_str().to_owned()
}
