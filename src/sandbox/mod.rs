//! The vendors' simulators: state, the rules of their pages, faults; inside a run or as a server.
//!
//! [`Sandbox`] decides without touching the world: time is an argument, and what a call came to is an
//! [`Entry`]. Applying the entries again, in order, rebuilds the same world; [`Embedded`] and [`serve`]
//! write each to `sandbox.jsonl` before its answer is given.
//!
//! A well-formed id that was not seen before is taken in, in a state that fits the call which names it
//! first. Some ids are made for rehearsing refusals, by how they end (in either case) or begin:
//!
//! | thing | id | state |
//! |---|---|---|
//! | contract | `…missing`, `…denied` | not found, not permitted |
//! | contract | `…expired`, `…signed`, `…canceled`, `…rejected`, `…released` | as the word says |
//! | signer (`RecipientId`) | `…missing`, `…signed` | not found, has signed |
//! | document (`workflow_id`) | `…missing`, `…complete`, `…canceled`, `…unfilled` | as the word says |
//! | approval task | `00000000…`, `…ffffffff` | not found, has passed |
//! | appointment (`task_num`) | a date after today, `…0000000` | not found |

mod access;
mod arctos;
mod call;
mod connection;
mod credentials;
mod door;
mod echo;
mod embedded;
mod entry;
mod environment;
mod esignon;
mod faults;
mod fxiaoke;
mod gates;
mod log;
mod masking;
#[cfg(test)]
mod rehearsal;
mod reply;
mod route;
mod seed;
mod server;
mod shape;
mod simulator;
mod spoil;
mod tencent;
#[cfg(test)]
mod tests;
mod tls;
mod tokens;
mod tuning;
mod world;

pub use credentials::credentials;
pub use embedded::Embedded;
pub use entry::{Entry, Vendor};
pub use environment::environment;
pub use faults::Faults;
pub use log::LOG_FILE;
#[cfg(any(test, feature = "internals"))]
pub use server::{Background, serve_on_thread};
pub use server::{ServeOptions, Serving, serve};
pub use simulator::{Delivery, Sandbox, Served};
pub use tuning::Tuning;
