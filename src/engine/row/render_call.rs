//! Renders a call of a row: from the plan's inputs to the request that is sent, and to the values that people must
//! not see.

use std::sync::Arc;

use super::outgoing_call::OutgoingCall;
use super::row_machine::RowMachine;
use super::step_context::StepContext;
use crate::journal::CallRef;
use crate::model::{Map, Masks, Value};
use crate::plan::{Answers, BoundCall, BoundStep, BoundTree, render};
use crate::provider::Effect;

impl RowMachine {
    /// Renders a call.
    ///
    /// # Errors
    /// A code and a message: `template` if a template fails, `invalid` if the operation does not accept an input,
    /// `expired` if only deadlines have passed, `no_undo` if no operation undoes the call.
    pub(in crate::engine) fn render_call(
        &mut self,
        context: StepContext<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
    ) -> Result<OutgoingCall, (&'static str, String)> {
        let template = |message: String| ("template", message);
        self.enter_call(context, step, call).map_err(template)?;
        let with = match &bound.undoes {
            Some(_) => self.undo_inputs(context, step, call)?,
            None => self.object(context, &bound.with).map_err(template)?,
        };
        let connection = &context.plan.connections[bound.connection];
        let settings = match &bound.merged_settings {
            Some(settled) => settled.clone(),
            None => {
                let own = self.object(context, &bound.settings).map_err(template)?;
                Arc::new(bound.operation.provider.settings_over(connection, &own).into_owned())
            }
        };
        let operation = &bound.operation;
        let inputs = operation.prepare(connection, with, context.now).map_err(|problems| {
            let late = problems.iter().all(|problem| problem.code == "too-late");
            let text: Vec<_> = problems.iter().map(|problem| problem.message.clone()).collect();
            (if late { "expired" } else { "invalid" }, text.join("; "))
        })?;
        let prepared = operation.request(connection, &settings, &inputs).map_err(|message| ("invalid", message))?;
        let write = operation.effect_for(&inputs) == Effect::Write;
        let hash = write.then(|| prepared.hash());
        Ok(OutgoingCall {
            call,
            lookup: false,
            write,
            repeat: bound.repeat_for(&inputs),
            effect: bound.effect(context.plan, &inputs, || Some(hash.clone().unwrap_or_else(|| prepared.hash()))),
            counts: bound.counted(&context.plan.bounds.budget, &inputs),
            connection: bound.connection,
            bucket: bound.rate_bucket,
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

    /// Adds the values of a call's inputs that must be masked, as far as they can be rendered.
    pub(in crate::engine) fn mask_call(
        &mut self,
        context: StepContext<'_>,
        step: &BoundStep,
        bound: &BoundCall,
        call: CallRef,
        masks: &mut Masks,
    ) {
        if self.enter_call(context, step, call).is_err() {
            return;
        }
        let with = match &bound.undoes {
            Some(_) => self.undo_inputs(context, step, call).ok(),
            None => {
                context.plan.mask_rendered(step, bound, &mut self.scope, masks);
                self.object(context, &bound.with).ok()
            }
        };
        let Some(with) = with else { return };
        bound.operation.mask_inputs(&with, masks);
        // Defaults and conversions change values: the values that were sent are masked, too.
        if let Ok(inputs) = bound.operation.prepare(&context.plan.connections[bound.connection], with, context.now) {
            bound.operation.mask_inputs(&inputs, masks);
            if bound.undoes.is_none() {
                context.plan.mask_converted(step, bound, &inputs, masks);
            }
        }
    }

    fn object(&mut self, context: StepContext<'_>, tree: &BoundTree) -> Result<Map, String> {
        match render(tree, &context.plan.templates, &mut self.scope, Answers::Known) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(_) => Ok(Map::new()),
            Err(trouble) => Err(trouble.message),
        }
    }

    /// The operation's name and the request's hash of a call as it would be sent now.
    ///
    /// # Errors
    /// A message, if it cannot be rendered.
    pub(in crate::engine) fn request_now(
        &mut self,
        context: StepContext<'_>,
        step: &BoundStep,
        call: CallRef,
    ) -> Result<(String, String), String> {
        let made = self.render_call(context, step, &step.call, call).map_err(|(_, message)| message)?;
        Ok((made.operation.full_name().to_owned(), made.prepared.hash()))
    }
}
