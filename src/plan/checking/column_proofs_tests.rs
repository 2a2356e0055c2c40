//! A check that leaves out what is proven says what the whole check says, of any playbook and any row.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use crate::diagnostic::{Diagnostics, Place, Source};
use crate::model::{Limits, Map, Time};
use crate::plan::{Binding, CheckedCall, CheckedRow, InputsWanted, Plan, RowCells, RowCheck, bind};
use crate::playbook::{self, Playbook};
use crate::provider::{Connection, Input, InputKind, Operation, ProviderFile, Registry};
use crate::rows::{self, Row, RowFile};
use crate::settings::Environment;

const PROVIDER: &str = "title: A vendor with inputs of every kind\nbase_url: http://127.0.0.1:1\nauth: { scheme: none }\n\
    answer: { success: { path: ok, is: [true] } }\n";

/// Inputs of every kind and bound, and questions that ask for some of them.
const OPERATION: &str = "summary: Sends\nvendor_name: send\neffect: write\npath: /send\ninputs:\n  required: [text, whole]\n  properties:\n    \
    text: { type: string, sensitive: true }\n    filled: { type: string, minLength: 1, spellings: { full: \"Write `filled`.\" } }\n    \
    short: { type: string, maxLength: 5 }\n    long: { type: string, minLength: 2 }\n    \
    word: { type: string, enum: [word, name, other] }\n    digits: { type: string, pattern: '^[0-9]+$' }\n    \
    whole: { type: integer }\n    few: { type: integer, maximum: 9 }\n    ratio: { type: number }\n    \
    yes: { type: boolean, default: false }\n    until: { type: string, format: unix-seconds, ahead_of_now: true }\n    \
    day: { type: string, format: date }\n    any: { type: any }\n    wide: { type: string, widens_when_absent: everybody }\n    \
    bound: { type: string, required_when: '{{ inputs.yes }}' }\n    names: { type: array, minItems: 2, items: { type: string } }\n    \
    people:\n      type: array\n      items: { type: object, required: [name], properties: { name: { type: string }, age: { type: integer } } }\n    \
    place: { type: object, properties: { road: { type: string, sensitive: true }, number: { type: integer } } }\n\
    repeat: [{ when: '{{ inputs.yes }}', is: safe }, { is: never }]\nnatural_key: [text]\n\
    danger: [{ kind: notifies, when: '{{ eq inputs.word \"name\" }}', counts_as: notice, description: Tells people }]\n\
    examples:\n  - name: One\n    with: { text: a, whole: 1 }\n    request: { path: /send, body: { text: a, whole: 1, yes: false } }\n    \
    answers: [{ body: { ok: true }, is: succeeded }]\n";

fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
        let file = |path: &str, text: &str| ProviderFile { path: path.to_owned(), text: text.into() };
        let mut diagnostics = Diagnostics::new();
        let files = vec![file("probe/provider.yaml", PROVIDER), file("probe/send.yaml", OPERATION)];
        let registry = Registry::builtin().with(files, &mut diagnostics);
        registry.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 160)))
    });
    &REGISTRY
}

/// Columns of every kind; `note` and `seats` may be blank, `missing` is blank without leave.
const COLUMNS: &str = "    id: { type: string }\n    name: { sensitive: true }\n    count: { type: integer }\n    \
    price: { type: number }\n    yes: { type: boolean }\n    day: { type: date }\n    at: { type: datetime }\n    \
    note: { optional: true }\n    seats: { type: integer, optional: true }\n    data: { type: json }\n    \
    tags: { type: list }\n    pad: { default: '' }\n";

const HEAD: &str = "id,name,count,price,yes,day,at,note,seats,data,tags,pad,missing";

/// Longer than vendors take.
const LONG: &str = "longer than any name, and longer than most remarks that a vendor takes, so that a bound is felt";

/// Draws from the words of a seed, so that a failing case is one number.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

/// A template; two times of three over a column that fits.
fn template(kind: &InputKind, draw: &mut Draw) -> String {
    const COLUMN: [&str; 13] =
        ["id", "name", "count", "price", "yes", "day", "at", "note", "seats", "data", "tags", "pad", "missing"];
    let column = match kind {
        _ if draw.below(3) == 0 => draw.one(&COLUMN),
        InputKind::Integer | InputKind::Number => "count",
        InputKind::Boolean => "yes",
        InputKind::Time(_) => "at",
        _ => draw.one(&["id", "name", "pad"]),
    };
    match draw.below(12) {
        0 => "'{{ steps.first.outputs.body }}'".to_owned(),
        1 => format!("'{{{{ row.{column} }}}}-{{{{ row.id }}}}'"),
        2 => format!("'{{{{ upper row.{column} }}}}'"),
        3 => format!("'{{{{#if row.yes}}}}{{{{ row.{column} }}}}{{{{/if}}}}'"),
        _ => format!("'{{{{ row.{column} }}}}'"),
    }
}

fn value(input: &Input, draw: &mut Draw, depth: usize) -> String {
    if draw.below(3) > 0 && !matches!(input.kind, InputKind::Object { .. } | InputKind::List(_)) || depth > 4 {
        return template(&input.kind, draw);
    }
    match &input.kind {
        InputKind::Object { fields, .. } => object(fields, draw, depth),
        InputKind::List(element) => format!("[ {} ]", value(element, draw, depth + 1)),
        InputKind::Boolean => draw.one(&["true", "no"]).to_owned(),
        InputKind::Integer | InputKind::Number => draw.one(&["1", "0", "-7", "99999999999"]).to_owned(),
        InputKind::Time(_) => draw.one(&["'2027-01-31T18:00:00+08:00'", "'2020-01-01T00:00:00Z'"]).to_owned(),
        InputKind::String | InputKind::Any => draw.one(&["null", "word", "''", "'0911'", "15"]).to_owned(),
    }
}

fn object(fields: &[Input], draw: &mut Draw, depth: usize) -> String {
    let mut text = "{ ".to_owned();
    for field in fields {
        if draw.below(4) > 0 || field.required {
            let name = field.spellings.first().filter(|_| draw.below(8) == 0).map_or(&field.name, |(name, _)| name);
            let _ = write!(text, "{name}: {}, ", value(field, draw, depth + 1));
        }
    }
    text + "}"
}

fn text(operation: &Operation, draw: &mut Draw) -> String {
    let with = object(&operation.inputs, draw, 0);
    let repeated = if draw.below(5) == 0 { "    for_each: '{{ row.tags }}'\n" } else { "" };
    let uses = operation.full_name();
    format!(
        "version: 1\nname: t\nrows:\n  from: rows.csv\n  key: id\n  columns:\n{COLUMNS}steps:\n  - id: first\n    \
         uses: http.request\n    with: {{ method: GET, path: /x }}\n  - id: second\n    uses: {uses}\n{repeated}    with: {with}\nresults:\n  a: {}\n",
        template(&InputKind::Any, draw),
    )
}

fn csv(draw: &mut Draw) -> String {
    let mut text = format!("{HEAD}\n");
    for row in 0..16 {
        let (seats, note, pad) = (draw.one(&["", "4"]), draw.one(&["", "n"]), draw.one(&["", "y"]));
        let (name, missing) = (draw.one(&["Ann", "陳\u{202e}", "x y", "0", LONG]), draw.one(&["m", "m", ""]));
        let (count, at) =
            (draw.one(&["0", "15", "-3"]), draw.one(&["2027-01-31T18:00:00+08:00", "2020-01-01T00:00:00Z"]));
        let id = if draw.below(8) == 0 { "same".to_owned() } else { format!("R-{row}") };
        let _ =
            writeln!(text, "{id}{row},{name},{count},1.50,yes,2027-01-31,{at},{note},{seats},{{}},a;b,{pad},{missing}");
    }
    text
}

/// A row for the check, without a file behind it.
struct Alone<'r>(&'r Row);

impl RowCells for Alone<'_> {
    fn is_blank(&self, column: &str) -> bool {
        self.0.is_blank(column)
    }
    fn has_blanks(&self) -> bool {
        !self.0.blanks.is_empty()
    }
    fn place(&self, _: &str) -> Option<Place> {
        None
    }
    fn number(&self) -> u64 {
        self.0.number
    }
}

fn bound(playbook: &Playbook) -> Option<Plan> {
    let connection = |name: String| Connection {
        base_url: Some("http://127.0.0.1:1".to_owned()),
        limits: Limits::default(),
        provider: name.clone(),
        name,
        ..Connection::default()
    };
    let environment = Environment {
        name: "test".to_owned(),
        connections: registry().providers().map(|provider| connection(provider.name.clone())).collect(),
        ..Environment::default()
    };
    let columns: Vec<String> = HEAD.split(',').map(str::to_owned).collect();
    let binding = Binding {
        playbook,
        registry: registry(),
        environment,
        vars: Map::new(),
        columns: Some(&columns),
        run: Map::from_iter([("id".to_owned(), "r".into())]),
    };
    bind(binding, &mut Diagnostics::new())
}

/// What every question about the calls of a row is answered with.
fn answers(plan: &Plan, checked: &CheckedRow) -> Vec<String> {
    let answer = |call: &CheckedCall| {
        let operation = &plan.steps[call.step].call.operation;
        let (repeat, key) = (operation.repeat(&call.inputs), operation.natural_key(&call.inputs));
        let dangers: Vec<_> = operation.dangers(&call.inputs).iter().map(|danger| danger.kind).collect();
        let (widened, effect) = (operation.widened(&call.inputs), operation.effect_for(&call.inputs));
        let method = operation.method_for(&call.inputs);
        format!("{} {repeat:?} {key:?} {dangers:?} {widened:?} {effect:?} {method:?} {}", call.step, call.deferred)
    };
    checked.calls.iter().map(answer).chain([format!("{:?}", checked.skipped)]).collect()
}

/// What checks of the rows say, with the columns' proof and without it; none where the playbook cannot be bound.
fn both(seed: u64) -> Option<[(Vec<String>, String); 2]> {
    let mut draw = Draw(seed);
    let operations: Vec<_> = Registry::builtin().operations().collect();
    let operation = match draw.below(3) {
        0 => Arc::clone(operations[draw.below(operations.len())]),
        _ => registry().operation("probe.send").unwrap(),
    };
    let source = Source::new("playbook.yaml", text(&operation, &mut draw));
    let mut own = Diagnostics::new();
    let playbook = playbook::read(&source, &mut own).unwrap_or_else(|| panic!("{}", own.render(false, 100)));
    let plan = bound(&playbook)?;
    let decl = playbook.rows.as_ref().unwrap();
    let open = |text: String| {
        let input = rows::Input::new("rows.csv", std::io::Cursor::new(text));
        RowFile::open(decl, input, HashMap::new(), false, &mut Diagnostics::new()).unwrap()
    };
    let text = csv(&mut draw);
    let now = Time::from_secs(1_790_000_000);
    let run = |mut check: RowCheck<'_>| {
        let (mut file, mut said, mut all) = (open(text.clone()), Diagnostics::new(), Vec::new());
        while let Some(mut row) = file.next(&mut Diagnostics::new()) {
            let mut cells = std::mem::take(&mut row.cells);
            let checked = check.row(&Alone(&row), &mut cells, InputsWanted::Deciding, &mut said);
            all.extend(answers(&plan, &checked));
        }
        (all, said.render(false, 200))
    };
    let columns = open(text.clone()).columns();
    let proving = RowCheck::new(&plan, now).of_columns(&columns, draw.below(2) == 0);
    Some([run(RowCheck::new(&plan, now)), run(proving)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn what_is_proven_need_not_be_rendered(seed in any::<u64>()) {
        if let Some([whole, proven]) = both(seed) {
            prop_assert_eq!(whole, proven);
        }
    }
}

#[test]
fn the_comparison_sees_sound_rows_and_unsound_ones() {
    let seen = (0..60).filter_map(both).map(|[whole, _]| (whole.0.len(), whole.1.matches("× Row ").count()));
    let (answers, mistakes) = seen.fold((0, 0), |sum, seen| (sum.0 + seen.0, sum.1 + seen.1));
    assert!(answers > 200 && mistakes > 200, "{answers}, {mistakes}");
}
