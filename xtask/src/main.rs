//! The verbs of this repository: `cargo xtask <verb>`. One file a verb.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to its user")]

mod codegen;
mod files;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The verbs of this repository", version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Turn the specs into the crates under generated/
    ///
    /// Without a venue, all of them, and what belongs to no spec any more is deleted. Exits with 1, and writes nothing, when a spec has a fault.
    Codegen {
        /// Venues, by the names of their files in specs/ (`btse-spot`)
        venues: Vec<String>,
        /// Write nothing; show what is stale and exit with 1 if anything is
        #[arg(long)]
        check: bool,
        /// The repository to work on, in place of this one
        #[arg(long, value_name = "DIR", default_value_os_t = repository())]
        root: PathBuf,
    },
}

/// The repository that this was built in, or the working directory when that is gone.
fn repository() -> PathBuf {
    let built_in = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(std::path::Path::new("."));
    if built_in.join("specs").is_dir() { built_in.to_owned() } else { PathBuf::from(".") }
}

fn main() -> ExitCode {
    let result = match Cli::parse().verb {
        Verb::Codegen { venues, check, root } => codegen::run(&root, &venues, check),
    };
    match result {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
