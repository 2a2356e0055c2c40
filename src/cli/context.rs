//! The context of the use cases, from the options of the command line.

use std::sync::Arc;

use crate::cli::args::Common;
use crate::cli::output::{Prompt, Screen, Terminal};
use crate::operate::{Context, Steering};

/// Makes the context with the folders and files of the command line, with notices and questions on the terminal.
pub(super) fn context(common: &Common, screen: Screen) -> Context {
    let steering = Steering::default();
    let mut context = Context::new()
        .unmask(common.unmask)
        .catch_signals()
        .steered_by(steering.clone())
        .observed_by(Arc::new(Terminal::new(screen, steering)))
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
        Some(events) => context.with_events(Arc::clone(events)),
        None => context,
    }
}
