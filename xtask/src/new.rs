//! `cargo xtask new`: takes the published file of a venue in.

use std::path::PathBuf;
use std::process::ExitCode;

use venuekit_codegen::new_venue::{Published, parse_auth};
use venuekit_codegen::output::Transaction;
use venuekit_codegen::{Failure, Home};

use crate::codegen;

/// The options of the command.
#[derive(clap::Args, Debug)]
pub(crate) struct Options {
    /// The name of the venue, in lower case with hyphens (`btse-spot`)
    venue: String,
    /// The file as the venue publishes it; files beside it that it refers to are copied too
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The crate that signs: `btse` for `venuekit-auth-btse`, `acme-signer@0.3` for a package of a
    /// registry, `./acme-signer` for a folder
    #[arg(long, value_name = "CRATE")]
    auth: Option<String>,
    /// The repository to work on, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let Options { venue, from, auth, root } = options;
    codegen::is_free(root, venue)?;
    let out = root.join("generated").join(venue);
    let auth = auth.as_deref().map(|auth| parse_auth(auth, &out)).transpose()?;
    let published = Published::read(venue, from, "specs")?;
    let taken = published.take_in(auth.as_ref(), &Home::Workspace).map_err(|failure| match failure {
        Failure::Spec(findings) => format!("nothing was written: {} findings\n{findings}", findings.len()),
        Failure::Emit(error) => error.to_string(),
    })?;
    let mut transaction = Transaction::default();
    let files = published.create(taken.overlay.as_deref(), &root.join("specs"), &mut transaction)?;
    if !codegen::generate_new(root, venue, &mut transaction)? {
        return Err("nothing was written".to_owned());
    }
    transaction.keep();
    files.iter().for_each(|name| println!("{name} written"));
    print!("\nleft to decide, in {}:\n\n{}", published.overlay(), taken.decisions);
    Ok(ExitCode::SUCCESS)
}
