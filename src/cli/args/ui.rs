//! The arguments of `ui`.

use clap::Args;

/// `ui`.
#[derive(Debug, Args)]
pub(crate) struct UiArgs {
    /// Port of 127.0.0.1 to listen on [default: a free one]
    #[arg(
        long,
        value_name = "N",
        env = "RUNSHEET_PORT",
        hide_env_values = true,
        default_value_t = 0,
        hide_default_value = true
    )]
    pub(crate) port: u16,
}
