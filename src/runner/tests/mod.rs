//! Whole runs against a scripted vendor, in virtual time and without a network.

pub(crate) mod acme;
mod counters;
mod driving;
mod frozen_marks;
mod intake;
mod logins;
