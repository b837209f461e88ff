//! Runs the checks of a document in their order.

use super::sites::Sites;
use super::{
    bodies, components, constraints, error_codes, examples, extensions, methods, operations, outcomes, pagination,
    parameters, root, routes, schemas, security, subscriptions, version,
};
use crate::diagnostic::Diagnostics;
use crate::source::document::Document;
use crate::source::findings::Findings;
use crate::source::shapes::grammar::ObjectKind;
use crate::source::unused::unused;
use crate::source::view::View;

/// Returns all findings on a document, in the order of the document. A document that [`read`]
/// accepts has none.
#[must_use]
pub fn check(document: &Document) -> Diagnostics {
    let (_, findings) = checked(document);
    findings
}

/// Checks a document, and returns its resolved view.
///
/// # Errors
/// Returns all findings of the check, if there are any.
pub fn read(document: &Document) -> Result<View<'_>, Diagnostics> {
    match checked(document) {
        (Some(view), findings) => findings.into_result(view),
        (None, findings) => Err(findings),
    }
}

/// Returns the findings on a document, and its view if its standard is supported.
fn checked(document: &Document) -> (Option<View<'_>>, Diagnostics) {
    let mut findings = Findings::new(document);
    if !document.is_normal() {
        findings.of_text();
    }
    let Some(standard) = version::check(document, &mut findings) else { return (None, findings.sorted()) };
    let sites = Sites::new(document, standard, &mut findings);
    root::check(&sites, &mut findings);
    components::check(&sites, &mut findings);
    schemas::check(&sites, &mut findings);
    security::check(&sites, &mut findings);
    operations::check(&sites, &mut findings);
    routes::check(&sites, &mut findings);
    parameters::check(&sites, &mut findings);
    bodies::check(&sites, &mut findings);
    methods::check(&sites, &mut findings);
    extensions::check(&sites, &mut findings);
    subscriptions::check(&sites, &mut findings);
    constraints::check(&sites, &mut findings);
    error_codes::check(&sites, &mut findings);
    outcomes::check(&sites, &mut findings);
    pagination::check(&sites, &mut findings);
    examples::check(&sites, &mut findings);
    // In any other document these are warnings, which are noted when nothing else is left.
    if !document.is_normal() {
        unused(&sites.view).into_iter().for_each(|refusal| findings.refuse(refusal));
    }
    (Some(sites.view), findings.sorted())
}

/// Returns the JSON pointer and the kind of each object of a document that is not a `$ref`.
pub(in crate::source) fn sites(document: &Document) -> Vec<(String, ObjectKind)> {
    let mut findings = Findings::new(document);
    match version::check(document, &mut findings) {
        Some(standard) => Sites::new(document, standard, &mut findings).kinds(),
        None => Vec::new(),
    }
}
