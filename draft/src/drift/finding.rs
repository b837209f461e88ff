//! The differences between a document and a specification.

use crate::document::Lines;

/// The differences between a document and a specification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// The differences, in the order of the document.
    pub findings: Vec<Finding>,
    /// The number of facts that agree.
    pub held: usize,
    /// The number of differences that the specification states: `x-doc-deviation`, or `x-evidence`
    /// from another publication.
    pub stated: usize,
    pub(super) names: Vec<String>,
    /// The tables outside operations that were not read.
    pub(super) unread: Vec<Lines>,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Finding {
    /// The lines of the document.
    pub at: Lines,
    /// The kind of the difference.
    pub kind: Difference,
    /// The subject, such as `GET /v1/book: symbol`.
    pub subject: String,
    /// The fact that differs.
    pub text: String,
    /// The JSON pointer of the object in the specification; of the nearest one if it is missing.
    pub pointer: String,
}

/// A kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// The document says it, and the specification lacks it.
    Missing,
    /// The two say different things.
    Contradicts,
    /// The specification has it, and the document does not.
    Undocumented,
}

impl Difference {
    /// Returns the name of the kind: `missing`, `contradicts` or `undocumented`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Contradicts => "contradicts",
            Self::Undocumented => "undocumented",
        }
    }
}
