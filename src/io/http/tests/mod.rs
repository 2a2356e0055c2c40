//! Calls over sockets of this machine, against scripted servers.

mod calls;
mod dead;
mod kept;
mod proxies;
mod secure;
mod servers;
mod shared;
