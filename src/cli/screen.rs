//! Standard output is data, standard error is talk; a closed pipe is quiet, control characters never pass.

use std::io::{self, IsTerminal, Write};

use std::sync::{Arc, Once};

use super::args::{Color, Common, Format};
use crate::io::EventLog;

/// Where the program speaks.
#[derive(Clone, Copy)]
pub(crate) struct Screen {
    /// How standard output is written.
    pub(crate) format: Format,
    /// Whether standard error is a terminal that bars can be drawn on.
    pub(crate) live: bool,
    quiet: bool,
    color: bool,
    events: Option<&'static Arc<EventLog>>,
    /// Whether standard output holds events and nothing else.
    out_is_taken: bool,
}

impl Screen {
    /// Reads flags, `NO_COLOR` and the terminal.
    pub(crate) fn new(common: &Common) -> Self {
        let terminal = io::stderr().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = match common.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !plain,
        };
        Self {
            format: common.format,
            live: terminal && !common.quiet,
            quiet: common.quiet,
            color,
            events: None,
            out_is_taken: false,
        }
    }

    /// Whether standard output is for programs.
    pub(crate) fn json(self) -> bool {
        self.format == Format::Json
    }

    /// Whether only what went wrong is to be said.
    pub(crate) fn quiet(self) -> bool {
        self.quiet
    }

    /// The same, telling events as well; `out` says that they go to standard output.
    pub(crate) fn telling(self, events: &'static Arc<EventLog>, out: bool) -> Self {
        Self { events: Some(events), out_is_taken: out, ..self }
    }

    /// Where events go, if anywhere.
    pub(crate) fn events(self) -> Option<&'static Arc<EventLog>> {
        self.events
    }

    /// Whether standard error is coloured.
    pub(crate) fn colored(self) -> bool {
        self.color
    }

    /// How many columns standard error has.
    pub(crate) fn width(self) -> usize {
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse::<usize>().ok());
        let columns = columns.unwrap_or_else(|| usize::from(console_width().unwrap_or(100)));
        columns.clamp(60, 140)
    }

    /// Writes data, and a line end; to standard error where standard output holds events.
    ///
    /// # Errors
    /// What the operating system says, but for a closed pipe.
    pub(crate) fn data(self, text: &str) -> io::Result<()> {
        if self.out_is_taken {
            self.insist(text);
            return Ok(());
        }
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => {
                other.map_err(|error| io::Error::new(error.kind(), format!("cannot write to standard output: {error}")))
            }
        }
    }

    /// Writes data about work that is done. Where standard output does not take it, says so once on standard error: the
    /// work stands, and the verb keeps its own exit code.
    pub(crate) fn conclude(self, text: &str) {
        static WARNED: Once = Once::new();
        if let Err(error) = self.data(text) {
            WARNED.call_once(|| {
                self.insist(&format!("warning: {error}; what was done stands, and so does the exit code"));
            });
        }
    }

    /// Says something, unless `--quiet`.
    pub(crate) fn talk(self, text: &str) {
        if !self.quiet {
            self.insist(text);
        }
    }

    /// Says something even under `--quiet`.
    pub(crate) fn insist(self, text: &str) {
        // Nobody is there to hear that standard error is closed.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

fn console_width() -> Option<u16> {
    terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| width.0)
}
