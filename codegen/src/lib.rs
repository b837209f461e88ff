#![doc = include_str!("../README.md")]

pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod model;
pub mod spec;

pub use diagnostic::Diagnostics;
pub use emit::{EmitError, GeneratedFile, facade};
pub use model::Api;

/// The directory of the facade crate under `generated/`.
pub const FACADE_DIR: &str = "venues";

/// Why there is no crate.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The spec has faults.
    Spec(Diagnostics),
    /// The generator has one.
    Emit(EmitError),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Spec(diagnostics) => diagnostics.fmt(f),
            Self::Emit(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

/// The API that a spec describes. `file`: its name for messages (`specs/btse-spot.yaml`), whose stem is the venue's name.
///
/// # Errors
/// All findings, each with its place.
pub fn read(file: &str, text: &str) -> Result<Api, Diagnostics> {
    let document = spec::Document::parse(file, text)?;
    let source = spec::read(&document)?;
    model::lower::lower(&document, &source)
}

/// The version that a spec gives its crate (`x-crate-version`), as far as the spec can be read.
pub fn crate_version(file: &str, text: &str) -> Option<String> {
    let document = spec::Document::parse(file, text).ok()?;
    document.node("/x-crate-version")?.as_str().map(str::to_owned)
}

/// Returns the files of the crate for a spec, sorted by path.
///
/// # Errors
/// When the spec has faults.
pub fn generate(file: &str, text: &str) -> Result<Vec<GeneratedFile>, Failure> {
    let api = read(file, text).map_err(Failure::Spec)?;
    emit::crate_files(&api).map_err(Failure::Emit)
}

/// Finds out whether the workspace has the crate that signs for a spec (`x-auth`). A generated crate that depends on one
/// that is not there stops every command of cargo in its workspace.
///
/// `signers`: the signing crates of the workspace, without `venuekit-auth-`.
///
/// # Errors
/// The finding at `x-auth`.
pub fn check_signer(file: &str, text: &str, signers: &[String]) -> Result<(), Diagnostics> {
    // A spec that cannot be read is told of by `generate`.
    let Ok(document) = spec::Document::parse(file, text) else { return Ok(()) };
    let Some(auth) = document.node("/x-auth").and_then(|node| node.as_str()) else { return Ok(()) };
    if signers.iter().any(|signer| signer == auth) {
        return Ok(());
    }
    let mut findings = Diagnostics::default();
    let help = format!(
        "write the crate auth/{auth} and list it in [workspace.dependencies] of Cargo.toml (docs/add-a-venue.md){}",
        if signers.is_empty() { String::new() } else { format!("; the ones there are: {}", signers.join(", ")) },
    );
    findings.push(document.finding(
        "/x-auth",
        format!("there is no crate `venuekit-auth-{auth}` to sign with"),
        Some(help.into()),
    ));
    findings.into_result(())
}
