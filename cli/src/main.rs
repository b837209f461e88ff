//! The command `venue`: calls any operation of any venue from a terminal. See `README.md`, or
//! `venue help`.
//!
//! The commands and flags of `venue call` come from the metadata of the generated crates. A new
//! venue in `venuekit-venues` gets its commands without a change here.

mod body_flags;
mod bounds_entry;
mod call;
mod colour;
mod columns;
mod command;
mod completion;
mod confirm;
mod credential_command;
mod credentials;
mod csv_text;
mod dry_run;
mod duration;
mod explain;
mod failure;
mod flags;
mod folders;
mod format;
mod given;
mod hidden;
mod list;
mod man;
mod markets;
mod mock;
mod output;
mod pages;
mod profile;
mod record;
mod repeat;
mod secrets;
mod sections;
mod settings;
mod shell;
mod signals;
mod spec_help;
#[cfg(feature = "redis")]
mod state;
mod stream;
mod table;
mod times;
mod tips;
mod value;
mod verbose;
mod view;
mod watch;
mod yaml;

use std::ffi::OsString;
use std::process::ExitCode;

use command::Wanted;
use failure::{Exit, Failure};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match completion::answer(&arguments) {
        Ok(false) => {}
        Ok(true) => return Exit::Done.into(),
        Err(error) => return Failure::Output(error).report(false, failure::colours(&arguments)).into(),
    }
    credentials::remember();
    match run(&arguments) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(failure::is_json_wanted(&arguments), failure::colours(&arguments)).into(),
    }
}

fn run(arguments: &[OsString]) -> Result<Exit, Failure> {
    let matches = command::root(&Wanted::of(arguments))
        .try_get_matches_from(arguments)
        .map_err(|error| Failure::CommandLine(tips::with_nearest(error, arguments)))?;
    profile::load(settings::profile(&matches)).map_err(Failure::Usage)?;
    credentials::remember();
    settings::check(&matches)?;
    match matches.subcommand() {
        Some(("list", own)) => list::run(&matches, own),
        Some(("call", own)) => call::run(&matches, own),
        Some(("watch", own)) => watch::run(&matches, own),
        Some(("mock", own)) => mock::run(&matches, own),
        Some(("explain", own)) => explain::run(&matches, own),
        Some(("completions", own)) => completion::run(own),
        Some(("man", own)) => man::run(own),
        // clap has refused every other command.
        _ => Ok(Exit::Usage),
    }
}
