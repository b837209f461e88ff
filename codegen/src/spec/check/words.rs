//! The `x-` words: limits, weights, retrying, the venue's time; what they name has to be there.

use super::findings::Findings;
use super::grammar::Sort;
use super::names::{header_name, rust_name};
use super::nearest::did_you_mean;
use super::parameters::parameters;
use super::tree::{Found, Tree};
use super::version::Dialect;
use crate::spec::words::Window;
use crate::spec::{Node, pointer_join, pointer_segments};

pub(super) fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    let root = tree.root();
    rate_limits(tree, findings);
    auth(&root, findings);
    server_time(tree, findings);
    for sort in [Sort::Operation, Sort::Method] {
        for operation in tree.sites(sort) {
            limits(tree, &operation, findings);
            presence(tree, &operation, findings);
        }
    }
    limits(tree, &root, findings);
    let named = [Sort::Operation, Sort::Method, Sort::Parameter, Sort::ContentDescriptor, Sort::Schema, Sort::Column];
    for found in named.into_iter().flat_map(|sort| tree.sites(sort)) {
        if let (Some(name), Some(text)) = (found.get("x-rust-name"), found.text("x-rust-name")) {
            rust_name(&name, text, findings);
        }
    }
}

fn rate_limits(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    for limit in tree.sites(Sort::RateLimit) {
        if let Some(name) = limit.text("name") {
            if seen.contains(&name) {
                let pointer = pointer_join(&limit.pointer, "name");
                findings.at(&pointer, format!("there are two limits `{name}`"), "give each a name of its own");
            }
            seen.push(name);
        }
        if let Some(text) = limit.text("window").filter(|text| Window::parse(text).is_none()) {
            let pointer = pointer_join(&limit.pointer, "window");
            let help = "write a whole number and s, m, h or d: 1s, 5m, 1d";
            findings.at(&pointer, format!("`{text}` is no window of time"), help);
        }
        if limit.node.get("limit").and_then(Node::as_number) == Some("0") {
            let pointer = pointer_join(&limit.pointer, "limit");
            findings.at(&pointer, "a limit of 0 lets nothing through", "write how much fits into a window");
        }
        if let Some(header) = limit.text("header") {
            header_name(&pointer_join(&limit.pointer, "header"), header, findings);
        }
    }
}

fn auth(root: &Found<'_>, findings: &mut Findings<'_>) {
    if let Some((found, name)) = root.get("x-auth").zip(root.text("x-auth"))
        && !name
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
    {
        let help = "write what follows `venuekit-auth-` in the name of the crate that signs: btse";
        findings.at(&found.pointer, format!("`{name}` is no part of a crate's name"), help);
    }
    if let Some(found) = root.get("x-private-key").filter(|_| root.get("x-auth").is_none()) {
        let help = "name the crate that signs with it: x-auth: btse";
        findings.at(&found.pointer, "nothing signs with a private key", help);
    }
}

fn limits(tree: &Tree<'_>, holder: &Found<'_>, findings: &mut Findings<'_>) {
    let known: Vec<&str> = tree.root().list("x-rate-limits").filter_map(|limit| limit.text("name")).collect();
    let mut seen: Vec<&str> = Vec::new();
    for limit in holder.list("x-limits") {
        let Some(name) = limit.node.as_str() else { continue };
        if seen.contains(&name) {
            findings.at(&limit.pointer, format!("`{name}` is listed twice"), "remove one of them");
        } else if !known.contains(&name) {
            let help = did_you_mean(name, known.iter().copied(), "describe it under `x-rate-limits` at the root");
            findings.at(&limit.pointer, format!("there is no limit `{name}`"), help);
        }
        seen.push(name);
    }
}

pub(super) fn pointer_syntax(found: &Found<'_>, findings: &mut Findings<'_>) {
    let Some(text) = found.node.as_str() else { return };
    if pointer_segments(text).is_none() {
        let help = if text.contains('~') {
            "~ is written ~0, and / inside a name ~1".to_owned()
        } else {
            format!("write /{text}")
        };
        findings.at(&found.pointer, format!("`{text}` is no JSON pointer"), help);
    }
}

/// Whether one of the segments of a JSON pointer stands for each element of an array.
pub(super) fn has_star(found: &Found<'_>) -> bool {
    found.node.as_str().is_some_and(|pointer| pointer.split('/').any(|segment| segment == "*"))
}

fn server_time(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for time in tree.sites(Sort::ServerTime) {
        if let Some(found) = time.get("pointer") {
            pointer_syntax(&found, findings);
            if has_star(&found) {
                let help = "name the element by its index: /0/time";
                findings.at(&found.pointer, "the venue's time stands in one place, and `*` is many", help);
            }
        }
        let (sort, key) = match tree.dialect {
            Dialect::OpenApi => (Sort::Operation, "operationId"),
            Dialect::OpenRpc => (Sort::Method, "name"),
        };
        let known: Vec<&str> = tree.sites(sort).filter_map(|operation| operation.text(key)).collect();
        if let Some(name) = time.text("operation").filter(|name| !known.contains(name)) {
            let help = did_you_mean(name, known.iter().copied(), format!("write the `{key}` of {}", sort.name()));
            findings.at(&pointer_join(&time.pointer, "operation"), format!("there is no operation `{name}`"), help);
        }
    }
}

/// `x-weight` and `x-idempotent` may hang on a parameter, the latter also on a member of the body.
fn presence(tree: &Tree<'_>, operation: &Found<'_>, findings: &mut Findings<'_>) {
    let parameters: Vec<&str> =
        parameters(tree, operation).filter_map(|(_, parameter)| parameter.text("name")).collect();
    let weight = operation.get("x-weight").and_then(|weight| weight.get("when-present"));
    for (name, found) in weight.iter().flat_map(|weight| weight.members()) {
        if !parameters.contains(&name) {
            let help = did_you_mean(name, parameters.iter().copied(), "name a parameter of the operation");
            findings.at_key(&found.pointer, format!("there is no parameter `{name}`"), help);
        }
    }
    let idempotent = operation.get("x-idempotent").and_then(|idempotent| idempotent.get("when-present"));
    if let Some((found, name)) = idempotent.as_ref().and_then(|found| Some((found, found.node.as_str()?))) {
        let members = body_members(tree, operation);
        let all = || parameters.iter().copied().chain(members.iter().copied());
        if !all().any(|known| known == name) {
            let help =
                did_you_mean(name, all(), "name a parameter of the operation, or a top-level member of its body");
            findings.at(&found.pointer, format!("there is no parameter or member `{name}`"), help);
        }
    }
}

fn body_members<'a>(tree: &Tree<'a>, operation: &Found<'a>) -> Vec<&'a str> {
    let body = operation.get("requestBody").and_then(|body| tree.resolve(body));
    let content = body.and_then(|body| body.get("content"));
    let schemas =
        content.into_iter().flat_map(|content| content.members()).filter_map(|(_, media)| media.get("schema"));
    let objects = schemas.filter_map(|schema| tree.resolve(schema)).filter_map(|schema| schema.get("properties"));
    objects.flat_map(|properties| properties.members()).map(|(name, _)| name).collect()
}
