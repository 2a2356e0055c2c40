//! Does what is missing of a run, as a run of its own: what is done stays done.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use super::choice::{Choice, Choosing, handed};
use super::corrected::{Corrected, CorrectedRows, check_keys};
use crate::cli::args::{Common, RetryArgs, RetryOutcome};
use crate::cli::desk::Desk;
use crate::cli::exit::Exit;
use crate::cli::failure::{Ended, Failure, plural};
use crate::cli::linked::{Filled, Linked, begin};
use crate::cli::prepare::set_pace;
use crate::cli::resolve::ask;
use crate::cli::run::{Conduct, absolute, bound, check_out, conduct, confirm, open_past, place, refuse_repeats};
use crate::cli::screen::Screen;
use crate::cli::state;
use crate::cli::text_file::read_text;
use crate::cli::told::{tell_messages, warnings};
use crate::diagnostic::{Diagnostics, Source, one_line, printable};
use crate::engine::Side;
use crate::io::journal::{Past, Reader, Store};
use crate::io::random_u128;
use crate::model::{Map, Scope, Value};
use crate::plan::{Plan, resolve_vars};
use crate::playbook::{self, Playbook};
use crate::report::Verb;
use crate::rows::RowFile;
use crate::runner::{
    FrozenRun, FrozenText, Intake, Kept, KeptRows, Link, LinkKind, RowSource, Selection, Tally, freeze_rows,
};

/// Keys that are named in a message.
const KEYS_NAMED: usize = 20;

/// Runs `retry RUN`.
pub(crate) fn retry(args: &RetryArgs, common: &Common, screen: Screen) -> Ended {
    let state = state::folder(common)?;
    let desk = Desk::open(state::find(&state, &args.run)?, common.unmask, screen)?;
    if let Some(Link { kind: LinkKind::Undo, of, .. }) = &desk.frozen.link {
        let message = format!("the run {} takes back {of}: `runsheet undo {of}` tries again", desk.frozen.run_id);
        return Err(Failure::Usage(message));
    }
    if args.only.contains(&RetryOutcome::Unknown) {
        settle(&desk)?;
    }
    let mut retrying = Retrying { args, common, state: &state, desk: &desk, diagnostics: Diagnostics::new() };
    let playbook = retrying.playbook()?;
    retrying.run(&playbook)
}

/// Looks up what can be looked up, as `resolve` does.
fn settle(desk: &Desk) -> Result<(), Failure> {
    let cases = desk.cases()?;
    let stop = ask(desk, &cases)?;
    if let Some(stop) = stop {
        return Err(Failure::Conflict(format!("the lookups stopped, and nothing was sent again: {stop}")));
    }
    if !cases.is_empty() {
        desk.close()?;
    }
    Ok(())
}

struct Retrying<'a> {
    args: &'a RetryArgs,
    common: &'a Common,
    state: &'a Path,
    desk: &'a Desk,
    diagnostics: Diagnostics,
}

/// A run to be, with its plan and its rows.
struct Prepared {
    frozen: FrozenRun,
    plan: Arc<Plan>,
    source: RowSource,
}

impl Retrying<'_> {
    /// The playbook as it is now: a corrected one, or the run's own.
    fn playbook(&mut self) -> Result<Playbook, Failure> {
        let Some(path) = &self.args.playbook else { return Ok(self.desk.playbook.clone()) };
        let text = read_text(path, "playbook")?;
        let source = Source::new(path.display().to_string(), text);
        let Some(mut playbook) = playbook::read(&source, &mut self.diagnostics) else {
            return Err(Failure::Invalid(std::mem::take(&mut self.diagnostics)));
        };
        if let Some(rows) = &mut playbook.rows {
            rows.veil(&self.desk.frozen.veiled);
        }
        Ok(playbook)
    }

    fn run(&mut self, playbook: &Playbook) -> Ended {
        let corrected = Corrected::new(playbook, &self.args.rows, self.common.unmask)?;
        let rows = corrected.rows(self.state, &mut self.diagnostics)?;
        let new_playbook = self.args.playbook.is_some();
        let choosing = Choosing {
            desk: self.desk,
            state: self.state,
            only: &self.args.only,
            corrected: rows.iter().flat_map(|(_, rows)| rows.keys().cloned()).collect::<HashSet<_>>(),
            new_playbook,
        };
        let choice = choosing.choose()?;
        let mut others = 0;
        if let (Some((file, rows)), Some(decl)) = (&rows, &playbook.rows) {
            let key = decl.key.first().map(|key| key.value.as_str()).unwrap_or_default();
            others = check_keys(file, rows, &choice, key, &mut self.diagnostics);
        }
        let again = match new_playbook || corrected.has_lists_alone() {
            true => corrected.again(self.desk, &choice, &mut self.diagnostics)?,
            false => None,
        };
        if self.diagnostics.has_errors() {
            return Err(Failure::Invalid(std::mem::take(&mut self.diagnostics)));
        }
        self.notices(&choice, others);
        if choice.rows.is_empty() {
            let unknown = choice.unknown > 0;
            self.desk.screen.talk(&format!("Nothing of the run {} is to be done again", self.desk.frozen.run_id));
            return Ok(if unknown { Exit::Unknown } else { Exit::Done });
        }
        let prepared = self.prepare(playbook, &choice, rows, again)?;
        self.begin(prepared, &choice)
    }

    fn notices(&self, choice: &Choice, others: usize) {
        let screen = self.desk.screen;
        choice.notices(self.desk.frozen.run_id.as_str()).iter().for_each(|notice| screen.talk(&printable(notice)));
        if others > 0 {
            let rows = plural(others, "row");
            screen.talk(&format!("{rows} of the corrected file left out: this retry does not take them"));
        }
    }

    /// The new run with its plan and its rows.
    fn prepare(
        &mut self,
        playbook: &Playbook,
        choice: &Choice,
        rows: Option<CorrectedRows>,
        again: Option<RowFile>,
    ) -> Result<Prepared, Failure> {
        let mut frozen = self.frozen(playbook);
        let files = again.iter().chain(rows.as_ref().map(|(file, _)| file));
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
        let registry = &self.desk.registry;
        let plan = bound(&frozen, playbook, registry, vars, &frozen.columns, &mut self.diagnostics);
        let Some(mut plan) = plan else { return Err(Failure::Invalid(std::mem::take(&mut self.diagnostics))) };
        if self.args.playbook.is_none() {
            (plan.limits, plan.bounds) = (frozen.limits, frozen.bounds());
        }
        if self.common.unmask {
            plan.unmask();
        }
        set_pace(&mut plan, &self.args.pace);
        frozen.limits = plan.limits;
        frozen.set_bounds(plan.bounds.clone());
        frozen.vars.clone_from(&plan.vars);
        let plan = Arc::new(plan);
        let (file, corrected) = rows.map_or((None, Default::default()), |(file, rows)| (Some(file), rows));
        if let Some(file) = &file {
            frozen.rows_name = Some(file.name().to_owned());
        }
        let old = Side::new(self.desk.plan.clone(), Some(self.steps_before()?));
        let mut kept = KeptRows {
            reader: Reader::open(&self.desk.folder.journal()).context("the journal")?,
            run: self.desk.frozen.run_id.clone(),
            chosen: choice.positions(),
            dialect: self.desk.frozen.dialect.clone().unwrap_or_default(),
            corrected,
            file,
            reread: again,
            new: Side::new(plan.clone(), None).speaking_as(&old),
            old,
            changed: self.args.playbook.is_some(),
            kept: Kept::default(),
        };
        kept.carry_once().context("the journal")?;
        Ok(Prepared { frozen, plan, source: RowSource::Kept(Box::new(kept)) })
    }

    fn steps_before(&self) -> Result<Map, Failure> {
        let facts = self.desk.reader.facts(Scope::Before).context("the journal")?;
        Ok(Side::new(self.desk.plan.clone(), None).known_steps(Scope::Before, &facts))
    }

    /// The values that the run's variables have, as far as the playbook still has them.
    fn vars(&mut self, playbook: &Playbook) -> Map {
        let known = |name: &String| playbook.vars.iter().any(|var| var.name == *name);
        let given: BTreeMap<String, Value> =
            self.desk.frozen.vars.clone().into_iter().filter(|(name, _)| known(name)).collect();
        resolve_vars(&playbook.vars, &given, &playbook.source, &mut self.diagnostics)
    }

    /// What the new run is: the earlier one but for its name, its playbook and its own folder for results.
    fn frozen(&self, playbook: &Playbook) -> FrozenRun {
        let was = &self.desk.frozen;
        FrozenRun {
            playbook: FrozenText { name: playbook.source.name().to_owned(), text: playbook.source.text().to_owned() },
            out: self.args.pace.out.clone().map(absolute),
            link: Some(was.linked(LinkKind::Retry, None)),
            ..was.anew(self.desk.clock.now(), random_u128())
        }
    }

    fn begin(&mut self, prepared: Prepared, choice: &Choice) -> Ended {
        let Prepared { mut frozen, plan, mut source } = prepared;
        let (state, desk) = (self.state, self.desk);
        let (mut tally, mut past) = (Tally::default(), None);
        let (again, lineage) = (frozen.again, frozen.lineage().to_vec());
        let linked = begin(desk, state, &mut frozen, &plan, |store, folder| {
            past = match again {
                true => None,
                false => open_past(folder, &plan, &lineage, desk.screen),
            };
            tally = self.take(&mut source, &plan, past.as_mut(), store)?;
            let RowSource::Kept(rows) = source else { return Ok(Filled::default()) };
            Ok(Filled { facts: rows.kept.facts, handed: handed(choice), warnings: warnings(&self.diagnostics) })
        })?;
        let rows = plural(usize::try_from(tally.rows).unwrap_or(usize::MAX), "row");
        let (run, of) = (&frozen.run_id, &desk.frozen.run_id);
        desk.screen.talk(&format!("Run {run}: {}, retry of {of}, {rows}, {}", plan.name, place(&plan, "is")));
        let Linked { folder, vendors, lock } = linked;
        let conducted =
            Conduct { frozen, plan, folder, vendors, clock: desk.clock, past, waves_anew: false, verb: Verb::Retry };
        let ended = conduct(conducted, desk.screen);
        drop(lock);
        ended
    }

    /// Takes every row into the journal, everything checked, and asks what has to be asked.
    fn take(
        &mut self,
        source: &mut RowSource,
        plan: &Plan,
        past: Option<&mut Past>,
        store: &mut Store,
    ) -> Result<Tally, Failure> {
        let intake = Intake {
            plan,
            source,
            selection: &Selection::default(),
            skip_invalid: false,
            now: self.desk.clock.now(),
            samples: 0,
            past,
        };
        let taken = freeze_rows(intake, &mut self.diagnostics, store);
        let tally = taken.map_err(|error| anyhow::Error::new(error).context("the run's journal"))?;
        if let RowSource::Kept(rows) = source {
            if let Some(error) = rows.kept.error.take() {
                return Err(anyhow::Error::new(error).context("the earlier run's journal").into());
            }
            if self.diagnostics.has_errors() {
                return Err(Failure::Invalid(std::mem::take(&mut self.diagnostics)));
            }
            self.refuse_conflicts(&rows.kept, plan)?;
        }
        if !self.diagnostics.is_empty() {
            let screen = self.desk.screen;
            tell_messages(&self.diagnostics, screen);
        }
        check_out(self.args.pace.out.as_deref())?;
        let advice = "Those runs do it already, or did: see `runsheet runs show`.";
        if let Some(refusal) = refuse_repeats(&tally.repeats, plan, advice) {
            return Err(Failure::Conflict(refusal));
        }
        confirm(plan, &tally, &self.args.pace, self.desk.screen)?;
        Ok(tally)
    }

    /// What is done must not be asked for differently.
    fn refuse_conflicts(&self, kept: &Kept, plan: &Plan) -> Result<(), Failure> {
        let conflicts = &kept.conflicts;
        if conflicts.is_empty() {
            return Ok(());
        }
        let keys: HashSet<&str> = conflicts.iter().map(|(key, _)| key.as_str()).collect();
        let rows = plural(keys.len(), "row");
        let mut message = format!("{rows} with steps that are done and would now be others, so nothing was sent:");
        for (key, conflict) in conflicts.iter().take(KEYS_NAMED) {
            let shown = one_line(plan.shown_key(key));
            message.push_str(&format!("\n  {shown}: step `{}`: {}", conflict.step, conflict.message));
        }
        if conflicts.len() > KEYS_NAMED {
            message.push_str(&format!("\n  … and {} more", conflicts.len() - KEYS_NAMED));
        }
        message.push_str("\nChange only what is not done, or take what is done back first: runsheet undo ");
        message.push_str(self.desk.frozen.run_id.as_str());
        Err(Failure::Conflict(message))
    }
}
