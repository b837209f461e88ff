//! The command `venue`: calls any operation of any venue from a terminal. See `README.md`, or
//! `venue help`.
//!
//! The commands and flags of `venue call` come from the metadata of the generated crates. A new
//! venue in `venuekit-venues` gets its commands without a change here.

mod body_flags;
mod bounds_entry;
mod call;
mod command;
mod confirm;
mod credentials;
mod dry_run;
mod failure;
mod flags;
mod hidden;
mod list;
mod mock;
mod output;
mod settings;
mod shell;
mod signals;
mod spec_help;
#[cfg(feature = "redis")]
mod state;
mod stream;
mod table;
mod value;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use command::Wanted;
use failure::{Exit, Failure};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match run(&arguments) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(failure::is_json_wanted(&arguments)).into(),
    }
}

fn run(arguments: &[OsString]) -> Result<Exit, Failure> {
    let matches = command::root(&Wanted::of(arguments))
        .try_get_matches_from(arguments)
        .map_err(|error| Failure::CommandLine(command::with_nearest(error, arguments)))?;
    settings::check(&matches)?;
    match matches.subcommand() {
        Some(("list", matches)) => list::run(matches),
        Some(("call", own)) => call::run(&matches, own),
        Some(("watch", own)) => watch::run(&matches, own),
        Some(("mock", matches)) => mock::run(matches),
        Some(("completions", matches)) => command::completions(matches),
        // clap has refused every other command.
        _ => Ok(Exit::Usage),
    }
}
