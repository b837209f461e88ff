//! Checks specification extensions: limits, weights, idempotency, the venue's time. Each name in
//! them has to be that of a limit, a parameter, a property or an operation.

use std::collections::HashSet;
use std::rc::Rc;

use super::names::{header_name, rust_name};
use super::sites::Sites;
use crate::source::extensions::{Auth, LimitNames, ParameterNames, Weight, Window};
use crate::source::findings::{Findings, leave_out, write_text};
use crate::source::located::Located;
use crate::source::nearest::did_you_mean;
use crate::source::node::{Members, Node};
use crate::source::parameters::known;
use crate::source::pointer::{pointer_join, pointer_segments};
use crate::source::references::ComponentKind;
use crate::source::shapes::grammar::ObjectKind;
use crate::source::standard::Standard;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    let root = sites.root();
    rate_limits(sites, findings);
    auth(&root, findings);
    server_time(sites, findings);
    let names = LimitNames::new(&root);
    for sort in [ObjectKind::Operation, ObjectKind::Method] {
        for operation in sites.all(sort) {
            limits(&names, &operation, findings);
            presence(sites, &operation, findings);
            reads_only(&operation, findings);
        }
    }
    limits(&names, &root, findings);
    evidence(sites, findings);
    let named = [
        ObjectKind::Operation,
        ObjectKind::Method,
        ObjectKind::Parameter,
        ObjectKind::ContentDescriptor,
        ObjectKind::Schema,
        ObjectKind::Column,
    ];
    for found in named.into_iter().flat_map(|sort| sites.all(sort)) {
        if let (Some(name), Some(text)) = (found.get("x-rust-name"), found.text("x-rust-name")) {
            rust_name(&name, text, findings);
        }
    }
}

/// The objects that can have `x-evidence`.
const EVIDENCED: [ObjectKind; 15] = [
    ObjectKind::Info,
    ObjectKind::Server,
    ObjectKind::SecurityScheme,
    ObjectKind::Operation,
    ObjectKind::Parameter,
    ObjectKind::RequestBody,
    ObjectKind::Response,
    ObjectKind::Header,
    ObjectKind::Schema,
    ObjectKind::Column,
    ObjectKind::Method,
    ObjectKind::ContentDescriptor,
    ObjectKind::ErrorCode,
    ObjectKind::RateLimit,
    ObjectKind::Host,
];

fn evidence(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    for holder in EVIDENCED.into_iter().flat_map(|kind| sites.all(kind)) {
        let Some(evidence) = holder.get("x-evidence") else { continue };
        if evidence.node.as_seq().is_some_and(|sources| sources.is_empty()) {
            let help = leave_out("list a source, or leave it out");
            findings.at(&evidence.pointer, "`x-evidence` names no source", help);
        }
    }
}

fn rate_limits(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    let mut seen: HashSet<&str> = HashSet::new();
    for limit in sites.all(ObjectKind::RateLimit) {
        if let Some(name) = limit.text("name")
            && !seen.insert(name)
        {
            let pointer = pointer_join(&limit.pointer, "name");
            findings.at(&pointer, format!("there are two limits `{name}`"), "give each a different name");
        }
        for key in ["window", "longest-closing"] {
            if let Some(time) = limit.get(key).filter(|time| time.node.as_str().is_some()) {
                findings.take(Window::read(&time));
            }
        }
        if limit.node.get("limit").and_then(Node::as_number) == Some("0") {
            let pointer = pointer_join(&limit.pointer, "limit");
            findings.at(&pointer, "a limit of 0 admits no request", "write how much fits into a window");
        }
        if let Some(header) = limit.text("header") {
            header_name(&pointer_join(&limit.pointer, "header"), header, findings);
        }
    }
}

fn auth(root: &Located<'_>, findings: &mut Findings<'_>) {
    if let Some(found) = root.get("x-auth") {
        findings.take(Auth::read(found));
        return;
    }
    for (key, message) in [
        ("x-private-key", "no signing crate takes a private key"),
        ("x-key-only", "no signing crate takes a key without a secret"),
        ("x-token-login", "no signing crate takes a token"),
    ] {
        if let Some(found) = root.get(key) {
            findings.at(&found.pointer, message, "name the crate that signs with it: x-auth: btse");
        }
    }
}

fn limits<'a>(names: &LimitNames<'a>, holder: &Located<'a>, findings: &mut Findings<'_>) {
    let listed = Rc::new(holder.list("x-limits").filter_map(|limit| limit.node.as_str()).collect());
    let mut seen: HashSet<&str> = HashSet::new();
    for limit in holder.list("x-limits") {
        let Some(name) = limit.node.as_str() else { continue };
        if !seen.insert(name) {
            findings.at(&limit.pointer, format!("`{name}` is listed twice"), leave_out("remove one of them"));
        } else {
            findings.take(names.limit(&limit, &listed));
        }
    }
}

pub(super) fn pointer_syntax(found: &Located<'_>, findings: &mut Findings<'_>) {
    let Some(text) = found.node.as_str() else { return };
    if pointer_segments(text).is_none() {
        let help = match as_pointer(text) {
            Some(pointer) => write_text(format!("write {pointer}"), &pointer),
            None => "~ is written ~0, and / inside a name ~1".into(),
        };
        findings.at(&found.pointer, format!("`{text}` is not a JSON pointer"), help);
    }
}

/// Returns the JSON pointer that a text may stand for. The text may be a fragment (`#/a/b`), a
/// path with dots, or lack the slash in front.
fn as_pointer(text: &str) -> Option<String> {
    let names = text.trim_start_matches(['#', '$']).trim_start_matches(['/', '.']);
    let names = if names.contains('/') { names.to_owned() } else { names.replace('.', "/") };
    Some(format!("/{names}")).filter(|pointer| !names.is_empty() && pointer_segments(pointer).is_some())
}

/// Returns whether the JSON pointer has a segment `*`, which stands for each element of an array.
pub(super) fn has_star(found: &Located<'_>) -> bool {
    found.node.as_str().is_some_and(|pointer| pointer.split('/').any(|segment| segment == "*"))
}

fn server_time(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    for time in sites.all(ObjectKind::ServerTime) {
        if let Some(found) = time.get("pointer") {
            pointer_syntax(&found, findings);
            if has_star(&found) {
                let help = "name the element by its index: /0/time";
                findings.at(&found.pointer, "the venue's time has one place, and `*` stands for many", help);
            }
        }
        let (sort, key) = match sites.view.standard {
            Standard::OpenApi => (ObjectKind::Operation, "operationId"),
            Standard::OpenRpc => (ObjectKind::Method, "name"),
        };
        let known = || sites.all(sort).filter_map(|operation| operation.text(key));
        if let Some(name) = time.text("operation").filter(|name| !known().any(|known| known == *name)) {
            let help = did_you_mean(name, known(), format!("write the `{key}` of {}", sort.name()));
            findings.at(&pointer_join(&time.pointer, "operation"), format!("there is no operation `{name}`"), help);
        }
    }
}

/// Checks that no other key of an operation contradicts `x-reads-only`.
fn reads_only(operation: &Located<'_>, findings: &mut Findings<'_>) {
    let Some(found) = operation.get("x-reads-only").filter(|_| operation.flag("x-reads-only")) else { return };
    let may_be_repeated = match operation.get("x-idempotent") {
        Some(idempotent) => idempotent.node.as_bool() == Some(true),
        None => operation.pointer.ends_with("/get"),
    };
    if !may_be_repeated {
        let help = "write x-idempotent: true beside it, or leave it out";
        findings.at(&found.pointer, "an operation that only reads can be sent again in any case", help);
    }
    if operation.flag("x-moves-funds") {
        findings.at(&found.pointer, "an operation that only reads moves no funds", leave_out("leave one of them out"));
    }
    for key in ["x-done-codes", "x-gone-codes"] {
        if operation.list(key).next().is_some() {
            let message = format!("an operation that only reads has no `{key}`");
            findings.at(&found.pointer, message, leave_out("leave one of them out"));
        }
    }
}

/// Checks the names in `x-weight` and `x-idempotent`. Both name parameters; `x-idempotent` may also
/// name a property of the body.
fn presence<'a>(sites: &Sites<'a>, operation: &Located<'a>, findings: &mut Findings<'_>) {
    let weight = operation.get("x-weight").and_then(|weight| weight.get("when-present"));
    let idempotent = operation.get("x-idempotent").and_then(|idempotent| idempotent.get("when-present"));
    if weight.is_none() && idempotent.is_none() {
        return;
    }
    let parameters = known(&sites.view, operation);
    let parameters =
        ParameterNames::new(parameters.iter().filter_map(|listed| listed.resolved.at.text("name")).collect());
    for weights in weight.iter() {
        for (name, weight) in weights.members() {
            findings.take(Weight::parameter(weights, name, &weight, &parameters));
        }
    }
    let Some(idempotent) = idempotent else { return };
    let listed = match idempotent.node.as_seq() {
        Some(_) => idempotent.elements().collect(),
        None => vec![idempotent.clone()],
    };
    if listed.is_empty() {
        let help = "name the values of which one makes the request safe to repeat, or write `x-idempotent: false`";
        findings.at(&idempotent.pointer, "`when-present` names no value", help);
    }
    let members = body_members(sites, operation);
    let names: Vec<&str> = listed.iter().filter_map(|found| found.node.as_str()).collect();
    let mut seen: HashSet<&str> = HashSet::new();
    for (found, name) in listed.iter().filter_map(|found| Some((found, found.node.as_str()?))) {
        if !seen.insert(name) {
            findings.at(&found.pointer, format!("`{name}` is listed twice"), leave_out("remove one of them"));
            continue;
        }
        let in_body = members.iter().any(|members| members.contains_key(name));
        if !in_body && !parameters.contains(name) {
            let known = members.iter().flat_map(|members| members.keys());
            let known = parameters.iter().chain(known).filter(|known| !names.contains(known));
            let help =
                did_you_mean(name, known, "name a parameter of the operation, or a top-level property of its body");
            findings.at(&found.pointer, format!("there is no parameter or property `{name}`"), help);
        }
    }
}

/// Returns the properties of the body's schema, for each media type of the body.
fn body_members<'a>(sites: &Sites<'a>, operation: &Located<'a>) -> Vec<&'a Members> {
    let body = operation.get("requestBody").and_then(|body| sites.resolved(body, ComponentKind::RequestBody));
    let content = body.and_then(|body| body.get("content"));
    let schemas =
        content.into_iter().flat_map(|content| content.members()).filter_map(|(_, media)| media.get("schema"));
    schemas
        .filter_map(|schema| sites.resolved(schema, ComponentKind::Schema)?.node.get("properties")?.as_map())
        .collect()
}
