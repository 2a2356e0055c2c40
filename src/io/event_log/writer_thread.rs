//! The writing thread: writes many lines at once, and tries a failed write again from the byte at which it failed.

use std::io::{self, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

/// Bytes written at once, about.
const CHUNK: usize = 64 * 1024;

/// Tries of a failing write once the run is over.
const LAST_TRIES: u32 = 3;

pub(super) struct WriterThread {
    target: Box<dyn Write + Send>,
    lines: Receiver<Vec<u8>>,
    again: Duration,
    trouble: Box<dyn Fn(&io::Error) + Send>,
    /// Whether the run is over, so that a failing write is given up soon.
    over: Arc<AtomicBool>,
    reported: bool,
    closed: bool,
}

impl WriterThread {
    pub(super) fn new(
        target: Box<dyn Write + Send>,
        lines: Receiver<Vec<u8>>,
        again: Duration,
        trouble: Box<dyn Fn(&io::Error) + Send>,
        over: Arc<AtomicBool>,
    ) -> Self {
        Self { target, lines, again, trouble, over, reported: false, closed: false }
    }

    /// Writes until the queue is closed. Returns the number of lines that could not be written.
    pub(super) fn run(mut self) -> u64 {
        let mut unwritten = 0;
        while let Ok(first) = self.lines.recv() {
            let (mut chunk, mut count) = (first, 1);
            while chunk.len() < CHUNK {
                let Ok(line) = self.lines.try_recv() else { break };
                chunk.extend_from_slice(&line);
                count += 1;
            }
            let written = self.write(&chunk);
            if written < chunk.len() {
                let whole = chunk[..written].iter().filter(|byte| **byte == b'\n').count() as u64;
                unwritten += count - whole;
            }
        }
        unwritten
    }

    /// Writes a chunk and returns the number of bytes written: all, unless the pipe was closed or the run ended while
    /// writing failed.
    fn write(&mut self, chunk: &[u8]) -> usize {
        let (mut written, mut tries) = (0, 0);
        while written < chunk.len() && !self.closed {
            match self.target.write(&chunk[written..]) {
                Ok(0) => self.closed = true,
                Ok(count) => {
                    written += count;
                    tries = 0;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.report(&error);
                    let last = tries >= LAST_TRIES && self.over.load(Ordering::Relaxed);
                    self.closed = error.kind() == ErrorKind::BrokenPipe || last;
                    tries += 1;
                    if !self.closed {
                        thread::sleep(self.again);
                    }
                }
            }
        }
        written
    }

    fn report(&mut self, error: &io::Error) {
        if !std::mem::replace(&mut self.reported, true) {
            (self.trouble)(error);
        }
    }
}
