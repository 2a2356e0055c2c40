//! What the program tells people to type, typed: the examples of every help, and what messages propose.

mod examples;
mod net;
mod pasted;
