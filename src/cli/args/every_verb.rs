//! The options that every verb takes.

use std::path::PathBuf;

use clap::builder::{FalseyValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

/// The options that every verb takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// Folder that holds the runs [default: $XDG_STATE_HOME/runsheet, or ~/.local/state/runsheet]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        env = "RUNSHEET_STATE_DIR",
        hide_env_values = true,
        help_heading = "Everywhere",
        hide_short_help = true
    )]
    pub(crate) state_dir: Option<PathBuf>,
    /// Settings file [default: runsheet.yaml beside the playbook, or in the nearest folder above it]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "RUNSHEET_SETTINGS",
        hide_env_values = true,
        help_heading = "Everywhere",
        hide_short_help = true
    )]
    pub(crate) settings: Option<PathBuf>,
    /// Folder with providers of your own
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        env = "RUNSHEET_PROVIDERS",
        hide_env_values = true,
        help_heading = "Everywhere",
        hide_short_help = true
    )]
    pub(crate) providers: Option<PathBuf>,
    /// Folder that must hold every file that a playbook names [default: the folder of the settings, or of the playbook]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        env = "RUNSHEET_CONFINE",
        hide_env_values = true,
        help_heading = "Everywhere",
        hide_short_help = true
    )]
    pub(crate) confine: Option<PathBuf>,
    /// Show sensitive values instead of masking them
    #[arg(long, global = true, env = "RUNSHEET_UNMASK", hide_env_values = true, value_parser = FalseyValueParser::new(), help_heading = "Everywhere", hide_short_help = true)]
    pub(crate) unmask: bool,
    /// Write standard output as `text` or as `json`
    #[arg(
        long,
        global = true,
        value_parser = of_screen(),
        default_value = "text",
        env = "RUNSHEET_FORMAT",
        hide_env_values = true,
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Everywhere",
        hide_short_help = true
    )]
    pub(crate) format: Format,
    /// Append the events of a run to FILE, one JSON object a line; `-` is standard output
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "RUNSHEET_EVENTS",
        hide_env_values = true,
        help_heading = "Everywhere",
        hide_short_help = true
    )]
    pub(crate) events: Option<PathBuf>,
    /// Print more on standard error; -vv prints every call
    #[arg(short, long, global = true, action = clap::ArgAction::Count, env = "RUNSHEET_VERBOSE", hide_env_values = true, help_heading = "Everywhere", hide_short_help = true)]
    pub(crate) verbose: u8,
    /// Print only errors and warnings
    #[arg(short, long, global = true, env = "RUNSHEET_QUIET", hide_env_values = true, value_parser = FalseyValueParser::new(), help_heading = "Everywhere", hide_short_help = true)]
    pub(crate) quiet: bool,
    /// Colour standard error: `auto`, `always` or `never`
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        env = "RUNSHEET_COLOR",
        hide_env_values = true,
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Everywhere",
        hide_short_help = true
    )]
    pub(crate) color: Color,
}

/// How standard output is written. The verb `report` has forms of its own, under the same option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// A report as a page.
    Html,
    /// A report as JUnit XML.
    Junit,
    /// A report as Markdown.
    Markdown,
    /// A report as CSV.
    Csv,
}

/// The formats that every verb has.
fn of_screen() -> impl TypedValueParser<Value = Format> {
    let words = [PossibleValue::new("text").help("For people"), PossibleValue::new("json").help("For programs")];
    PossibleValuesParser::new(words).map(|word| if word == "json" { Format::Json } else { Format::Text })
}

/// When standard error is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
