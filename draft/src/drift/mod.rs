//! Holds a specification against a document, fact by fact, both ways.

mod bounds;
mod compare;
mod finding;
mod limits;
mod render;
mod rpc;
mod schema;
mod servers;
mod signing;
mod specification;
mod stated;

use venuekit_json::Tree;

pub use finding::{Difference, Drift, Finding};

use crate::document::Document;
use crate::intake::{Refusal, facts_of};

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
