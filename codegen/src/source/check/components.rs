//! Checks the names of components, and the `$ref`s that lead to them.

use super::sites::Sites;
use crate::source::findings::Findings;
use crate::source::located::Located;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    for reference in &sites.references {
        let place = Located { pointer: reference.pointer.clone(), node: reference.node };
        findings.take(sites.view.judge(&place, reference.kind));
    }
    names(sites, findings);
}

/// Refuses names that do not match `^[a-zA-Z0-9._-]+$`, the pattern of OpenAPI.
///
/// In a document in normal form, every name can become a name in Rust, so the names are not
/// checked.
fn names(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    if findings.document().is_normal() {
        return;
    }
    let sections = sites.root().get("components").into_iter().flat_map(|components| components.members());
    for (name, component) in sections.flat_map(|(_, section)| section.members()) {
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if name.is_empty() || !name.bytes().all(fits) {
            let message = format!("`{name}` cannot be the name of a component");
            findings.at_key(&component.pointer, message, "use letters, digits and . - _; it becomes a type's name");
        }
    }
}
