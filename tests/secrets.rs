//! Credentials and people's data stay in: a vendor that echoes all it was sent, in every encoding, over all verbs.

mod computed;
mod credentials;
mod flawed;
mod logins;
mod parrot;
mod people;

pub(crate) use parrot::parrot;
