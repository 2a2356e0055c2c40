//! Tests over whole provider files: the built-in ones, and small ones written for a test.

mod builtin;
