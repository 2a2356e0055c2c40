//! The use cases: each takes a request and a context, and gives a report or a refusal. This is the library; the
//! command line only turns arguments into requests, and reports into text.
//!
//! A use case works on the thread that calls it, and returns when it is done: it must not be called in an asynchronous task.
//!
//! A use case is a file, or a folder with its `use_case.rs`; `runs` holds two, `list.rs` and `show.rs`, and what `prune` and
//! `diff` share with them. The other folders, each importing only from those before it:
//!
//! | folder | what it holds |
//! |---|---|
//! | `interface` | what every use case takes and gives: context, parts of requests, notices, questions, refusals |
//! | `files` | the files that a use case reads, and the folder inside which they must lie |
//! | `state_folder` | the folder that holds the runs: finding a run, runs of which something is lost, summaries |
//! | `stored_run` | a run that exists: restored from its journal, opened, gone on with from a copy |
//! | `load` | from a request to a bound plan with open rows |
//! | `preflight` | what must be in place before a run sends: vendors, limits, effects of other runs, confirmations |
//! | `drive` | a run from its frozen journal to its report; lookups of unknown calls |

mod check;
mod diff;
mod drive;
mod export;
mod files;
mod interface;
mod live;
mod load;
mod plan;
mod preflight;
mod prune;
mod report;
mod resolve;
mod resume;
mod retry;
mod row_files;
mod rows;
mod run;
mod runs;
mod state_folder;
mod steer;
mod stored_run;
mod test;
mod undo;
mod why;

pub use check::{CheckReport, CheckRequest, CheckedFile, FileContent, FixReport, RepairedFile, Unrepaired, check};
pub use diff::{
    ChangedRow, ChangedRows, DiffNote, DiffReport, DiffRequest, DiffedRun, KindChanges, OperationLatency, RowChanges,
    diff,
};
pub use drive::RunReport;
pub use export::{ExportReport, ExportRequest, export};
pub(crate) use files::{FilesBelow, files_below, find_settings};
pub use interface::{
    Confirmed, Context, Destination, GivenRows, LeftOut, MachineFailure, MaxFail, Notice, Observer, Pace, PlaybookFrom,
    Question, Questions, Refusal, RowsFrom, RunInput, RunProgress, RunStart, Steering, Unattended, UndoFate, UndoPlan,
    UndoneEffect, Unobserved,
};
pub(crate) use load::{environment_names, registry, registry_and_folder};
pub use plan::{PlanReport, PlanRequest, PlannedCall, PlannedRequest, PlannedRow, plan};
pub use prune::{KeptBecause, PruneReport, PruneRequest, PrunedRunReport, prune};
pub(crate) use report::write_report_text;
pub use report::{ReportContent, ReportFormat, ReportRequest, RunReportFile, report};
pub use resolve::{
    CallFilter, CallInDoubt, CallOwner, ResolveLostReport, ResolveLostRequest, ResolveReport, ResolveRequest, SettleAs,
    SettledBy, SettledCall, resolve, resolve_lost,
};
pub use resume::{ResumeRequest, resume};
pub use retry::{RetryOutcome, RetryReport, RetryRequest, retry};
pub use rows::{RowStatus, RowsReport, RowsRequest, rows};
pub use run::{RunRequest, run};
pub(crate) use runs::newest_run_ids;
pub use runs::{
    Family, FamilyRows, NameFilter, RunState, RunStatus, RunsFilter, RunsReport, RunsRequest, ShowReport, ShowRequest,
    runs, show,
};
pub use state_folder::PrunedStatus;
pub use steer::{CtlReport, CtlRequest, ctl};
pub(crate) use test::find_tests;
pub use test::{TestOutcome, TestReport, TestRequest, TestedFile, test};
pub use undo::{UndoReport, UndoRequest, undo};
pub use why::{WhichRow, WhyRequest, why};

// What only the live page asks for. It is not part of the library, as it changes with the page.
pub(crate) use live::{LiveReport, LiveRequest, has_folder, live};
pub(crate) use report::{
    KindKey, OverviewReport, OverviewRequest, RowsAfterPart, RowsAfterRequest, ViewedRow, overview, rows_after,
};
pub(crate) use row_files::{RowFilesRequest, row_files};

// What requests and reports name of the floors below.
pub use crate::diagnostic::{AboutRow, Diagnostic, Diagnostics, Place, Severity};
pub use crate::engine::{FailureCount, LoginTrouble, OperationCalls, Progress, RecreatedEffect, RunWait};
pub use crate::journal::CallTimeSummary;
pub use crate::model::{Map, Rate, RowOutcome, RunId, Share, Time, UnknownWord, Value};
pub use crate::playbook::WaveSize;
pub use crate::policy::{
    Counts, RateStep, SteerCommand, SteerDone, SteerOrigin, SteerRefusal, SteerWish, SteerWord, SteeredBy,
};
pub use crate::report::page::PageLanguage;
pub use crate::report::{
    FailureKind, NextStep, OperationCounts, OperationRecord, OtherKinds, RecordedState, RowCounts, RunKind, RunOutcome,
    RunProcess, RunRecord, SteeringEntry, StepPlace, Story, Summary, TimedSteering, Verb,
};
pub use crate::rows::{Repair, RepairRule, RepairSummary, RepairedCell};
pub use crate::runner::{Link, LinkKind, Selection};
