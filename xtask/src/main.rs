//! The commands of this repository: `cargo xtask <command>`. Each command has its own module.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command prints to its user")]

mod busy;
mod cargo;
mod ci;
mod clients;
mod codegen;
mod comment;
mod corpus;
mod diff;
mod draft;
mod drift;
mod fuzz;
mod lists;
mod modules;
mod new;
mod release;
mod soak;
mod soak_state;
mod specs;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The commands of this repository", version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Run the tests several times at the same time, on a busy machine
    ///
    /// No test may depend on the speed of the machine. Prints the time of each run, and exits with
    /// 1 if one failed.
    Busy(busy::Options),
    /// Run the steps of CI that need only a Rust toolchain
    ///
    /// Stops at the first step that fails, and prints the time of each step. `.ci/run` runs the
    /// steps that need other tools, and then these.
    Ci(ci::Options),
    /// Turn the specs into the crates under generated/
    ///
    /// Without a venue, generates all crates. Deletes generated crates that have no spec. Exits
    /// with 1, and writes nothing, if a spec has a fault.
    Codegen(codegen::Options),
    /// Post a Markdown file as a comment on a pull request, or update the earlier comment
    ///
    /// Calls GitHub with the program `gh`, which takes its token from GH_TOKEN.
    Comment(comment::Arguments),
    /// Read documents that others published, and count the results
    Corpus(corpus::Options),
    /// Report the effects of spec changes on the users of the crates
    ///
    /// Compares the specs of two revisions, or two files. The default is the working tree against
    /// the commit where it left the main branch. Exits with 1 if a check of --fail-on or
    /// --check-versions fails, and with 2 if something could not be compared.
    Diff(diff::Options),
    /// Draft a specification from documents in prose (Markdown)
    ///
    /// Writes specs/VENUE.yaml, and beside it a report with what a person has to decide,
    /// specs/VENUE.draft.md, and the answers that the documents suggest, specs/VENUE.overlay.yaml.
    /// Copies no description. Overwrites nothing; if it fails, nothing is written.
    Draft(draft::Options),
    /// Hold the specification of a venue against its document in prose, both ways
    ///
    /// Differences that the specification states (`x-doc-deviation`, `x-evidence`) are not listed.
    /// Exits with 1 if there is any other difference, and with 2 if the two cannot be compared.
    Drift(drift::Options),
    /// Generate crates from documents that are changed at random
    ///
    /// The generator has to return files or findings. Exits with 1 if it panicked, or if a case
    /// took too long. Prints the seed, with which each case can be run again.
    Fuzz(fuzz::Options),
    /// Find files of a crate that import each other
    ///
    /// Prints each cycle of imports with the imported names, and exits with 1 if there is one.
    Modules(modules::Options),
    /// Take the published file of a venue in: copy it, write a first overlay, and generate
    ///
    /// Writes the file to specs/ byte for byte, and the overlay beside it. The overlay holds what
    /// the document tells, each with its reason: the environments of the servers, the security, the
    /// decimals, and the operations that have to be left out. Prints what is left to decide.
    /// Overwrites nothing; if it fails, nothing is written.
    New(new::Options),
    /// Check and prepare a release
    ///
    /// Writes the changelog and the versions, and prints the commands that tag and publish. It
    /// publishes nothing itself. Exits with 1, and writes nothing, when a check fails.
    Release(release::Options),
    /// Run subscriptions and calls over connections that are cut at random
    ///
    /// Fails if a subscription does not return, if an interruption was not told, if an event came
    /// twice or is missing without being told, if an order was sent twice, or if memory grows.
    SoakStreams(soak::Options),
    /// Run processes that share one key through Redis or Valkey, with faults, for minutes
    ///
    /// Eight processes make calls to a venue that counts, while they are killed, and while the
    /// store is stopped, restarted, cut off, or talks nonsense. Prints a table of what the venue
    /// saw, and exits with 1 if a promise of docs/scale-out.md was broken. Needs redis-server or
    /// valkey-server.
    SoakState(soak_state::Options),
}

/// Returns the repository in which this program was built. Returns the working directory if that
/// repository has no `specs` any more.
fn repository() -> PathBuf {
    let built_in = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(std::path::Path::new("."));
    if built_in.join("specs").is_dir() { built_in.to_owned() } else { PathBuf::from(".") }
}

/// The exit code of a failed command. Only `diff` and `drift` have another one.
const FAULT: u8 = 1;

fn main() -> ExitCode {
    let result = match Cli::parse().verb {
        Verb::Busy(options) => busy::run(&options).map_err(|error| (error, FAULT)),
        Verb::Ci(options) => ci::run(&options).map_err(|error| (error, FAULT)),
        Verb::Codegen(options) => codegen::run(&options).map_err(|error| (error, FAULT)),
        Verb::Comment(arguments) => comment::run(&arguments).map_err(|error| (error, FAULT)),
        Verb::Corpus(options) => corpus::run(&options).map_err(|error| (error, FAULT)),
        Verb::Diff(options) => diff::run(&options).map_err(|error| (error, diff::NOT_COMPARED)),
        Verb::Draft(options) => draft::run(&options).map_err(|error| (error, FAULT)),
        Verb::Drift(options) => drift::run(&options).map_err(|error| (error, diff::NOT_COMPARED)),
        Verb::Fuzz(options) => fuzz::run(&options).map_err(|error| (error, FAULT)),
        Verb::Modules(options) => modules::run(&options).map_err(|error| (error, FAULT)),
        Verb::New(options) => new::run(&options).map_err(|error| (error, FAULT)),
        Verb::Release(options) => release::run(&options).map_err(|error| (error, FAULT)),
        Verb::SoakStreams(options) => soak::run(&options).map_err(|error| (error, FAULT)),
        Verb::SoakState(options) => soak_state::run(&options).map_err(|error| (error, FAULT)),
    };
    match result {
        Ok(code) => code,
        Err((message, code)) => {
            eprintln!("error: {message}");
            ExitCode::from(code)
        }
    }
}
