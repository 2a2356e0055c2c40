//! Dates of text columns: day and month in both orders, and forms that programs write.

mod day_month_order;
mod written_forms;

pub(super) use day_month_order::Dates;
pub(super) use written_forms::Days;
