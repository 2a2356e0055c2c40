//! Standard output is data, standard error is talk; a closed pipe is quiet. Everything that the program prints goes
//! through here, and nothing passes that a terminal or a CI system would act upon.

use std::io::{self, IsTerminal, Write};

use std::sync::{Arc, Once};

use super::sanitize::{drawn, plain, talk};
use crate::cli::args::{Color, Common, Format};
use crate::diagnostic::{harmless_json, printable, without_inline_commands};
use crate::io::EventLog;
use crate::model::Value;

/// What goes to standard output.
#[derive(Debug)]
pub(crate) enum Data {
    /// For people.
    Text(String),
    /// JSON, for programs.
    Json(String),
    /// What is the content of a file, byte for byte.
    Exact(String),
}

impl From<String> for Data {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Data {
    /// A value for programs.
    pub(crate) fn json(value: &Value) -> Self {
        Self::Json(value.to_string())
    }

    fn into_text(self) -> String {
        match self {
            Self::Text(text) => plain(&text).into_owned(),
            Self::Json(json) => harmless_json(&json).into_owned(),
            Self::Exact(text) => text,
        }
    }
}

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
    pub(crate) fn data(self, data: impl Into<Data>) -> io::Result<()> {
        let text = data.into().into_text();
        if self.out_is_taken {
            say(&text);
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
    pub(crate) fn conclude(self, data: impl Into<Data>) {
        static WARNED: Once = Once::new();
        if let Err(error) = self.data(data) {
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
        say(&talk(text));
    }

    /// Says what was drawn for a terminal: its colours stay.
    pub(crate) fn drawn(self, text: &str) {
        say(&drawn(text));
    }

    /// Gives a GitHub job one of our own commands, whose texts are escaped.
    pub(crate) fn command(self, line: &str) {
        say(&without_inline_commands(&printable(line)));
    }
}

/// Writes a line to standard error. Nobody is there to hear that it is closed.
fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// What the command line's own reader says: help to standard output, a mistake to standard error.
pub(in crate::cli) fn say_of_usage(error: &clap::Error) {
    if error.use_stderr() {
        return say(talk(&error.render().to_string()).trim_end());
    }
    // No word of the user's stands in it. A closed pipe is quiet.
    let _ = error.print();
}

/// Says that the program met a state that it does not know, and where.
pub(in crate::cli) fn say_of_panic(text: &str) {
    say(&talk(text));
}

/// Standard error as what is traced sees it: a line at a time.
pub(in crate::cli) struct Traced;

impl Write for Traced {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        io::stderr().lock().write_all(drawn(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

fn console_width() -> Option<u16> {
    terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| width.0)
}
