//! Reads the declarations of columns from a playbook.

use std::sync::Arc;

use regex::Regex;

use super::bound::{ColumnBound, TextLength};
use super::convert::CellProblem;
use super::decl::{ColumnDecl, ColumnType};
use super::identity::IdentityNumber;
use super::moment;
use crate::diagnostic::{Diagnostics, Source, Span, near_miss};
use crate::language::Fields;
use crate::language::playbook::{COLUMN, LENGTH};
use crate::model::Value;
use crate::playbook::spanned::spanned_text;
use crate::yaml::{Key, Node, NodeKind};

/// Reads the map under `columns`.
pub(in crate::playbook) fn read_columns(
    entries: &[(Key, Node)],
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Vec<ColumnDecl> {
    entries.iter().filter_map(|(key, node)| read_column(key, node, source, diagnostics)).collect()
}

fn read_column(key: &Key, node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<ColumnDecl> {
    let mut column = ColumnDecl::text(key.text.as_str(), key.span);
    if node.is_null() {
        return Some(column);
    }
    let what = format!("the column `{}`", key.text);
    let mut fields = Fields::open_as(node, source, diagnostics, &COLUMN, &what)?;
    column.kind = fields.choice("type").unwrap_or_default();
    column.from = spanned_text(&mut fields, "from");
    column.optional = fields.bool("optional").unwrap_or_default();
    column.sensitive = fields.bool("sensitive").unwrap_or_default();
    column.description = fields.text("description");
    read_spelling(&mut fields, &mut column);
    read_constraints(&mut fields, &mut column);
    column.default = read_default(&mut fields, &column);
    fields.finish();
    Some(column)
}

/// Reads `format`, `timezone` and `separator`: how the cells are written.
fn read_spelling(fields: &mut Fields<'_, '_>, column: &mut ColumnDecl) {
    let temporal = [ColumnType::Date, ColumnType::Datetime];
    if column.kind == ColumnType::String {
        column.identity = read_identity(fields);
    } else if fits(fields, "format", column.kind, &temporal) {
        column.format = fields.parsed("format", "a format such as `YYYY/M/D`", moment::format);
        check_format(fields, column);
    }
    if fits(fields, "timezone", column.kind, &[ColumnType::Datetime]) {
        column.timezone = fields.parsed("timezone", "a time zone such as `Asia/Taipei`", moment::zone);
    }
    if fits(fields, "separator", column.kind, &[ColumnType::List])
        && let Some(separator) = fields.text("separator")
    {
        if separator.is_empty() {
            let span = key_span(fields, "separator");
            fields.error("bad-value", span, "`separator` must not be empty", None);
        } else {
            column.separator = separator;
        }
    }
}

/// Reads `format` of a text column: the kind of identity number.
fn read_identity(fields: &mut Fields<'_, '_>) -> Option<IdentityNumber> {
    let span = fields.node("format")?.span;
    let text = fields.text("format")?;
    if let Some(identity) = IdentityNumber::named(&text) {
        return Some(identity);
    }
    let help = match near_miss(&text, IdentityNumber::WORDS) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "To say how dates are written, declare the column with `type: date` or `type: datetime`".to_owned(),
    };
    fields.error(
        "bad-value",
        span,
        format!("`format` of a text column must be `{}`", IdentityNumber::WORDS.join("` or `")),
        Some(help),
    );
    None
}

fn check_format(fields: &mut Fields<'_, '_>, column: &ColumnDecl) {
    let Some(format) = &column.format else { return };
    let timed = column.kind == ColumnType::Datetime;
    if format.has_time() != timed {
        let (message, help) = if timed {
            ("`format` of a date-time must name the hour", "Add `HH:mm` to it, or declare the column as `date`")
        } else {
            ("`format` of a date must not name a time", "Take it away, or declare the column as `datetime`")
        };
        let span = key_span(fields, "format");
        fields.error("bad-value", span, message, Some(help.to_owned()));
    }
}

/// Reads `pattern`, `length`, `min`, `max` and `one_of`: which values are allowed.
fn read_constraints(fields: &mut Fields<'_, '_>, column: &mut ColumnDecl) {
    let texts = [ColumnType::String, ColumnType::List];
    if fits(fields, "pattern", column.kind, &texts) {
        column.pattern = fields.parsed("pattern", "a regular expression", read_pattern);
    }
    if fits(fields, "length", column.kind, &texts) {
        column.length = read_length(fields);
    }
    let ordered = [ColumnType::Integer, ColumnType::Number, ColumnType::Date, ColumnType::Datetime, ColumnType::List];
    if fits(fields, "min", column.kind, &ordered) {
        column.min = read_bound(fields, column, "min");
    }
    if fits(fields, "max", column.kind, &ordered) {
        column.max = read_bound(fields, column, "max");
    }
    check_order(fields, column);
    let known = [ColumnType::String, ColumnType::Integer, ColumnType::Number, ColumnType::Date, ColumnType::List];
    if fits(fields, "one_of", column.kind, &known) {
        column.one_of = read_one_of(fields, column);
    }
}

/// Whether the key is present and columns of this type can have it; reports one that they cannot have.
fn fits(fields: &mut Fields<'_, '_>, key: &'static str, kind: ColumnType, kinds: &[ColumnType]) -> bool {
    let Some(node) = fields.node(key) else { return false };
    if kinds.contains(&kind) {
        return true;
    }
    let listed: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.as_str())).collect();
    let message = format!("`{key}` means nothing in a column of type `{}`", kind.as_str());
    let help = format!("It belongs to columns of type {}", listed.join(", "));
    fields.error("bad-value", node.span, message, Some(help));
    false
}

fn key_span(fields: &mut Fields<'_, '_>, key: &'static str) -> Span {
    fields.node(key).map_or(fields.span(), |node| node.span)
}

fn read_pattern(text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|error| {
        let reason = error.to_string();
        let last = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        format!("`{text}` is not a regular expression: {last}")
    })
}

/// Reads `length: 32`, or `length: { min: 1, max: 20 }`.
fn read_length(fields: &mut Fields<'_, '_>) -> Option<TextLength> {
    let node = fields.node("length")?;
    let length = match &node.kind {
        NodeKind::Scalar { .. } => node.to_value().as_u64().map(|exact| TextLength { min: exact, max: Some(exact) }),
        NodeKind::Map(_) => {
            let mut bounds = fields.within(node, &LENGTH)?;
            let length = TextLength { min: bounds.integer("min").unwrap_or(0), max: bounds.integer("max") };
            bounds.finish();
            Some(length).filter(|length| length.max.is_none_or(|max| length.min <= max))
        }
        NodeKind::List(_) => None,
    };
    if length.is_none() {
        let help = "Write a number of characters, such as `length: 32`, or `length: { min: 1, max: 20 }`";
        fields.error("bad-value", node.span, "`length` must be a number of characters", Some(help.to_owned()));
    }
    length
}

fn read_bound(fields: &mut Fields<'_, '_>, column: &ColumnDecl, key: &'static str) -> Option<ColumnBound> {
    let node = fields.node(key)?;
    let text = fields.text(key)?;
    if column.kind == ColumnType::List {
        return fields.integer(key).map(ColumnBound::Count);
    }
    let plain = ColumnDecl { sensitive: false, format: None, ..column.clone() };
    match column.typed(&text).or_else(|_| plain.typed(&text)) {
        Ok((_, bound)) => bound,
        Err(problem) => {
            report(fields, node.span, key, problem);
            None
        }
    }
}

fn check_order(fields: &mut Fields<'_, '_>, column: &ColumnDecl) {
    let (Some(min), Some(max)) = (&column.min, &column.max) else { return };
    if max.compared(min) == Some(std::cmp::Ordering::Greater) {
        let span = key_span(fields, "max");
        let message = format!("`max` lies below `min`, which is {}", min.shown());
        fields.error("bad-value", span, message, None);
    }
}

fn read_one_of(fields: &mut Fields<'_, '_>, column: &ColumnDecl) -> Vec<Value> {
    let Some(nodes) = fields.list("one_of") else { return Vec::new() };
    if nodes.is_empty() {
        let span = key_span(fields, "one_of");
        fields.error("bad-value", span, "`one_of` must name at least one value", None);
    }
    let element = match column.kind {
        ColumnType::List => ColumnDecl::text("", column.span),
        kind @ (ColumnType::String
        | ColumnType::Integer
        | ColumnType::Number
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Datetime
        | ColumnType::Json) => ColumnDecl { kind, format: column.format.clone(), ..ColumnDecl::text("", column.span) },
    };
    let mut values = Vec::new();
    for node in nodes {
        let Some(text) = node.as_text() else {
            let message = format!("`one_of` must hold single values, and this is {}", node.describe());
            fields.error("bad-type", node.span, message, None);
            continue;
        };
        match element.typed(text) {
            Ok((value, _)) => values.push(value),
            Err(problem) => report(fields, node.span, "one_of", problem),
        }
    }
    values
}

/// Reads the default, which must satisfy the column's own constraints.
fn read_default(fields: &mut Fields<'_, '_>, column: &ColumnDecl) -> Option<Value> {
    let (_, node) = fields.entry("default")?;
    if node.is_null() {
        let help = Some("Write `optional: true` to make blank cells null".to_owned());
        fields.error("bad-value", node.span, "`default` must be a value", help);
        return None;
    }
    let open = ColumnDecl { sensitive: false, ..column.clone() };
    let converted = match (&node.kind, column.kind) {
        (NodeKind::Scalar { .. }, ColumnType::Json) => return Some(node.to_value()),
        (_, ColumnType::Json) => return Some(node.to_value()),
        (NodeKind::List(items), ColumnType::List) => list_default(items, &open),
        (NodeKind::Scalar { text, .. }, _) => open.convert(text),
        _ => Err(unfit(node, column.kind)),
    };
    converted.map_err(|problem| report(fields, node.span, "default", problem)).ok()
}

fn list_default(items: &[Node], column: &ColumnDecl) -> Result<Value, CellProblem> {
    let texts: Option<Vec<&str>> = items.iter().map(Node::as_text).collect();
    match texts {
        Some(texts) if texts.is_empty() => Ok(Value::Array(Vec::new())),
        Some(texts) => column.convert(&texts.join(&column.separator)),
        None => Err(CellProblem {
            code: "bad-type",
            message: "A list's elements must be single values".to_owned(),
            help: None,
        }),
    }
}

fn unfit(node: &Node, kind: ColumnType) -> CellProblem {
    let message = format!("The column is of type `{}`, and this is {}", kind.as_str(), node.describe());
    CellProblem { code: "bad-type", message, help: None }
}

fn report(fields: &mut Fields<'_, '_>, span: Span, key: &str, problem: CellProblem) {
    fields.error("bad-value", span, format!("`{key}`: {}", problem.message), problem.help);
}
