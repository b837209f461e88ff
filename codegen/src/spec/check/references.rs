//! `$ref`s: into this document, to a component of the right sort, that is there, and not in a circle.

use super::findings::{Findings, Later, write_text};
use super::grammar::Sort;
use super::nearest::nearest;
use super::tree::{MAX_HOPS, Tree};
use super::walk::Reference;
use crate::diagnostic::Help;
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
        let help = format!(
            "copy it to `components/{section}` and write {}",
            findings.quoted(&format!("#/components/{section}/.."))
        );
        findings.at(&at, format!("`{target}` is not in this document"), help);
        return;
    };
    let segments = pointer_segments(inside).unwrap_or_default();
    let [components, found_section, name] = segments.as_slice() else {
        let help = format!("write {} and name it there", findings.quoted(&format!("#/components/{section}/..")));
        findings.at(&at, format!("`{target}` names no component"), help);
        return;
    };
    if components != "components" || found_section != section {
        let message = match Sort::of_section(found_section).filter(|_| components == "components") {
            Some(other) => format!("{} is wanted here, `{target}` is {}", sort.name(), other.name()),
            None => format!("{} is wanted here, `{target}` names no component", sort.name()),
        };
        let help = format!("write {}", findings.quoted(&format!("#/components/{section}/..")));
        findings.at(&at, message, help);
        return;
    }
    if tree.component(target).is_none() {
        let help = Later(|| suggestion(tree, section, name));
        findings.at(&at, format!("there is no `{name}` under `components/{section}`"), help);
        return;
    }
    match tree.hops(target) {
        Some(hops) if hops <= MAX_HOPS => {}
        Some(hops) => {
            let message = format!("`{target}` leads through {hops} `$ref`s, and {MAX_HOPS} are followed");
            findings.at(&at, message, "refer to the component that says what it is");
        }
        None => {
            let help = "one of the components in the circle has to say what it is";
            findings.at(&at, format!("`{target}` leads in a circle of `$ref`s"), help);
        }
    }
}

/// The component that is meant, among those that lead somewhere.
fn suggestion(tree: &Tree<'_>, section: &str, name: &str) -> Help {
    let sound = |name: &&str| {
        let node = tree.document.node(&pointer_join(&format!("/components/{section}"), name));
        let target = node.and_then(|node| node.get("$ref")).map(|target| target.as_str().unwrap_or_default());
        target.is_none_or(|target| tree.component(target).is_some() && tree.hops(target).is_some())
    };
    let members = tree.document.node(&format!("/components/{section}")).and_then(Node::as_map);
    let names = members.into_iter().flat_map(|members| members.keys());
    match nearest(name, names.filter(sound)) {
        Some(near) => {
            let target = pointer_join(&format!("#/components/{section}"), near);
            write_text(format!("did you mean `{near}`?"), &target)
        }
        None => format!("write it under `components/{section}`").into(),
    }
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
