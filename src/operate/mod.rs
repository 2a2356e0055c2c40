//! The use cases: each takes a request and a context, and gives a report or a refusal. This is the library; the
//! command line only turns arguments into requests, and reports into text.

mod check;
mod context;
mod drive;
mod export;
mod files;
mod from_copy;
mod linked;
mod load;
mod lookups;
mod lost;
mod mending;
mod messages;
mod observer;
mod open_run;
mod plan;
mod questions;
mod refusal;
mod request;
mod resolve;
mod resolve_lost;
mod resume;
mod retry;
mod revive;
mod rows;
mod run;
mod runs;
mod state;
mod steering;
mod test;
mod undo;

pub use check::{CheckReport, CheckRequest, CheckedFile, FixReport, Holds, check};
pub use context::Context;
pub use drive::RunReport;
pub use export::{ExportReport, ExportRequest, export};
pub(crate) use files::{FilesBelow, files_below, find_settings};
pub(crate) use load::{registry, registry_and_folder};
pub use mending::{FixedFile, Left};
pub use observer::{Destination, LeftOut, Notice, Observer, RunProgress, RunStart, Unobserved};
pub use plan::{CallShown, PlanReport, PlanRequest, RequestShown, RowRequests, plan};
pub use questions::{Question, Questions, Unattended};
pub use refusal::{Failed, Refusal};
pub use request::{Confirmed, GivenRows, Input, MaxFail, Pace, PlaybookFrom, RowsFrom};
pub use resolve::{
    CallInDoubt, CallOf, ResolveReport, ResolveRequest, SettleAs, SettledBy, SettledCall, WhichCalls, resolve,
};
pub use resolve_lost::{ResolveLostReport, ResolveLostRequest, resolve_lost};
pub use resume::{ResumeRequest, resume};
pub use retry::{RetryOutcome, RetryReport, RetryRequest, retry};
pub use rows::{RowEnd, RowsReport, RowsRequest, rows};
pub use run::{RunRequest, run};
pub use runs::{RunStanding, RunState, RunsReport, RunsRequest, ShowRequest, runs, show};
pub use steering::Steering;
pub(crate) use test::find_tests;
pub use test::{TestOutcome, TestReport, TestRequest, TestedFile, test};
pub use undo::{UndoFate, UndoPlan, UndoReport, UndoRequest, UndoneEffect, undo};

// What requests and reports name of the floors below.
pub use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
pub use crate::engine::{Progress, RecreatedEffect};
pub use crate::model::{Map, Rate, RowOutcome, RunId, Share, Time, Value};
pub use crate::playbook::WaveSize;
pub use crate::policy::Counts;
pub use crate::report::{FailureKind, OperationCounts, RowCounts, RunOutcome, StepPlace, Summary, Verb};
pub use crate::rows::{Change as Repair, Mended, Rule as RepairRule, Sample as RepairedCell};
pub use crate::runner::{Link, LinkKind, Selection};
