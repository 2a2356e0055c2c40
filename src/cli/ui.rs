//! The verb `ui`: serves the live page until Ctrl-C, and prints a fresh link whenever one was used.

use std::io;
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::json;

use super::context::context;
use crate::cli::args::{Common, UiArgs};
use crate::cli::output::{Exit, Output, Screen, VerbResult};
use crate::io::lower_priority;
use crate::operate::{Context, Unattended};
use crate::runner::StopSignals;
use crate::ui::{UiOptions, serve};

/// Runs `ui`: serves until a signal stops it.
pub(crate) fn ui(args: &UiArgs, common: &Common, screen: Screen) -> VerbResult {
    // The page asks its own questions; this terminal asks none.
    let context = context(common, screen).asking(Arc::new(Unattended));
    // A wrong folder is refused now, not at the page's first request.
    context.state()?;
    // Runs on this machine come first.
    lower_priority();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let ended = runtime.block_on(serve_until_signal(args.port, context, screen));
    // Calls under way only read; a command to a run is on its way already.
    runtime.shutdown_background();
    ended
}

async fn serve_until_signal(port: u16, context: Context, screen: Screen) -> VerbResult {
    let mut signals = StopSignals::catch()?;
    let started = serve(UiOptions { port, context }).await;
    let mut serving = started.with_context(|| format!("the page cannot be served on port {port}"))?;
    show(
        &serving.link(),
        "The page is for this machine alone. Ctrl-C ends it. Open this link; it works once:",
        screen,
    )?;
    loop {
        tokio::select! {
            _ = signals.next() => return Ok(Exit::Done),
            link = serving.next_link() => {
                show(&link, "The link was used. For another tab, or after a reload, open this one:", screen)?;
            }
        }
    }
}

/// Prints a link. Only the link is data.
fn show(link: &str, what: &str, screen: Screen) -> io::Result<()> {
    if screen.json() {
        return screen.data(Output::json(&json!({"url": link})));
    }
    screen.say(what);
    screen.data(link)
}
