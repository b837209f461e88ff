//! The documentation of an item.

/// The documentation of an item (Markdown).
#[derive(Clone, Debug, Default)]
pub struct Docs {
    /// The summary in one line.
    pub summary: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// True if the spec marks it as deprecated.
    pub deprecated: bool,
    /// `x-doc-deviation`: the difference between the spec and the venue's document, and its reason.
    pub deviation: Option<String>,
}
