//! The run that a retry makes: the earlier run with a new id, and with corrected rows or a corrected playbook.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::choice::ChosenRows;
use super::corrected_rows::CorrectedRows;
use super::request::RetryRequest;
use crate::diagnostic::Diagnostics;
use crate::engine::PlanView;
use crate::io::journal::Reader;
use crate::io::random_u128;
use crate::model::{Map, StepScope, Value};
use crate::operate::files::absolute;
use crate::operate::interface::{Context, OrRefuse, Refusal};
use crate::operate::load::apply_pace_to_plan;
use crate::operate::stored_run::{OpenRun, bind_frozen};
use crate::plan::{Plan, resolve_vars};
use crate::playbook::Playbook;
use crate::rows::{RowFile, RowFormat};
use crate::runner::{Carryover, EarlierRows, FrozenRun, FrozenText, LinkKind, RowSource};

/// A retry under way.
pub(super) struct RetryInProgress<'a> {
    pub(super) request: &'a RetryRequest,
    pub(super) context: &'a Context,
    pub(super) state: &'a Path,
    pub(super) earlier: &'a OpenRun,
    pub(super) diagnostics: Diagnostics,
}

/// A run that is about to start, with its plan and its rows.
pub(super) struct NextRun {
    /// The frozen run that its journal will keep.
    pub(super) frozen: FrozenRun,
    /// Its plan.
    pub(super) plan: Arc<Plan>,
    /// Its rows.
    pub(super) source: RowSource,
}

impl RetryInProgress<'_> {
    /// Makes the next run for the chosen rows. `rows` holds the corrected rows; the others keep their cells, and `reread` reads
    /// those under a corrected playbook.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] where the playbook cannot be bound; [`Refusal::Broken`] where the journal cannot be read.
    pub(super) fn next_run(
        &mut self,
        playbook: &Playbook,
        choice: &ChosenRows,
        rows: Option<CorrectedRows>,
        reread: Option<RowFile>,
    ) -> Result<NextRun, Refusal> {
        let mut frozen = self.frozen(playbook);
        let files = reread.iter().chain(rows.as_ref().map(|(file, _)| file));
        let named = files.flat_map(|file| {
            let columns = file.columns().into_iter().map(|column| column.name);
            columns.chain(file.lists().into_iter().map(|list| list.name)).collect::<Vec<_>>()
        });
        for name in named.collect::<Vec<_>>() {
            if !frozen.columns.contains(&name) {
                frozen.columns.push(name);
            }
        }
        let vars = self.vars(playbook);
        let registry = &self.earlier.registry;
        let plan = bind_frozen(&frozen, playbook, registry, vars, &frozen.columns, &mut self.diagnostics);
        let Some(mut plan) = plan else { return Err(Refusal::Invalid(std::mem::take(&mut self.diagnostics))) };
        if self.request.playbook.is_none() {
            (plan.limits, plan.bounds) = (frozen.limits, frozen.bounds());
        }
        if self.context.unmask {
            plan.unmask();
        }
        apply_pace_to_plan(&mut plan, &self.request.pace);
        frozen.limits = plan.limits;
        frozen.set_bounds(plan.bounds.clone());
        frozen.vars.clone_from(&plan.vars);
        let plan = Arc::new(plan);
        let (file, corrected) = rows.map_or((None, Default::default()), |(file, rows)| (Some(file), rows));
        if let Some(file) = &file {
            frozen.rows_name = Some(file.name().to_owned());
            // Corrected rows from another format are converted to the dialect of the run.
            let other = file.dialect().converted || file.dialect().format != RowFormat::Csv;
            frozen.dialect.iter_mut().for_each(|dialect| dialect.converted |= other);
        }
        let old = PlanView::new(self.earlier.plan.clone(), Some(self.steps_before()?));
        let mut kept = EarlierRows {
            reader: Reader::open(&self.earlier.folder.journal()).or_refuse("the journal")?,
            run: self.earlier.frozen.run_id.clone(),
            chosen: choice.positions(),
            dialect: self.earlier.frozen.dialect.clone().unwrap_or_default(),
            corrected,
            file,
            reread,
            new: PlanView::new(plan.clone(), None).speaking_as(&old),
            old,
            changed: self.request.playbook.is_some(),
            carryover: Carryover::default(),
        };
        kept.carry_once().or_refuse("the journal")?;
        Ok(NextRun { frozen, plan, source: RowSource::Earlier(Box::new(kept)) })
    }

    /// The outputs of the steps before the rows.
    fn steps_before(&self) -> Result<Map, Refusal> {
        let facts = self.earlier.reader.facts(StepScope::Before).or_refuse("the journal")?;
        Ok(PlanView::new(self.earlier.plan.clone(), None).step_values(StepScope::Before, &facts))
    }

    /// The values of the run's variables that the playbook still declares.
    fn vars(&mut self, playbook: &Playbook) -> Map {
        let known = |name: &String| playbook.vars.iter().any(|var| var.name == *name);
        let given: BTreeMap<String, Value> =
            self.earlier.frozen.vars.clone().into_iter().filter(|(name, _)| known(name)).collect();
        resolve_vars(&playbook.vars, &given, &playbook.source, &mut self.diagnostics)
    }

    /// The frozen run: the earlier one with a new id, playbook, link and folder for results.
    fn frozen(&self, playbook: &Playbook) -> FrozenRun {
        let was = &self.earlier.frozen;
        FrozenRun {
            playbook: FrozenText { name: playbook.source.name().to_owned(), text: playbook.source.text().to_owned() },
            out: self.request.pace.out.clone().map(absolute),
            link: Some(was.linked(LinkKind::Retry, None)),
            ..was.with_new_id(self.earlier.clock.now(), random_u128())
        }
    }
}
