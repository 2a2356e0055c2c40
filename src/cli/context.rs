//! The context of the use cases, as the command line has it.

use std::sync::Arc;

use crate::cli::args::Common;
use crate::cli::output::{Prompt, Screen, Terminal};
use crate::operate::Context;

/// A context with the folders and files of the command line, that tells and asks on the terminal.
pub(super) fn context(common: &Common, screen: Screen) -> Context {
    let mut context = Context::new()
        .unmask(common.unmask)
        .catch_signals()
        .observed_by(Arc::new(Terminal::new(screen)))
        .asking(Arc::new(Prompt(screen)));
    if let Some(folder) = &common.state_dir {
        context = context.state_folder(folder);
    }
    if let Some(file) = &common.settings {
        context = context.settings(file);
    }
    if let Some(folder) = &common.providers {
        context = context.providers(folder);
    }
    if let Some(folder) = &common.confine {
        context = context.confine(folder);
    }
    match screen.events() {
        Some(events) => context.telling(Arc::clone(events)),
        None => context,
    }
}
