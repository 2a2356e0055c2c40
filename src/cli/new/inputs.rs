//! Where the inputs of a step come from: the connection, an earlier step, a fixed word or a column.

use super::draft::{Column, Draft};
use super::names::{singular, snake, unique};
use super::sample;
use crate::model::{Map, Value, as_text};
use crate::provider::{Input, InputBounds, InputKind, InputPlace, Operation, TimeForm};
use crate::sandbox;

/// A step whose inputs are being filled.
struct StepFiller<'a> {
    draft: &'a mut Draft,
    step: &'a str,
    operation: &'a Operation,
    notes: Vec<String>,
}

/// Fills the inputs of a step, and adds the columns that they need to the draft. Returns the inputs and the comments above
/// them.
pub(super) fn fill_step(draft: &mut Draft, step: &str, operation: &Operation) -> (Map, Vec<String>) {
    let examples = operation.examples.first().map(|example| example.inputs.clone()).unwrap_or_default();
    let mut filling = StepFiller { draft, step, operation, notes: Vec::new() };
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

/// Whether the connection gives an input, as that of the sandbox does.
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

impl StepFiller<'_> {
    fn value(&mut self, input: &Input, path: &str, example: Option<&Value>) -> Value {
        if let Some(output) = self.draft.output_for(&input.name, input) {
            return output.into();
        }
        match &input.kind {
            _ if !input.bounds.one_of.is_empty() => self.word(input, example),
            InputKind::Object { fields, .. } if fields.iter().any(|field| field.required) => {
                self.fields(fields, path, example).into()
            }
            InputKind::List(element) => {
                let mut element = element.as_ref().clone();
                element.name = singular(&input.name).to_owned();
                if element.description.is_empty() {
                    element.description.clone_from(&input.description);
                }
                let first = example.and_then(|list| list.get(0));
                self.notes.push(format!("{} takes several: see `lists` and `$each`.", input.name));
                Value::Array(vec![self.value(&element, path, first)])
            }
            InputKind::String
            | InputKind::Integer
            | InputKind::Number
            | InputKind::Boolean
            | InputKind::Time(_)
            | InputKind::Object { .. }
            | InputKind::Any => self.cell(input, path, example).into(),
        }
    }

    /// One of the words that the operation allows; a comment lists them all.
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

    /// The template of a column: the one that another step of the provider uses for the same input, or a new one.
    fn cell(&mut self, input: &Input, path: &str, example: Option<&Value>) -> String {
        let place = if path.contains('.') { path } else { &input.name };
        let fills = (self.operation.provider.name.clone(), place.to_owned());
        let whole = self.operation.is_whole_address(std::slice::from_ref(&input.name));
        let kind = column_type(input);
        let distinct = self.operation.natural_key.contains(&input.name);
        let times = self.draft.steps.iter().filter(|step| step.operation.full_name() == self.operation.full_name());
        let times = times.count();
        let columns = &mut self.draft.columns;
        let shared = columns.iter().find(|column| column.fills == fills && column.kind == kind);
        // A second object of the same kind needs its own name.
        if let Some(column) = shared.filter(|_| !distinct || times == 0) {
            return column_template(&column.name, whole);
        }
        let taken = |name: &str| columns.iter().any(|column| column.name == name);
        let plain = snake(&input.name);
        let wanted = if taken(&plain) { format!("{}_{plain}", self.step) } else { plain };
        let name = unique(&wanted, taken);
        let template = column_template(&name, whole);
        let mut sample = sample::first_cell(input, example);
        if distinct && times > 0 {
            sample = sample::later_cell(input, &sample, 3 * u32::try_from(times).unwrap_or(1));
        }
        columns.push(Column {
            name,
            kind,
            description: input.description.clone(),
            sensitive: input.sensitive,
            fills,
            input: input.clone(),
            distinct,
            sample,
        });
        template
    }
}

/// A column that numbers the rows.
pub(super) fn row_number_column(name: &str) -> Column {
    let input = Input {
        name: name.to_owned(),
        description: "Names the row in the results".to_owned(),
        kind: InputKind::String,
        place: InputPlace::Named,
        wire_name: None,
        required: true,
        required_when: None,
        bounds: InputBounds::default(),
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
        distinct: false,
        sample: "1".to_owned(),
        input,
    }
}

/// The template of a column; one that holds a whole path or URL is not escaped.
fn column_template(name: &str, whole: bool) -> String {
    let raw = if whole { "raw " } else { "" };
    format!("{{{{ {raw}row.{name} }}}}")
}

/// The name of the column type for the values of an input.
fn column_type(input: &Input) -> &'static str {
    match &input.kind {
        InputKind::Integer => "integer",
        InputKind::Number => "number",
        InputKind::Boolean => "boolean",
        InputKind::Time(TimeForm::Date) => "date",
        InputKind::Time(_) => "datetime",
        InputKind::Object { .. } | InputKind::List(_) => "json",
        InputKind::String | InputKind::Any => "string",
    }
}
