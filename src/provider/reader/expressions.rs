//! Expressions and conditions in provider files, and whether the names they use exist.

use crate::diagnostic::{Diagnostic, Span, near_miss};
use crate::language::Fields;
use crate::provider::descriptor::{Input, Output, Provider};
use crate::provider::expression::{Condition, Expression, NameRoot};
use crate::provider::request::HeaderRefusal;
use crate::yaml::{Node, NodeKind};

/// The names that exist where an expression stands.
#[derive(Clone, Copy)]
pub(crate) struct KnownNames<'a> {
    pub(crate) inputs: &'a [Input],
    pub(crate) outputs: &'a [Output],
    pub(crate) provider: &'a Provider,
    /// The roots that mean something there.
    pub(crate) roots: &'a [NameRoot],
}

impl<'a> KnownNames<'a> {
    pub(crate) fn with_roots(self, roots: &'a [NameRoot]) -> Self {
        Self { roots, ..self }
    }

    /// Returns what is wrong with a name, and what may be meant; `None` if it is declared.
    fn judge(&self, path: &[String]) -> Option<(String, Option<String>)> {
        let (root, rest) = path.split_first()?;
        let Some(known) = NameRoot::named(root).filter(|known| self.roots.contains(known)) else {
            let listed = self.roots.iter().map(|root| format!("`{}`", root.as_str())).collect::<Vec<_>>().join(", ");
            return Some((
                format!("`{root}` means nothing here"),
                Some(format!("The names here start with {listed}.")),
            ));
        };
        let name = rest.first()?;
        let declared: Vec<&str> = match known {
            NameRoot::Inputs => self.inputs.iter().map(|input| input.name.as_str()).collect(),
            NameRoot::Outputs => self.outputs.iter().map(|output| output.name.as_str()).collect(),
            NameRoot::Settings => self.provider.settings.iter().map(|decl| decl.name.as_str()).collect(),
            NameRoot::Credentials => self.provider.credentials.iter().map(|decl| decl.name.as_str()).collect(),
            NameRoot::Attempt => vec!["uuid", "unix"],
            NameRoot::Intent => vec!["unix"],
            // Outputs of a token exchange and parts of an answer are declared nowhere.
            NameRoot::Token | NameRoot::Answer | NameRoot::Match => return None,
        };
        if declared.contains(&name.as_str()) {
            return None;
        }
        let help = near_miss(name, declared).map(|near| format!("Did you mean `{root}.{near}`?"));
        Some((format!("`{}` is not declared", path.join(".")), help))
    }
}

/// Compiles the text of a node and checks its names.
pub(crate) fn expression_of(
    fields: &mut Fields<'_, '_>,
    node: &Node,
    known: Option<KnownNames<'_>>,
) -> Option<Expression> {
    let Some(text) = node.as_text() else {
        fields.error("bad-type", node.span, format!("A text is wanted here, and this is {}", node.describe()), None);
        return None;
    };
    match Expression::parse(text) {
        Ok(expression) => {
            check(fields, node, &expression.names(), known);
            Some(expression)
        }
        Err(wrong) => {
            fields.error("bad-template", node.span, wrong, None);
            None
        }
    }
}

/// The condition under a key.
pub(crate) fn condition(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    known: Option<KnownNames<'_>>,
) -> Option<Condition> {
    let node = fields.node(key)?;
    let condition = fields.parsed(key, "a condition such as `{{ inputs.x }}`", Condition::parse)?;
    check(fields, node, &condition.names(), known);
    Some(condition)
}

/// The map of names to expressions under a key.
pub(crate) fn pairs(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    known: Option<KnownNames<'_>>,
) -> Vec<(String, Expression)> {
    let entries = fields.map(key).unwrap_or_default();
    let read = |(name, node): &(crate::yaml::Key, Node)| Some((name.text.clone(), expression_of(fields, node, known)?));
    entries.iter().filter_map(read).collect()
}

/// Reads the headers under a key. A header whose name looks like a credential's must use a name under one of the roots
/// in `shows`; without such roots it is refused.
pub(crate) fn headers(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    known: KnownNames<'_>,
    shows: &[NameRoot],
) -> Vec<(String, Expression)> {
    let read = pairs(fields, key, Some(known));
    for (name, node) in fields.map(key).unwrap_or_default() {
        let expression = read.iter().find(|(other, _)| *other == name.text).map(|(_, expression)| expression);
        let shown = expression.is_none_or(|expression| shows.iter().any(|root| expression.names_under(root.as_str())));
        let value = Some(node).filter(|node| !node.is_null()).and_then(Node::as_text);
        refuse_header(fields, &name.text, (name.span, value), shown || node.is_null());
    }
    read
}

/// Reports a header's name that the transport sets, or that looks like a credential's where none is `shown`. Its value
/// is not quoted.
pub(crate) fn refuse_header(fields: &mut Fields<'_, '_>, name: &str, (span, value): (Span, Option<&str>), shown: bool) {
    match HeaderRefusal::of(name, true) {
        Some(HeaderRefusal::Transport) => {
            let message = format!("The header `{name}` is set by the transport and cannot be given");
            let help = "It says where a request goes, where it ends or how its answer comes; take it out.".to_owned();
            fields.error("reserved-header", span, message, Some(help));
        }
        Some(HeaderRefusal::Credential) if !shown => {
            let message = format!("The header `{name}` holds a credential, and shows none of the connection's");
            let help = format!(
                "Name the credential under `credentials`, and show it under `auth`: \
                 `headers: {{ {name}: \"{{{{ credentials.NAME }}}}\" }}`."
            );
            let place = fields.place(span).without(value);
            fields.diagnostics().push(Diagnostic::error("literal-credential", message).at(place, "").help(help));
        }
        Some(HeaderRefusal::Credential) | None => {}
    }
}

/// Texts under a key: one, or a list of them.
pub(crate) fn texts(fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<String> {
    let Some(node) = fields.node(key) else { return Vec::new() };
    let items = match &node.kind {
        NodeKind::List(items) => items.as_slice(),
        NodeKind::Scalar { .. } | NodeKind::Map(_) => std::slice::from_ref(node),
    };
    let mut texts = Vec::new();
    for item in items {
        match item.as_text().filter(|_| !item.is_null()) {
            Some(text) => texts.push(text.to_owned()),
            None => fields.error("bad-type", item.span, format!("`{key}` must be a text or a list of texts"), None),
        }
    }
    texts
}

/// The map of names to texts under a key.
pub(crate) fn text_map(fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (name, node) in fields.map(key).unwrap_or_default() {
        match node.as_text() {
            Some(text) => texts.push((name.text.clone(), text.to_owned())),
            None => {
                let message = format!("`{}` of `{key}` must be a text, and this is {}", name.text, node.describe());
                fields.error("bad-type", node.span, message, None);
            }
        }
    }
    texts
}

fn check(fields: &mut Fields<'_, '_>, node: &Node, names: &[&[String]], known: Option<KnownNames<'_>>) {
    let Some(known) = known else { return };
    for (message, help) in names.iter().filter_map(|name| known.judge(name)) {
        fields.error("unknown-name", node.span, message, help);
    }
}
