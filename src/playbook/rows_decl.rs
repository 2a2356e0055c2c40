//! The key `rows` of a playbook: the row file, the key, the columns, and lists from further files.

use std::collections::HashMap;
use std::sync::Arc;

use super::column::{ColumnDecl, read_columns};
use super::spanned::{Spanned, spanned_text};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::language::playbook::{DELIMITERS, LIST, MATCH, ORPHANS, ROWS};
use crate::language::{Fields, documents};
use crate::model::{RowOutcome, TextEncoding, words};
use crate::yaml::{Key, Node, NodeKind};

/// The format of a row file, as far as a playbook declares it.
#[derive(Debug, Clone, Default)]
pub struct FileForm {
    /// The delimiter of cells; `None` to detect it from the header.
    pub delimiter: Option<char>,
    /// The encoding; `None` to detect it from the bytes.
    pub encoding: Option<TextEncoding>,
    /// The sheet of a workbook; `None` for the first.
    pub sheet: Option<Spanned<String>>,
}

/// The rows of a playbook, as declared.
#[derive(Debug, Clone)]
pub struct RowsDecl {
    /// The file, relative to the playbook; `-` for standard input, `run:ID` for the rows of another run.
    pub from: Option<Spanned<String>>,
    /// The outcomes whose rows are taken from another run; empty for all rows.
    pub outcomes: Vec<RowOutcome>,
    /// The format of the file, as far as it is declared.
    pub form: FileForm,
    /// The columns that identify a row, by their names in templates; at least one. Optional columns among several may
    /// be blank, as long as one is filled.
    pub key: Vec<Spanned<String>>,
    /// The declared columns.
    pub columns: Vec<ColumnDecl>,
    /// Heads of further columns whose cells must not be shown, because an earlier run declared them sensitive.
    pub redacted: Vec<String>,
    /// The lists.
    pub lists: Vec<ListDecl>,
    /// The span of `rows`.
    pub span: Span,
}

/// A list: the rows of a second file, given to each row as an array.
#[derive(Debug, Clone)]
pub struct ListDecl {
    /// The name in templates.
    pub name: String,
    /// The file, relative to the playbook.
    pub from: Option<Spanned<String>>,
    /// The format of the file, as far as it is declared.
    pub form: FileForm,
    /// The pairs of columns that must be equal.
    pub matches: Vec<MatchDecl>,
    /// The fewest elements for each row; `None` for no minimum.
    pub min: Option<u64>,
    /// The most elements for each row; `None` for no maximum.
    pub max: Option<u64>,
    /// How list rows without a matching row are handled.
    pub orphans: Orphans,
    /// The declared columns of the list.
    pub columns: Vec<ColumnDecl>,
    /// The span of the name.
    pub span: Span,
}

/// A pair of columns that matches the rows of a list with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchDecl {
    /// The row's column.
    pub row: Spanned<String>,
    /// The list's column.
    pub list: Spanned<String>,
}

impl RowsDecl {
    /// Marks the columns with these heads as sensitive, whether the playbook declares them or not.
    pub fn redact(&mut self, heads: &[String]) {
        for column in self.columns.iter_mut().filter(|column| heads.iter().any(|head| head == column.head())) {
            column.sensitive = true;
        }
        self.redacted = heads.to_vec();
    }
}

words! {
    /// The delimiters that can be declared.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Delimiter {
        /// A comma.
        Comma = ",",
        /// A semicolon.
        Semicolon = ";",
        /// A tab, written as itself.
        Tab = "\t",
        /// A tab, written as a word.
        TabWord = "tab",
        /// A vertical bar.
        Bar = "|",
    }
}

documents!(DELIMITERS, Delimiter);

impl Delimiter {
    /// The delimiter as a character.
    fn char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab | Self::TabWord => '\t',
            Self::Bar => '|',
        }
    }
}

words! {
    /// How list rows that match no row are handled.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum Orphans {
        /// They are reported as errors.
        #[default]
        Error = "error",
        /// They are left out.
        Ignore = "ignore",
    }
}

documents!(ORPHANS, Orphans);

/// Reads the node under `rows`. `None` if it has no usable key; all mistakes are in `diagnostics`.
pub fn read_rows_decl(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<RowsDecl> {
    let mut fields = Fields::open(node, source, diagnostics, &ROWS)?;
    let from = spanned_text(&mut fields, "from");
    let outcomes = read_outcomes(&mut fields, from.as_ref());
    let form = read_form(&mut fields);
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
    (!key.is_empty()).then_some(RowsDecl { from, outcomes, form, key, columns, redacted: Vec::new(), lists, span })
}

fn read_lists(entries: &[(Key, Node)], source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Vec<ListDecl> {
    entries.iter().filter_map(|(key, node)| read_list(key, node, source, diagnostics)).collect()
}

fn read_list(key: &Key, node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<ListDecl> {
    let what = format!("the list `{}`", key.text);
    let mut fields = Fields::open_as(node, source, diagnostics, &LIST, &what)?;
    let from = spanned_text(&mut fields, "from");
    if let Some(from) = from.as_ref().filter(|from| from.value.starts_with("run:")) {
        let help = "Name a file; a run's own rows are its `failed.csv` and the files beside it".to_owned();
        fields.error("bad-value", from.span, "A list's rows come from a file, not from a run", Some(help));
    }
    let form = read_form(&mut fields);
    let matches = fields.required("match").map(|node| read_matches(&mut fields, node)).unwrap_or_default();
    let (min, max) = (fields.integer("min"), fields.integer("max"));
    if let (Some(min), Some(max)) = (min, max)
        && max < min
    {
        let span = fields.node("max").map_or(key.span, |node| node.span);
        fields.error("bad-value", span, format!("`max` lies below `min`, which is `{min}`"), None);
    }
    let orphans = fields.choice("orphans");
    let columns = fields.map("columns");
    fields.finish();
    let columns = columns.map(|entries| read_columns(entries, source, diagnostics)).unwrap_or_default();
    check_heads(&columns, source, diagnostics);
    (!matches.is_empty()).then(|| ListDecl {
        name: key.text.clone(),
        from,
        form,
        matches,
        min,
        max,
        orphans: orphans.unwrap_or_default(),
        columns,
        span: key.span,
    })
}

fn read_form(fields: &mut Fields<'_, '_>) -> FileForm {
    let delimiter = fields.choice("delimiter").map(Delimiter::char);
    let sheet = spanned_text(fields, "sheet");
    let Some(node) = fields.node("encoding") else { return FileForm { delimiter, encoding: None, sheet } };
    let text = node.as_text().unwrap_or_default();
    let encoding = TextEncoding::of_word(text);
    if encoding.is_none() && !text.trim().eq_ignore_ascii_case("auto") {
        let message = format!("`encoding` must be `auto` or one of `{}`", TextEncoding::WORDS.join("`, `"));
        let help = "Other names of these are known too, such as `gbk`, `cp1252` and `latin1`; save a file in another encoding \
                    as UTF-8 (in a spreadsheet: \"CSV UTF-8\").";
        fields.error("bad-value", node.span, message, Some(help.to_owned()));
    }
    FileForm { delimiter, encoding, sheet }
}

/// Reads `outcomes`.
fn read_outcomes(fields: &mut Fields<'_, '_>, from: Option<&Spanned<String>>) -> Vec<RowOutcome> {
    let Some(node) = fields.node("outcomes") else { return Vec::new() };
    if from.is_some_and(|from| !from.value.starts_with("run:")) {
        let help = "Write `from: run:latest`, or take the key out".to_owned();
        fields.error(
            "bad-value",
            node.span,
            "`outcomes` chooses rows of another run, and `from` is a file",
            Some(help),
        );
    }
    let mut outcomes = Vec::new();
    for name in read_names(fields, "outcomes", node) {
        match RowOutcome::named(&name.value) {
            Some(outcome) => outcomes.push(outcome),
            None => {
                let message = format!("`outcomes` must be some of `{}`", RowOutcome::WORDS.join("`, `"));
                fields.error("bad-value", name.span, message, None);
            }
        }
    }
    outcomes
}

/// Reads a name or a list of names.
fn read_names(fields: &mut Fields<'_, '_>, key: &'static str, node: &Node) -> Vec<Spanned<String>> {
    let nodes = match &node.kind {
        NodeKind::List(items) => items.as_slice(),
        NodeKind::Scalar { .. } | NodeKind::Map(_) => std::slice::from_ref(node),
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

/// Reads `match: a`, `match: [a, b]`, or `match: { row: …, list: … }` with a name or a list of names each.
fn read_matches(fields: &mut Fields<'_, '_>, node: &Node) -> Vec<MatchDecl> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        let names = read_names(fields, "match", node);
        return names.into_iter().map(|name| MatchDecl { row: name.clone(), list: name }).collect();
    }
    let Some(mut pair) = fields.within(node, &MATCH) else { return Vec::new() };
    let row = pair.required("row").map(|node| read_names(&mut pair, "row", node));
    let list = pair.required("list").map(|node| read_names(&mut pair, "list", node));
    pair.finish();
    let (Some(rows), Some(lists)) = (row, list) else { return Vec::new() };
    if rows.len() != lists.len() {
        fields.error("bad-value", node.span, "`row` and `list` must name as many columns as each other", None);
        return Vec::new();
    }
    rows.into_iter().zip(lists).map(|(row, list)| MatchDecl { row, list }).collect()
}

/// Reports columns that read the same head.
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

/// Reports lists with the name of a column.
fn check_names(columns: &[ColumnDecl], lists: &[ListDecl], source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    for list in lists.iter().filter(|list| columns.iter().any(|column| column.name == list.name)) {
        let message = format!("`{}` is a column and a list", list.name);
        let help = "Give the list a name of its own";
        diagnostics.push(Diagnostic::error("duplicate-key", message).at(source.place(list.span), "").help(help));
    }
}

/// Reports a key that could be blank as a whole, or has a default. A single key column must not be optional; a default
/// would name a row by a value that its file does not contain.
fn check_key(key: &[Spanned<String>], columns: &[ColumnDecl], source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    for name in key {
        let Some(column) = columns.iter().find(|column| column.name == name.value) else { continue };
        let (message, help) = match column {
            ColumnDecl { default: Some(_), .. } => (
                format!("The key `{}` must not have a `default`", name.value),
                "A key names its row by what the file holds: take the word out, or choose another key",
            ),
            ColumnDecl { optional: true, .. } if key.len() == 1 => (
                format!("The key `{}` must not be `optional`", name.value),
                "A key names its row, so it is never blank: take the word out, choose another key, or name further \
                 columns, such as `key: [a, b]`, of which some may be blank",
            ),
            _ => continue,
        };
        diagnostics.push(Diagnostic::error("bad-value", message).at(source.place(column.span), "").help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;
    use crate::model::assert_read;
    use crate::playbook::ColumnType;
    use crate::yaml;
    use serde_json::json;

    fn read(text: &str) -> (Option<RowsDecl>, Vec<String>) {
        let mut diagnostics = Diagnostics::new();
        let source = Source::new("playbook.yaml", text);
        let decl =
            yaml::parse(&source, &mut diagnostics).and_then(|node| read_rows_decl(&node, &source, &mut diagnostics));
        let told = diagnostics.iter().map(|d| {
            let at = d.places.first().map_or(0, |(place, _)| place.column);
            format!("{at} {} | {}", d.message, d.help.as_deref().unwrap_or("-"))
        });
        (decl, told.collect())
    }

    fn told(text: &str) -> Vec<String> {
        read(text).1
    }

    fn column_told(column: &str) -> String {
        let told = told(&format!("{{ key: id, columns: {{ c: {column} }} }}"));
        assert_eq!(told.len(), 1, "{column}: {told:?}");
        told.into_iter().next().unwrap_or_default()
    }

    #[test]
    fn wrong_declarations_of_rows_are_reported() {
        for (text, wanted) in [
            ("[]", "`rows` must be a map of keys"),
            ("{ from: a.csv }", "`rows` needs the key `key`"),
            ("{ key: }", "`rows` needs the key `key`"),
            ("{ key: [] }", "`key` must name at least one column"),
            ("{ key: [a, a] }", "`key` names `a` more than once"),
            ("{ key: { a: b } }", "`key` must be a column's name or a list of names, and this is a map"),
            ("{ key: id, collumns: {} }", "`collumns` is not a key of `rows` | Did you mean `columns`?"),
            ("{ key: id, columns: [] }", "`columns` must be a map"),
            ("{ key: id, delimiter: x }", "`delimiter` must be one of"),
            (
                "{ key: id, from: a.csv, outcomes: [failed] }",
                "`outcomes` chooses rows of another run, and `from` is a file",
            ),
            ("{ key: id, from: run:latest, outcomes: [done] }", "`outcomes` must be some of `"),
            ("{ key: id, lists: { l: { match: id, from: run:latest } } }", "A list's rows come from a file"),
            ("{ key: id, encoding: latin0 }", "`encoding` must be `auto` or one of `utf-8`, `utf-16le`"),
            ("{ key: id, encoding: [big5] }", "`encoding` must be `auto` or one of"),
            ("{ key: id, columns: { id: { optional: true } } }", "The key `id` must not be `optional`"),
            ("{ key: [id], columns: { id: { optional: true } } }", "The key `id` must not be `optional`"),
            ("{ key: [id, b], columns: { b: { default: x } } }", "The key `b` must not have a `default`"),
            ("{ key: [id, b], columns: { b: { optional: true, default: x } } }", "must not have a `default`"),
            (
                "{ key: id, columns: { a: { from: x }, b: { from: x } } }",
                "The columns `a` and `b` both read the head `x`",
            ),
            ("{ key: id, columns: { a: {} }, lists: { a: { match: id } } }", "`a` is a column and a list"),
            ("{ key: id, lists: { l: {} } }", "The list `l` needs the key `match`"),
            ("{ key: id, lists: { l: { match: { row: a } } } }", "`match` needs the key `list`"),
            ("{ key: id, lists: { l: { match: { row: [a, b], list: c } } } }", "`row` and `list` must name as many"),
            ("{ key: id, lists: { l: { match: { row: a, list: b, x: c } } } }", "`x` is not a key of `match`"),
            ("{ key: id, lists: { l: { match: id, min: 3, max: 2 } } }", "`max` lies below `min`"),
            ("{ key: id, lists: { l: { match: id, orphans: drop } } }", "`orphans` must be one of `error`, `ignore`"),
        ] {
            let told = told(text);
            assert!(told.len() == 1 && told[0].contains(wanted), "{text}: {told:?}");
        }
    }

    #[test]
    fn wrong_declarations_of_columns_are_reported() {
        for (column, wanted) in [
            ("string", "The column `c` must be a map"),
            ("{ type: text }", "`type` must be one of `string`, `integer`"),
            ("{ typ: string }", "`typ` is not a key of the column `c` | Did you mean `type`?"),
            ("{ format: YYYY }", "`format` of a text column must be `cn_id` or `tw_id`"),
            ("{ type: integer, format: cn_id }", "`format` means nothing in a column of type `integer`"),
            ("{ type: date, timezone: Asia/Taipei }", "`timezone` means nothing in a column of type `date`"),
            ("{ type: date, format: 'YYYY-MM-DD HH' }", "`format` of a date must not name a time"),
            ("{ type: datetime, format: YYYY-MM-DD }", "`format` of a date-time must name the hour"),
            ("{ type: datetime, timezone: Mars }", "`timezone`: `Mars` is no time zone"),
            ("{ type: integer, length: 3 }", "`length` means nothing in a column of type `integer`"),
            ("{ min: 3 }", "`min` means nothing in a column of type `string`"),
            ("{ type: list, separator: '' }", "`separator` must not be empty"),
            ("{ pattern: '(' }", "`pattern`: `(` is not a regular expression: unclosed group"),
            ("{ length: many }", "`length` must be a number of characters"),
            ("{ length: { min: 3, max: 2 } }", "`length` must be a number of characters"),
            ("{ type: integer, min: 1.5 }", "`min`: `1.5` is not an integer"),
            ("{ type: integer, min: 10, max: 9 }", "`max` lies below `min`, which is `10`"),
            ("{ type: list, min: x }", "`min` must be a whole number"),
            ("{ one_of: [] }", "`one_of` must name at least one value"),
            ("{ one_of: [[a]] }", "`one_of` must hold single values, and this is a list"),
            ("{ type: integer, one_of: [1, x] }", "`one_of`: `x` is not an integer"),
            ("{ default: }", "`default` must be a value | Write `optional: true`"),
            ("{ type: boolean, default: perhaps }", "`default`: `perhaps` is not a boolean"),
            ("{ type: integer, max: 3, default: 4 }", "`default`: `4` is more than `3`"),
            ("{ sensitive: true, pattern: a, default: x }", "`default`: `x` does not match"),
            ("{ default: [a] }", "`default`: The column is of type `string`, and this is a list"),
            ("{ type: list, default: [[a]] }", "`default`: A list's elements must be single values"),
        ] {
            let told = column_told(column);
            assert!(told.contains(wanted), "{column}: {told}");
        }
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let text = "{ key: [a, a], x: 1, columns: { c: { type: nope, y: 2 } }, lists: { l: { z: 3 } } }";
        assert_eq!(told(text).len(), 6, "{:?}", told(text));
    }

    #[test]
    fn a_valid_declaration_is_read_completely() {
        let (decl, told) = read(
            "{ from: a.csv, key: [a, b], delimiter: ';', columns: {
                plain: , count: { type: integer, default: 7, one_of: [7, 8, 9] }, phone: { default: 0911211211, sensitive: true },
                on: { type: boolean, default: no }, who: { type: list, default: 'x; y', min: 2 }, any: { type: json, default: { k: [1.50] } },
                at: { from: 時間, type: datetime, timezone: Asia/Taipei, min: 2026-01-01 00:00, length: } },
              lists: { l: { from: b.csv, match: { row: [a], list: [x] }, min: 1, orphans: ignore, columns: { x: } } } }",
        );
        assert_eq!(told, [""; 0]);
        let decl = decl.unwrap();
        let defaults: Vec<Option<&Value>> = decl.columns.iter().map(|column| column.default.as_ref()).collect();
        let wanted = [json!(7), json!("0911211211"), json!(false), json!(["x", "y"])];
        assert_eq!(defaults[1..5], wanted.each_ref().map(Some));
        assert_eq!(decl.columns[5].default.as_ref().map(ToString::to_string).as_deref(), Some(r#"{"k":[1.50]}"#));
        assert_eq!((decl.columns[0].kind, decl.columns[6].head()), (ColumnType::String, "時間"));
        assert!(decl.columns[6].min.is_some() && decl.columns[2].sensitive);
        let keys: Vec<&str> = decl.key.iter().map(|key| key.value.as_str()).collect();
        assert_eq!((keys, decl.form.delimiter), (vec!["a", "b"], Some(';')));
        let list = &decl.lists[0];
        assert!(list.orphans == Orphans::Ignore && list.min == Some(1) && list.columns.len() == 1);
        assert_eq!((list.matches[0].row.value.as_str(), list.matches[0].list.value.as_str()), ("a", "x"));
    }

    #[test]
    fn every_word_is_read_to_its_variant() {
        assert_read(Delimiter::named);
        assert_read(Orphans::named);
        assert_read(crate::playbook::OnFailure::named);
    }
}
