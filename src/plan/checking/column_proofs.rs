//! What the types of the columns prove about every valid row, so that the check renders less for each row.

use crate::model::{Map, Time, Value};
use crate::plan::bound::{BoundCall, BoundStep, BoundTree, Plan, whole};
use crate::plan::rendering::always_waits;
use crate::playbook::ColumnType;
use crate::provider::{Connection, Input, InputKind, KnownLength};
use crate::rows::Column;
use crate::template::Template;

/// What is proven about the steps and the results of a plan.
#[derive(Debug, Default)]
pub(super) struct ColumnProofs {
    steps: Vec<StepProof>,
    /// By index of [`Plan::results`]: whether it can be rendered for every row without a blank cell.
    results: Vec<bool>,
}

/// What is proven about the calls of a step; `None` if a call must be rendered whole.
#[derive(Debug, Default)]
pub(super) struct StepProof {
    pub(super) call: Option<CallProof>,
    pub(super) rollback: Option<CallProof>,
}

/// The inputs of a call that are proven valid, and those that must be rendered for each row.
#[derive(Debug)]
pub(super) struct CallProof {
    /// The names of the inputs that are valid for every row without a blank cell. None of them is a deciding input.
    pub(super) proven: Vec<String>,
    /// All other inputs.
    pub(super) unproven: BoundTree,
    /// The other inputs, converted; `None` if they differ by row or are invalid.
    pub(super) unproven_values: Option<Map>,
    /// Whether one of the proven inputs comes from an answer.
    pub(super) waits_for_answer: bool,
}

impl ColumnProofs {
    /// Proves what it can from the types of `columns`. `hashed` is whether a call without a natural key is identified
    /// by its whole request, which needs all inputs.
    pub(super) fn of(plan: &Plan, columns: &[Column], hashed: bool, now: Time) -> Self {
        let prover = Prover { plan, columns, hashed, now };
        Self {
            steps: plan.steps.iter().map(|step| prover.step(step)).collect(),
            results: plan.results.iter().map(|(_, tree)| prover.renders(tree)).collect(),
        }
    }

    pub(super) fn step(&self, place: usize) -> Option<&StepProof> {
        self.steps.get(place)
    }

    pub(super) fn result(&self, place: usize) -> bool {
        self.results.get(place).copied().unwrap_or_default()
    }
}

struct Prover<'a> {
    plan: &'a Plan,
    columns: &'a [Column],
    hashed: bool,
    now: Time,
}

impl Prover<'_> {
    fn step(&self, step: &BoundStep) -> StepProof {
        let rollback = step.rollback.as_ref();
        StepProof { call: self.call(&step.call), rollback: rollback.and_then(|call| self.call(call)) }
    }

    fn call(&self, call: &BoundCall) -> Option<CallProof> {
        let BoundTree::Map(fields) = &call.with else { return None };
        whole(&call.settings)?;
        if call.undoes.is_some() {
            return None;
        }
        let connection = &self.plan.connections[call.connection];
        let asked = call.operation.deciding_inputs();
        let line = call.operation.head_inputs();
        let mut proof = CallProof {
            proven: Vec::new(),
            unproven: BoundTree::Map(Vec::new()),
            unproven_values: None,
            waits_for_answer: false,
        };
        let mut rest = Vec::new();
        for (name, tree) in fields {
            let open =
                asked.contains(name.as_str()) || line.contains(name.as_str()) || connection.defaults.contains_key(name);
            let input = only_named(name, fields, &call.operation.inputs).filter(|_| !open);
            if input.is_some_and(|input| self.proves(tree, input)) {
                proof.waits_for_answer |= any_waits(tree);
                proof.proven.push(name.clone());
            } else {
                rest.push((name.clone(), tree.clone()));
            }
        }
        // Without a natural key the whole request identifies a call, unless an input still waits for an answer.
        if self.hashed && call.operation.natural_key.is_empty() && !proof.waits_for_answer {
            return None;
        }
        proof.unproven = BoundTree::Map(rest);
        proof.unproven_values = self.unproven_values(&proof, call, connection);
        Some(proof)
    }

    /// Converts the unproven inputs; `None` if they differ by row or are invalid.
    fn unproven_values(&self, proof: &CallProof, call: &BoundCall, connection: &Connection) -> Option<Map> {
        let Value::Object(rest) = whole(&proof.unproven)? else { return None };
        call.operation.prepare_beside(&proof.proven, connection, rest, self.now).ok()
    }

    /// Whether a value is valid for an input in every row.
    fn proves(&self, tree: &BoundTree, input: &Input) -> bool {
        match (tree, &input.kind) {
            (BoundTree::Constant(Value::Null, _), _) => !input.required,
            (BoundTree::Constant(value, _), _) => input.accepts(value, self.now),
            (BoundTree::Template(template, _), _) if always_waits(template) => true,
            (BoundTree::Template(template, _), kind) => {
                self.fits(template, kind, input.required).is_some_and(|length| input.accepts_any(length))
            }
            (BoundTree::List(items), InputKind::List(element)) => {
                let count = KnownLength::Elements(u64::try_from(items.len()).unwrap_or(u64::MAX));
                input.accepts_any(count) && items.iter().all(|item| !may_be_null(item) && self.proves(item, element))
            }
            (BoundTree::Map(fields), InputKind::Object { fields: declared, .. }) => {
                let named = |input: &Input| fields.iter().any(|(name, _)| *name == input.name);
                declared.iter().filter(|input| input.required).all(named)
                    && fields.iter().all(|(name, field)| {
                        only_named(name, fields, declared).is_some_and(|input| self.proves(field, input))
                    })
            }
            _ => false,
        }
    }

    /// What is known of the length of a template's value; `None` if it may have another type.
    fn fits(&self, template: &Template, kind: &InputKind, required: bool) -> Option<KnownLength> {
        let length = |column: &Column| if column.has_default { KnownLength::Any } else { KnownLength::Filled };
        if let Some(column) = template.column() {
            let sound = |column: &&Column| (!column.optional || !required) && becomes(column.kind, kind);
            return self.column(column).filter(sound).map(length);
        }
        (matches!(kind, InputKind::String | InputKind::Any) && self.joins(template)).then_some(KnownLength::Any)
    }

    /// Whether a template joins the cells of plain columns that are not optional.
    fn joins(&self, template: &Template) -> bool {
        let there = |name: &str| self.column(name).is_some_and(|column| !column.optional && is_plain(column.kind));
        template.joined_columns().is_some_and(|names| names.into_iter().all(there))
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether a value can be rendered for every row without a blank cell.
    fn renders(&self, tree: &BoundTree) -> bool {
        match tree {
            BoundTree::Constant(..) => true,
            BoundTree::Template(template, _) => {
                let column = || template.column().is_some_and(|name| self.column(name).is_some());
                always_waits(template) || column() || self.joins(template)
            }
            BoundTree::List(items) => items.iter().all(|item| self.renders(item)),
            BoundTree::Map(fields) => fields.iter().all(|(_, field)| self.renders(field)),
            BoundTree::Each(..) => false,
        }
    }
}

/// The input with exactly this name; `None` if another spelling of it is given, too.
fn only_named<'i>(name: &str, fields: &[(String, BoundTree)], inputs: &'i [Input]) -> Option<&'i Input> {
    let input = inputs.iter().find(|input| input.name == name)?;
    let given = fields.iter().filter(|(other, _)| input.answers_to(other)).count();
    (given == 1).then_some(input)
}

/// Whether an element of a list may be null, so that it is left out.
fn may_be_null(element: &BoundTree) -> bool {
    matches!(element, BoundTree::Template(..) | BoundTree::Each(..) | BoundTree::Constant(Value::Null, _))
}

/// Whether the cells of a column of this type are plain values.
fn is_plain(kind: ColumnType) -> bool {
    !matches!(kind, ColumnType::Json | ColumnType::List)
}

/// Whether every cell of a column of this type converts to the kind of an input.
fn becomes(column: ColumnType, kind: &InputKind) -> bool {
    match kind {
        InputKind::String | InputKind::Any => is_plain(column),
        InputKind::Integer => column == ColumnType::Integer,
        InputKind::Boolean => column == ColumnType::Boolean,
        InputKind::Number | InputKind::Time(_) | InputKind::Object { .. } | InputKind::List(_) => false,
    }
}

/// Whether a template of the value names an answer.
fn any_waits(tree: &BoundTree) -> bool {
    match tree {
        BoundTree::Constant(..) => false,
        BoundTree::Template(template, _) => always_waits(template),
        BoundTree::List(items) => items.iter().any(any_waits),
        BoundTree::Map(fields) => fields.iter().any(|(_, field)| any_waits(field)),
        BoundTree::Each(_, body, _) => any_waits(body),
    }
}
