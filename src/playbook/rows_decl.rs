//! What a playbook declares about its rows: the file, the key, the columns, the lists beside them.

use std::collections::HashMap;
use std::sync::Arc;

use super::column::{ColumnDecl, read_columns, spanned_text};
use super::spanned::Spanned;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::yaml::{Fields, Key, Kind, Node};

/// The `rows:` of a playbook.
#[derive(Debug, Clone)]
pub struct RowsDecl {
    /// The file, beside the playbook; `-` is standard input.
    pub from: Option<Spanned<String>>,
    /// What parts its cells, where it is not told from the header.
    pub delimiter: Option<char>,
    /// The columns that name a row, by their names in templates; at least one.
    pub key: Vec<Spanned<String>>,
    /// The declared columns.
    pub columns: Vec<ColumnDecl>,
    /// The lists.
    pub lists: Vec<ListDecl>,
    /// Where it stands.
    pub span: Span,
}

/// One of `lists:`: rows of a second file, as an array on each row.
#[derive(Debug, Clone)]
pub struct ListDecl {
    /// Its name in templates.
    pub name: String,
    /// The file, beside the playbook.
    pub from: Option<Spanned<String>>,
    /// What parts its cells, where it is not told from the header.
    pub delimiter: Option<char>,
    /// The columns whose cells must be the same.
    pub matches: Vec<MatchDecl>,
    /// The fewest elements of a row.
    pub min: Option<u64>,
    /// The most elements of a row.
    pub max: Option<u64>,
    /// Whether rows of the list that no row has are left out instead of reported.
    pub ignore_orphans: bool,
    /// The declared columns of the list.
    pub columns: Vec<ColumnDecl>,
    /// Where its name stands.
    pub span: Span,
}

/// A pair of columns that tie a list's rows to a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchDecl {
    /// The row's column.
    pub row: Spanned<String>,
    /// The list's column.
    pub list: Spanned<String>,
}

/// The delimiters that can be declared.
const DELIMITERS: [(&str, char); 5] = [(",", ','), (";", ';'), ("\t", '\t'), ("tab", '\t'), ("|", '|')];

/// The keys of the language that belong to `rows` and have their own message until they are built.
const NOT_BUILT: [(&str, &str); 2] = [
    ("sheet", "Workbooks are not read yet: save the sheet as CSV in UTF-8"),
    ("outcomes", "Rows of another run are not read yet: use that run's row files, such as `failed.csv`"),
];

/// Reads the node under `rows`.
pub fn read_rows_decl(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<RowsDecl> {
    let mut fields = Fields::open(node, source, diagnostics, "`rows`")?;
    let from = spanned_text(&mut fields, "from");
    refuse_unbuilt(&mut fields, from.as_ref());
    let delimiter = fields.choice("delimiter", &DELIMITERS);
    let key = fields.required("key").map(|node| read_names(&mut fields, "key", node)).unwrap_or_default();
    let columns = fields.map("columns");
    let lists = fields.map("lists");
    let span = fields.span();
    fields.finish();
    let columns = columns.map(|entries| read_columns(entries, source, diagnostics)).unwrap_or_default();
    let lists = lists.map(|entries| read_lists(entries, source, diagnostics)).unwrap_or_default();
    check_heads(&columns, source, diagnostics);
    check_names(&columns, &lists, source, diagnostics);
    check_key(&key, &columns, source, diagnostics);
    (!key.is_empty()).then_some(RowsDecl { from, delimiter, key, columns, lists, span })
}

fn read_lists(entries: &[(Key, Node)], source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Vec<ListDecl> {
    entries.iter().filter_map(|(key, node)| read_list(key, node, source, diagnostics)).collect()
}

fn read_list(key: &Key, node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<ListDecl> {
    let what = format!("the list `{}`", key.text);
    let mut fields = Fields::open(node, source, diagnostics, &what)?;
    let from = spanned_text(&mut fields, "from");
    refuse_unbuilt(&mut fields, from.as_ref());
    let delimiter = fields.choice("delimiter", &DELIMITERS);
    let matches = fields.required("match").map(|node| read_matches(&mut fields, node)).unwrap_or_default();
    let (min, max) = (fields.integer("min"), fields.integer("max"));
    if let (Some(min), Some(max)) = (min, max)
        && max < min
    {
        let span = fields.node("max").map_or(key.span, |node| node.span);
        fields.error("bad-value", span, format!("`max` lies below `min`, which is `{min}`"), None);
    }
    let orphans = fields.choice("orphans", &[("error", false), ("ignore", true)]);
    let columns = fields.map("columns");
    fields.finish();
    let columns = columns.map(|entries| read_columns(entries, source, diagnostics)).unwrap_or_default();
    check_heads(&columns, source, diagnostics);
    (!matches.is_empty()).then(|| ListDecl {
        name: key.text.clone(),
        from,
        delimiter,
        matches,
        min,
        max,
        ignore_orphans: orphans.unwrap_or_default(),
        columns,
        span: key.span,
    })
}

fn refuse_unbuilt(fields: &mut Fields<'_, '_>, from: Option<&Spanned<String>>) {
    for (key, message) in NOT_BUILT {
        fields.refuse(key, message);
    }
    if let Some(node) = fields.node("encoding")
        && !node.as_text().is_some_and(|text| matches!(text.to_ascii_lowercase().as_str(), "auto" | "utf-8" | "utf8"))
    {
        let help = Some("Save the file as UTF-8 and take the key out".to_owned());
        fields.error("not-built", node.span, "Encodings other than UTF-8 are not read yet", help);
    }
    if let Some(from) = from {
        refuse_source(fields, from);
    }
}

/// Refuses sources that are not read yet, each with its own advice.
fn refuse_source(fields: &mut Fields<'_, '_>, from: &Spanned<String>) {
    let lower = from.value.to_ascii_lowercase();
    let ends = |extensions: &[&str]| extensions.iter().any(|extension| lower.ends_with(extension));
    let (message, help) = if lower.starts_with("run:") {
        ("Rows of another run are not read yet", "Use that run's row files, such as `failed.csv`")
    } else if ends(&[".xlsx", ".xls", ".xlsm", ".ods"]) {
        ("Workbooks are not read yet", "Save the sheet as CSV in UTF-8")
    } else if ends(&[".json", ".jsonl", ".ndjson"]) {
        ("JSON rows are not read yet", "Save the rows as CSV in UTF-8")
    } else if ends(&[".tsv"]) {
        ("TSV files are not read yet", "Name the file `.csv`; a tab between its cells is found by itself")
    } else {
        return;
    };
    fields.error("not-built", from.span, message, Some(help.to_owned()));
}

/// A name, or a list of names.
fn read_names(fields: &mut Fields<'_, '_>, key: &'static str, node: &Node) -> Vec<Spanned<String>> {
    let nodes = match &node.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut names: Vec<Spanned<String>> = Vec::new();
    for node in nodes {
        match node.as_text().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) if names.iter().any(|name| name.value == text) => {
                fields.error("duplicate-key", node.span, format!("`{key}` names `{text}` more than once"), None);
            }
            Some(text) => names.push(Spanned::new(text.to_owned(), node.span)),
            None => {
                let message =
                    format!("`{key}` must be a column's name or a list of names, and this is {}", node.describe());
                fields.error("bad-type", node.span, message, None);
            }
        }
    }
    if nodes.is_empty() {
        fields.error("bad-value", node.span, format!("`{key}` must name at least one column"), None);
    }
    names
}

/// `match: a`, `match: [a, b]`, or `match: { row: …, list: … }` with a name or a list of names each.
fn read_matches(fields: &mut Fields<'_, '_>, node: &Node) -> Vec<MatchDecl> {
    let Kind::Map(entries) = &node.kind else {
        let names = read_names(fields, "match", node);
        return names.into_iter().map(|name| MatchDecl { row: name.clone(), list: name }).collect();
    };
    let (Some(row), Some(list)) = (node.get("row"), node.get("list")) else {
        fields.error("missing-key", node.span, "`match` needs the keys `row` and `list`", None);
        return Vec::new();
    };
    if let Some((key, _)) = entries.iter().find(|(key, _)| !matches!(key.text.as_str(), "row" | "list")) {
        fields.error(
            "unknown-key",
            key.span,
            format!("`{}` is no key of `match`", key.text),
            Some("The keys are `row` and `list`.".to_owned()),
        );
    }
    let (rows, lists) = (read_names(fields, "row", row), read_names(fields, "list", list));
    if rows.len() != lists.len() {
        fields.error("bad-value", node.span, "`row` and `list` must name as many columns as each other", None);
        return Vec::new();
    }
    rows.into_iter().zip(lists).map(|(row, list)| MatchDecl { row, list }).collect()
}

/// Two columns must not read the same head.
fn check_heads(columns: &[ColumnDecl], source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    let mut seen: HashMap<&str, &ColumnDecl> = HashMap::new();
    for column in columns {
        if let Some(first) = seen.insert(column.head(), column) {
            let message =
                format!("The columns `{}` and `{}` both read the head `{}`", first.name, column.name, column.head());
            diagnostics.push(Diagnostic::error("duplicate-key", message).at(source.place(column.span), "reads it too"));
        }
    }
}

/// A list must not be named like a column.
fn check_names(columns: &[ColumnDecl], lists: &[ListDecl], source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    for list in lists.iter().filter(|list| columns.iter().any(|column| column.name == list.name)) {
        let message = format!("`{}` is a column and a list", list.name);
        let help = "Give the list a name of its own";
        diagnostics.push(Diagnostic::error("duplicate-key", message).at(source.place(list.span), "").help(help));
    }
}

/// A key is never blank, so its columns cannot be optional or have a default.
fn check_key(key: &[Spanned<String>], columns: &[ColumnDecl], source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    for name in key {
        let Some(column) = columns.iter().find(|column| column.name == name.value) else { continue };
        if column.optional || column.default.is_some() {
            let message = format!("The key `{}` must not be `optional` or have a `default`", name.value);
            let help = "A key names its row, so it is never blank: take the word out, or choose another key";
            diagnostics.push(Diagnostic::error("bad-value", message).at(source.place(column.span), "").help(help));
        }
    }
}
