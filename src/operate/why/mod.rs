//! `why`: the story of one row of a run.

mod elsewhere;
mod find_row;
mod proven;
mod request;
mod teller;
mod use_case;

pub use request::{WhichRow, WhyRequest};
pub(crate) use teller::StoryTeller;
pub use use_case::why;
