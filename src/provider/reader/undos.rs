//! The `undo` section: `{ operation, when, with }`.

use std::sync::Arc;

use super::bodies::written_map;
use super::expressions::{Known, condition};
use crate::diagnostic::{Diagnostics, Source};
use crate::provider::names::Root;
use crate::provider::operation::Effect;
use crate::provider::undo::Undo;
use crate::yaml::{Fields, Node};

/// Reads how an operation is taken back; its names are the call's inputs and outputs.
pub(crate) fn read_undo(
    node: &Node,
    known: Known<'_>,
    effect: Effect,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<Undo> {
    let mut fields = Fields::open(node, source, diagnostics, "`undo`")?;
    let made = known.with_roots(&[Root::Inputs, Root::Outputs]);
    let operation = fields.required_text("operation");
    let when = condition(&mut fields, "when", Some(made));
    let with = written_map(&mut fields, "with", Some(made));
    if effect == Effect::Read {
        let span = fields.span();
        fields.error("bad-value", span, "A read changes nothing, so nothing of it is undone", None);
    }
    fields.finish();
    Some(Undo { operation: operation?, when, with })
}
