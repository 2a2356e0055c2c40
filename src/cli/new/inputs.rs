//! Where a step's inputs come from: a word of the operation, an earlier step, or a column.

use super::draft::{Column, Draft};
use super::names::{singular, snake, unique};
use super::sample;
use crate::model::{Map, Value, as_text};
use crate::provider::{Bounds, Input, Kind, Operation, Place, TimeForm};
use crate::sandbox;

/// What a step is filled from.
struct Filling<'a> {
    draft: &'a mut Draft,
    step: &'a str,
    operation: &'a Operation,
    notes: Vec<String>,
}

/// The inputs of a step, and what a reader should know of them.
pub(super) fn filled(draft: &mut Draft, step: &str, operation: &Operation) -> (Map, Vec<String>) {
    let examples = operation.examples.first().map(|example| example.inputs.clone()).unwrap_or_default();
    let mut filling = Filling { draft, step, operation, notes: Vec::new() };
    let mut with = Map::new();
    let mut left = Vec::new();
    for input in &operation.inputs {
        let example = examples.get(&input.name);
        if from_connection(operation, &input.name) {
            filling.notes.push(format!("{} comes from the connection: see runsheet.yaml.", input.name));
        } else if needed(operation, input, example) {
            with.insert(input.name.clone(), filling.value(input, &input.name, example));
        } else if input.deprecated.is_none() {
            left.push(optional(input));
        }
    }
    let mut notes = filling.notes;
    if !left.is_empty() {
        notes.push(format!("Optional: {}.", left.join(", ")));
    }
    (with, notes)
}

/// Whether the sandbox's connection gives an input, so that one of the settings should.
pub(super) fn from_connection(operation: &Operation, name: &str) -> bool {
    let own = sandbox::environment().into_iter().find(|one| one.provider == operation.provider.name);
    own.is_some_and(|connection| connection.defaults.contains_key(name))
}

fn needed(operation: &Operation, input: &Input, example: Option<&Value>) -> bool {
    let named = operation.natural_key.contains(&input.name);
    let conditional = input.required_when.is_some() && example.is_some();
    input.default.is_none() && (input.required || conditional || named)
}

fn optional(input: &Input) -> String {
    match &input.widens_when_absent {
        Some(wider) => format!("{} (without it {wider})", input.name),
        None => input.name.clone(),
    }
}

impl Filling<'_> {
    fn value(&mut self, input: &Input, path: &str, example: Option<&Value>) -> Value {
        if let Some(output) = self.draft.output_for(&input.name, input) {
            return output.into();
        }
        match &input.kind {
            _ if !input.bounds.one_of.is_empty() => self.word(input, example),
            Kind::Object { fields, .. } if fields.iter().any(|field| field.required) => {
                self.fields(fields, path, example).into()
            }
            Kind::List(element) => {
                let mut element = element.as_ref().clone();
                element.name = singular(&input.name).to_owned();
                if element.description.is_empty() {
                    element.description.clone_from(&input.description);
                }
                let first = example.and_then(|list| list.get(0));
                self.notes.push(format!("{} takes several: see `lists` and `$each`.", input.name));
                Value::Array(vec![self.value(&element, path, first)])
            }
            Kind::String
            | Kind::Integer
            | Kind::Number
            | Kind::Boolean
            | Kind::Time(_)
            | Kind::Object { .. }
            | Kind::Any => self.cell(input, path, example).into(),
        }
    }

    /// One of the words that the operation allows, the others above it.
    fn word(&mut self, input: &Input, example: Option<&Value>) -> Value {
        let words: Vec<String> = input.bounds.one_of.iter().map(as_text).collect();
        self.notes.push(format!("{} is one of {}.", input.name, words.join(", ")));
        example.filter(|word| input.bounds.one_of.contains(word)).or(input.bounds.one_of.first()).cloned().into()
    }

    fn fields(&mut self, fields: &[Input], path: &str, example: Option<&Value>) -> Map {
        let mut filled = Map::new();
        for field in fields.iter().filter(|field| field.required && field.default.is_none()) {
            let example = example.and_then(|object| object.get(&field.name));
            filled.insert(field.name.clone(), self.value(field, &format!("{path}.{}", field.name), example));
        }
        filled
    }

    /// The template of a column: one that another step of the provider has brought for the same input, or a new one.
    fn cell(&mut self, input: &Input, path: &str, example: Option<&Value>) -> String {
        let place = if path.contains('.') { path } else { &input.name };
        let fills = (self.operation.provider.name.clone(), place.to_owned());
        let whole = self.operation.is_whole_address(std::slice::from_ref(&input.name));
        let kind = column_type(input);
        let apart = self.operation.natural_key.contains(&input.name);
        let times = self.draft.steps.iter().filter(|step| step.operation.full_name() == self.operation.full_name());
        let times = times.count();
        let columns = &mut self.draft.columns;
        let shared = columns.iter().find(|column| column.fills == fills && column.kind == kind);
        // A second thing of a kind needs a name of its own.
        if let Some(column) = shared.filter(|_| !apart || times == 0) {
            return of_column(&column.name, whole);
        }
        let taken = |name: &str| columns.iter().any(|column| column.name == name);
        let plain = snake(&input.name);
        let wanted = if taken(&plain) { format!("{}_{plain}", self.step) } else { plain };
        let name = unique(&wanted, taken);
        let template = of_column(&name, whole);
        let mut sample = sample::first(input, example);
        if apart && times > 0 {
            sample = sample::other(input, &sample, 3 * u32::try_from(times).unwrap_or(1));
        }
        columns.push(Column {
            name,
            kind,
            description: input.description.clone(),
            sensitive: input.sensitive,
            fills,
            input: input.clone(),
            apart,
            sample,
        });
        template
    }
}

/// A column that only numbers the rows.
pub(super) fn own_id(name: &str) -> Column {
    let input = Input {
        name: name.to_owned(),
        description: "Names the row in the results".to_owned(),
        kind: Kind::String,
        place: Place::Named,
        wire_name: None,
        required: true,
        required_when: None,
        bounds: Bounds::default(),
        default: None,
        sensitive: false,
        widens_when_absent: None,
        deprecated: None,
        spellings: Vec::new(),
    };
    Column {
        name: name.to_owned(),
        kind: "string",
        description: input.description.clone(),
        sensitive: false,
        fills: Default::default(),
        apart: false,
        sample: "1".to_owned(),
        input,
    }
}

/// The template of a column; one that is a whole path or URL is taken as it is.
fn of_column(name: &str, whole: bool) -> String {
    let raw = if whole { "raw " } else { "" };
    format!("{{{{ {raw}row.{name} }}}}")
}

/// The word of the column type that an input's values come from.
fn column_type(input: &Input) -> &'static str {
    match &input.kind {
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Time(TimeForm::Date) => "date",
        Kind::Time(_) => "datetime",
        Kind::Object { .. } | Kind::List(_) => "json",
        Kind::String | Kind::Any => "string",
    }
}
