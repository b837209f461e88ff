//! The standard that a document follows.

/// A standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standard {
    /// OpenAPI 3.0.
    OpenApi,
    /// OpenRPC 1.x.
    OpenRpc,
}
