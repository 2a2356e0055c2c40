//! Tests that write a journal and read it back.

mod pruned;
mod unlisted;
mod verify;
