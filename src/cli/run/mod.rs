//! The verbs `run` and `resume`: rows into the journal, questions asked, the run driven and closed.

mod conduct;
mod confirm;
mod fresh;
mod past;
mod resumed;
mod traced;
mod vendors;

pub(crate) use fresh::run;
pub(crate) use resumed::resume;
