//! Rows written anew: in another file's dialect, or with results as further columns.

mod recode;
mod result_appender;

pub(in crate::rows) use recode::push;
pub use result_appender::Widened;
