//! The arguments of `sandbox`.

use clap::Args;
use clap::builder::FalseyValueParser;

/// `sandbox`.
#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
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
    /// Serve https, and print the certificate file to trust (`ca_file`)
    #[arg(long, env = "RUNSHEET_TLS", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub(crate) tls: bool,
    /// Make faults, such as lose=2%,refuse=5%,seed=7
    #[arg(long, value_name = "SPEC", env = "RUNSHEET_FAULTS", hide_env_values = true)]
    pub(crate) faults: Option<String>,
}
