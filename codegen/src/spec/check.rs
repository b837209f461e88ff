//! Finds all that is wrong with a document, in one run.
//!
//! First the version and the keys (`walk`, by the tables of `tables/`), then what keys mean together. Each check says
//! where, what is wrong, and what to write instead.

mod bodies;
mod examples;
mod findings;
mod grammar;
mod methods;
mod names;
mod nearest;
mod operations;
mod outcomes;
mod parameters;
mod references;
mod root;
mod schemas;
mod security;
mod tables;
mod tree;
mod version;
mod walk;
mod words;

use findings::Findings;
use tree::Tree;

use super::document::Document;
use crate::diagnostic::Diagnostics;

/// All findings, in the order of the document; none for a document that [`read`](super::read()) takes.
#[must_use]
pub fn check(document: &Document) -> Diagnostics {
    let mut findings = Findings::new(document);
    if let Some(dialect) = version::check(document, &mut findings) {
        let tree = Tree::grow(document, dialect, &mut findings);
        root::check(&tree, &mut findings);
        references::check(&tree, &mut findings);
        schemas::check(&tree, &mut findings);
        security::check(&tree, &mut findings);
        operations::check(&tree, &mut findings);
        parameters::check(&tree, &mut findings);
        bodies::check(&tree, &mut findings);
        methods::check(&tree, &mut findings);
        words::check(&tree, &mut findings);
        outcomes::check(&tree, &mut findings);
        examples::check(&tree, &mut findings);
    }
    findings.sorted()
}
