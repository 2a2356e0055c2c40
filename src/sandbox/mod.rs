//! The vendors' simulators: state, the rules of their pages, faults; inside a run or as a server.
//!
//! [`Sandbox`] decides without touching the world: time is an argument, and the result of a call is a
//! [`LogEntry`]. Applying the entries again, in order, rebuilds the same world; [`Embedded`] and [`serve`]
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
//!
//! Each folder imports only from those above it in this table.
//!
//! | folder | what it holds |
//! |---|---|
//! | `world` | what the vendors know, and the values that are computed from ids |
//! | `setup` | limits and token lifetimes, faults, credentials, the built-in environment |
//! | `exchange` | the call, what a simulator may look at, the reply, broken answers |
//! | `arctos`, `esignon`, `fxiaoke`, `tencent` | one vendor each: its rules and the form of its answers |
//! | `http` | the echo for what stands under no vendor |
//! | `log` | the log file and its entries |
//! | `simulator` | from a call to its vendor, its faults and its log entry; inside a run |
//! | `server` | the simulators over HTTP and TLS |

mod arctos;
mod esignon;
mod exchange;
mod fxiaoke;
mod http;
mod log;
mod server;
mod setup;
mod simulator;
mod tencent;
#[cfg(test)]
mod test_client;
#[cfg(test)]
mod tests;
mod world;

pub use log::{LOG_FILE, LogEntry};
#[cfg(any(test, feature = "internals"))]
pub use server::{Background, serve_on_thread};
pub use server::{ServeOptions, Serving, serve};
pub use setup::{Faults, SimulatorSettings, credentials, environment};
pub use simulator::{Delivery, Embedded, Sandbox, Served};
pub use world::Vendor;
