//! The overview of a run, for a page that follows it: the sections that the page of a report shows first, the pace, and what
//! describes the rows. The rows themselves come by [`super::rows_after`].

use serde::Serialize;

use super::kind_key::{KindKeys, KindRows};
use super::page_pace::PaceReader;
use super::row_viewer::RowViewer;
use super::run_source::RunSource;
use super::write_html::local_offset;
use crate::model::RunId;
use crate::operate::interface::{Context, OrRefuse, Refusal};
use crate::report::RecordedState;
use crate::report::page::{PageHead, PageMeta, PageTitle, RunPace, TableOutline, sections_of};

/// A request for the overview of a run.
#[derive(Debug, Clone)]
pub(crate) struct OverviewRequest {
    /// The run's whole id.
    pub run: RunId,
}

/// The overview of a run at one moment.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct OverviewReport {
    /// The last entry of the journal at that moment.
    pub entry: u64,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// Where the run stands.
    pub state: RecordedState,
    /// What became of it, in short, in each language.
    pub title: PageTitle,
    /// The section with the verdict, as HTML in which everything is escaped.
    pub verdict_html: String,
    /// The section with the kinds of failure, as HTML in which everything is escaped; empty if nothing went wrong.
    pub failures_html: String,
    /// What a page needs to know of the rows before it reads them.
    pub head: PageHead,
    /// The calls over time; `None` if nothing was sent.
    pub pace: Option<RunPace>,
    /// The keys by which rows find their kind of failure.
    pub kinds: Vec<KindRows>,
}

/// Makes the overview of a run from its journal, also while the run is under way. It reads every row.
///
/// Sensitive values are masked, unless the context asks to show them.
///
/// # Errors
/// [`Refusal::Usage`] where the run never began; [`Refusal::Conflict`] where something of it is lost; [`Refusal::Broken`]
/// where its journal cannot be read.
pub(crate) fn overview(request: &OverviewRequest, context: &Context) -> Result<OverviewReport, Refusal> {
    let source = RunSource::open_whole(&request.run, context)?;
    source.known.reader.at_one_moment(|| read_overview(&source))
}

fn read_overview(source: &RunSource) -> Result<OverviewReport, Refusal> {
    let entry = source.known.reader.last_entry()?;
    let viewer = RowViewer::new(source);
    let mut outline = TableOutline::new(viewer.heads());
    let (mut pace, mut keys) = (PaceReader::new(source)?, KindKeys::default());
    let record = source.read(&mut |row| {
        pace.add(&row);
        if !row.under_way {
            keys.add(&row.record);
        }
        viewer.outline(&row.record, &mut outline);
        Ok(())
    })?;
    let started = source.known.frozen.started_at;
    let meta = PageMeta { record: &record, offset: local_offset(started), language: None };
    let sections = sections_of(&meta).or_refuse("the overview")?;
    let table = outline.finish(&record.rows_at_rest());
    let started_ms = started.as_micros().div_euclid(1_000);
    Ok(OverviewReport {
        entry,
        made_at: record.recorded_at.clone(),
        state: record.state,
        title: sections.title,
        verdict_html: sections.verdict,
        failures_html: sections.failures,
        head: PageHead::new(&meta, started_ms, &source.plan, table),
        pace: pace.finish(),
        kinds: keys.listed(&record.failures),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operate::{RunRequest, run};

    #[test]
    fn the_overview_of_a_run_that_has_ended_tells_its_end_and_its_calls() {
        let state = tempfile::tempdir().unwrap();
        let context = Context::new().state_folder(state.path());
        let ran = run(&RunRequest::new("playbooks/close-appointments.yaml"), &context).unwrap();

        let overview = overview(&OverviewRequest { run: ran.summary.run_id }, &context).unwrap();
        assert_eq!(overview.state, RecordedState::Finished);
        assert!(overview.verdict_html.starts_with("<section"), "{}", overview.verdict_html);
        assert!(overview.pace.is_some());
    }
}
