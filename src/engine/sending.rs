//! Making a row's next request: from bound inputs to what is sent, lookups and rollbacks included.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::outgoing::Outgoing;
use super::row_machine::{Next, RowMachine, Scene};
use crate::journal::{CallRef, CallState, Fact, Intent};
use crate::model::{Map, Masks, Phase, StepOutcome, StepScope as Whose, Time, Value};
use crate::plan::{BoundCall, BoundStep, BoundTree, Knowledge, render};
use crate::provider::Effect;

/// Lookups of one call that bring no verdict; after that it is unknown.
pub(super) const LOOKUPS: u32 = 4;

impl RowMachine {
    /// The next thing for a step's call that has not ended.
    pub(super) fn call(&mut self, scene: Scene<'_>, step: &BoundStep, call: CallRef) -> Option<Next> {
        self.next_send(scene, step, &step.call, call)
    }

    /// The next thing for a rollback that has not ended.
    pub(super) fn undo(
        &mut self,
        scene: Scene<'_>,
        step: &BoundStep,
        rollback: &BoundCall,
        call: CallRef,
    ) -> Option<Next> {
        self.next_send(scene, step, rollback, call)
    }

    fn next_send(&mut self, scene: Scene<'_>, step: &BoundStep, bound: &BoundCall, call: CallRef) -> Option<Next> {
        let known = self.state.call(call);
        if known.is_some_and(|known| known.open) {
            self.lost_in_a_crash(scene, step, bound, call);
            return None;
        }
        if self.doubt_what_a_copy_lacks(scene, step, bound, call) {
            return None;
        }
        let known = self.state.call(call);
        if let Some(wait) = self.wait(scene, step, bound, call, known) {
            return Some(Next::Wait(wait));
        }
        let (look_up, doubt) = known.map_or((false, false), |known| (known.to_look_up, known.doubt));
        // A call that is asked about is judged by the rules of time as of when it was sent.
        let then = known.filter(|_| look_up).and_then(|known| known.first_at).unwrap_or(scene.now);
        match self.render_call(Scene { now: then, ..scene }, step, bound, call) {
            Ok(made) if look_up => self.lookup(scene, bound, made, then),
            Ok(made) => Some(Next::Send(Box::new(made))),
            Err((code, message)) if look_up => {
                self.end_unknown(scene.now, call, code, &message);
                None
            }
            Err((code, message)) => {
                self.refuse_to_make(scene.now, call, doubt, code, &message);
                None
            }
        }
    }

    /// A call that cannot be made has failed; one in doubt stays unknown.
    fn refuse_to_make(&mut self, at: Time, call: CallRef, doubt: bool, code: &str, message: &str) {
        let ended = if doubt { StepOutcome::Unknown } else { StepOutcome::Failed };
        self.conclude(at, call, crate::journal::AttemptEnd::NotMade, ended, code, message);
    }

    /// When the call may go on, where that is not now.
    fn wait(
        &self,
        scene: Scene<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
        known: Option<&CallState>,
    ) -> Option<Time> {
        let until = self.wait_until.or_else(|| self.wait_after_resume(scene, step, bound, call, known?))?;
        (until > scene.now).then_some(until)
    }

    /// The request of a call, rendered.
    pub(super) fn render_call(
        &mut self,
        scene: Scene<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
    ) -> Result<Outgoing, (&'static str, String)> {
        let template = |message: String| ("template", message);
        self.enter(scene, step, call).map_err(template)?;
        let with = match &bound.undoes {
            Some(_) => self.undo_inputs(scene, step, call)?,
            None => self.object(scene, &bound.with).map_err(template)?,
        };
        let connection = &scene.plan.connections[bound.connection];
        let settings = match &bound.settled {
            Some(settled) => settled.clone(),
            None => {
                let own = self.object(scene, &bound.settings).map_err(template)?;
                Arc::new(bound.operation.provider.settings_over(connection, &own).into_owned())
            }
        };
        let operation = &bound.operation;
        let inputs = operation.prepare(connection, with, scene.now).map_err(|problems| {
            let late = problems.iter().all(|problem| problem.code == "too-late");
            let text: Vec<_> = problems.iter().map(|problem| problem.message.clone()).collect();
            (if late { "expired" } else { "invalid" }, text.join("; "))
        })?;
        let prepared = operation.request(connection, &settings, &inputs).map_err(|message| ("invalid", message))?;
        let write = operation.effect_for(&inputs) == Effect::Write;
        let hash = write.then(|| prepared.hash());
        Ok(Outgoing {
            call,
            lookup: false,
            write,
            repeat: bound.repeat_for(&inputs),
            effect: bound.effect(scene.plan, &inputs, || Some(hash.clone().unwrap_or_else(|| prepared.hash()))),
            counts: bound.counted(&scene.plan.bounds.budget, &inputs),
            connection: bound.connection,
            budget: bound.budget,
            deadlines: operation.deadlines(&inputs),
            natural_key: operation.natural_key(&inputs),
            element: self.element(step, call),
            call_inputs: Map::new(),
            batch: None,
            inputs,
            settings,
            prepared: Arc::new(prepared),
            hash,
            timeout: bound.timeout,
            operation: operation.clone(),
        })
    }

    /// Adds what a call takes and people must not see, as far as it can be told.
    pub(super) fn mask_call(
        &mut self,
        scene: Scene<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
        masks: &mut Masks,
    ) {
        if self.enter(scene, step, call).is_err() {
            return;
        }
        let with = match &bound.undoes {
            Some(_) => self.undo_inputs(scene, step, call).ok(),
            None => {
                scene.plan.mask_made(step, bound, &mut self.scope, masks);
                self.object(scene, &bound.with).ok()
            }
        };
        let Some(with) = with else { return };
        bound.operation.mask_inputs(&with, masks);
        // What a default or a conversion makes of it is what went out.
        if let Ok(inputs) = bound.operation.prepare(&scene.plan.connections[bound.connection], with, scene.now) {
            bound.operation.mask_inputs(&inputs, masks);
            if bound.undoes.is_none() {
                scene.plan.mask_became(step, bound, &inputs, masks);
            }
        }
    }

    fn object(&mut self, scene: Scene<'_>, tree: &BoundTree) -> Result<Map, String> {
        match render(tree, &scene.plan.templates, &mut self.scope, Knowledge::All) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(_) => Ok(Map::new()),
            Err(trouble) => Err(trouble.message),
        }
    }

    /// The identity of an element: a hash of its value, and which of several equal ones it is.
    pub(super) fn element(&self, step: &BoundStep, call: CallRef) -> Option<String> {
        step.for_each.as_ref()?;
        let (_, items) = self.items.as_ref()?;
        let place = call.item as usize;
        let item = items.get(place)?;
        let earlier = items[..place].iter().filter(|other| *other == item).count();
        let digest = Sha256::digest(item.to_string().as_bytes());
        let hex: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Some(if earlier == 0 { hex } else { format!("{hex}.{earlier}") })
    }

    /// The lookup of a call in doubt.
    fn lookup(&mut self, scene: Scene<'_>, bound: &BoundCall, made: Outgoing, intent_at: Time) -> Option<Next> {
        let call = made.call;
        match lookup_request(scene, bound, made, intent_at) {
            Ok(lookup) => {
                let batch = lookup.batch.filter(|_| !self.asks_alone);
                Some(Next::Send(Box::new(Outgoing { batch, ..lookup })))
            }
            Err(message) => {
                self.end_unknown(scene.now, call, "lookup", &message);
                None
            }
        }
    }

    /// The intent of a write about to be sent.
    pub(super) fn intend(&mut self, at: Time, outgoing: &Outgoing) {
        self.wait_until = None;
        if !outgoing.write {
            return;
        }
        let attempt = self.state.call(outgoing.call).map_or(0, |known| known.all_sends) + 1;
        self.record(
            at,
            Fact::Intent(Intent {
                call: outgoing.call,
                attempt,
                hash: outgoing.hash.clone().unwrap_or_else(|| outgoing.prepared.hash()),
                element: outgoing.element.clone(),
                natural_key: outgoing.natural_key.clone(),
                counts: outgoing.counts.clone(),
                effect: outgoing.effect,
            }),
        );
    }

    /// The first deadline that has passed by the moment of sending.
    pub(super) fn missed_deadline(outgoing: &Outgoing, now: Time) -> Option<String> {
        let (input, at) = outgoing.deadlines.iter().find(|(_, at)| *at <= now)?;
        Some(format!("`{input}` ({at}) is no longer ahead"))
    }

    /// Where the row stands among all, for dice.
    pub(super) fn place_in_dice(&self, call: CallRef, sends: u32) -> [u64; 5] {
        let row = match self.whose {
            Whose::Row(position) => position,
            Whose::Before => u64::MAX,
            Whose::After => u64::MAX - 1,
            Whose::Run => u64::MAX - 2,
        };
        [row, call.step.into(), call.item.into(), u64::from(call.phase == Phase::Rollback), sends.into()]
    }

    fn end_unknown(&mut self, at: Time, call: CallRef, code: &str, message: &str) {
        self.conclude(at, call, crate::journal::AttemptEnd::LookupFailed, StepOutcome::Unknown, code, message);
    }
}

fn lookup_request(scene: Scene<'_>, bound: &BoundCall, made: Outgoing, intent_at: Time) -> Result<Outgoing, String> {
    let lookup = bound.operation.lookup.as_ref().ok_or("the operation has no lookup")?;
    let (read, budget) = bound.lookup.as_ref().ok_or("the lookup's operation is missing")?;
    let connection = &scene.plan.connections[bound.connection];
    let with = lookup.inputs(&made.inputs, intent_at)?;
    let inputs = read
        .prepare(connection, with, scene.now)
        .map_err(|problems| problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; "))?;
    let prepared = Arc::new(read.request(connection, &made.settings, &inputs)?);
    Ok(Outgoing {
        operation: read.clone(),
        lookup: true,
        write: false,
        repeat: made.repeat,
        budget: *budget,
        call_inputs: made.inputs,
        inputs,
        prepared,
        hash: None,
        deadlines: Vec::new(),
        counts: Vec::new(),
        effect: None,
        batch: lookup.batch.clone(),
        ..made
    })
}
