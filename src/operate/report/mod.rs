//! `report`: makes a report of a run from its journal, in whatever state the run is.

mod format;
mod kind_key;
mod out_file;
mod overview;
mod page_pace;
mod page_rows;
mod page_stories;
mod row_viewer;
mod rows_after;
mod run_source;
mod shown_cells;
mod use_case;
mod write_csv;
mod write_html;
mod write_junit;

pub use format::ReportFormat;
pub(crate) use kind_key::KindKey;
pub(crate) use out_file::write_report_text;
pub(crate) use overview::{OverviewReport, OverviewRequest, overview};
pub(crate) use row_viewer::ViewedRow;
pub(crate) use rows_after::{RowsAfterPart, RowsAfterRequest, rows_after};
pub(in crate::operate) use run_source::RunSource;
pub use use_case::{ReportContent, ReportRequest, RunReportFile, report};
