//! Pairs operations, and the parts of paired operations.

use venuekit_codegen::model::Route;

use super::matches::{Matches, align};
use super::parts::{ResponsePair, Responses, contents, parameters, responses};
use crate::contract::Sides;
use crate::contract::parts::{Content, Operation, Parameter};
use crate::contract::path::template;

/// The operations of both documents.
#[derive(Debug)]
pub(crate) struct Operations<'s> {
    pub(crate) pairs: Vec<OperationPair<'s>>,
    pub(crate) removed: Vec<&'s Operation<'s>>,
    pub(crate) added: Vec<&'s Operation<'s>>,
}

/// An operation in both documents.
#[derive(Debug)]
pub(crate) struct OperationPair<'s> {
    pub(crate) old: &'s Operation<'s>,
    pub(crate) new: &'s Operation<'s>,
    pub(crate) parameters: Matches<&'s Parameter<'s>>,
    /// The contents of the body, if both have a body.
    pub(crate) body: Option<Matches<&'s Content<'s>>>,
    pub(crate) responses: Responses<'s>,
}

impl<'s> OperationPair<'s> {
    /// Returns the pairs of responses that are compared: of the same status, or of a success that
    /// replaces another.
    pub(crate) fn response_pairs(&self) -> impl Iterator<Item = &ResponsePair<'s>> {
        self.responses.pairs.iter().chain(&self.responses.replaced)
    }
}

/// Pairs operations by their route and name, then by their route, with and without the path of the
/// server, then by their name. Several
/// operations can share a route. Entries that remain are paired by their JSON-RPC method.
pub(super) fn operations<'s>(sides: &'s Sides<'s>) -> Operations<'s> {
    let all = |operations: &'s [Operation<'s>]| operations.iter().collect::<Vec<_>>();
    let (old, new) = (all(&sides.old.contract.operations), all(&sides.new.contract.operations));
    let matches = align(old, new, &[&route_and_name, &route, &full_route, &name, &method]);
    let pair = |(old, new): (&'s Operation<'s>, &'s Operation<'s>)| OperationPair {
        old,
        new,
        parameters: parameters(old, new),
        body: old.body.as_ref().zip(new.body.as_ref()).map(|(old, new)| contents(&old.content, &new.content)),
        responses: responses(&old.responses, &new.responses),
    };
    Operations { pairs: matches.pairs.into_iter().map(pair).collect(), removed: matches.removed, added: matches.added }
}

/// Returns the method and the path without names. For JSON-RPC, returns the entry and the method,
/// which several entries can share.
fn route(operation: &&Operation<'_>) -> Option<String> {
    Some(match &operation.route {
        Route::Http { method, path } => format!("{method} {}", template(path)),
        Route::Rpc { method } => format!("{} {method}", operation.name),
    })
}

/// Returns the method and the path with the path of the server.
fn full_route(operation: &&Operation<'_>) -> Option<String> {
    matches!(operation.route, Route::Http { .. }).then(|| operation.full_route.clone())
}

fn route_and_name(operation: &&Operation<'_>) -> Option<String> {
    Some(format!("{} {}", route(operation)?, operation.name))
}

fn name(operation: &&Operation<'_>) -> Option<String> {
    operation.named.then(|| operation.name.clone())
}

fn method(operation: &&Operation<'_>) -> Option<String> {
    match &operation.route {
        Route::Http { .. } => None,
        Route::Rpc { method } => Some(method.clone()),
    }
}
