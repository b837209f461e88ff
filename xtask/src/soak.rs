//! `cargo xtask soak-streams`: runs subscriptions and calls over connections that are cut at
//! random.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::cargo::cargo;

#[derive(Args)]
pub(crate) struct Options {
    /// The duration in seconds
    #[arg(long, value_name = "N", default_value_t = 600)]
    seconds: u64,
    /// The repository to work on, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
    /// Use the profile for development, which is built sooner
    #[arg(long)]
    dev: bool,
}

impl Options {
    /// The short form, for CI.
    pub(crate) fn short(root: &Path) -> Self {
        Self { seconds: 15, root: root.to_owned(), dev: true }
    }
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let mut command = cargo(&options.root);
    command.args(["run", "--quiet", "--package", "venuekit", "--features", "ws", "--example", "soak_streams"]);
    command.args((!options.dev).then_some("--release"));
    command.args(["--", "--seconds", &options.seconds.to_string()]);
    let status = command.status().map_err(|error| format!("cannot run cargo: {error}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
