//! Tests that write a journal and read it back.

mod filter;
mod pruned;
mod unlisted;
mod verify;
