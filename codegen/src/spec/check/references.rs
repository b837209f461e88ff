//! `$ref`s: into this document, to a component of the right sort, that is there, and not in a circle.

use super::findings::Findings;
use super::grammar::Sort;
use super::tree::Tree;
use super::walk::{Reference, among};
use crate::spec::{Node, pointer_join, pointer_segments};

pub(super) fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for reference in &tree.references {
        check_one(tree, reference, findings);
    }
    component_names(tree, findings);
}

fn check_one(tree: &Tree<'_>, reference: &Reference<'_>, findings: &mut Findings<'_>) {
    let Reference { sort, pointer, target } = reference;
    let at = pointer_join(pointer, "$ref");
    let section = sort.section().unwrap_or("schemas");
    let Some(inside) = target.strip_prefix('#') else {
        let help = format!("copy it to `components/{section}` and write '#/components/{section}/..'");
        findings.at(&at, format!("`{target}` is not in this document"), help);
        return;
    };
    let segments = pointer_segments(inside).unwrap_or_default();
    let [components, found_section, name] = segments.as_slice() else {
        let help = format!("write '#/components/{section}/..' and name it there");
        findings.at(&at, format!("`{target}` names no component"), help);
        return;
    };
    if components != "components" || found_section != section {
        let message = match Sort::of_section(found_section).filter(|_| components == "components") {
            Some(other) => format!("{} is wanted here, `{target}` is {}", sort.name(), other.name()),
            None => format!("{} is wanted here, `{target}` names no component", sort.name()),
        };
        findings.at(&at, message, format!("write '#/components/{section}/..'"));
        return;
    }
    let members = tree.document.node(&format!("/components/{section}")).and_then(Node::as_map);
    let Some(component) = tree.component(target) else {
        let otherwise = format!("write it under `components/{section}`");
        findings.at(
            &at,
            format!("there is no `{name}` under `components/{section}`"),
            among(name, members, &otherwise),
        );
        return;
    };
    if tree.resolve(component).is_none() && leads_in_a_circle(tree, target) {
        let help = "one of the components in the circle has to say what it is";
        findings.at(&at, format!("`{target}` leads in a circle of `$ref`s"), help);
    }
}

/// As opposed to into the void, which is said where it happens.
fn leads_in_a_circle(tree: &Tree<'_>, target: &str) -> bool {
    let mut seen = vec![target.to_owned()];
    let mut next = tree.component(target);
    while let Some(target) = next.and_then(|found| found.node.get("$ref")).and_then(Node::as_str) {
        if seen.iter().any(|before| before == target) {
            return true;
        }
        seen.push(target.to_owned());
        next = tree.component(target);
    }
    false
}

/// `^[a-zA-Z0-9._-]+$`, as OpenAPI has it.
fn component_names(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    let sections = tree.root().get("components").into_iter().flat_map(|components| components.members());
    for (name, component) in sections.flat_map(|(_, section)| section.members()) {
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if name.is_empty() || !name.bytes().all(fits) {
            let message = format!("`{name}` cannot be the name of a component");
            findings.at_key(&component.pointer, message, "use letters, digits and . - _; it becomes a type's name");
        }
    }
}
