#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")
)]

mod about;
mod absent;
mod access;
mod answers;
mod below;
mod blocks;
mod calls;
mod catalogues;
mod columns;
mod conditions;
mod contradict;
mod decide;
mod document;
mod drift;
mod enums;
mod errors;
mod facts;
mod footnotes;
mod gitbook;
mod html;
mod infer;
mod inline;
mod intake;
mod kinds;
mod labels;
mod limits;
mod links;
mod listed;
mod marks;
mod mdx;
mod media;
mod members;
mod naming;
mod objects;
mod offers;
mod operations;
mod paths;
mod permits;
mod prose;
mod read;
mod refine;
mod report;
mod routes;
mod rpc;
mod sample;
mod schemas;
mod sections;
mod security;
mod servers;
mod signing;
mod sorting;
mod spelling;
mod table;
mod told;
mod tuples;
mod types;
mod values;
mod weights;
mod write;
mod yaml;

pub use answers::Answer;
pub use document::{Document, Lines};
pub use drift::{Difference, Drift, Finding, drift};
pub use intake::Refusal;
pub use read::includes;
pub use write::GAP;

use intake::facts_of;
use venuekit_json::Tree;

/// A specification that was drafted from documents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Draft {
    /// The specification, as YAML: OpenAPI 3.0.3, or OpenRPC for JSON-RPC.
    pub specification: String,
    /// The specification, as a tree.
    pub tree: Tree,
    /// The report, as Markdown: contradictions, guesses, and a checklist.
    pub report: String,
    /// The number of descriptions that are to be written.
    pub gaps: usize,
    /// The answers to the checklist that the documents suggest.
    pub answers: Vec<Answer>,
}

/// Drafts a specification from the documents of one venue. Files that they include come after them.
///
/// # Errors
/// Returns the reason if the documents describe no operation.
pub fn draft(documents: &[Document], venue: &str) -> Result<Draft, Refusal> {
    let facts = facts_of(documents)?;
    let tree = write::specification(&facts, venue);
    let mut body = String::new();
    for name in &facts.names {
        body.push_str(&format!("# Drafted from {name}. `x-source` has the lines; the report has what is to decide.\n"));
    }
    body.push_str(&yaml::write(&tree));
    let gaps = write::gaps(&tree);
    let answers = answers::answers(&facts, &tree);
    let report = report::render(&facts, venue, gaps);
    Ok(Draft { specification: body, tree, report, gaps, answers })
}
