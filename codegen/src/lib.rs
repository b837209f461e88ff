#![doc = include_str!("../README.md")]

pub mod diagnostic;
pub mod emit;
pub mod model;
pub mod spec;

pub use diagnostic::Diagnostics;
pub use emit::{EmitError, FACADE, GeneratedFile, facade};
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

/// What a workspace has besides generated crates.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The signing crates, without `venuekit-auth-`.
    pub signers: Vec<String>,
    /// The packages, each with its folder.
    pub packages: Vec<(String, String)>,
}

/// Finds out whether the crate of a spec can be part of a workspace. One that depends on a signing crate that is not
/// there (`x-auth`), or that has the name of another package, stops every command of cargo in its workspace.
///
/// # Errors
/// The findings.
pub fn check_workspace(file: &str, text: &str, workspace: &Workspace) -> Result<(), Diagnostics> {
    // A spec that cannot be read is told of by `generate`.
    let Ok(document) = spec::Document::parse(file, text) else { return Ok(()) };
    let mut findings = Diagnostics::default();
    let package = format!("venuekit-{}", document.venue());
    if let Some((_, folder)) = workspace.packages.iter().find(|(name, _)| *name == package) {
        let message = format!("the file's name makes the crate `{package}`, and there is one in {folder}");
        findings.push(document.finding("", message, Some("give the file another name".into())));
    }
    let auth = document.node("/x-auth").and_then(|node| node.as_str());
    if let Some(auth) = auth.filter(|auth| !workspace.signers.iter().any(|signer| signer == auth)) {
        let mut help = format!(
            "write the crate auth/{auth} and list it in [workspace.dependencies] of Cargo.toml (docs/add-a-venue.md)"
        );
        if !workspace.signers.is_empty() {
            help.push_str(&format!("; the ones there are: {}", workspace.signers.join(", ")));
        }
        let message = format!("there is no crate `venuekit-auth-{auth}` to sign with");
        findings.push(document.finding("/x-auth", message, Some(help.into())));
    }
    findings.into_result(())
}
