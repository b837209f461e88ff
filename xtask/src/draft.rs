//! `cargo xtask draft`: drafts a specification from documents in prose.

use std::path::PathBuf;
use std::process::ExitCode;

use venuekit_codegen::drafting;

use crate::codegen;

/// The options of the command.
#[derive(clap::Args, Debug)]
pub(crate) struct Options {
    /// The documents of the venue; files beside them that they include are read too
    #[arg(required = true, value_name = "DOCUMENT")]
    documents: Vec<PathBuf>,
    /// The name of the venue, in lower case with hyphens (`btse-spot`)
    #[arg(long, value_name = "NAME")]
    venue: String,
    /// The repository to work on, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let Options { documents, venue, root } = options;
    let drafted = drafting::draft_of(&drafting::read(documents)?, venue)?;
    codegen::is_free(root, venue)?;
    for name in drafting::write(&drafted, venue, &root.join("specs"))? {
        println!("{name} written");
    }
    println!(
        "{} descriptions are to be written; the report has what is to decide\n  help: decide, then run `cargo xtask \
         codegen {venue}`",
        drafted.draft.gaps
    );
    Ok(ExitCode::SUCCESS)
}
