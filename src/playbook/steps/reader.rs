//! Reads the parts of steps that hold templates: expressions and trees of values.

use std::sync::Arc;

use super::infix::as_expression;
use super::name_scope::{DeclaredNames, NameScope};
use super::tree::{Tree, TreeKind};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, near_miss};
use crate::playbook::spanned::Spanned;
use crate::template::{Template, Templates};
use crate::yaml::{Key, Node, NodeKind, yaml_template};

/// The key that repeats an element of a list for each element of another list.
const EACH: &str = "$each";

/// The key with a list of conditions.
pub(in crate::playbook) const EXPECT: &str = "expect";

/// Reads steps and results: compiles their templates and reports mistakes.
pub(in crate::playbook) struct StepReader<'s, 'd> {
    pub(in crate::playbook) source: &'s Arc<Source>,
    pub(in crate::playbook) diagnostics: &'d mut Diagnostics,
    pub(in crate::playbook) templates: Templates,
    pub(in crate::playbook) known: DeclaredNames,
}

impl<'s, 'd> StepReader<'s, 'd> {
    pub(in crate::playbook) fn new(
        source: &'s Arc<Source>,
        diagnostics: &'d mut Diagnostics,
        known: DeclaredNames,
    ) -> Self {
        Self { source, diagnostics, templates: Templates::new(), known }
    }

    /// Reports an error.
    pub(in crate::playbook) fn error(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let place = self.source.place(span);
        self.diagnostics.push(Diagnostic::error(code, message).at(place, "").maybe_help(help));
    }

    /// Compiles the text of a scalar and checks the names that it uses; `None` if it is not a template.
    fn compile(&mut self, node: &Node, text: &str, scope: NameScope) -> Option<Template> {
        let template = match self.templates.compile(text) {
            Ok(template) => template,
            Err(error) => {
                let span = node.span_within(self.source, error.span);
                self.error("template-syntax", span, error.message, error.help);
                return None;
            }
        };
        for name in template.names() {
            if let Err((message, help)) = self.known.check(name, scope) {
                self.error("unknown-name", node.span_within(self.source, name.span), message, help);
            }
        }
        Some(template)
    }

    /// Reads an expression: one `{{ … }}` and nothing else. Anything else is reported.
    pub(in crate::playbook) fn expr(&mut self, key: &str, node: &Node, scope: NameScope) -> Option<Spanned<Template>> {
        let Some(text) = node.as_text() else {
            self.error(
                "bad-type",
                node.span,
                format!("`{key}` must be a template, and this is {}", node.describe()),
                None,
            );
            return None;
        };
        if !text.contains("{{") {
            let help = match self.meant_as_template(text, scope) {
                // An element of a list has no key to show.
                Some(template) if key == EXPECT => {
                    format!("Write it in braces and quotes: `{}`.", yaml_template(&template))
                }
                Some(template) => format!("Write it in braces and quotes: `{key}: {}`.", yaml_template(&template)),
                None => format!("Write an expression in braces and quotes: `{key}: \"{{{{ … }}}}\"`."),
            };
            self.error("bad-value", node.span, format!("`{key}` must be a template; this is plain text"), Some(help));
            return None;
        }
        let template = self.compile(node, text, scope)?;
        if !template.is_whole() {
            let help = "Keep one `{{ … }}` with nothing around it; `and`, `or`, `not` and `eq` combine values.";
            let message = format!("`{key}` must be one expression; text around it would always hold");
            self.error("bad-value", node.span, message, Some(help.to_owned()));
            return None;
        }
        Some(Spanned::new(template, node.span))
    }

    /// The template that a plain text probably means; `None` if it would not be valid at this place.
    fn meant_as_template(&mut self, text: &str, scope: NameScope) -> Option<String> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let expression = as_expression(&text).unwrap_or(text);
        let whole = format!("{{{{ {expression} }}}}");
        let template = self.templates.compile(&whole).ok().filter(Template::is_whole)?;
        template.names().iter().all(|name| self.known.check(name, scope).is_ok()).then_some(whole)
    }

    /// Reads a map of inputs or settings; a missing one is empty.
    pub(in crate::playbook) fn map_tree(
        &mut self,
        key: &str,
        node: Option<&Node>,
        owner: Span,
        scope: NameScope,
    ) -> Tree {
        match node.map(|node| (node, &node.kind)) {
            None => Tree::empty(owner),
            Some((node, NodeKind::Map(_))) => self.tree(node, scope),
            Some((node, _)) => {
                let message = format!("`{key}` must be a map, and this is {}", node.describe());
                self.error("bad-type", node.span, message, None);
                Tree::empty(node.span)
            }
        }
    }

    /// Reads a value that may hold templates.
    pub(in crate::playbook) fn tree(&mut self, node: &Node, scope: NameScope) -> Tree {
        let kind = match &node.kind {
            _ if node.is_null() => TreeKind::Null,
            NodeKind::Scalar { text, plain } if !text.contains("{{") => {
                TreeKind::Literal { text: text.clone(), plain: *plain }
            }
            NodeKind::Scalar { text, .. } => self.compile(node, text, scope).map_or(TreeKind::Null, TreeKind::Template),
            NodeKind::List(items) => TreeKind::List(items.iter().map(|item| self.element(item, scope)).collect()),
            NodeKind::Map(entries) => TreeKind::Map(self.entries(entries, scope)),
        };
        Tree { span: node.span, kind }
    }

    fn entries(&mut self, entries: &[(Key, Node)], scope: NameScope) -> Vec<(Key, Tree)> {
        entries.iter().filter_map(|(key, node)| self.entry(key, node, scope)).collect()
    }

    fn entry(&mut self, key: &Key, node: &Node, scope: NameScope) -> Option<(Key, Tree)> {
        if key.text == EACH {
            let help = "Begin the element with a dash: `- $each: \"{{ row.list }}\"`.".to_owned();
            self.error("bad-place", key.span, "`$each` stands for elements of a list, and this is not one", Some(help));
            return None;
        }
        if key.text.starts_with('$') && near_miss(&key.text, [EACH]).is_some() {
            self.error(
                "unknown-key",
                key.span,
                format!("`{}` is not known", key.text),
                Some("Did you mean `$each`?".into()),
            );
            return None;
        }
        if key.text.contains("{{") {
            self.error("template-place", key.span, "A key cannot hold a template", None);
            return None;
        }
        Some((key.clone(), self.tree(node, scope)))
    }

    /// Reads an element of a list, which `$each` may repeat.
    fn element(&mut self, node: &Node, scope: NameScope) -> Tree {
        match &node.kind {
            NodeKind::Map(entries) if entries.iter().any(|(key, _)| key.text == EACH) => {
                self.each(node, entries, scope)
            }
            NodeKind::Scalar { .. } | NodeKind::List(_) | NodeKind::Map(_) => self.tree(node, scope),
        }
    }

    fn each(&mut self, node: &Node, entries: &[(Key, Node)], scope: NameScope) -> Tree {
        let list = node.get(EACH).and_then(|list| self.expr(EACH, list, scope));
        let rest: Vec<(Key, Node)> = entries.iter().filter(|(key, _)| key.text != EACH).cloned().collect();
        let body = TreeKind::Map(self.entries(&rest, NameScope { item: true, ..scope }));
        let body = Box::new(Tree { span: node.span, kind: body });
        match list {
            Some(list) => Tree { span: list.span, kind: TreeKind::Each { list: list.value, body } },
            None => Tree { span: node.span, kind: TreeKind::Null },
        }
    }
}
