//! The local driver of the engine; signals.
