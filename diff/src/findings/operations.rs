//! Operations that were added, removed, moved or renamed.

use std::collections::HashSet;

use venuekit_codegen::model::{self, Api, Route};

use super::places::in_model;
use super::{bodies, documentation, extensions, keywords, method_errors, parameters, responses, security};
use crate::alignment::Alignment;
use crate::alignment::labels::whole;
use crate::alignment::operations::OperationPair;
use crate::comparison::Revision;
use crate::contract::parts::Operation;
use crate::contract::path::template;
use crate::contract::{Side, Sides};
use crate::document::below;
use crate::finding::{Finding, Findings};
use crate::rules::{self, Case};

/// Keys of an operation or a method that are compared elsewhere.
const KEYS: [&str; 11] = [
    "operationId",
    "name",
    "parameters",
    "params",
    "paramStructure",
    "requestBody",
    "responses",
    "result",
    "errors",
    "security",
    "deprecated",
];

/// Compares operations with all their parts.
pub(super) fn operations<'s>(sides: &'s Sides<'s>, alignment: &Alignment<'s>) -> Findings {
    let mut findings = Findings::default();
    let (old_routes, new_routes) = (shared_routes(&sides.old), shared_routes(&sides.new));
    for operation in &alignment.operations.removed {
        let is_shared = new_routes.contains(&shared_route(operation));
        let rule = if is_shared { &rules::CALL_FORM_REMOVED } else { &rules::OPERATION_REMOVED };
        let finding = Finding::in_old(rule, whole(operation), operation.at.pointer.clone()).was(route(operation));
        let finding = finding.case_if(operation.at.flag("deprecated"), &rules::WAS_DEPRECATED);
        findings.push(match successor(sides, operation) {
            Some((case, name)) => finding.case_of(case, name),
            None => finding,
        });
    }
    for operation in &alignment.operations.added {
        let is_shared = old_routes.contains(&shared_route(operation));
        let rule = if is_shared { &rules::CALL_FORM_ADDED } else { &rules::OPERATION_ADDED };
        findings.push(Finding::in_new(rule, whole(operation), operation.at.pointer.clone()).is(route(operation)));
    }
    for pair in &alignment.operations.pairs {
        findings.document(documentation::count(sides, &pair.old.at, &pair.new.at));
        findings.add(operation(sides, pair));
        findings.add(parameters::parameters(sides, pair));
        findings.add(bodies::body(sides, pair));
        findings.add(responses::responses(sides, pair));
        findings.add(method_errors::errors(sides, pair));
        findings.add(extensions::operation(sides, pair, &alignment.limits));
    }
    findings
}

fn operation(sides: &Sides<'_>, pair: &OperationPair<'_>) -> Findings {
    let (old, new) = (pair.old, pair.new);
    let mut findings = Findings::default();
    let is_same = is_same_template(&old.route, &new.route) || sides.is_same_url(old, new);
    if route(old) != route(new) && !is_same {
        let pointer = match new.route {
            Route::Rpc { .. } if new.at.node.get("x-method").is_some() => below(&new.at, "x-method"),
            _ => new.at.pointer.clone(),
        };
        let finding = Finding::in_new(&rules::OPERATION_MOVED, whole(new), pointer);
        findings.push(finding.was(route(old)).is(route(new)));
    }
    findings.add(name(sides, pair).into());
    findings.add(keywords::others(&old.at, &new.at, &KEYS, &whole(new)));
    let deprecation = match (old.at.flag("deprecated"), new.at.flag("deprecated")) {
        (false, true) => Some((&rules::OPERATION_DEPRECATED, Revision::New, &new.at)),
        (true, false) => Some((&rules::OPERATION_REACTIVATED, Revision::Old, &old.at)),
        _ => None,
    };
    if let Some((rule, revision, at)) = deprecation {
        findings.push(Finding { revision, ..Finding::in_new(rule, whole(new), below(at, "deprecated")) });
    }
    findings.add(security::of_operation_pair(sides, pair).into());
    findings
}

/// Compares the names of the methods in Rust if they are known, or else the ids of the operations.
fn name(sides: &Sides<'_>, pair: &OperationPair<'_>) -> Option<Finding> {
    let (old, new) = (pair.old, pair.new);
    let id = |operation: &Operation<'_>| operation.at.text("operationId").map(str::to_owned);
    let (was, is) = match sides.apis() {
        Some((before, after)) => {
            let name =
                |api: &Api, operation: &Operation<'_>| Some(in_model(api, &operation.at.pointer)?.method_name.clone());
            (name(before, old), name(after, new))
        }
        None => (id(old), id(new)),
    };
    let is_renamed = old.named && new.named && old.name != new.name;
    if was == is && !is_renamed {
        return None;
    }
    let key = ["x-rust-name", "operationId", "name"].into_iter().find(|key| new.at.node.get(key).is_some());
    let pointer = key.map_or_else(|| new.at.pointer.clone(), |key| below(&new.at, key));
    let finding = Finding::in_new(&rules::OPERATION_RENAMED, whole(new), pointer);
    if was == is {
        return Some(finding.was(old.name.clone()).is(new.name.clone()).case(&rules::METHOD_STAYS));
    }
    let methods = sides.new.api.map(|api| api.operations.as_slice()).unwrap_or_default();
    let reused = was.clone().filter(|was| methods.iter().any(|other| other.method_name == *was));
    Some(finding.values(was, is).case_of_some(&rules::OLD_NAME_REUSED, reused))
}

/// Returns the case of a removed operation whose method now has the name of another operation, and
/// that name.
fn successor<'s>(sides: &'s Sides<'s>, removed: &Operation<'_>) -> Option<(&'static Case, &'s str)> {
    let (old, new) = sides.apis()?;
    let before = in_model(old, &removed.at.pointer)?;
    let after = new.operations.iter().rev().find(|operation| operation.method_name == before.method_name)?;
    let parameters = |operation: &'s model::Operation| {
        operation.parameters.iter().map(|one| (&one.name, one.required, &one.ty)).collect::<Vec<_>>()
    };
    let body = |operation: &'s model::Operation| operation.body.as_ref().map(|body| (body.required, &body.ty));
    // The operation's own types can differ under the same name.
    let has_own_types = |api: &Api, operation: &model::Operation| {
        let within = format!("{}/", operation.pointer);
        api.types.iter().any(|def| def.pointer.starts_with(&within))
    };
    let is_alike = parameters(before) == parameters(after)
        && body(before) == body(after)
        && before.response == after.response
        && !has_own_types(old, before)
        && !has_own_types(new, after);
    let case = if is_alike { &rules::METHOD_CALLS_ANOTHER } else { &rules::METHOD_REUSED };
    Some((case, after.method_name.as_str()))
}

/// Returns the routes of all operations. Several operations can share a route.
fn shared_routes(side: &Side<'_>) -> HashSet<String> {
    side.contract.operations.iter().map(shared_route).collect()
}

/// Returns the route without the names of the parameters in its path.
fn shared_route(operation: &Operation<'_>) -> String {
    match &operation.route {
        Route::Http { method, path } => format!("{method} {}", template(path)),
        Route::Rpc { method } => method.clone(),
    }
}

/// Returns `GET /time`, or a JSON-RPC method.
fn route(operation: &Operation<'_>) -> String {
    match &operation.route {
        Route::Http { method, path } => format!("{method} {path}"),
        Route::Rpc { method } => method.clone(),
    }
}

fn is_same_template(old: &Route, new: &Route) -> bool {
    match (old, new) {
        (Route::Http { method, path }, Route::Http { method: other, path: other_path }) => {
            method == other && template(path) == template(other_path)
        }
        (old, new) => old == new,
    }
}
