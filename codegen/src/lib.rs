#![doc = include_str!("../README.md")]

pub mod diagnostic;
#[cfg(feature = "cli")]
pub mod drafting;
pub mod emit;
pub mod first_overlay;
pub mod model;
#[cfg(feature = "cli")]
pub mod new_venue;
#[cfg(feature = "cli")]
pub mod output;
mod reading;
mod report;
#[cfg(feature = "cli")]
mod signer;
pub mod source;

pub use diagnostic::Diagnostics;
pub use emit::{EmitError, FACADE, GeneratedFile, Home, Runtime, facade, is_marked};
pub use model::Api;
pub use reading::Reading;
pub use report::{Report, report};
#[cfg(feature = "cli")]
pub use signer::check_signer;
pub use source::{Notes, Spec, SpecFile};

use source::load;

/// The directory of the facade crate under `generated/`.
pub const FACADE_DIR: &str = "venues";

/// The reason why no crate was generated.
#[derive(Clone, Debug)]
pub enum Failure {
    /// Faults of the spec.
    Spec(Diagnostics),
    /// A fault of the generator.
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

/// Reads the API that a spec describes.
///
/// # Errors
/// Returns all findings, each with its place. An operation that was left out is a finding.
pub fn read(spec: &Spec) -> Result<Api, Diagnostics> {
    reading::read(spec)?.complete()
}

/// Reads the API that a document describes, as [`read`] does.
///
/// # Errors
/// The same as those of [`read`].
pub fn read_document(document: source::Document, denies_warnings: bool) -> Result<Api, Diagnostics> {
    reading::read_document(document, denies_warnings)?.1.complete()
}

/// Returns a note on the descriptions of a draft that are still to be written; empty if there are
/// none.
#[must_use]
pub fn to_describe(spec: &Spec) -> String {
    let Some((number, at)) = source::gaps(spec) else { return String::new() };
    let descriptions = if number == 1 { "1 description is" } else { &format!("{number} descriptions are") };
    format!(
        "{}:{}:{}: {descriptions} to be written; this is the first\n  help: read the lines that it names, and write it \
         in your own words\n",
        at.file, at.line, at.column
    )
}

/// Reads the API that a spec describes, and reports the changes to its document.
///
/// # Errors
/// Returns the findings that prevent a client.
pub fn read_with_notes(spec: &Spec) -> Result<Reading, Diagnostics> {
    reading::read(spec)
}

/// Returns the document of a spec with its overlays applied, as JSON.
///
/// # Errors
/// Returns findings if a text cannot be read, or if an overlay cannot be applied.
pub fn effective(spec: &Spec) -> Result<String, Diagnostics> {
    load(spec).map(|document| document.root().to_pretty_json())
}

/// Returns the version that a spec gives its crate (`x-crate-version`); `None` if the spec cannot
/// be read, or states no version.
pub fn crate_version(spec: &Spec) -> Option<String> {
    let document = load(spec).ok()?;
    document.node("/x-crate-version")?.as_str().map(str::to_owned)
}

/// Returns the files of the crate for a spec, sorted by path.
///
/// # Errors
/// Returns an error if the spec has faults. An operation that was left out is a fault.
pub fn generate(spec: &Spec) -> Result<Vec<GeneratedFile>, Failure> {
    let api = read(spec).map_err(Failure::Spec)?;
    emit::crate_files(&api, &Home::Workspace).map_err(Failure::Emit)
}

/// A generated crate, and the changes to the document of its API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The files, sorted by path.
    pub files: Vec<GeneratedFile>,
    /// The warnings, and the operations that were left out.
    pub notes: Notes,
}

/// Returns the crate for a spec, without the operations that had to be left out, and the notes.
///
/// # Errors
/// Returns an error if no client can be generated.
pub fn generate_with_notes(spec: &Spec) -> Result<Generated, Failure> {
    generate_for(spec, &Home::Workspace)
}

/// Returns the crate for a spec, in the form for the folder `home`, without the operations that had
/// to be left out, and the notes.
///
/// # Errors
/// Returns an error if no client can be generated.
pub fn generate_for(spec: &Spec, home: &Home) -> Result<Generated, Failure> {
    emitted(reading::read(spec).map_err(Failure::Spec)?, home)
}

/// Returns the crate for a spec, as [`generate_for`] does, for the folder `out`. The crate that
/// signs has to be there: see [`check_signer`].
///
/// # Errors
/// Returns an error if no client can be generated, or if the crate that signs is not there.
#[cfg(feature = "cli")]
pub fn generate_in(spec: &Spec, home: &Home, out: &std::path::Path) -> Result<Generated, Failure> {
    let document = source::load_with_notes(spec).map_err(Failure::Spec)?;
    let signs = signer::check_signer_of(&document, home, out);
    let read = reading::read_document(document, spec.denies_warnings());
    match (signs, read) {
        (Ok(()), read) => emitted(read.map_err(Failure::Spec)?.1, home),
        (Err(findings), Ok(_)) => Err(Failure::Spec(findings)),
        (Err(findings), Err(mut faults)) => {
            faults.extend(findings);
            Err(Failure::Spec(faults))
        }
    }
}

fn emitted(reading: Reading, home: &Home) -> Result<Generated, Failure> {
    let Reading { api, notes } = reading;
    let files = emit::crate_files(&api, home).map_err(Failure::Emit)?;
    Ok(Generated { files, notes })
}

/// The parts of a workspace that are not generated.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The signing crates, without `venuekit-auth-`.
    pub signers: Vec<String>,
    /// The packages, each with its folder.
    pub packages: Vec<(String, String)>,
}

/// Checks whether the crate of a spec can be part of a workspace. A crate that depends on a missing
/// signing crate (`x-auth`), or that has the name of another package, stops every command of cargo
/// in its workspace.
///
/// # Errors
/// Returns the findings if it cannot.
pub fn check_workspace(spec: &Spec, workspace: &Workspace) -> Result<(), Diagnostics> {
    // `generate` reports a spec that cannot be read.
    let Ok(document) = load(spec) else { return Ok(()) };
    let mut findings = Diagnostics::default();
    let package = format!("venuekit-{}", document.venue());
    if let Some((_, folder)) = workspace.packages.iter().find(|(name, _)| *name == package) {
        let message =
            format!("the file's name gives its crate the name `{package}`, which the package in {folder} has");
        findings.push(document.finding("", message, Some("give the file another name".into())));
    }
    let auth = document.node("/x-auth").and_then(|node| node.as_str());
    if let Some(auth) = auth.filter(|auth| !workspace.signers.iter().any(|signer| signer == auth)) {
        let mut help = format!("write the crate auth/{auth}, package `venuekit-auth-{auth}` (docs/add-a-venue.md)");
        if !workspace.signers.is_empty() {
            help.push_str(&format!("; the existing signing crates are: {}", workspace.signers.join(", ")));
        }
        let message = format!("there is no crate `venuekit-auth-{auth}` to sign with");
        findings.push(document.finding("/x-auth", message, Some(help.into())));
    }
    findings.into_result(())
}
