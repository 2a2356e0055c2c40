//! The live page: an HTTP server on this machine over the use cases. It shows runs, follows those under way, steers them
//! and hands out their files; it holds no figures of its own.
//!
//! Each folder imports only from those listed before it.
//!
//! | folder | what it holds |
//! |---|---|
//! | `session` | who may ask: the link that works once, the sessions of the page, hosts and origins |
//! | `page` | the page itself: files without any data, embedded in the program |
//! | `api` | what is asked, as types, and the answers: each is one use case |
//! | `server` | the connections: bounded in number, in size and in time |

mod api;
mod page;
mod server;
mod session;

pub use server::{Serving, UiOptions, serve};
