//! `cargo xtask soak-state`: runs processes that share one key through a real store, with faults.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::cargo::{cargo, shown};

#[derive(Args)]
pub(crate) struct Options {
    /// The number of calls of each of the eight processes
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    calls: u64,
    /// The repository to work on, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let mut command = cargo(&options.root);
    command
        .args(["test", "--release", "--package", "venuekit-redis", "--test", "processes"])
        .args(["--", "--ignored", "--exact", "soak", "--nocapture"])
        .env("VENUEKIT_SOAK_CALLS", options.calls.to_string());
    let status = command.status().map_err(|error| format!("cannot run `{}`: {error}", shown(&command)))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
