//! What happened, as data: entries, fold to state, the invariant checker.
