//! Tests of the plan: playbooks and rows in; plans, calls and messages out.

mod answer_use;
mod binding;
mod blank_cells;
mod column_proofs;
mod effects;
mod forbidden_headers;
mod forgotten_braces;
mod inputs;
mod masking;
mod names;
mod rate_buckets;
mod rendering;
mod row_check;
mod row_messages;
mod settings_and_vars;
mod setup;
mod undo;
