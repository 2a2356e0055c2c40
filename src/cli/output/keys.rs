//! The keys that steer a run in its own terminal: `p` pauses and goes on, `+` and `-` change the rate, `d` drains.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::progress::above_progress;
use super::screen::Screen;
use crate::io::KeyMode;
use crate::operate::{RateStep, SteerCommand, SteerOrigin, SteerWish, Steering};

/// How long the thread waits for a key before it looks whether the run has ended.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Ctrl-Z, which comes as a key.
const CTRL_Z: u8 = 0x1a;

/// The line that says which keys there are.
const HINT: &str = "Keys: p pauses and goes on, + and - change the rate, d drains";

/// Reads the keys of a run until it is dropped.
#[derive(Debug)]
pub(super) struct Keys {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Keys {
    /// Begins to read keys, where standard input and standard error are a terminal.
    pub(super) fn start(screen: Screen, steering: Steering) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&over);
        let read = move || {
            let Some(mode) = KeyMode::prepare().filter(|_| screen.live) else { return };
            let mut hinted = false;
            while !ended.load(Ordering::Relaxed) {
                // Without a terminal there are no keys any more.
                let Ok(keys) = mode.next(LOOK_EVERY) else { return };
                // In the background there are no keys to speak of.
                if !hinted && mode.is_active() {
                    screen.say(HINT);
                    hinted = true;
                }
                for key in keys {
                    press(key, &mode, screen, &steering);
                }
            }
        };
        // Without a thread there are no keys, and the run goes on.
        let thread = thread::Builder::new().name("keys".to_owned()).spawn(read).ok();
        Self { over, thread }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was printed; it does not change the result of the run.
            let _ = thread.join();
        }
    }
}

fn press(key: u8, mode: &KeyMode, screen: Screen, steering: &Steering) {
    if key == CTRL_Z {
        return above_progress(|| mode.suspend());
    }
    let Some(wish) = wish(key) else { return };
    // What the run did is reported by a notice; only a refusal is said here.
    if let Err(refusal) = steering.command_from(wish, SteerOrigin::Key) {
        screen.say_always(&format!("Not done: {refusal}"));
    }
}

/// What a key means; `None` for other keys.
fn wish(key: u8) -> Option<SteerWish> {
    match key {
        b'p' | b'P' => Some(SteerWish::TogglePause),
        b'+' | b'=' => Some(SteerWish::StepRate(RateStep::Up)),
        b'-' => Some(SteerWish::StepRate(RateStep::Down)),
        b'd' | b'D' => Some(SteerWish::Do(SteerCommand::Drain)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_hint_has_a_meaning_and_no_other_key_has_one() {
        assert_eq!(wish(b'p'), Some(SteerWish::TogglePause));
        assert_eq!(wish(b'+'), Some(SteerWish::StepRate(RateStep::Up)));
        assert_eq!(wish(b'-'), Some(SteerWish::StepRate(RateStep::Down)));
        assert_eq!(wish(b'd'), Some(SteerWish::Do(SteerCommand::Drain)));
        for key in [b'\n', b' ', b'q', 3, 27, CTRL_Z, 0xff] {
            assert_eq!(wish(key), None, "{key}");
        }
    }
}
