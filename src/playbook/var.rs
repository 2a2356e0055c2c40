//! The variables of a playbook: their declarations, and values given for a run.

use std::sync::Arc;

use super::column::{CellProblem, ColumnType, convert_text};
use super::snake_case::snake_case;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::language::Fields;
use crate::language::playbook::VARIABLE;
use crate::model::Value;
use crate::yaml::{Key, Node, NodeKind};

/// A variable.
#[derive(Debug, Clone)]
pub struct Var {
    /// The name in templates.
    pub name: String,
    /// The span of the name.
    pub span: Span,
    /// The declared type; `None` if the default decides.
    pub declared: Option<ColumnType>,
    /// The value if a run gives none.
    pub default: Option<Value>,
    /// The description, for people.
    pub description: Option<String>,
    /// Whether the value is masked wherever people see it.
    pub sensitive: bool,
}

impl Var {
    /// Reads a text given for the variable, such as `--var NAME=TEXT`, by its declared type or else the type of its
    /// default.
    ///
    /// # Errors
    /// The text is not a value of that type; the error says why and how to fix it.
    pub fn read(&self, text: &str) -> Result<Value, CellProblem> {
        let own = self.default.as_ref().map(own_type);
        convert_text(self.declared.or(own).unwrap_or_default(), text)
    }
}

/// The type of a default, for a variable without a declared one.
fn own_type(value: &Value) -> ColumnType {
    match value {
        Value::Bool(_) => ColumnType::Boolean,
        Value::Number(number) if number.as_str().contains('.') => ColumnType::Number,
        Value::Number(_) => ColumnType::Integer,
        Value::Array(_) => ColumnType::List,
        Value::Object(_) => ColumnType::Json,
        Value::Null | Value::String(_) => ColumnType::String,
    }
}

/// Reads the map under `vars`.
pub(super) fn read_vars(entries: &[(Key, Node)], source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Vec<Var> {
    entries.iter().map(|(key, node)| read_var(key, node, source, diagnostics)).collect()
}

fn read_var(key: &Key, node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Var {
    let mut var = Var {
        name: key.text.clone(),
        span: key.span,
        declared: None,
        default: None,
        description: None,
        sensitive: false,
    };
    if !snake_case(&key.text) {
        let message = format!("The variable's name `{}` must be in snake case", key.text);
        let help = "Use lower-case letters, digits and `_`, beginning with a letter.";
        diagnostics.push(Diagnostic::error("bad-value", message).at(source.place(key.span), "").help(help));
    }
    refuse_templates(node, source, diagnostics);
    match &node.kind {
        NodeKind::Map(_) => declared(&mut var, node, source, diagnostics),
        NodeKind::List(_) => var.default = Some(node.to_value()),
        NodeKind::Scalar { .. } => var.default = Some(node.to_value()).filter(|value| !value.is_null()),
    }
    var
}

fn declared(var: &mut Var, node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    let what = format!("the variable `{}`", var.name);
    let Some(mut fields) = Fields::open_as(node, source, diagnostics, &VARIABLE, &what) else { return };
    var.declared = fields.choice("type");
    var.description = fields.text("description");
    var.sensitive = fields.bool("sensitive").unwrap_or_default();
    let default = fields.node("default");
    if let Some(node) = default {
        match default_of(var.declared, node) {
            Ok(value) => var.default = Some(value),
            Err(problem) => fields.error(problem.code, node.span, problem.message, problem.help),
        }
    }
    fields.finish();
}

/// Reads a default by the declared type.
///
/// # Errors
/// The default is not a value of that type.
fn default_of(declared: Option<ColumnType>, node: &Node) -> Result<Value, CellProblem> {
    match (declared, &node.kind) {
        (Some(kind), NodeKind::Scalar { text, .. }) => convert_text(kind, text),
        (Some(ColumnType::List), NodeKind::List(items)) => Ok(items.iter().map(list_element).collect()),
        (None | Some(ColumnType::Json), _) => Ok(node.to_value()),
        (Some(kind), _) => Err(CellProblem {
            code: "bad-type",
            message: format!("The default must be a {}, and this is {}", kind.as_str(), node.describe()),
            help: None,
        }),
    }
}

/// The value of a list element: its text as written. Other elements need the type `json`.
fn list_element(node: &Node) -> Value {
    node.as_text().map_or_else(|| node.to_value(), Value::from)
}

/// Reports templates in a default, which would never be rendered.
fn refuse_templates(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    match &node.kind {
        NodeKind::Scalar { text, .. } if text.contains("{{") => {
            let diagnostic = Diagnostic::error("template-place", "A variable's default cannot hold a template")
                .at(source.place(node.span), "");
            diagnostics.push(diagnostic.help("Put the template where the variable is used."));
        }
        NodeKind::Scalar { .. } => {}
        NodeKind::List(items) => items.iter().for_each(|item| refuse_templates(item, source, diagnostics)),
        NodeKind::Map(entries) => entries.iter().for_each(|(_, node)| refuse_templates(node, source, diagnostics)),
    }
}
