//! Gives requests and responses schemas of their own where a schema has members that only one of
//! them has: `readOnly` members are never sent, and `writeOnly` members are never received.
//!
//! A component that both use keeps its name in responses; requests get a second component. A
//! component that only one of them uses loses the members in place.

use std::collections::{BTreeMap, BTreeSet};

use super::inheritance::{component, unused};
use super::notes::Notes;
use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

const SCHEMAS: &str = "/components/schemas";

/// The maximum number of levels of `allOf` and `$ref` that are followed for one schema.
const DEPTH: usize = 16;

/// A direction, by the key of the members that it does not have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Request,
    Response,
}

impl Direction {
    /// The key of the members that messages of this direction do not have.
    fn absent(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }
}

/// Removes `readOnly` members from requests, and `writeOnly` members from responses.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    if !has_flag(document.root()) {
        return;
    }
    let before = document.clone();
    let places = places(&before);
    let requests = reached(&before, places.iter().filter(|place| place.1 == Direction::Request));
    let responses = reached(&before, places.iter().filter(|place| place.1 == Direction::Response));
    let read_only = affected(&before, Direction::Request.absent());
    let write_only = affected(&before, Direction::Response.absent());
    let Some(schemas) = before.node(SCHEMAS).and_then(Node::as_map) else { return };
    let mut taken: BTreeSet<String> = schemas.keys().map(str::to_owned).collect();
    let mut remarks = Remarks::default();
    // The names of the components that requests use in place of others.
    let mut variants: BTreeMap<String, String> = BTreeMap::new();
    for (name, schema) in schemas.iter() {
        let is_shared = requests.contains(name) && responses.contains(name);
        if is_shared && (read_only.contains(name) || write_only.contains(name)) {
            let variant = unused(&mut taken, &format!("{name}Request"));
            let message = format!("`{name}` is a type of responses, and `{variant}` is that of requests");
            let help =
                "they differ in `readOnly` and `writeOnly` members; write two schemas into an overlay to name them";
            remarks.synthesised(&pointer_join(SCHEMAS, name), schema, message, help);
            variants.insert(name.to_owned(), variant);
        }
    }
    let none = BTreeMap::new();
    let of_requests = Split { document: &before, direction: Direction::Request, variants: &variants };
    let of_responses = Split { document: &before, direction: Direction::Response, variants: &none };
    let mut result: Vec<(Box<str>, Node)> = Vec::new();
    for (name, schema) in schemas.iter() {
        let is_used = responses.contains(name) || requests.contains(name);
        let mut schema = schema.clone();
        // A flag of a component counts where a property refers to it.
        if let Some(members) = schema.as_map_mut().filter(|_| is_used) {
            members.remove("readOnly");
            members.remove("writeOnly");
        }
        if !variants.contains_key(name) {
            let pointer = pointer_join(SCHEMAS, name);
            let split = if responses.contains(name) { &of_responses } else { &of_requests };
            if is_used {
                split.note(&pointer, &schema, false, &mut remarks);
            }
        }
        let mut own = schema.clone();
        if responses.contains(name) {
            of_responses.change(&mut own);
        } else if requests.contains(name) {
            of_requests.change(&mut own);
        }
        result.push((name.into(), own));
        if let Some(variant) = variants.get(name) {
            let mut own = schema.clone();
            of_requests.change(&mut own);
            result.push((variant.as_str().into(), own));
        }
    }
    if let Some(schemas) = document.node_mut(SCHEMAS) {
        schemas.set_kind(Kind::Map(Box::new(Members::from(result))));
    }
    for (pointer, direction) in &places {
        let split = if *direction == Direction::Request { &of_requests } else { &of_responses };
        if let Some(node) = document.node_mut(pointer) {
            split.note(pointer, node, false, &mut remarks);
            split.change(node);
        }
    }
    remarks.note(document, notes);
}

/// Returns whether a `readOnly` or `writeOnly` is true anywhere.
fn has_flag(node: &Node) -> bool {
    match node.kind() {
        Kind::Seq(nodes) => nodes.iter().any(has_flag),
        Kind::Map(members) => members.iter().any(|(name, node)| {
            matches!(name, "readOnly" | "writeOnly") && node.as_bool() == Some(true) || has_flag(node)
        }),
        _ => false,
    }
}

/// Returns the places of the parts of requests and of responses that have schemas.
fn places(document: &Document) -> Vec<(String, Direction)> {
    let mut places = Vec::new();
    let mut of = |above: &str, key: &str, direction| {
        let pointer = pointer_join(above, key);
        if document.node(&pointer).is_some() {
            places.push((pointer, direction));
        }
    };
    for (path, item) in document.node("/paths").and_then(Node::as_map).into_iter().flat_map(Members::iter) {
        let path = pointer_join("/paths", path);
        of(&path, "parameters", Direction::Request);
        for method in METHODS.iter().filter(|method| item.get(method).is_some()) {
            let operation = pointer_join(&path, method);
            of(&operation, "parameters", Direction::Request);
            of(&operation, "requestBody", Direction::Request);
            of(&operation, "responses", Direction::Response);
        }
    }
    let methods = document.node("/methods").and_then(Node::as_seq).map_or(0, <[Node]>::len);
    for index in 0..methods {
        let method = pointer_join("/methods", &index.to_string());
        of(&method, "params", Direction::Request);
        of(&method, "result", Direction::Response);
    }
    of("/components", "parameters", Direction::Request);
    of("/components", "requestBodies", Direction::Request);
    of("/components", "responses", Direction::Response);
    places
}

/// Returns whether the value of a key can have schemas. `has_names` is true for an object whose
/// keys are names that the author chooses.
fn has_schemas(key: &str, has_names: bool) -> bool {
    has_names || !matches!(key, "example" | "examples" | "default" | "enum")
}

/// Returns whether the keys in the value of a key are names that the author chooses.
fn has_names(key: &str, is_name: bool) -> bool {
    !is_name && matches!(key, "properties" | "patternProperties" | "$defs" | "definitions")
}

/// Calls `found` with each schema component to which a part of a document refers.
fn references(node: &Node, is_names: bool, found: &mut dyn FnMut(String)) {
    match node.kind() {
        Kind::Seq(nodes) => nodes.iter().for_each(|node| references(node, false, found)),
        Kind::Map(members) => {
            if let Some(name) = members.get("$ref").and_then(Node::as_str).and_then(component) {
                found(name);
            }
            for (name, node) in members.iter().filter(|(name, _)| has_schemas(name, is_names)) {
                references(node, has_names(name, is_names), found);
            }
        }
        _ => {}
    }
}

/// Returns the names of the schema components that are used at places, directly or by another
/// component.
fn reached<'p>(document: &Document, places: impl Iterator<Item = &'p (String, Direction)>) -> BTreeSet<String> {
    let mut open: Vec<String> = Vec::new();
    for (pointer, _) in places {
        if let Some(node) = document.node(pointer) {
            references(node, false, &mut |name| open.push(name));
        }
    }
    let mut all = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = document.node(&pointer_join(SCHEMAS, &name))
            && all.insert(name)
        {
            references(schema, false, &mut |name| open.push(name));
        }
    }
    all
}

/// Returns the names of the components that have a member with this flag, or refer to one that has.
fn affected(document: &Document, flag: &str) -> BTreeSet<String> {
    let mut users: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut open: Vec<String> = Vec::new();
    for (name, schema) in document.node(SCHEMAS).and_then(Node::as_map).into_iter().flat_map(Members::iter) {
        references(schema, false, &mut |used| users.entry(used).or_default().push(name));
        if has_flagged_member(document, schema, false, flag) {
            open.push(name.to_owned());
        }
    }
    let mut all = BTreeSet::new();
    while let Some(name) = open.pop() {
        if all.insert(name.clone()) {
            open.extend(users.get(&name).into_iter().flatten().map(|user| (*user).to_owned()));
        }
    }
    all
}

fn has_flagged_member(document: &Document, node: &Node, is_names: bool, flag: &str) -> bool {
    match node.kind() {
        Kind::Seq(nodes) => nodes.iter().any(|node| has_flagged_member(document, node, false, flag)),
        Kind::Map(members) => {
            is_names && members.iter().any(|(_, property)| is_flagged(document, property, flag))
                || members
                    .iter()
                    .filter(|(name, _)| has_schemas(name, is_names))
                    .any(|(name, node)| has_flagged_member(document, node, has_names(name, is_names), flag))
        }
        _ => false,
    }
}

/// Returns whether a property, or the component to which it refers, has a flag.
fn is_flagged(document: &Document, property: &Node, flag: &str) -> bool {
    let is_set = |node: &Node| node.get(flag).and_then(Node::as_bool) == Some(true);
    is_set(property) || target(document, property).is_some_and(is_set)
}

/// Returns the schema to which a `$ref` leads; `None` without a `$ref`.
fn target<'d>(document: &'d Document, schema: &Node) -> Option<&'d Node> {
    document.node(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

/// Changes schemas to those of one direction.
struct Split<'d> {
    document: &'d Document,
    direction: Direction,
    /// The components that take the place of others.
    variants: &'d BTreeMap<String, String>,
}

impl Split<'_> {
    /// Removes the members that the direction does not have, and replaces references.
    fn change(&self, node: &mut Node) {
        if let Kind::Seq(nodes) = node.kind_mut() {
            nodes.iter_mut().for_each(|node| self.change(node));
            return;
        }
        self.examples(node);
        let mut gone = Vec::new();
        self.absent_members(node, DEPTH, &mut gone);
        let Some(members) = node.as_map_mut() else { return };
        if !gone.is_empty() {
            without_required(members, &gone);
            for element in members.get_mut("allOf").map(Node::kind_mut).into_iter().flat_map(nodes) {
                element.as_map_mut().into_iter().for_each(|members| without_required(members, &gone));
            }
        }
        self.mapping(members);
        let name = members.get("$ref").and_then(Node::as_str).and_then(component);
        if let Some(variant) = name.and_then(|name| self.variants.get(&name))
            && let Some(target) = members.get_mut("$ref")
        {
            target.set_kind(Kind::String(reference(variant).into()));
        }
        for (name, node) in members.iter_mut().filter(|(name, _)| has_schemas(name, false)) {
            if !has_names(name, false) {
                self.change(node);
                continue;
            }
            let Some(members) = node.as_map_mut() else { continue };
            let kept = members.take().into_iter();
            let kept = kept.filter(|(_, property)| !is_flagged(self.document, property, self.direction.absent()));
            *members = Members::from(kept.collect::<Vec<_>>());
            for (_, property) in members.iter_mut() {
                property.as_map_mut().and_then(|property| property.remove("writeOnly"));
                self.change(property);
            }
        }
    }

    /// Warns of each member that is removed, and that no other schema has.
    fn note(&self, pointer: &str, node: &Node, is_names: bool, remarks: &mut Remarks) {
        let flag = self.direction.absent();
        match node.kind() {
            Kind::Seq(nodes) => {
                for (index, node) in nodes.iter().enumerate() {
                    self.note(&pointer_join(pointer, &index.to_string()), node, false, remarks);
                }
            }
            Kind::Map(members) => {
                for (name, node) in members.iter().filter(|(name, _)| has_schemas(name, is_names)) {
                    let place = pointer_join(pointer, name);
                    if is_names && is_flagged(self.document, node, flag) {
                        let (all, others) = match self.direction {
                            Direction::Request => ("requests", "responses"),
                            Direction::Response => ("responses", "requests"),
                        };
                        let message = format!("the member `{name}` is ignored in {all}: it is `{flag}`");
                        remarks.ignored(&place, node, message, format!("only {others} have it"));
                    } else {
                        self.note(&place, node, has_names(name, is_names), remarks);
                    }
                }
            }
            _ => {}
        }
    }

    /// Lists the names of the members that a schema, or a part of its `allOf`, has in the other
    /// direction only.
    fn absent_members(&self, schema: &Node, depth: usize, names: &mut Vec<String>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let schema = target(self.document, schema).unwrap_or(schema);
        for (name, property) in schema.get("properties").and_then(Node::as_map).into_iter().flat_map(Members::iter) {
            if is_flagged(self.document, property, self.direction.absent()) {
                names.push(name.to_owned());
            }
        }
        for element in schema.get("allOf").and_then(Node::as_seq).into_iter().flatten() {
            self.absent_members(element, depth, names);
        }
    }

    /// States the tags of alternatives whose names change, because the name of a component is its
    /// tag if no other is stated.
    fn mapping(&self, members: &mut Members) {
        let choices = ["oneOf", "anyOf"].into_iter().filter_map(|key| members.get(key)?.as_seq()).flatten();
        let names: Vec<String> =
            choices.filter_map(|alternative| component(alternative.get("$ref")?.as_str()?)).collect();
        let Some(discriminator) = members.get_mut("discriminator") else { return };
        let at = discriminator.position();
        let mut mapping: Vec<(Box<str>, Node)> =
            discriminator.child_mut("mapping").and_then(Node::as_map_mut).map(Members::take).unwrap_or_default();
        let named = |target: &str| component(target).unwrap_or_else(|| target.to_owned());
        for name in names.iter().filter(|name| self.variants.contains_key(*name)) {
            if mapping.iter().all(|(_, target)| target.as_str().is_none_or(|target| named(target) != *name)) {
                mapping.push((name.as_str().into(), Node::new(at, Kind::String(reference(name).into()))));
            }
        }
        for (_, target) in &mut mapping {
            if let Some(variant) = target.as_str().map(named).and_then(|name| self.variants.get(&name)) {
                target.set_kind(Kind::String(reference(variant).into()));
            }
        }
        if let Some(members) = discriminator.as_map_mut().filter(|_| !mapping.is_empty()) {
            members.insert("mapping", Node::new(at, Kind::Map(Box::new(Members::from(mapping)))));
        }
    }

    /// Removes the members that the direction does not have from the examples beside a schema, and
    /// from those of the schema itself.
    fn examples(&self, holder: &mut Node) {
        let schema = holder.get("schema").cloned();
        let schema = schema.as_ref().or_else(|| holder.get("properties").map(|_| &*holder)).cloned();
        let Some(schema) = schema else { return };
        holder.child_mut("example").into_iter().for_each(|example| self.example(example, &schema, DEPTH));
        for (_, example) in
            holder.child_mut("examples").and_then(Node::as_map_mut).into_iter().flat_map(Members::iter_mut)
        {
            example.child_mut("value").into_iter().for_each(|value| self.example(value, &schema, DEPTH));
        }
    }

    fn example(&self, example: &mut Node, schema: &Node, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let schema = target(self.document, schema).unwrap_or(schema);
        let mut gone = Vec::new();
        self.absent_members(schema, DEPTH, &mut gone);
        match example.kind_mut() {
            Kind::Map(members) => {
                gone.iter().for_each(|name| drop(members.remove(name)));
                let properties = schema.get("properties").and_then(Node::as_map);
                for (name, property) in properties.into_iter().flat_map(Members::iter) {
                    if let Some(example) = members.get_mut(name) {
                        self.example(example, property, depth);
                    }
                }
            }
            Kind::Seq(nodes) => {
                let items = schema.get("items");
                nodes.iter_mut().for_each(|node| items.into_iter().for_each(|items| self.example(node, items, depth)));
            }
            _ => return,
        }
        for element in schema.get("allOf").and_then(Node::as_seq).into_iter().flatten() {
            self.example(example, element, depth);
        }
    }
}

fn nodes(kind: &mut Kind) -> impl Iterator<Item = &mut Node> {
    match kind {
        Kind::Seq(nodes) => nodes.iter_mut(),
        _ => [].iter_mut(),
    }
}

fn reference(name: &str) -> String {
    format!("#{}", pointer_join(SCHEMAS, name))
}

/// Removes names from the `required` of a schema.
fn without_required(members: &mut Members, gone: &[String]) {
    let Some(required) = members.get_mut("required").filter(|required| required.as_seq().is_some()) else { return };
    let mut kept = required.take_elements();
    kept.retain(|name| name.as_str().is_none_or(|name| gone.iter().all(|known| known != name)));
    if kept.is_empty() {
        members.remove("required");
    } else {
        required.set_kind(Kind::Seq(kept.into_boxed_slice()));
    }
}
