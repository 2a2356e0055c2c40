//! Rows written again: in another file's dialect, or with results as further columns.

mod as_csv;
mod recode;
mod result_appender;

pub use result_appender::ResultAppender;
