//! The mode of the terminal in which keys come one by one: without Enter, and without being shown. Ctrl-C stays a signal.
//! What is set here is set back, whatever ends the process in an orderly way.

use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::termios::{LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr};
use nix::unistd::{Pid, getpgrp, read, tcgetpgrp};

/// The mode of the terminal before keys were read; `None` while it is as it was.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// The most keys that are read at once.
const KEYS_AT_ONCE: usize = 16;

/// How long the signal that stops the process may take to reach it.
const STOP_WITHIN: Duration = Duration::from_millis(500);

/// The keys of the terminal. Only one may exist at a time; the mode is set back when it is dropped.
#[derive(Debug)]
pub struct KeyMode(());

impl KeyMode {
    /// Prepares to read keys; `None` where standard input or standard error is no terminal. Must be called on the thread
    /// that reads them: a process in the background is stopped for touching the terminal unless that thread blocks the
    /// signal for it.
    #[must_use]
    pub fn prepare() -> Option<Self> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return None;
        }
        let blocked = SigSet::from_iter([Signal::SIGTTIN, Signal::SIGTTOU]).thread_block();
        blocked.is_ok().then_some(Self(()))
    }

    /// Whether keys come one by one now: the process is in the foreground.
    #[must_use]
    pub fn is_active(&self) -> bool {
        before().is_some()
    }

    /// Waits for keys for a while. Empty where none came, and while the process is in the background. What was typed
    /// before, such as the answer to a question, is dropped.
    ///
    /// # Errors
    /// The system's error if the terminal is gone.
    pub fn next(&self, wait: Duration) -> io::Result<Vec<u8>> {
        if !is_in_foreground() {
            // The shell that stopped the process has set its own mode since.
            *before() = None;
            std::thread::sleep(wait);
            return Ok(Vec::new());
        }
        enter()?;
        let stdin = io::stdin();
        let wait = PollTimeout::try_from(wait).unwrap_or(PollTimeout::ZERO);
        let mut polled = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
        if poll(&mut polled, wait)? == 0 || !is_in_foreground() {
            return Ok(Vec::new());
        }
        let mut keys = [0; KEYS_AT_ONCE];
        match read(stdin.as_fd(), &mut keys)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => Ok(keys[..count].to_vec()),
        }
    }

    /// Stops the process as Ctrl-Z does; returns when it goes on.
    pub fn suspend(&self) {
        leave_key_mode();
        // The whole job stops, with the other processes of its pipe.
        let _ = kill(Pid::from_raw(0), Signal::SIGTSTP);
        // Another thread may take the signal. Without this wait, this one could set the mode again before the stop. The
        // time that the process is stopped counts, so nothing is waited for after a longer stop.
        std::thread::sleep(STOP_WITHIN);
    }
}

impl Drop for KeyMode {
    fn drop(&mut self) {
        leave_key_mode();
    }
}

/// Sets the terminal back as it was before keys were read.
pub fn leave_key_mode() {
    let Some(mode) = before().take() else { return };
    // In the background the terminal is another process's.
    if is_in_foreground() {
        let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &mode);
    }
}

fn enter() -> io::Result<()> {
    let mut before = before();
    if before.is_some() {
        return Ok(());
    }
    let mode = tcgetattr(io::stdin())?;
    let mut keys = mode.clone();
    keys.local_flags.remove(LocalFlags::ICANON | LocalFlags::ECHO);
    // Ctrl-Z comes as a key, so that the mode is set back before the process stops.
    keys.control_chars[SpecialCharacterIndices::VSUSP as usize] = nix::libc::_POSIX_VDISABLE;
    keys.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
    keys.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
    tcsetattr(io::stdin(), SetArg::TCSAFLUSH, &keys)?;
    *before = Some(mode);
    Ok(())
}

fn before() -> std::sync::MutexGuard<'static, Option<Termios>> {
    BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the terminal's input belongs to this process's job.
fn is_in_foreground() -> bool {
    tcgetpgrp(io::stdin()).is_ok_and(|group| group == getpgrp())
}
