//! Dates of text columns: day and month in both orders, and forms that programs write.

mod date_forms;
mod day_month_order;

pub(super) use date_forms::DateForms;
pub(super) use day_month_order::DayMonthOrder;
