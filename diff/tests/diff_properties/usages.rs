//! Finds the usages of each schema in the tree of a document, with `$ref`s resolved.
//!
//! The verdicts depend on the usages, so this module finds them a second time, independent of the
//! tested code.

use std::collections::{BTreeMap, BTreeSet};

use venuekit_json::{Tree, pointer};

use crate::sites::{is_rpc, operations};
use crate::tree::TreeExt;

/// The message that a value is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Request,
    Response,
    /// The response to a request that failed.
    Error,
    /// No message: no operation reaches the component.
    Unused,
}

/// A usage of a schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Usage {
    pub(crate) side: Side,
    pub(crate) operation: Option<String>,
    /// True if the value itself may be missing: an optional parameter, property or column.
    pub(crate) optional: bool,
    /// True if it is sent as JSON, not as the text of a parameter.
    pub(crate) json: bool,
    /// True if it is an alternative of a `oneOf`.
    pub(crate) alternative: bool,
    /// True if it is the value of a JSON-RPC position. Null then stands for a value that is left
    /// out in the middle.
    pub(crate) position: bool,
}

impl Usage {
    /// Returns the usage of a value that is always present, as JSON.
    pub(crate) fn plain(side: Side) -> Self {
        Self { side, operation: None, optional: false, json: true, alternative: false, position: false }
    }
}

/// A parameter in the list of an operation.
#[derive(Clone, Debug)]
pub(crate) struct ListedParameter {
    /// The place in the operation's list.
    pub(crate) at: String,
    /// The place of the parameter itself.
    pub(crate) pointer: String,
}

/// An operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// `operationId`, or the name of a method.
    pub(crate) name: String,
    pub(crate) pointer: String,
    /// The parameters. The parameters of the path come first.
    pub(crate) parameters: Vec<ListedParameter>,
    /// The place of the schema of the body.
    pub(crate) body: Option<String>,
}

/// The operations and the schemas' usages of a document.
#[derive(Clone, Debug)]
pub(crate) struct Map {
    pub(crate) operations: Vec<Operation>,
    /// The usages of each schema that is not a `$ref`, by its pointer.
    pub(crate) schemas: BTreeMap<String, BTreeSet<Usage>>,
}

/// Returns the place of a value, with `$ref`s resolved.
pub(crate) fn resolve(document: &Tree, pointer: &str) -> String {
    let mut pointer = pointer.to_owned();
    for _ in 0..32 {
        match document.at(&pointer).and_then(|value| value.text("$ref")).and_then(|target| target.strip_prefix('#')) {
            Some(target) => pointer = target.to_owned(),
            None => break,
        }
    }
    pointer
}

impl Map {
    pub(crate) fn of(document: &Tree) -> Self {
        let mut walk = Walk { document, schemas: BTreeMap::new() };
        let found: Vec<Operation> = operations(document).iter().map(|pointer| walk.operation(pointer)).collect();
        let components = document.at("/components/schemas").into_iter().flat_map(Tree::members);
        for (name, _) in components {
            let pointer = pointer::join("/components/schemas", name);
            if !walk.schemas.contains_key(&resolve(document, &pointer)) {
                walk.schema(&pointer, Usage::plain(Side::Unused));
            }
        }
        Self { operations: found, schemas: walk.schemas }
    }
}

struct Walk<'d> {
    document: &'d Tree,
    schemas: BTreeMap<String, BTreeSet<Usage>>,
}

impl Walk<'_> {
    fn operation(&mut self, pointer: &str) -> Operation {
        let document = self.document;
        let rpc = is_rpc(document);
        let operation = document.at(pointer).expect("it was found");
        let name = operation.text(if rpc { "name" } else { "operationId" }).unwrap_or_default().to_owned();
        let usage = |side| Usage { operation: Some(name.clone()), ..Usage::plain(side) };
        let mut parameters: Vec<ListedParameter> = Vec::new();
        let path = pointer.rsplit_once('/').map(|(path, _)| path).unwrap_or_default();
        for (holder, key) in [(path, "parameters"), (pointer, "parameters"), (pointer, "params")] {
            let count = document.at(holder).map_or(0, |holder| holder.list(key).len());
            for index in 0..count {
                let at = format!("{holder}/{key}/{index}");
                let listed = ListedParameter { pointer: resolve(document, &at), at };
                let same = |other: &ListedParameter| {
                    let key = |listed: &ListedParameter| {
                        let parameter = document.at(&listed.pointer);
                        ["name", "in"].map(|key| parameter.and_then(|parameter| parameter.text(key)))
                    };
                    key(other) == key(&listed)
                };
                parameters.retain(|other| !same(other));
                parameters.push(listed);
            }
        }
        for ListedParameter { pointer, .. } in &parameters {
            let required = document.at(pointer).is_some_and(|parameter| parameter.flag("required"));
            self.schema(
                &pointer::join(pointer, "schema"),
                Usage { optional: !required, json: rpc, position: rpc, ..usage(Side::Request) },
            );
        }
        let body = resolve(document, &pointer::join(pointer, "requestBody"));
        let bodies = self.contents(&body);
        bodies.iter().for_each(|schema| self.schema(schema, usage(Side::Request)));
        for (status, _) in operation.get("responses").into_iter().flat_map(Tree::members) {
            let response = resolve(document, &pointer::join(&pointer::join(pointer, "responses"), status));
            let side = if status.starts_with('2') { Side::Response } else { Side::Error };
            self.contents(&response).iter().for_each(|schema| self.schema(schema, usage(side)));
        }
        if operation.has("result") {
            let result = resolve(document, &pointer::join(pointer, "result"));
            self.schema(&pointer::join(&result, "schema"), usage(Side::Response));
        }
        self.schema(&format!("{pointer}/x-subscription/params"), usage(Side::Response));
        let body = bodies.first().map(|schema| resolve(document, schema));
        Operation { name, pointer: pointer.to_owned(), parameters, body }
    }

    /// Returns the schemas of a body or response.
    fn contents(&self, pointer: &str) -> Vec<String> {
        let content = pointer::join(pointer, "content");
        let media = self.document.at(&content).into_iter().flat_map(Tree::members);
        media.map(|(media, _)| pointer::join(&pointer::join(&content, media), "schema")).collect()
    }

    fn schema(&mut self, pointer: &str, usage: Usage) {
        let document = self.document;
        let pointer = resolve(document, pointer);
        let Some(schema) = document.at(&pointer) else { return };
        if !self.schemas.entry(pointer.clone()).or_default().insert(usage.clone()) {
            return;
        }
        let inner = Usage { optional: false, alternative: false, position: false, ..usage.clone() };
        for (name, _) in schema.get("properties").into_iter().flat_map(Tree::members) {
            let place = pointer::join(&pointer::join(&pointer, "properties"), name);
            let itself = document.at(&resolve(document, &place));
            let read_only = itself.is_some_and(|property| property.flag("readOnly"));
            if !(read_only && usage.side == Side::Request) {
                self.schema(&place, Usage { optional: !is_always_present(schema, name), ..inner.clone() });
            }
        }
        for key in ["items", "additionalProperties"] {
            if schema.get(key).is_some_and(|inner| matches!(inner, Tree::Object(_))) && !schema.has("x-tuple") {
                self.schema(&pointer::join(&pointer, key), inner.clone());
            }
        }
        for index in 0..schema.list("oneOf").len() {
            self.schema(&format!("{pointer}/oneOf/{index}"), Usage { alternative: true, ..inner.clone() });
        }
        for index in 0..schema.list("x-tuple").len() {
            let optional = index >= least_columns(schema);
            self.schema(&format!("{pointer}/x-tuple/{index}/schema"), Usage { optional, ..inner.clone() });
        }
    }
}

/// Returns whether a property is always present.
pub(crate) fn is_always_present(schema: &Tree, property: &str) -> bool {
    let names = |list: &[Tree]| list.iter().any(|name| name.as_text() == Some(property));
    names(schema.list("required")) || schema.get("x-always").is_some_and(|always| names(always.list("members")))
}

/// Returns the number of columns that are always present.
pub(crate) fn least_columns(schema: &Tree) -> usize {
    let stated = schema.get("minItems").and_then(Tree::digits).and_then(|digits| digits.parse().ok());
    stated.unwrap_or(schema.list("x-tuple").len())
}
