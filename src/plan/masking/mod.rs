//! What of rows, variables and answers people must not see.

mod derived_values;
mod row_masks;
mod sensitivity;
