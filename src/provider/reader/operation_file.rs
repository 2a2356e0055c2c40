//! `<operation>.yaml`.

use std::sync::Arc;

use super::answers::read_answers;
use super::bodies::shape;
use super::effects::read_undo;
use super::effects::{read_dangers, read_lookup, read_repeat};
use super::examples::read_example;
use super::expressions::{KnownNames, condition, expression_of, headers, pairs, refuse_header, texts};
use super::inputs::{Types, read_inputs};
use super::provider_file::ProviderDraft;
use super::provider_file::read_quota;
use super::words::OperationAuthWord;
use crate::diagnostic::{Diagnostics, Source, near_miss};
use crate::language::Fields;
use crate::language::operation::{OPERATION, OUTPUT};
use crate::model::{Method, Repeat};
use crate::provider::descriptor::{
    AnswerRules, BodyTemplate, Effect, Example, Input, InputPlace, Operation, Output, OutputKind, Provider, RepeatRule,
    RulePlace, Wiring,
};
use crate::provider::expression::{Expression, NameRoot};
use crate::yaml::Node;

/// Reads an operation's file.
pub(crate) fn read_operation(
    name: &str,
    (source, node): (&Arc<Source>, &Node),
    provider: &Arc<Provider>,
    draft: &ProviderDraft,
    diagnostics: &mut Diagnostics,
) -> Option<Operation> {
    let mut fields = Fields::open(node, source, diagnostics, &OPERATION)?;
    let types = Types { source, named: &draft.types };
    let inputs = fields.node("inputs").map(|node| read_inputs(node, types, fields.diagnostics())).unwrap_or_default();
    let outputs_at = fields.node("outputs").map(|node| RulePlace::new(source, node.span));
    let outputs = read_outputs(&mut fields, source);
    let known = KnownNames { inputs: &inputs, outputs: &outputs, provider, roots: &[NameRoot::Inputs] };
    check_conditions(&mut fields, known);
    fields.required("effect");
    let effect = fields.choice("effect").unwrap_or(Effect::Write);
    let word = |text: &str| Method::parse(text).ok_or_else(|| "this is not an HTTP method".to_owned());
    let method = fields.parsed("method", "an HTTP method", word).unwrap_or(Method::Post);
    let (path, wiring) = read_wiring(&mut fields, known, method);
    let repeat = match (read_repeat(&mut fields, known, source), effect) {
        (rules, Effect::Read) if rules.is_empty() => vec![RepeatRule { when: None, repeat: Repeat::Safe }],
        (rules, _) => rules,
    };
    let lookup = fields.node("lookup").map(|node| read_lookup(node, known, source, fields.diagnostics()));
    let undo = fields.node("undo").map(|node| read_undo(node, known, effect, source, fields.diagnostics()));
    let answers = fields.node("answer").map(|node| read_answers(node, &draft.answers, source, fields.diagnostics()));
    let operation = Operation {
        provider: Arc::clone(provider),
        name: name.to_owned(),
        full_name: format!("{}.{name}", provider.name),
        vendor_name: fields.required_text("vendor_name").unwrap_or_default(),
        summary: fields.required_text("summary").unwrap_or_default(),
        description: fields.text("description"),
        internal: fields.bool("internal").unwrap_or(false),
        open: fields.bool("open").unwrap_or(false),
        effect,
        method,
        path,
        repeat,
        lookup: lookup.flatten(),
        undo: undo.flatten(),
        natural_key: read_natural_key(&mut fields, &inputs),
        dangers: read_dangers(&mut fields, known, source),
        limits: fields.limits("limits").unwrap_or_default(),
        quota: fields.node("quota").and_then(|node| read_quota(node, source, fields.diagnostics())),
        answers: answers.unwrap_or_else(|| Some(draft.answers.clone())).unwrap_or_else(AnswerRules::default),
        examples: read_examples(&mut fields, source),
        wiring,
        inputs,
        outputs,
        outputs_at,
    };
    check_repeat(&mut fields, &operation);
    fields.finish();
    Some(operation)
}

/// Where a request goes and what it is made of.
fn read_wiring(fields: &mut Fields<'_, '_>, known: KnownNames<'_>, method: Method) -> (Option<String>, Wiring) {
    let sending = known.with_roots(&[NameRoot::Inputs, NameRoot::Settings]);
    let (text, path) = read_path(fields, sending);
    // A login is given the connection's credentials as its inputs.
    let is_login = fields.node("internal").is_some_and(|node| node.to_value() == true);
    let shows: &[NameRoot] = if is_login { &[NameRoot::Inputs] } else { &[] };
    for input in known.inputs.iter().filter(|input| input.place == InputPlace::Header) {
        let span = fields.span();
        refuse_header(fields, input.wire_name.as_deref().unwrap_or(&input.name), (span, None), is_login);
    }
    let body = match fields.entry("body").map(|(_, node)| node) {
        Some(node) if node.is_null() => None,
        Some(node) => shape(fields, node, sending),
        None if matches!(method, Method::Get | Method::Head | Method::Delete) => None,
        None => known.inputs.iter().any(|input| input.place == InputPlace::Body).then(BodyTemplate::flat),
    };
    let wiring = Wiring {
        path,
        method_input: input_name(fields, "method_input", known),
        reads_when: condition(fields, "reads_when", Some(known)),
        query: pairs(fields, "query", Some(sending)),
        query_input: input_name(fields, "query_input", known),
        headers: headers(fields, "headers", sending, shows),
        headers_input: input_name(fields, "headers_input", known),
        body,
        anonymous: matches!(fields.choice("auth"), Some(OperationAuthWord::None)),
    };
    (text, wiring)
}

/// The path; the key must be there, and null says that no document names it.
fn read_path(fields: &mut Fields<'_, '_>, known: KnownNames<'_>) -> (Option<String>, Option<Expression>) {
    let Some((_, node)) = fields.entry("path") else {
        let span = fields.span();
        let help = "Write `path: null` where no document names it.".to_owned();
        fields.error("missing-key", span, "An operation needs the key `path`", Some(help));
        return (None, None);
    };
    if node.is_null() {
        return (None, None);
    }
    (node.as_text().map(str::to_owned), expression_of(fields, node, Some(known)))
}

fn input_name(fields: &mut Fields<'_, '_>, key: &'static str, known: KnownNames<'_>) -> Option<String> {
    let name = fields.text(key)?;
    if !known.inputs.iter().any(|input| input.name == name) {
        let span = fields.span();
        fields.error("unknown-name", span, format!("`{key}` names `{name}`, which is no input"), None);
    }
    Some(name)
}

fn read_outputs(fields: &mut Fields<'_, '_>, source: &Arc<Source>) -> Vec<Output> {
    let mut outputs = Vec::new();
    for (key, node) in fields.map("outputs").unwrap_or_default() {
        let Some(mut output) = Fields::open(node, source, fields.diagnostics(), &OUTPUT) else { continue };
        // An empty path is the whole body.
        output.required("path");
        let mut paths = texts(&mut output, "path").into_iter();
        outputs.push(Output {
            name: key.text.clone(),
            description: output.text("description").unwrap_or_default(),
            path: paths.next().unwrap_or_default(),
            other_paths: paths.collect(),
            kind: output.choice("type").unwrap_or(OutputKind::Any),
            required: output.bool("required").unwrap_or(false),
            sensitive: output.bool("sensitive").unwrap_or(false),
        });
        output.finish();
    }
    outputs
}

fn read_natural_key(fields: &mut Fields<'_, '_>, inputs: &[Input]) -> Vec<String> {
    let names = texts(fields, "natural_key");
    let span = fields.span();
    for name in names.iter().filter(|name| !inputs.iter().any(|input| input.name == **name)) {
        let near = near_miss(name, inputs.iter().map(|input| input.name.as_str()));
        let help = near.map(|near| format!("Did you mean `{near}`?"));
        fields.error("unknown-name", span, format!("`natural_key` names `{name}`, which is no input"), help);
    }
    names
}

fn read_examples(fields: &mut Fields<'_, '_>, source: &Arc<Source>) -> Vec<Example> {
    let nodes = fields.list("examples").unwrap_or_default();
    let mut examples = Vec::new();
    for node in nodes {
        examples.extend(read_example(node, source, fields.diagnostics()));
    }
    if nodes.is_empty() {
        let span = fields.span();
        let help = "Give its inputs, the exact request they make, and an answer: it runs as a test.".to_owned();
        fields.error("missing-key", span, "An operation needs at least one of `examples`", Some(help));
    }
    examples
}

/// The names in `required_when`, which can be judged only when all inputs are read.
fn check_conditions(fields: &mut Fields<'_, '_>, known: KnownNames<'_>) {
    let span = fields.span();
    for input in known.inputs {
        let names = input.required_when.iter().flat_map(|when| when.names());
        for name in names.filter(|name| name.first().is_none_or(|root| root != "inputs")) {
            let message = format!("`required_when` of `{}` names `{}`, which is no input", input.name, name.join("."));
            fields.error("unknown-name", span, message, None);
        }
        for name in input.required_when.iter().flat_map(|when| when.names()).filter_map(|name| name.get(1)) {
            if !known.inputs.iter().any(|input| input.name == *name) {
                let message = format!("`required_when` of `{}` names `{name}`, which is no input", input.name);
                fields.error("unknown-name", span, message, None);
            }
        }
    }
}

/// `repeat: lookup` needs a lookup.
fn check_repeat(fields: &mut Fields<'_, '_>, operation: &Operation) {
    let looks_up = operation.repeat.iter().any(|rule| rule.repeat == Repeat::Lookup);
    if looks_up && operation.lookup.is_none() {
        let span = fields.span();
        fields.error("missing-key", span, "`repeat: lookup` needs the key `lookup`", None);
    }
}
