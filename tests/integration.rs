//! The one integration binary: the shape of the sources, and the program as a user runs it.

mod architecture;
mod simulation;
