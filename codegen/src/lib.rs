//! Spec -> model -> crate: turns the OpenAPI and OpenRPC documents of trading venues into typed client crates.
//!
//! Three floors, each reading only the one below it:
//!
//! 1. [`spec`]: a document as a tree that knows the place of every node, checked whole, with all findings in one run.
//! 2. [`model`]: one small description of an API, into which both kinds of document lower. All names and shapes are decided there.
//! 3. [`emit`]: the model as the files of a crate.
//!
//! Nothing here touches the file system: text in, text or findings out.

pub mod diagnostic;
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

/// The files of the crate for a spec, sorted by path.
///
/// # Errors
/// When the spec has faults.
pub fn generate(file: &str, text: &str) -> Result<Vec<GeneratedFile>, Failure> {
    let api = read(file, text).map_err(Failure::Spec)?;
    emit::crate_files(&api).map_err(Failure::Emit)
}
