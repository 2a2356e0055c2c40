//! Rows written again: in another file's dialect, or with results as further columns.

mod recode;
mod result_appender;

pub use result_appender::ResultAppender;
