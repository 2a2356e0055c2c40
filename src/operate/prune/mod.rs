//! `runs prune`: removes old runs, and keeps what proves that nothing is sent twice.
//!
//! | file | what it holds |
//! |---|---|
//! | `request` | the request and the report |
//! | `rules` | why a run is kept: a decision over what is known of it |
//! | `candidate` | what is known of a run that may be pruned, from its folder and its journal |
//! | `families` | which runs belong together, so that they are kept or removed together |
//! | `removal` | removes the runs of one family in steps, each of which may be the last one before a crash |
//! | `leftovers` | what a killed prune and runs that never began left behind |

mod candidate;
mod families;
mod leftovers;
mod removal;
mod request;
mod rules;
mod use_case;

pub use request::{PruneReport, PruneRequest, PrunedRunReport};
pub use rules::KeptBecause;
pub use use_case::prune;
