//! The `x-` words: limits, weights, retrying, the venue's time; what they name has to be there.

use std::collections::HashSet;

use indexmap::IndexSet;

use super::findings::{Findings, leave_out, write_text};
use super::grammar::Sort;
use super::names::{header_name, rust_name};
use super::nearest::{did_you_mean, did_you_mean_key};
use super::parameters::parameters;
use super::tree::{Found, Tree};
use super::version::Dialect;
use crate::spec::words::Window;
use crate::spec::{Members, Node, pointer_join, pointer_segments};

pub(super) fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    let root = tree.root();
    rate_limits(tree, findings);
    auth(&root, findings);
    server_time(tree, findings);
    let known: IndexSet<&str> = root.list("x-rate-limits").filter_map(|limit| limit.text("name")).collect();
    for sort in [Sort::Operation, Sort::Method] {
        for operation in tree.sites(sort) {
            limits(&known, &operation, findings);
            presence(tree, &operation, findings);
        }
    }
    limits(&known, &root, findings);
    evidence(tree, findings);
    let named = [Sort::Operation, Sort::Method, Sort::Parameter, Sort::ContentDescriptor, Sort::Schema, Sort::Column];
    for found in named.into_iter().flat_map(|sort| tree.sites(sort)) {
        if let (Some(name), Some(text)) = (found.get("x-rust-name"), found.text("x-rust-name")) {
            rust_name(&name, text, findings);
        }
    }
}

/// The objects that can have `x-evidence`.
const EVIDENCED: [Sort; 14] = [
    Sort::Info,
    Sort::Server,
    Sort::SecurityScheme,
    Sort::Operation,
    Sort::Parameter,
    Sort::RequestBody,
    Sort::Response,
    Sort::Header,
    Sort::Schema,
    Sort::Column,
    Sort::Method,
    Sort::ContentDescriptor,
    Sort::ErrorCode,
    Sort::RateLimit,
];

fn evidence(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for holder in EVIDENCED.into_iter().flat_map(|sort| tree.sites(sort)) {
        let Some(evidence) = holder.get("x-evidence") else { continue };
        if evidence.node.as_seq().is_some_and(|sources| sources.is_empty()) {
            let help = leave_out("list a source, or leave it out");
            findings.at(&evidence.pointer, "`x-evidence` names no source", help);
        }
    }
}

fn rate_limits(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    let mut seen: HashSet<&str> = HashSet::new();
    for limit in tree.sites(Sort::RateLimit) {
        if let Some(name) = limit.text("name")
            && !seen.insert(name)
        {
            let pointer = pointer_join(&limit.pointer, "name");
            findings.at(&pointer, format!("there are two limits `{name}`"), "give each a name of its own");
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

fn limits(known: &IndexSet<&str>, holder: &Found<'_>, findings: &mut Findings<'_>) {
    let listed: HashSet<&str> = holder.list("x-limits").filter_map(|limit| limit.node.as_str()).collect();
    let mut seen: HashSet<&str> = HashSet::new();
    for limit in holder.list("x-limits") {
        let Some(name) = limit.node.as_str() else { continue };
        if !seen.insert(name) {
            findings.at(&limit.pointer, format!("`{name}` is listed twice"), leave_out("remove one of them"));
        } else if !known.contains(name) {
            let free = known.iter().copied().filter(|known| !listed.contains(known));
            let help = did_you_mean(name, free, "describe it under `x-rate-limits` at the root");
            findings.at(&limit.pointer, format!("there is no limit `{name}`"), help);
        }
    }
}

pub(super) fn pointer_syntax(found: &Found<'_>, findings: &mut Findings<'_>) {
    let Some(text) = found.node.as_str() else { return };
    if pointer_segments(text).is_none() {
        let help = match as_pointer(text) {
            Some(pointer) => write_text(format!("write {pointer}"), &pointer),
            None => "~ is written ~0, and / inside a name ~1".into(),
        };
        findings.at(&found.pointer, format!("`{text}` is no JSON pointer"), help);
    }
}

/// The JSON pointer that is meant by a fragment, a path with dots or names without a slash in front.
fn as_pointer(text: &str) -> Option<String> {
    let names = text.trim_start_matches(['#', '$']).trim_start_matches(['/', '.']);
    let names = if names.contains('/') { names.to_owned() } else { names.replace('.', "/") };
    Some(format!("/{names}")).filter(|pointer| !names.is_empty() && pointer_segments(pointer).is_some())
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
        let known = || tree.sites(sort).filter_map(|operation| operation.text(key));
        if let Some(name) = time.text("operation").filter(|name| !known().any(|known| known == *name)) {
            let help = did_you_mean(name, known(), format!("write the `{key}` of {}", sort.name()));
            findings.at(&pointer_join(&time.pointer, "operation"), format!("there is no operation `{name}`"), help);
        }
    }
}

/// `x-weight` and `x-idempotent` may hang on a parameter, the latter also on a member of the body.
fn presence(tree: &Tree<'_>, operation: &Found<'_>, findings: &mut Findings<'_>) {
    let weight = operation.get("x-weight").and_then(|weight| weight.get("when-present"));
    let idempotent = operation.get("x-idempotent").and_then(|idempotent| idempotent.get("when-present"));
    if weight.is_none() && idempotent.is_none() {
        return;
    }
    let parameters: IndexSet<&str> =
        parameters(tree, operation).filter_map(|(_, parameter)| parameter.text("name")).collect();
    for weight in weight.iter() {
        for (name, found) in weight.members().filter(|(name, _)| !parameters.contains(name)) {
            let free = parameters.iter().copied().filter(|known| weight.node.get(known).is_none());
            let help = did_you_mean_key(name, free, "name a parameter of the operation");
            findings.at_key(&found.pointer, format!("there is no parameter `{name}`"), help);
        }
    }
    if let Some((found, name)) = idempotent.as_ref().and_then(|found| Some((found, found.node.as_str()?))) {
        let members = body_members(tree, operation);
        let in_body = members.iter().any(|members| members.contains_key(name));
        if !in_body && !parameters.contains(name) {
            let known = members.iter().flat_map(|members| members.keys());
            let known = parameters.iter().copied().chain(known);
            let help =
                did_you_mean(name, known, "name a parameter of the operation, or a top-level member of its body");
            findings.at(&found.pointer, format!("there is no parameter or member `{name}`"), help);
        }
    }
}

/// The members of each form of the body.
fn body_members<'a>(tree: &Tree<'a>, operation: &Found<'a>) -> Vec<&'a Members> {
    let body = operation.get("requestBody").and_then(|body| tree.resolve(body));
    let content = body.and_then(|body| body.get("content"));
    let schemas =
        content.into_iter().flat_map(|content| content.members()).filter_map(|(_, media)| media.get("schema"));
    schemas.filter_map(|schema| tree.resolve(schema)?.node.get("properties")?.as_map()).collect()
}
