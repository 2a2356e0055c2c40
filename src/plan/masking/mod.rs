//! What of rows, variables and answers people must not see.

mod made_values;
mod row_masks;
mod sensitive_names;
