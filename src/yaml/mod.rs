//! YAML text to a tree that keeps source text and place of every key and scalar.
