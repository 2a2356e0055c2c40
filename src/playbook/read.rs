//! Reads a playbook's text and reports all mistakes at once.

use std::collections::HashMap;
use std::sync::Arc;

use super::document::Playbook;
use super::rows_decl::read_rows_decl;
use super::run_bounds::BoundsReader;
use super::spanned::spanned_text;
use super::steps::{DeclaredNames, DeclaredStep, NameScope, Section, Step, StepReader, Tree};
use super::var::read_vars;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::language::Fields;
use crate::language::playbook::{PLAYBOOK, PLAYBOOK_VERSION};
use crate::model::Limits;
use crate::yaml::{self, Key, Node};

/// The top-level keys of a playbook, before their nodes are read.
struct PlaybookKeys<'n> {
    name: Option<String>,
    description: Option<String>,
    vars: &'n [(Key, Node)],
    rows: Option<&'n Node>,
    limits: Limits,
    stop_when: Option<&'n Node>,
    waves: Option<&'n Node>,
    budget: &'n [(Key, Node)],
    window: Option<&'n Node>,
    before: &'n [Node],
    steps: &'n [Node],
    after: &'n [Node],
    results: &'n [(Key, Node)],
}

/// Reads a playbook. `None` if the text is not a map. A playbook with mistakes is returned as far as it can be read, so
/// that the rows can be checked at the same time: ask `diagnostics` for errors before running it.
pub fn read(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Playbook> {
    let node = yaml::parse(source, diagnostics)?;
    let keys = read_keys(&node, source, diagnostics)?;
    let vars = read_vars(keys.vars, source, diagnostics);
    let rows = keys.rows.and_then(|node| read_rows_decl(node, source, diagnostics));
    let mut bounds = BoundsReader { source, diagnostics };
    let stop_when = keys.stop_when.map(|node| bounds.stop_when(node, keys.waves.is_some())).unwrap_or_default();
    let waves = keys.waves.and_then(|node| bounds.waves(node, keys.rows.is_some()));
    let budget = bounds.budget(keys.budget);
    let window = keys.window.and_then(|node| bounds.window(node));
    let parts = [(keys.before, Section::Before), (keys.steps, Section::Rows), (keys.after, Section::After)];
    let known = DeclaredNames {
        vars: vars.iter().map(|var| var.name.clone()).collect(),
        steps: parts.iter().flat_map(|(nodes, section)| known_steps(nodes, *section)).collect(),
        has_rows: keys.rows.is_some(),
    };
    check_unique(&parts, source, diagnostics);
    let mut reader = StepReader::new(source, diagnostics, known);
    let mut first = 0;
    let [before, steps, after] = parts.map(|(nodes, section)| {
        let read = read_steps(&mut reader, nodes, section, first);
        first += nodes.len();
        read
    });
    let results = read_results(&mut reader, keys.results, first);
    Some(Playbook {
        source: source.clone(),
        name: keys.name.unwrap_or_default(),
        description: keys.description,
        vars,
        rows,
        limits: keys.limits,
        stop_when,
        waves,
        budget,
        window,
        before,
        steps,
        after,
        results,
        templates: Arc::new(reader.templates),
    })
}

fn read_keys<'n>(node: &'n Node, source: &'n Arc<Source>, diagnostics: &mut Diagnostics) -> Option<PlaybookKeys<'n>> {
    let mut fields = Fields::open(node, source, diagnostics, &PLAYBOOK)?;
    check_version(&mut fields);
    let keys = PlaybookKeys {
        name: spanned_name(&mut fields),
        description: fields.text("description"),
        vars: fields.map("vars").unwrap_or_default(),
        rows: fields.node("rows"),
        limits: fields.limits("limits").unwrap_or_default(),
        stop_when: fields.node("stop_when"),
        waves: fields.node("waves"),
        budget: fields.map("budget").unwrap_or_default(),
        window: fields.node("window"),
        before: fields.list("before").unwrap_or_default(),
        steps: steps(&mut fields),
        after: fields.list("after").unwrap_or_default(),
        results: fields.map("results").unwrap_or_default(),
    };
    fields.finish();
    Some(keys)
}

fn spanned_name(fields: &mut Fields<'_, '_>) -> Option<String> {
    fields.required("name")?;
    spanned_text(fields, "name").map(|name| name.value)
}

fn check_version(fields: &mut Fields<'_, '_>) {
    let Some(version) = fields.integer("version") else { return };
    if version != PLAYBOOK_VERSION {
        let span = fields.node("version").map_or(Span::default(), |node| node.span);
        let message = format!("Version {version} of the language is not known to this runsheet");
        fields.error(
            "bad-value",
            span,
            message,
            Some(format!("Write `version: {PLAYBOOK_VERSION}`, or use a newer runsheet.")),
        );
    }
}

fn steps<'n>(fields: &mut Fields<'n, '_>) -> &'n [Node] {
    if fields.node("steps").is_none()
        && let Some(node) = fields.misspelt("steps")
    {
        return if let yaml::NodeKind::List(steps) = &node.kind { steps } else { &[] };
    }
    if fields.required("steps").is_none() {
        return &[];
    }
    let steps = fields.list("steps").unwrap_or_default();
    if steps.is_empty()
        && let Some(node) = fields.node("steps")
        && matches!(node.kind, yaml::NodeKind::List(_))
    {
        fields.error("bad-value", node.span, "`steps` must hold at least one step", None);
    }
    steps
}

fn known_steps(nodes: &[Node], section: Section) -> impl Iterator<Item = DeclaredStep> {
    nodes.iter().map(move |node| DeclaredStep {
        id: node.get("id").and_then(Node::as_text).unwrap_or_default().to_owned(),
        section,
        for_each: node.get("for_each").is_some_and(|node| !node.is_null()),
    })
}

fn check_unique(parts: &[(&[Node], Section)], source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for id in parts.iter().flat_map(|(nodes, _)| *nodes).filter_map(|node| node.get("id")) {
        let Some(text) = id.as_text().filter(|text| !text.is_empty()) else { continue };
        match seen.get(text) {
            None => drop(seen.insert(text, id.span)),
            Some(first) => diagnostics.push(
                Diagnostic::error("duplicate-id", format!("Two steps have the id `{text}`"))
                    .at(source.place(id.span), "again here")
                    .at(source.place(*first), "first here")
                    .help("Give one of them another id: names such as `steps.ID.outputs` must be clear."),
            ),
        }
    }
}

fn read_steps(reader: &mut StepReader<'_, '_>, nodes: &[Node], section: Section, first: usize) -> Vec<Step> {
    nodes.iter().enumerate().filter_map(|(index, node)| reader.step(node, section, first + index)).collect()
}

fn read_results(reader: &mut StepReader<'_, '_>, entries: &[(Key, Node)], at: usize) -> Vec<(String, Tree)> {
    let scope = NameScope { section: Section::Results, at, own: true, item: false };
    let mut results = Vec::new();
    for (key, node) in entries {
        if key.text.trim().is_empty() || key.text.starts_with('_') {
            let message = format!("`{}` cannot name a column of the results", key.text);
            let help = "Names that begin with `_` are runsheet's own.".to_owned();
            reader.error("bad-value", key.span, message, Some(help));
            continue;
        }
        results.push((key.text.clone(), reader.tree(node, scope)));
    }
    results
}
