//! The live page as a browser and as a hostile program of the same machine reach it: over raw sockets, byte for byte.

mod files;
mod hostile;
mod load;
mod overview;
mod rows;
mod runs;
mod served;
mod under_way;
