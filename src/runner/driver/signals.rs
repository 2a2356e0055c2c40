//! Turns signals into orders: the first one waits for calls under way, a second one from a person stops the run at
//! once.

use std::future::poll_fn;
use std::io;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use super::drive::Control;
use crate::io::IgnoredSignals;

/// The signals by which a person or a supervisor stops a process. A second one stops it at once.
const STOP_REQUESTS: [SignalKind; 3] = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::quit()];

/// The signals by which the system says that the process is about to end. They only drain, however often they come: a
/// closed terminal sends SIGHUP twice, used-up CPU time sends SIGXCPU every second, and a service manager sends SIGHUP
/// right after SIGTERM.
const END_NOTICES: [SignalKind; 4] = [SignalKind::hangup(), SignalKind::alarm(), SignalKind::user_defined2(), CPU_TIME];

/// SIGXCPU: the process has used up its CPU time, and is killed at the hard limit.
const CPU_TIME: SignalKind = SignalKind::from_raw(24);

/// SIGXFSZ: a file has reached the largest size that the process may write.
const FILE_SIZE: SignalKind = SignalKind::from_raw(25);

/// A repeated signal within this time is the same request: `timeout` and other wrappers signal both the process and its
/// group.
const SAME_REQUEST_WITHIN: Duration = Duration::from_millis(250);

/// The caught signals that ask this process to stop.
#[derive(Debug)]
pub struct StopSignals(Vec<(i32, Signal)>);

impl StopSignals {
    /// Catches SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGALRM, SIGUSR2 and SIGXCPU, except those that this process ignores: a
    /// signal that was ignored at its start (`nohup`, a script's background job) stays ignored. Also catches SIGXFSZ,
    /// so that a write beyond the largest file size fails and does not end the process.
    ///
    /// # Errors
    /// The system's error if a signal cannot be caught.
    pub fn catch() -> io::Result<Self> {
        let ignored = IgnoredSignals::read();
        let mut caught = Vec::new();
        for kind in STOP_REQUESTS.into_iter().chain(END_NOTICES).chain([FILE_SIZE]) {
            let number = kind.as_raw_value();
            if ignored.contains(number) {
                continue;
            }
            let stream = signal(kind)?;
            if kind != FILE_SIZE {
                caught.push((number, stream));
            }
        }
        Ok(Self(caught))
    }

    /// Waits for the next signal and returns its number. Never returns if this process ignores all of them.
    pub async fn next(&mut self) -> i32 {
        poll_fn(|context| {
            let mut caught = self.0.iter_mut();
            let came = caught.find_map(|(number, stream)| stream.poll_recv(context).is_ready().then_some(*number));
            came.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

/// Starts to turn this process's signals into orders for the driver, until the receiver is dropped.
///
/// # Errors
/// The system's error if a signal cannot be caught.
pub fn listen() -> io::Result<mpsc::UnboundedReceiver<Control>> {
    let (orders, received) = mpsc::unbounded_channel();
    let mut signals = StopSignals::catch()?;
    tokio::spawn(async move {
        let mut requests = StopRequests::default();
        loop {
            let number = tokio::select! {
                number = signals.next() => number,
                () = orders.closed() => return,
            };
            let order = requests.order(number, Instant::now());
            if order.is_some_and(|order| orders.send(order).is_err()) {
                return;
            }
        }
    });
    Ok(received)
}

/// What the signals have asked for so far.
#[derive(Debug, Default)]
struct StopRequests {
    draining: bool,
    /// The first stop request of a person or a supervisor, and when it came.
    asked: Option<(i32, Instant)>,
}

impl StopRequests {
    /// The order that a signal gives; `None` if it asks for nothing more than earlier ones.
    fn order(&mut self, signal: i32, at: Instant) -> Option<Control> {
        let draining = std::mem::replace(&mut self.draining, true);
        if STOP_REQUESTS.iter().all(|kind| kind.as_raw_value() != signal) {
            return (!draining).then_some(Control::Drain { signal });
        }
        match self.asked {
            None => {
                self.asked = Some((signal, at));
                Some(Control::Drain { signal })
            }
            Some((same, first)) if same == signal && at.saturating_duration_since(first) < SAME_REQUEST_WITHIN => None,
            Some(_) => Some(Control::Abort { signal }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HANG_UP: i32 = 1;
    const INTERRUPT: i32 = 2;
    const TERMINATE: i32 = 15;

    /// The orders that signals give; each signal comes with its milliseconds after the start.
    fn orders(signals: &[(i32, u64)]) -> Vec<Option<Control>> {
        let (mut requests, start) = (StopRequests::default(), Instant::now());
        let order = |(signal, after): &(i32, u64)| requests.order(*signal, start + Duration::from_millis(*after));
        signals.iter().map(order).collect()
    }

    #[test]
    fn a_second_request_of_a_person_aborts() {
        let drain = |signal| Some(Control::Drain { signal });
        let abort = |signal| Some(Control::Abort { signal });
        assert_eq!(orders(&[(INTERRUPT, 0), (INTERRUPT, 250)]), [drain(INTERRUPT), abort(INTERRUPT)]);
        assert_eq!(orders(&[(TERMINATE, 0), (INTERRUPT, 1)]), [drain(TERMINATE), abort(INTERRUPT)]);
    }

    #[test]
    fn a_signal_that_a_wrapper_sends_twice_only_drains() {
        let drain = Some(Control::Drain { signal: TERMINATE });
        assert_eq!(orders(&[(TERMINATE, 0), (TERMINATE, 249)]), [drain, None]);
    }

    #[test]
    fn a_closed_terminal_only_drains_however_often_it_signals() {
        let drain = |signal| Some(Control::Drain { signal });
        assert_eq!(orders(&[(HANG_UP, 0), (HANG_UP, 1), (HANG_UP, 5_000)]), [drain(HANG_UP), None, None]);
        assert_eq!(orders(&[(TERMINATE, 0), (HANG_UP, 1)]), [drain(TERMINATE), None]);
        // A person has asked once, and may ask again.
        let came = orders(&[(HANG_UP, 0), (INTERRUPT, 1), (INTERRUPT, 900)]);
        assert_eq!(came, [drain(HANG_UP), drain(INTERRUPT), Some(Control::Abort { signal: INTERRUPT })]);
    }
}
