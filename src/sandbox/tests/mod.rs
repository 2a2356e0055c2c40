//! The sandbox as a whole: faults, the log, a world rebuilt, real connections.

mod anything;
mod faults;
mod providers;
mod replay;
mod routes;
mod server;
