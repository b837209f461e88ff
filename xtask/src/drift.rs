//! `cargo xtask drift`: holds the specification of a venue against its document in prose.

use std::path::PathBuf;
use std::process::ExitCode;

use venuekit_codegen::drafting::{self, Format};

use crate::specs;

/// The options of the command.
#[derive(clap::Args, Debug)]
pub(crate) struct Options {
    /// The venue, by the name of its file in specs/ (`btse-spot`)
    venue: String,
    /// The document of the venue in prose; files beside it that it includes are read too
    #[arg(long = "document", required = true, value_name = "DOCUMENT")]
    documents: Vec<PathBuf>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The repository to work on, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let documents = drafting::read(&options.documents)?;
    let all = specs::list(&options.root.join("specs"))?;
    let chosen = specs::choose(all, std::slice::from_ref(&options.venue))?;
    let Some(files) = chosen.values().next() else { return Err(format!("there is no spec of {}", options.venue)) };
    let drift = drafting::drift_of(&documents, &specs::read(&options.root, files)?)?;
    print!("{}", options.format.render(&drift));
    Ok(if drift.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
