//! A generated file, and the error about a file that is not valid Rust.

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// The path in the crate, with slashes: `src/types.rs`.
    pub path: String,
    /// The content.
    pub text: String,
}

/// The error about a generated file that is not valid Rust, which is a fault of the generator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmitError {
    pub(super) path: String,
    pub(super) message: String,
}

impl std::fmt::Display for EmitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the generated {} is not Rust: {}; this is a fault of the generator", self.path, self.message)
    }
}

impl std::error::Error for EmitError {}
