//! Notifies those whom the settings name of the end of a run. The run is over then, and its summary is on the disk: nothing
//! that becomes of a notice changes either.

use bytes::Bytes;

use crate::io::{IgnoredSignals, send_notice};
use crate::operate::interface::{Context, UnsentNotice};
use crate::report::RunEndNotice;
use crate::settings::{NotifyRule, NotifyTarget};

/// Starts to send the notices of a run's end. They go out in the background.
pub(super) fn notify(rules: &[NotifyRule], notice: &RunEndNotice, context: &Context) {
    let targets: Vec<NotifyTarget> =
        rules.iter().filter(|rule| notice.concerns(rule)).map(|rule| rule.to.clone()).collect();
    if targets.is_empty() {
        return;
    }
    let (body, catches_signals) = (Bytes::from(notice.body.to_string()), context.catches_signals);
    let shown: Vec<String> = targets.iter().map(NotifyTarget::shown).collect();
    let sending = std::thread::Builder::new().name("notices".to_owned());
    match sending.spawn(move || send_all(&targets, &body, catches_signals)) {
        Ok(thread) => context.add_notices(thread),
        Err(error) => shown.into_iter().for_each(|to| context.not_notified(to, error.to_string())),
    }
}

/// Sends a notice to all targets at the same time. Returns those that did not get it.
fn send_all(targets: &[NotifyTarget], body: &Bytes, catches_signals: bool) -> Vec<UnsentNotice> {
    let unsent =
        |why: String| targets.iter().map(move |to| UnsentNotice { to: to.shown(), why: why.clone() }).collect();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return unsent(error.to_string()),
    };
    let sent = runtime.block_on(async {
        let sending = futures_util::future::join_all(targets.iter().map(|target| send_notice(target, body.clone())));
        tokio::select! {
            sent = sending => Some(sent),
            // Who has seen the result and presses Ctrl-C need not wait.
            () = interrupted(), if catches_signals => None,
        }
    });
    // A command that prints a secret may still run; nobody waits for it.
    runtime.shutdown_background();
    let Some(sent) = sent else { return unsent("interrupted".to_owned()) };
    let results = targets.iter().zip(sent);
    results
        .filter_map(|(target, sent)| Some(UnsentNotice { to: target.shown(), why: sent.err()?.to_string() }))
        .collect()
}

/// Waits for a signal that would end the process.
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let ignored = IgnoredSignals::read();
    let listen = |kind: SignalKind| {
        if ignored.contains(kind.as_raw_value()) { None } else { signal(kind).ok() }
    };
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt()), listen(SignalKind::terminate()));
    let next = async |signal: &mut Option<tokio::signal::unix::Signal>| match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    };
    tokio::select! {
        () = next(&mut interrupt) => {}
        () = next(&mut terminate) => {}
    }
}
