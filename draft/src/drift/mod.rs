//! Holds a specification against a document, fact by fact, both ways.

mod compare;
mod render;
mod rpc;
mod schema;
mod specification;

use venuekit_json::Tree;

use crate::document::{Document, Lines};
use crate::intake::{Refusal, facts_of};

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
    names: Vec<String>,
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

/// Holds a specification against the documents of its venue. The specification is the whole
/// document, with its overlays applied.
///
/// # Errors
/// Returns the reason if the documents describe no operation.
pub fn drift(documents: &[Document], specification: &Tree) -> Result<Drift, Refusal> {
    let facts = facts_of(documents)?;
    let mut drift = Drift { findings: Vec::new(), held: 0, stated: 0, names: facts.names.clone() };
    let specification = specification::Specification::new(specification);
    if facts.methods.is_empty() {
        compare::operations(&facts, specification, &mut drift);
    } else {
        rpc::methods(&facts, specification, &mut drift);
    }
    drift.findings.sort();
    // A table and a sample can show the same difference.
    drift.findings.dedup_by(|next, before| {
        next.at == before.at
            && next.kind == before.kind
            && next.subject == before.subject
            && next.pointer == before.pointer
    });
    Ok(drift)
}
