//! Standard output for data, standard error for messages. Everything that the program prints goes through here and is cleaned
//! of what a terminal or a CI system would act upon. A closed pipe is no error.

use std::io::{self, IsTerminal, Write};

use std::sync::{Arc, Once};

use super::progress::above_progress;
use super::sanitize::{clean_drawn, clean_message, clean_text};
use crate::cli::args::{Color, Common, Format};
use crate::diagnostic::{harmless_json, printable, without_inline_commands};
use crate::io::EventLog;
use crate::model::Value;

/// Data for standard output.
#[derive(Debug)]
pub(crate) enum Output {
    /// For people.
    Text(String),
    /// JSON, for programs.
    Json(String),
    /// The content of a file, byte for byte.
    Exact(String),
}

impl From<String> for Output {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Output {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Output {
    /// Wraps a JSON value.
    pub(crate) fn json(value: &Value) -> Self {
        Self::Json(value.to_string())
    }

    fn into_text(self) -> String {
        match self {
            Self::Text(text) => clean_text(&text).into_owned(),
            Self::Json(json) => harmless_json(&json).into_owned(),
            Self::Exact(text) => text,
        }
    }
}

/// Standard output and standard error, with the options for both.
#[derive(Clone, Copy)]
pub(crate) struct Screen {
    /// How standard output is written.
    pub(crate) format: Format,
    /// Whether progress bars can be drawn on standard error.
    pub(crate) live: bool,
    quiet: bool,
    color: bool,
    events: Option<&'static Arc<EventLog>>,
    /// Whether standard output holds events and nothing else.
    stdout_has_events: bool,
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
            live: terminal && !common.quiet && !is_dumb(),
            quiet: common.quiet,
            color,
            events: None,
            stdout_has_events: false,
        }
    }

    /// Whether standard output is for programs.
    pub(crate) fn json(self) -> bool {
        self.format == Format::Json
    }

    /// Whether only errors and warnings are printed.
    pub(crate) fn quiet(self) -> bool {
        self.quiet
    }

    /// Adds the event log; `out` says that it writes to standard output.
    pub(crate) fn with_events(self, events: &'static Arc<EventLog>, out: bool) -> Self {
        Self { events: Some(events), stdout_has_events: out, ..self }
    }

    /// The event log; `None` without `--events`.
    pub(crate) fn events(self) -> Option<&'static Arc<EventLog>> {
        self.events
    }

    /// Whether standard error is coloured.
    pub(crate) fn colored(self) -> bool {
        self.color
    }

    /// The width of standard error in columns, from 60 to 140.
    pub(crate) fn width(self) -> usize {
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse::<usize>().ok());
        let columns = columns.unwrap_or_else(|| usize::from(console_width().unwrap_or(100)));
        columns.clamp(60, 140)
    }

    /// The width of standard output in columns; `None` where it is no terminal, so that nothing has to fit.
    pub(crate) fn table_width(self) -> Option<usize> {
        let out = io::stdout();
        let terminal = out.is_terminal() && !self.stdout_has_events;
        terminal.then(|| terminal_size::terminal_size_of(out)).flatten().map(|(width, _)| usize::from(width.0))
    }

    /// Writes data and a line end to standard output, or to standard error where standard output holds events.
    ///
    /// # Errors
    /// The [`io::Error`] of standard output, except for a closed pipe.
    pub(crate) fn data(self, data: impl Into<Output>) -> io::Result<()> {
        let text = data.into().into_text();
        if self.stdout_has_events {
            write_line(&text);
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

    /// Copies a file to standard output, or to standard error where standard output holds events: byte for byte, except on a
    /// terminal, where it is cleaned like all data.
    ///
    /// # Errors
    /// The [`io::Error`] of the file or of standard output, except for a closed pipe.
    pub(crate) fn copy(self, file: &mut dyn io::Read) -> io::Result<()> {
        if self.stdout_has_events || io::stdout().is_terminal() {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            return self.data(String::from_utf8_lossy(&bytes).trim_end());
        }
        let mut out = io::stdout().lock();
        match io::copy(file, &mut out).and_then(|_| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => {
                other.map_err(|error| io::Error::new(error.kind(), format!("cannot write to standard output: {error}")))
            }
        }
    }

    /// Writes data about work that is done. Where that fails, prints one warning: the work stands, and the verb keeps its exit
    /// code.
    pub(crate) fn data_or_warn(self, data: impl Into<Output>) {
        static WARNED: Once = Once::new();
        if let Err(error) = self.data(data) {
            WARNED.call_once(|| {
                self.say_always(&format!("warning: {error}; the work is done, and the exit code is unchanged"));
            });
        }
    }

    /// Prints a message, except under `--quiet`.
    pub(crate) fn say(self, text: &str) {
        if !self.quiet {
            self.say_always(text);
        }
    }

    /// Prints a message, also under `--quiet`.
    pub(crate) fn say_always(self, text: &str) {
        write_line(&clean_message(text));
    }

    /// Prints a rendered message with its colours.
    pub(crate) fn say_drawn(self, text: &str) {
        write_line(&clean_drawn(text));
    }

    /// Prints a command for a GitHub job, whose texts are escaped already.
    pub(crate) fn ci_command(self, line: &str) {
        write_line(&without_inline_commands(&printable(line)));
    }
}

/// Writes a line to standard error. An error is ignored, because there is no place left to report it.
fn write_line(text: &str) {
    above_progress(|| write_now(text));
}

fn write_now(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Prints what clap reports: help to standard output, an error to standard error.
pub(in crate::cli) fn print_usage_error(error: &clap::Error) {
    if error.use_stderr() {
        return write_line(clean_message(&error.render().to_string()).trim_end());
    }
    // The help holds no text of the user. A closed pipe is no error.
    let _ = error.print();
}

/// Prints an answer to the completion script of a shell. A closed pipe is no error.
pub(in crate::cli) fn print_for_shell(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// Prints the description of a panic, without waiting for the progress, which may be what panicked.
pub(in crate::cli) fn print_panic(text: &str) {
    write_now(&clean_message(text));
}

/// The writer of the log: cleans each line and writes it to standard error.
pub(in crate::cli) struct TraceWriter;

impl Write for TraceWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let mut written = Ok(());
        above_progress(|| written = io::stderr().lock().write_all(clean_drawn(&text).as_bytes()));
        written.map(|()| line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Whether the terminal can only append text.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|name| name == "dumb")
}

fn console_width() -> Option<u16> {
    terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| width.0)
}
