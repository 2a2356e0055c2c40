//! The manual in `docs/`, run as it is written: every page is a test.
//!
//! A page runs in an empty folder with `runsheet` on the path. Its blocks count from top to bottom:
//!
//! - `sh`: runs with `bash -euo pipefail`, all of them in one shell. A command that is to fail says so: `|| test $? = 3`.
//! - `sh no-run`: is not run. An HTML comment ahead of it gives the reason.
//! - `<!-- file: NAME -->` ahead of a block: the block is written to that file before the next `sh` block runs. If it is a
//!   playbook (`steps:`), `runsheet check` must accept it before the page ends or replaces it. The examples of a provider's
//!   operations must hold. With `<!-- file: NAME wrong -->` it must be refused.
//! - `<!-- fragment: KIND -->` ahead of a `yaml` block: a part of a file. It is put into the smallest file of its kind, and
//!   that must be accepted. `fragments.rs` has the kinds. `<!-- fragment: KIND wrong -->` must be refused.
//! - `text` directly after a `sh` block, or behind `<!-- output -->`: what that block printed. Each line is a line that was
//!   printed, or a part of one, and they follow each other; a line `…` stands for any lines between them, a `…` inside a
//!   line for any text. `output.rs` says what is made equal first (run ids, times, durations, folders).
//!
//! Pages below `docs/zh` are translations. They are not run: `translations.rs` shows that their blocks are those of the
//! English pages.
//!
//! Port 8470 stands for a free one, so that pages with a sandbox server can run at the same time.

mod blocks;
mod fragments;
mod harness;
mod inside;
mod links;
mod output;
mod pages;
mod run;
mod script;
mod summary;
mod translations;
