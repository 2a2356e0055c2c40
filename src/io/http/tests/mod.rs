//! Calls over sockets of this machine, against servers that say what they are told to.

mod calls;
mod dead;
mod kept;
mod proxies;
mod secure;
mod servers;
mod shared;
