//! The writing thread: whole lines in few writes; what fails is tried again from the byte at which it failed.

use std::io::{self, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

/// Bytes that are written at once, about.
const CHUNK: usize = 64 * 1024;

/// How often a write is tried again at the end of the run.
const LAST_TRIES: u32 = 3;

pub(super) struct WriterThread {
    target: Box<dyn Write + Send>,
    lines: Receiver<Vec<u8>>,
    again: Duration,
    trouble: Box<dyn Fn(&io::Error) + Send>,
    /// Whether the run is over, so that there is no time to wait.
    over: Arc<AtomicBool>,
    told: bool,
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
        Self { target, lines, again, trouble, over, told: false, closed: false }
    }

    /// Writes until the queue is closed. Gives how many lines could not be written.
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

    /// How many bytes were written: all, but where nobody reads any more or the run ended in trouble.
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
                    self.tell(&error);
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

    fn tell(&mut self, error: &io::Error) {
        if !std::mem::replace(&mut self.told, true) {
            (self.trouble)(error);
        }
    }
}
