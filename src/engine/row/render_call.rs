//! Making a row's next request: from bound inputs to what is sent, lookups and rollbacks included.

use std::sync::Arc;

use super::outgoing_call::Outgoing;
use super::row_machine::RowMachine;
use super::step_context::Scene;
use crate::journal::CallRef;
use crate::model::{Map, Masks, Value};
use crate::plan::{Answers, BoundCall, BoundStep, BoundTree, render};
use crate::provider::Effect;

impl RowMachine {
    /// The request of a call, rendered.
    pub(in crate::engine) fn render_call(
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
        let settings = match &bound.merged_settings {
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
            budget: bound.rate_bucket,
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
    pub(in crate::engine) fn mask_call(
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
                scene.plan.mask_rendered(step, bound, &mut self.scope, masks);
                self.object(scene, &bound.with).ok()
            }
        };
        let Some(with) = with else { return };
        bound.operation.mask_inputs(&with, masks);
        // What a default or a conversion makes of it is what went out.
        if let Ok(inputs) = bound.operation.prepare(&scene.plan.connections[bound.connection], with, scene.now) {
            bound.operation.mask_inputs(&inputs, masks);
            if bound.undoes.is_none() {
                scene.plan.mask_converted(step, bound, &inputs, masks);
            }
        }
    }

    fn object(&mut self, scene: Scene<'_>, tree: &BoundTree) -> Result<Map, String> {
        match render(tree, &scene.plan.templates, &mut self.scope, Answers::Known) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(_) => Ok(Map::new()),
            Err(trouble) => Err(trouble.message),
        }
    }

    /// Operation and hash of a call as it would be made.
    pub(in crate::engine) fn request_now(
        &mut self,
        scene: Scene<'_>,
        step: &BoundStep,
        call: CallRef,
    ) -> Result<(String, String), String> {
        let made = self.render_call(scene, step, &step.call, call).map_err(|(_, message)| message)?;
        Ok((made.operation.full_name().to_owned(), made.prepared.hash()))
    }
}
