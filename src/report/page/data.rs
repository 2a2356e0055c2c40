//! What the page's client reads first.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chinese::story_sentences;
use super::table::TableHead;
use crate::model::RowOutcome;
use crate::plan::Plan;

/// The version of the form of the page's data. The client of the same build reads it.
const VERSION: u32 = 1;

/// The head of the page's data.
#[derive(Debug, Clone, Serialize)]
pub struct PageHead {
    version: u32,
    run_id: String,
    started_ms: i64,
    offset_minutes: i32,
    unmasked: bool,
    kinds: Vec<PageKind>,
    /// The sentences that stories may show, each with its Chinese one.
    chinese: BTreeMap<String, &'static str>,
    table: TableHead,
}

/// A kind of failure, as far as the client needs it.
#[derive(Debug, Clone, Serialize)]
pub struct PageKind {
    /// Its number in the run.
    pub number: u64,
    /// How its rows ended.
    pub outcome: RowOutcome,
    /// Their step.
    pub step: Option<String>,
    /// Their code.
    pub code: Option<String>,
}

impl PageHead {
    /// The head of the page that `meta` describes, of a run of `plan`.
    #[must_use]
    pub fn new(meta: &super::PageMeta<'_>, started_ms: i64, plan: &Plan, table: TableHead) -> Self {
        let kinds = meta.record.failures.iter().map(|kind| PageKind {
            number: kind.number,
            outcome: kind.outcome,
            step: kind.step.clone(),
            code: kind.code.clone(),
        });
        Self {
            version: VERSION,
            run_id: meta.record.run_id.to_string(),
            started_ms,
            offset_minutes: meta.offset.seconds() / 60,
            unmasked: plan.is_unmasked(),
            kinds: kinds.collect(),
            chinese: story_sentences(plan),
            table,
        }
    }
}
