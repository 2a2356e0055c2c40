//! The sandbox as a whole: faults, the log, a world rebuilt, real connections.

mod faults;
mod replay;
mod routes;
mod server;
