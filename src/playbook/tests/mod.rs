//! What the reader makes of playbooks: sound ones, wrong ones, mangled ones.

mod mangled;
mod reading;
