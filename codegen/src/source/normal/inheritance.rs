//! Converts a `discriminator` on a base schema to a choice between the schemas that extend it.
//!
//! OpenAPI 2.0 has no other polymorphism, and many documents of 3.x use it: a base has a
//! `discriminator`, and other schemas have an `allOf` with the base. A value of the base is a value
//! of one of them. The members of the base become a component of their own, which they extend.

use std::collections::{BTreeMap, BTreeSet};

use super::notes::Notes;
use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::pointer::pointer_join;
use crate::source::schema::told::mapped;

const SCHEMAS: &str = "/components/schemas";

/// A base schema, and the schemas that extend it.
struct Base {
    /// The name of the component with the members of the base.
    members: String,
    extending: Vec<String>,
}

/// Makes each base with a `discriminator` a choice.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let bases = bases(document);
    if bases.is_empty() {
        return;
    }
    let mut remarks = Remarks::default();
    let Some(schemas) = document.node_mut(SCHEMAS).and_then(Node::as_map_mut) else { return };
    let mut all: Vec<(Box<str>, Node)> = schemas.take();
    // The value of a tag that an extending schema states for itself.
    let mut stated: BTreeMap<String, String> = BTreeMap::new();
    let is_extending = |name: &str| bases.values().any(|base| base.extending.iter().any(|known| known == name));
    for (name, schema) in &mut all {
        if is_extending(name)
            && let Some(value) = schema.as_map_mut().and_then(|members| members.remove("x-discriminator-value"))
            && let Some(value) = value.as_str()
        {
            stated.insert(name.to_string(), value.to_owned());
        }
        for element in schema.child_mut("allOf").map(Node::kind_mut).into_iter().flat_map(elements) {
            let base = element.get("$ref").and_then(Node::as_str).and_then(component).and_then(|name| bases.get(&name));
            if let (Some(base), Some(members)) = (base, element.as_map_mut()) {
                let at = members.get("$ref").map_or_else(|| schema_start(members), Node::position);
                members.insert("$ref", Node::new(at, Kind::String(reference(&base.members).into())));
            }
        }
    }
    let mut result: Vec<(Box<str>, Node)> = Vec::new();
    for (name, schema) in all {
        let Some(base) = bases.get(&*name) else {
            result.push((name, schema));
            continue;
        };
        let pointer = pointer_join(SCHEMAS, &name);
        let message = format!(
            "`{name}` is one of the schemas that extend it: {}; `{}` has its own members",
            base.extending.join(", "),
            base.members
        );
        let help = "an object with another tag keeps its JSON; write `oneOf` into an overlay to choose the schemas";
        remarks.synthesised(&pointer, &schema, message, help);
        let mut members = schema.clone();
        members.remove_all(|key| key == "discriminator");
        result.push((name, choice(&schema, base, &bases, &stated)));
        result.push((base.members.as_str().into(), members));
    }
    if let Some(schemas) = document.node_mut(SCHEMAS) {
        schemas.set_kind(Kind::Map(Box::new(Members::from(result))));
    }
    remarks.note(document, notes);
}

fn schema_start(members: &Members) -> crate::source::node::Position {
    members.iter().next().map_or(crate::source::node::Position::START, |(_, node)| node.position())
}

fn elements(kind: &mut Kind) -> impl Iterator<Item = &mut Node> {
    match kind {
        Kind::Seq(nodes) => nodes.iter_mut(),
        _ => [].iter_mut(),
    }
}

fn reference(name: &str) -> String {
    format!("#{}", pointer_join(SCHEMAS, name))
}

/// Returns the name of the component to which a `$ref` leads.
pub(super) fn component(reference: &str) -> Option<String> {
    let rest = reference.strip_prefix("#/components/schemas/")?;
    (!rest.contains('/')).then(|| rest.replace("~1", "/").replace("~0", "~"))
}

/// Returns the name of the member that a `discriminator` names.
fn tag(schema: &Node) -> Option<&str> {
    let discriminator = schema.get("discriminator")?;
    discriminator.get("propertyName").unwrap_or(discriminator).as_str()
}

/// Finds the bases with a `discriminator` and without a choice, with the schemas that extend them.
fn bases(document: &Document) -> BTreeMap<String, Base> {
    let Some(schemas) = document.node(SCHEMAS).and_then(Node::as_map) else { return BTreeMap::new() };
    let is_base = |schema: &Node| tag(schema).is_some() && schema.get("oneOf").or(schema.get("anyOf")).is_none();
    if !schemas.iter().any(|(_, schema)| is_base(schema)) {
        return BTreeMap::new();
    }
    // The schemas that directly extend each schema.
    let mut children: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, schema) in schemas.iter() {
        let parents = schema.get("allOf").and_then(Node::as_seq).into_iter().flatten();
        for parent in parents.filter_map(|element| component(element.get("$ref")?.as_str()?)) {
            children.entry(parent).or_default().push(name);
        }
    }
    let mut taken: BTreeSet<String> = schemas.keys().map(str::to_owned).collect();
    let mut bases = BTreeMap::new();
    for (name, schema) in schemas.iter().filter(|(_, schema)| is_base(schema)) {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![name];
        while let Some(parent) = open.pop() {
            for child in children.get(parent).into_iter().flatten() {
                if *child != name && found.insert(child) {
                    open.push(child);
                }
            }
        }
        let discriminator = schema.get("discriminator");
        let is_mapped = |other: &str| discriminator.is_some_and(|all| !mapped(all, other).is_empty());
        let extending: Vec<String> = schemas
            .keys()
            .filter(|other| found.contains(other) || *other != name && is_mapped(other))
            .map(str::to_owned)
            .collect();
        if found.is_empty() || extending.is_empty() {
            continue;
        }
        let members = unused(&mut taken, &format!("{name}Base"));
        bases.insert(name.to_owned(), Base { members, extending });
    }
    bases
}

/// Returns a name that no component has, and marks it as taken.
pub(super) fn unused(taken: &mut BTreeSet<String>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}{number}");
        number += 1;
    }
    name
}

/// Returns the choice between the schemas that extend a base.
fn choice(schema: &Node, base: &Base, bases: &BTreeMap<String, Base>, stated: &BTreeMap<String, String>) -> Node {
    let at = schema.position();
    let text = |text: &str| Node::new(at, Kind::String(text.into()));
    let empty = Node::new(at, Kind::Null);
    let discriminator = schema.get("discriminator").unwrap_or(&empty);
    let mut mapping: Vec<(Box<str>, Node)> = Vec::new();
    let mut alternatives: Vec<Node> = Vec::new();
    for name in &base.extending {
        // The members of an extending schema that is a base itself are a component of their own.
        let target = reference(bases.get(name).map_or(name, |other| &other.members));
        alternatives.push(Node::new(at, Kind::Map(Box::new(Members::from(vec![("$ref".into(), text(&target))])))));
        let mut values = mapped(discriminator, name);
        if values.is_empty() {
            values.push(stated.get(name).unwrap_or(name));
        }
        for value in values {
            if mapping.iter().all(|(known, _)| **known != *value) {
                mapping.push((value.into(), text(&target)));
            }
        }
    }
    // A tag that leads to no schema which extends the base is reported with the choice.
    let stated = discriminator.get("mapping").and_then(Node::as_map).into_iter().flat_map(Members::iter);
    for (value, target) in stated {
        if mapping.iter().all(|(known, _)| **known != *value) {
            mapping.push((value.into(), target.clone()));
        }
    }
    let others = discriminator.as_map().into_iter().flat_map(Members::iter);
    let others = others.filter(|(key, _)| !matches!(*key, "propertyName" | "mapping"));
    let mut of_discriminator: Vec<(Box<str>, Node)> = vec![
        ("propertyName".into(), text(tag(schema).unwrap_or_default())),
        ("mapping".into(), Node::new(at, Kind::Map(Box::new(Members::from(mapping))))),
    ];
    of_discriminator.extend(others.map(|(key, value)| (key.into(), value.clone())));
    let mut members: Vec<(Box<str>, Node)> = vec![
        ("oneOf".into(), Node::new(at, Kind::Seq(alternatives.into_boxed_slice()))),
        ("discriminator".into(), Node::new(at, Kind::Map(Box::new(Members::from(of_discriminator))))),
    ];
    for key in ["title", "description", "nullable", "deprecated", "readOnly", "writeOnly", "x-rust-name"] {
        members.extend(schema.get(key).map(|value| (key.into(), value.clone())));
    }
    Node::new(at, Kind::Map(Box::new(Members::from(members))))
}
