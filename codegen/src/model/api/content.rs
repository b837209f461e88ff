//! The contents of bodies and responses.

/// The kind of the content of a body or a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentKind {
    /// JSON.
    Json,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// Bytes that are read piece by piece; in a response only.
    Stream,
}
