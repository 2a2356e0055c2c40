//! The thread that shows the progress of a run, on a terminal several times a second, elsewhere every few seconds.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jiff::tz::TimeZone;

use super::block::block;
use super::canvas::{Canvas, terminal_width};
use super::counter_line::counter_line;
use super::meter::Meter;
use super::wait_words::{Moment, Style};
use crate::cli::output::screen::Screen;
use crate::io::Clock;
use crate::model::Time;
use crate::operate::RunProgress;

/// How often the block is drawn.
const DRAW: Duration = Duration::from_millis(120);
/// How often the counts are looked at where there is no terminal.
const LOOK: Duration = Duration::from_millis(500);
/// How often a counter line is written.
const LINE: Duration = Duration::from_secs(5);

/// Shows a run's progress until it is dropped.
#[derive(Debug)]
pub(in crate::cli::output) struct Display {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    view: Arc<View>,
}

/// The counts, the clock, and what is remembered.
#[derive(Debug)]
struct View {
    progress: RunProgress,
    clock: Clock,
    meter: Mutex<Meter>,
}

impl Display {
    /// Starts a thread that shows the progress at intervals.
    pub(in crate::cli::output) fn start(screen: Screen, progress: RunProgress) -> Self {
        let (stop, stopped) = mpsc::channel::<()>();
        let view = Arc::new(View { progress, clock: Clock::start(), meter: Mutex::default() });
        let shown = Arc::clone(&view);
        let show = move || {
            let wait = |pause: Duration| stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout);
            match screen.live {
                true => shown.draw_until(screen.colored(), wait),
                false => shown.write_until(screen, wait),
            }
        };
        // Without a thread no progress is shown, and the run continues.
        let thread = thread::Builder::new().name("progress".to_owned()).spawn(show).ok();
        Self { stop: Some(stop), thread, view }
    }

    /// The progress as a single line, for a person who asks for it.
    pub(in crate::cli::output) fn counter_line(&self) -> String {
        self.view.line(self.view.clock.now())
    }
}

impl View {
    /// Draws the block until `wait` says that the run is over.
    fn draw_until(&self, colored: bool, wait: impl Fn(Duration) -> bool) {
        let mut canvas = Canvas::open(colored);
        while wait(DRAW) {
            let (now, width) = (self.clock.now(), terminal_width());
            let progress = self.progress.now();
            let mut meter = self.meter.lock().unwrap_or_else(PoisonError::into_inner);
            meter.observe(&progress, now);
            canvas.draw(block(&progress, &meter, &moment(now, Style::Live), width), width);
        }
    }

    /// Writes a line at intervals, unless nothing has changed, until `wait` says that the run is over.
    fn write_until(&self, screen: Screen, wait: impl Fn(Duration) -> bool) {
        let mut last = String::new();
        let mut due = self.clock.now().plus(LINE);
        while wait(LOOK) {
            let now = self.clock.now();
            let line = self.line(now);
            if now < due {
                continue;
            }
            due = now.plus(LINE);
            if line != last {
                screen.say(&line);
            }
            last = line;
        }
    }

    fn line(&self, now: Time) -> String {
        let progress = self.progress.now();
        let mut meter = self.meter.lock().unwrap_or_else(PoisonError::into_inner);
        meter.observe(&progress, now);
        counter_line(&progress, &meter, &moment(now, Style::Log))
    }
}

fn moment(now: Time, style: Style) -> Moment {
    Moment { now, zone: TimeZone::system(), style }
}

impl Drop for Display {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the display was printed; it does not change the result of the run.
            let _ = thread.join();
        }
    }
}
