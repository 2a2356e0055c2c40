//! The verb `resume`.

use super::context::context;
use crate::cli::args::{Common, ResumeArgs};
use crate::cli::output::{Screen, VerbResult, show_run};
use crate::operate::{self, ResumeRequest};

/// Runs `resume RUN`.
pub(crate) fn resume(args: &ResumeArgs, common: &Common, screen: Screen) -> VerbResult {
    let (pace, confirmed) = (args.pace.pace(), args.pace.confirmed());
    let request = ResumeRequest { run: args.run.clone(), pace, confirmed, from_copy: args.from_copy };
    show_run(&operate::resume(&request, &context(common, screen))?, screen)
}
