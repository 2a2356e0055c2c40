//! Compares two runs from their journals, which may still be growing.

use super::compared::ComparedRun;
use super::latency::latency;
use super::report::{DiffNote, DiffReport, DiffRequest, KindChanges, RowChanges};
use super::rows::RowComparison;
use crate::io::journal::JournalError;
use crate::operate::interface::{Context, OrRefuse, Refusal};
use crate::report::{FailureKind, message_shape};
use crate::runner::LinkKind;

/// Compares two runs: their rows by key, their kinds of failure, and how long their requests took.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, DiffRequest, RunRequest, diff, run};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// let first = run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?.summary.run_id;
/// let second = run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?.summary.run_id;
///
/// let report = diff(&DiffRequest::new(first.as_str(), second.as_str()), &context)?;
/// assert_eq!(report.rows.same, report.left.rows);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where a word names no run or several, or both name the same; [`Refusal::Conflict`] where a run was
/// pruned or something of it is lost; [`Refusal::Broken`] where a journal cannot be read.
pub fn diff(request: &DiffRequest, context: &Context) -> Result<DiffReport, Refusal> {
    let state = context.state()?;
    let left = ComparedRun::open(state, &request.left, context.unmask)?;
    let right = ComparedRun::open(state, &request.right, context.unmask)?;
    if left.known.frozen.run_id == right.known.frozen.run_id {
        return Err(Refusal::Usage(format!(
            "`{}` and `{}` name the same run: name two different ones",
            request.left, request.right
        )));
    }
    let keys = left.shows_keys() && right.shows_keys();
    let rows = rows(&left, &right, request.named, keys).or_refuse("the journals")?;
    let kinds = kinds(&left, &right).or_refuse("the journals")?;
    let latency = latency(&left, &right, context)?;
    let (about_left, about_right) = (left.about().or_refuse("the journal")?, right.about().or_refuse("the journal")?);
    Ok(DiffReport { notes: notes(&left, &right, keys), left: about_left, right: about_right, rows, kinds, latency })
}

fn rows(left: &ComparedRun, right: &ComparedRun, named: usize, keys: bool) -> Result<RowChanges, JournalError> {
    let mut compared = RowComparison { changes: RowChanges::default(), named, keys };
    left.known.reader.merge_by_key(&right.known.reader, &mut |pair| {
        match (pair.left, pair.right) {
            (Some(one), Some(two)) => compared.both(pair.key, left.row(one)?, right.row(two)?),
            (Some(one), None) => compared.left(pair.key, left.row(one)?),
            (None, Some(two)) => compared.right(pair.key, right.row(two)?),
            (None, None) => {}
        }
        Ok(())
    })?;
    Ok(compared.changes)
}

fn kinds(left: &ComparedRun, right: &ComparedRun) -> Result<Option<KindChanges>, JournalError> {
    let (Some(left), Some(right)) = (left.kinds()?, right.kinds()?) else { return Ok(None) };
    let is_in = |kind: &FailureKind, kinds: &[FailureKind]| kinds.iter().any(|other| is_same(kind, other));
    let both = left.iter().filter(|kind| is_in(kind, &right)).count() as u64;
    let gone = left.iter().filter(|kind| !is_in(kind, &right)).cloned().collect();
    let new = right.iter().filter(|kind| !is_in(kind, &left)).cloned().collect();
    Ok(Some(KindChanges { gone, new, both }))
}

/// Whether two kinds are one: the same outcome, step and code; without a code, messages of the same shape.
fn is_same(one: &FailureKind, other: &FailureKind) -> bool {
    let cause = |kind: &FailureKind| kind.code.clone().or_else(|| kind.message.as_deref().map(message_shape));
    (one.outcome, &one.step, cause(one)) == (other.outcome, &other.step, cause(other))
}

fn notes(left: &ComparedRun, right: &ComparedRun, keys: bool) -> Vec<DiffNote> {
    let (one, two) = (&left.known.frozen, &right.known.frozen);
    let linked = |kind| {
        let is = |a: &crate::runner::FrozenRun, b: &crate::runner::FrozenRun| {
            a.link.as_ref().is_some_and(|link| link.kind == kind && link.lineage.contains(&b.run_id))
        };
        is(one, two) || is(two, one)
    };
    let other_name = one.playbook.name != two.playbook.name;
    let found = [
        (DiffNote::Playbooks, other_name && one.playbook.text != two.playbook.text),
        (DiffNote::PlaybookChanged, !other_name && one.playbook.text != two.playbook.text),
        (DiffNote::Environments, one.environment.name != two.environment.name),
        (DiffNote::Retry, linked(LinkKind::Retry)),
        (DiffNote::Undo, linked(LinkKind::Undo)),
        (DiffNote::UnderWay, left.is_under_way() || right.is_under_way()),
        (DiffNote::KeysMasked, !keys),
    ];
    found.into_iter().filter(|(_, holds)| *holds).map(|(note, _)| note).collect()
}
