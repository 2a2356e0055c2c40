//! What people must not see of rows, variables and answers.

mod derived_values;
mod row_masks;
mod sensitivity;
mod sent_cells;
mod shown_request;

pub use shown_request::ShownRequest;
