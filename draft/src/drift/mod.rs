//! Holds a specification against a document, fact by fact, both ways.

mod bounds;
mod compare;
mod filled;
mod finding;
mod limits;
mod render;
mod rows;
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
    let unread = facts.remarks.iter().filter(|own| own.text.starts_with("a table outside operations"));
    let unread = unread.map(|own| own.at).collect();
    let mut drift = Drift { findings: Vec::new(), held: 0, stated: 0, names: facts.names.clone(), unread };
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
            && next.text == before.text
    });
    drift.findings = merged(drift.findings);
    Ok(drift)
}

/// Joins the findings about the same lines, which several operations share.
fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut out: Vec<(Finding, usize)> = Vec::new();
    for finding in findings {
        let member = |own: &Finding| own.subject.rsplit_once(": ").map(|(_, name)| name.to_owned());
        let is_same = |own: &Finding| {
            own.at == finding.at
                && own.kind == finding.kind
                && own.text == finding.text
                && own.subject != finding.subject
        };
        let before = out.iter_mut().rev().take_while(|(own, _)| own.at == finding.at);
        let mut before = before.filter(|(own, _)| member(own).is_some() && member(own) == member(&finding));
        match before.find(|(own, _)| is_same(own)) {
            Some((_, more)) => *more += 1,
            None => out.push((finding, 0)),
        }
    }
    let text = |(mut finding, more): (Finding, usize)| {
        match more {
            0 => {}
            1 => finding.text.push_str(", and so in 1 more place that shares these lines"),
            more => finding.text.push_str(&format!(", and so in {more} more places that share these lines")),
        }
        finding
    };
    out.into_iter().map(text).collect()
}
