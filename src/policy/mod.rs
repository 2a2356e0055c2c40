//! Retry, back-off, limits and stop rules as arithmetic over given instants.
