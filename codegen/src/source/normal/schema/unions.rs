//! Reduces each `oneOf` and `anyOf` to alternatives that the first character of a value tells
//! apart. An alternative can itself be a choice between several objects or several arrays.

use std::collections::{BTreeSet, HashSet};
use std::ops::Bound;

use super::all_of::{documented, without_type};
use super::keys::{CONSTRAINTS, DOCUMENTATION};
use crate::diagnostic::Effect;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node, Position};
use crate::source::normal::notes::Notes;
use crate::source::normal::remarks::Remarks;
use crate::source::normal::visit;
use crate::source::pointer::pointer_join;
use crate::source::schema::told::{ObjectSchema, Told, has_any, mapped, told, values_of};
use crate::source::schema::types::JsonType;

/// Reduces each `oneOf` and `anyOf` to one alternative per JSON type.
pub(super) fn reduce(document: &mut Document, notes: &mut Notes) {
    let mut places = Vec::new();
    visit::schemas(document, &mut |pointer, schema| {
        if schema.get("oneOf").is_some() || schema.get("anyOf").is_some() {
            places.push(pointer.to_owned());
        }
    });
    let mut remarks = Remarks::default();
    for pointer in ordered(document, places) {
        let Some(schema) = document.node(&pointer) else { continue };
        let reduced = reduced(document, &pointer, schema, &mut remarks);
        if let Some(node) = document.node_mut(&pointer) {
            node.set_kind(reduced.into_kind());
        }
    }
    remarks.note(document, notes);
}

/// Returns the places of choices in an order in which the choices inside an alternative come before
/// the choice, because one schema with the members of all alternatives has copies of them.
fn ordered(document: &Document, places: Vec<String>) -> Vec<String> {
    let all: BTreeSet<&str> = places.iter().map(String::as_str).collect();
    let mut order = Order { document, all, seen: HashSet::new(), opened: HashSet::new(), result: Vec::new() };
    places.iter().for_each(|place| order.add(place, NESTING));
    order.result.into_iter().map(str::to_owned).collect()
}

struct Order<'p> {
    document: &'p Document,
    all: BTreeSet<&'p str>,
    /// The places that were added, or are about to be.
    seen: HashSet<&'p str>,
    /// The components whose choices were added.
    opened: HashSet<&'p str>,
    result: Vec<&'p str>,
}

impl<'p> Order<'p> {
    fn add(&mut self, place: &'p str, depth: usize) {
        if !self.seen.insert(place) {
            return;
        }
        let schema = self.document.node(place);
        let choices = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema?.get(key)?.as_seq());
        let references = choices.flatten().filter_map(|alternative| alternative.get("$ref").and_then(Node::as_str));
        for target in references.filter_map(|reference| reference.strip_prefix('#')).collect::<Vec<_>>() {
            let Some(depth) = depth.checked_sub(1) else { break };
            if !self.opened.insert(target) {
                continue;
            }
            let below = format!("{target}/");
            let range = (Bound::Excluded(below.as_str()), Bound::Unbounded);
            let inside: Vec<&'p str> =
                self.all.range::<str, _>(range).copied().take_while(|place| place.starts_with(&below)).collect();
            inside.into_iter().for_each(|place| self.add(place, depth));
        }
        self.result.push(place);
    }
}

/// The maximum number of `$ref`s in a chain.
const DEPTH: usize = 16;

/// The maximum number of choices inside each other.
const NESTING: usize = 100;

/// The maximum number of alternatives of a choice, with those of the choices inside it.
const MOST_ALTERNATIVES: usize = 2_000;

/// An alternative, as written and with its `$ref`s resolved.
#[derive(Clone, Copy)]
struct Alternative<'a> {
    stated: &'a Node,
    resolved: &'a Node,
    json_type: Option<JsonType>,
}

impl<'a> Alternative<'a> {
    fn new(stated: &'a Node, resolved: &'a Node) -> Self {
        Self { stated, resolved, json_type: resolved.get("type").and_then(JsonType::stated) }
    }

    fn is_null(&self) -> bool {
        let members = self.resolved.as_map();
        // The step `nullable` has already converted `{type: 'null'}` to `{nullable: true}`.
        members.is_some_and(|members| {
            members.keys().all(|key| matches!(key, "nullable" | "description" | "title"))
                && members.get("nullable").and_then(Node::as_bool) == Some(true)
        })
    }

    fn is_choice(&self) -> bool {
        is_choice(self.resolved)
    }
}

fn is_choice(schema: &Node) -> bool {
    schema.get("oneOf").is_some() || schema.get("anyOf").is_some()
}

/// Follows the `$ref`s of a schema, and returns the schema that they lead to.
fn resolved<'a>(document: &'a Document, mut schema: &'a Node) -> &'a Node {
    for _ in 0..DEPTH {
        let Some(reference) = schema.get("$ref").and_then(Node::as_str) else { break };
        match reference.strip_prefix('#').and_then(|pointer| document.node(pointer)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// The alternatives of a choice.
#[derive(Default)]
struct List<'a> {
    found: Vec<Alternative<'a>>,
    /// The choices inside the choice that were listed already. Listing one again adds nothing.
    seen: HashSet<*const Node>,
    /// True if there are too many alternatives, so that some are missing.
    is_incomplete: bool,
}

impl<'a> List<'a> {
    /// Lists the alternatives of a choice, and in place of each nested choice its alternatives. If
    /// `keeps_nested` is true, a nested choice between objects only or arrays only stays one
    /// alternative, unless it is nullable.
    fn add(&mut self, document: &'a Document, schema: &'a Node, depth: usize, keeps_nested: bool) {
        let Some(depth) = depth.checked_sub(1) else {
            self.is_incomplete = true;
            return;
        };
        let choices = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema.get(key)?.as_seq());
        for stated in choices.flatten() {
            let resolved = resolved(document, stated);
            if self.found.len() >= MOST_ALTERNATIVES {
                self.is_incomplete = true;
                return;
            }
            if !is_choice(resolved) {
                self.found.push(Alternative::new(stated, resolved));
                continue;
            }
            if !self.seen.insert(std::ptr::from_ref(resolved)) {
                continue;
            }
            let mut inner = Self { found: Vec::new(), seen: std::mem::take(&mut self.seen), is_incomplete: false };
            inner.add(document, resolved, depth, false);
            self.seen = inner.seen;
            self.is_incomplete |= inner.is_incomplete;
            let is_nullable = resolved.get("nullable").and_then(Node::as_bool) == Some(true);
            let first = inner.found.first().and_then(|first| first.json_type);
            let one_type = first
                .filter(|first| matches!(first, JsonType::Object | JsonType::Array))
                .filter(|first| inner.found.iter().all(|alternative| alternative.json_type == Some(*first)));
            if keeps_nested && !is_nullable && one_type.is_some() {
                self.found.push(Alternative { stated, resolved, json_type: one_type });
                continue;
            }
            if is_nullable {
                self.found.push(Alternative::new(resolved, null()));
            }
            self.found.append(&mut inner.found);
        }
    }
}

/// Returns the schema that stands for null.
fn null() -> &'static Node {
    static NULL: std::sync::OnceLock<Node> = std::sync::OnceLock::new();
    NULL.get_or_init(|| {
        let at = crate::source::node::Position::START;
        let members: Vec<(Box<str>, Node)> = vec![("nullable".into(), Node::new(at, Kind::Bool(true)))];
        Node::new(at, Kind::Map(Box::new(Members::from(members))))
    })
}

fn reduced(document: &Document, pointer: &str, schema: &Node, remarks: &mut Remarks) -> Node {
    let mut list = List::default();
    list.add(document, schema, NESTING, true);
    let mut alternatives = list.found;
    if list.is_incomplete {
        let message = format!("any JSON value, without a type: it has more than {MOST_ALTERNATIVES} alternatives");
        remarks.add_of(Effect::Untyped, pointer, schema, message, HELP);
        return without_type(schema);
    }
    let mut is_nullable = schema.get("nullable").and_then(Node::as_bool) == Some(true);
    let all = alternatives.len();
    alternatives.retain(|alternative| !alternative.is_null());
    is_nullable |= alternatives.len() < all;
    is_nullable |= alternatives
        .iter()
        .any(|alternative| alternative.resolved.get("nullable").and_then(Node::as_bool) == Some(true));
    let mut seen: HashSet<String> = HashSet::new();
    alternatives.retain(|alternative| seen.insert(alternative.stated.to_json()));
    let at = schema.position();
    let own = |key: &str| schema.get(key).is_some();
    let mut result = match alternatives.as_slice() {
        [] => without_type(schema),
        [only] if !own("properties") && !own("type") => documented(schema, only.stated),
        _ if alternatives.iter().any(|alternative| alternative.json_type.is_none()) => {
            remarks.add_of(
                Effect::Untyped,
                pointer,
                schema,
                "any JSON value, without a type: an alternative can be any value",
                HELP,
            );
            return without_type(schema);
        }
        several => match choice(document, several, pointer, schema, remarks) {
            Ok(node) => documented(schema, &node),
            Err(alternatives) if is_stated(schema, &alternatives) => schema.clone(),
            Err(alternatives) => {
                let members: Vec<(Box<str>, Node)> =
                    vec![("oneOf".into(), Node::new(at, Kind::Seq(alternatives.into_boxed_slice())))];
                documented(schema, &Node::new(at, Kind::Map(Box::new(Members::from(members)))))
            }
        },
    };
    if let Some(members) = result.as_map_mut().filter(|_| is_nullable) {
        members.insert("nullable", Node::new(at, Kind::Bool(true)));
    }
    result
}

/// Returns whether a schema is a `oneOf` of these alternatives, in any order.
fn is_stated(schema: &Node, alternatives: &[Node]) -> bool {
    let is_plain = ["anyOf", "properties", "type"].iter().all(|key| schema.get(key).is_none());
    let stated: Option<HashSet<String>> =
        schema.get("oneOf").and_then(Node::as_seq).map(|stated| stated.iter().map(Node::to_json).collect());
    is_plain
        && stated.is_some_and(|stated| {
            schema.get("oneOf").and_then(Node::as_seq).map_or(0, <[Node]>::len) == alternatives.len()
                && alternatives.iter().all(|node| stated.contains(&node.to_json()))
        })
}

const HELP: &str = "say in an overlay how the alternatives are told apart, or write one schema";

/// Returns one schema if all alternatives have the same JSON type. Otherwise returns `Err` with one
/// alternative per JSON type.
fn choice(
    document: &Document,
    alternatives: &[Alternative<'_>],
    pointer: &str,
    schema: &Node,
    remarks: &mut Remarks,
) -> Result<Node, Vec<Node>> {
    let kinds: [(&str, fn(JsonType) -> bool); 5] = [
        ("objects", |json_type| json_type == JsonType::Object),
        ("arrays", |json_type| json_type == JsonType::Array),
        ("texts", |json_type| json_type == JsonType::String),
        ("numbers", |json_type| matches!(json_type, JsonType::Integer | JsonType::Number)),
        ("booleans", |json_type| json_type == JsonType::Boolean),
    ];
    let mut result = Vec::new();
    for (name, is_of) in kinds {
        let of_kind: Vec<Alternative<'_>> =
            alternatives.iter().filter(|alternative| alternative.json_type.is_some_and(is_of)).copied().collect();
        match of_kind.as_slice() {
            [] => {}
            [only] => result.push(without_null(only)),
            several if name == "objects" => result.push(objects(document, several, pointer, schema, remarks)),
            several if name == "arrays" => {
                remarks.add_of(Effect::Untyped, pointer, schema, "raw JSON: nothing tells the arrays apart", HELP);
                result.push(one_of(schema, &flat(document, several)));
            }
            several => {
                let lost = lost(several);
                if !lost.is_empty() {
                    let message = format!("one schema for all {name}, without {}", lost.join(", "));
                    remarks.relaxed(pointer, schema, message, HELP);
                }
                result.push(joined(name, several, schema));
            }
        }
    }
    match <[Node; 1]>::try_from(result) {
        Ok([only]) => Ok(only),
        Err(several) => Err(several),
    }
}

/// Replaces each nested choice by its alternatives. `reduced` has listed them before, so they are
/// not too many.
fn flat<'a>(document: &'a Document, several: &[Alternative<'a>]) -> Vec<Alternative<'a>> {
    let mut list = List::default();
    for alternative in several {
        if alternative.is_choice() {
            list.add(document, alternative.resolved, NESTING, false);
        } else {
            list.found.push(*alternative);
        }
    }
    let mut seen: HashSet<String> = HashSet::new();
    list.found.retain(|alternative| seen.insert(alternative.stated.to_json()));
    list.found
}

/// Returns a `oneOf` of the alternatives, with the `discriminator` of `schema`.
fn one_of(schema: &Node, alternatives: &[Alternative<'_>]) -> Node {
    let at = schema.position();
    let alternatives: Box<[Node]> = alternatives.iter().map(without_null).collect();
    let mut members: Vec<(Box<str>, Node)> = vec![("oneOf".into(), Node::new(at, Kind::Seq(alternatives)))];
    members.extend(schema.get("discriminator").map(|discriminator| ("discriminator".into(), discriminator.clone())));
    Node::new(at, Kind::Map(Box::new(Members::from(members))))
}

/// Returns a schema of several objects: a `oneOf`, or one object with the members of all.
fn objects(
    document: &Document,
    several: &[Alternative<'_>],
    pointer: &str,
    schema: &Node,
    remarks: &mut Remarks,
) -> Node {
    let schema = &with_inner_tags(document, several, schema);
    let several = flat(document, several);
    unknown_tags(document, &several, pointer, schema, remarks);
    let schemas: Vec<ObjectSchema<'_>> = several
        .iter()
        .map(|alternative| {
            let reference = alternative.stated.get("$ref").and_then(Node::as_str);
            let component = reference.and_then(|reference| reference.rsplit('/').next());
            ObjectSchema { component, node: alternative.resolved }
        })
        .collect();
    let told = told(schema, &schemas, &|schema| resolved(document, schema));
    if matches!(told, Told::Tag { .. }) {
        return one_of(schema, &several);
    }
    let is_any_of = schema.get("oneOf").is_none();
    if let Some(mixed) = mixed(schema, &several).filter(|_| is_any_of) {
        remarks.relaxed(pointer, schema, "one object with the properties of all alternatives", HELP);
        return mixed;
    }
    if told == Told::Nothing {
        remarks.add_of(Effect::Untyped, pointer, schema, "raw JSON: nothing tells the objects apart", HELP);
    }
    one_of(schema, &several)
}

/// Returns the name of the component of an alternative. An alternative that was merged with other
/// schemas has it as its title.
fn component<'a>(alternative: &Alternative<'a>) -> Option<&'a str> {
    let reference = alternative.stated.get("$ref").and_then(Node::as_str);
    let name = reference.and_then(|reference| reference.rsplit('/').next());
    name.or_else(|| alternative.stated.get("title").and_then(Node::as_str))
}

/// Returns a choice whose `discriminator` has the tags that choices inside it map to their
/// alternatives.
fn with_inner_tags(document: &Document, several: &[Alternative<'_>], schema: &Node) -> Node {
    let mut result = schema.clone();
    let Some(stated) = schema.get("discriminator") else { return result };
    let mut new: Vec<(Box<str>, Node)> = Vec::new();
    for nested in several.iter().filter(|alternative| alternative.is_choice()) {
        let Some(inner) = nested.resolved.get("discriminator") else { continue };
        if inner.get("propertyName").map(Node::kind) != stated.get("propertyName").map(Node::kind) {
            continue;
        }
        for alternative in flat(document, std::slice::from_ref(nested)) {
            let Some(name) = component(&alternative).filter(|name| mapped(stated, name).is_empty()) else { continue };
            let at = inner.position();
            let target = |name: &str| Node::new(at, Kind::String(format!("#/components/schemas/{name}").into()));
            new.extend(mapped(inner, name).into_iter().map(|value| (value.into(), target(name))));
        }
    }
    let at = stated.position();
    if let Some(members) = result.child_mut("discriminator").and_then(Node::as_map_mut).filter(|_| !new.is_empty()) {
        let mut mapping = members.get_mut("mapping").and_then(Node::as_map_mut).map(Members::take).unwrap_or_default();
        for (value, target) in new {
            if mapping.iter().all(|(known, _)| *known != value) {
                mapping.push((value, target));
            }
        }
        members.insert("mapping", Node::new(at, Kind::Map(Box::new(Members::from(mapping)))));
    }
    result
}

/// Warns of each tag that `discriminator` maps to a schema outside the alternatives.
///
/// Also warns of each tag that the schema it is mapped to does not list.
fn unknown_tags(document: &Document, several: &[Alternative<'_>], pointer: &str, schema: &Node, remarks: &mut Remarks) {
    let Some(discriminator) = schema.get("discriminator") else { return };
    let member = discriminator.get("propertyName").and_then(Node::as_str).unwrap_or_default();
    let excludes_all = |name: &str| {
        let alternative = several.iter().find(|alternative| component(alternative) == Some(name))?;
        let node = ObjectSchema { component: Some(name), node: alternative.resolved };
        let stated = values_of(&node, member, &|schema| resolved(document, schema))?;
        Some(!has_any(&stated, &mapped(discriminator, name)))
    };
    let mapping = discriminator.get("mapping");
    let entries = mapping.and_then(Node::as_map).into_iter().flat_map(Members::iter);
    let names: HashSet<&str> = several.iter().filter_map(component).collect();
    for (value, target) in entries {
        let name = target.as_str().map(|target| target.rsplit('/').next().unwrap_or(target)).unwrap_or_default();
        let place =
            || ["discriminator", "mapping", value].iter().fold(pointer.to_owned(), |at, key| pointer_join(&at, key));
        if excludes_all(name) == Some(true) {
            let message = format!("the tag `{value}` is ignored: `{member}` of `{name}` has other values");
            remarks.ignored(&place(), target, message, "correct `mapping`, or the `enum` of the member, in an overlay");
        } else if !names.contains(name) {
            let message = format!("the tag `{value}` is ignored: `{name}` is not one of the alternatives");
            remarks.ignored(&place(), target, message, "an object with this tag keeps its JSON; add it to `oneOf`");
        }
    }
}

/// Returns the schema of one object that may have the members of several alternatives at once;
/// `None` if two alternatives have different schemas for a member, or if an alternative restricts
/// its other members.
fn mixed(schema: &Node, several: &[Alternative<'_>]) -> Option<Node> {
    let at = schema.position();
    let mut properties: Vec<(Box<str>, Node)> = Vec::new();
    let mut required: Option<Vec<&str>> = None;
    let mut is_open = false;
    for Alternative { resolved, .. } in several {
        let own = resolved.get("properties")?.as_map()?;
        if resolved.get("additionalProperties").is_some_and(|others| others.as_bool() != Some(true)) {
            return None;
        }
        is_open |= resolved.get("additionalProperties").is_some();
        for (name, property) in own.iter() {
            match properties.iter().find(|(known, _)| **known == *name) {
                Some((_, known)) if known.to_json() != property.to_json() => return None,
                Some(_) => {}
                None => properties.push((name.into(), property.clone())),
            }
        }
        let needed: Vec<&str> =
            resolved.get("required").and_then(Node::as_seq).into_iter().flatten().filter_map(Node::as_str).collect();
        required = Some(match required {
            Some(before) => before.into_iter().filter(|name| needed.contains(name)).collect(),
            None => needed,
        });
    }
    let text = |text: &str| Node::new(at, Kind::String(text.into()));
    let mut members: Vec<(Box<str>, Node)> = vec![
        ("type".into(), text("object")),
        ("properties".into(), Node::new(at, Kind::Map(Box::new(Members::from(properties))))),
    ];
    let required: Box<[Node]> = required.unwrap_or_default().into_iter().map(text).collect();
    if !required.is_empty() {
        members.push(("required".into(), Node::new(at, Kind::Seq(required))));
    }
    if is_open {
        members.push(("additionalProperties".into(), Node::new(at, Kind::Bool(true))));
    }
    Some(Node::new(at, Kind::Map(Box::new(Members::from(members)))))
}

/// Returns an alternative without `nullable`. The choice as a whole is nullable instead.
fn without_null(alternative: &Alternative<'_>) -> Node {
    if alternative.resolved.get("nullable").is_none() {
        return alternative.stated.clone().without_key();
    }
    let mut node = alternative.resolved.clone().without_key();
    if let Some(members) = node.as_map_mut() {
        members.remove("nullable");
    }
    node
}

/// Returns the keys that one schema for several alternatives does not have.
fn lost(several: &[Alternative<'_>]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    let all = several.iter().filter_map(|alternative| alternative.resolved.as_map());
    for key in all.flat_map(Members::keys) {
        let is_kept =
            matches!(key, "type" | "enum" | "$ref") || DOCUMENTATION.contains(&key) || CONSTRAINTS.contains(&key);
        let key = format!("`{key}`");
        if !is_kept && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// Returns one schema for several alternatives of one JSON type.
fn joined(kind: &str, several: &[Alternative<'_>], schema: &Node) -> Node {
    let at = schema.position();
    let text = |text: &str| Node::new(at, Kind::String(text.into()));
    let mut members: Vec<(Box<str>, Node)> = Vec::new();
    match kind {
        "texts" => {
            members.push(("type".into(), text("string")));
            members.extend(values(several).map(|values| ("enum".into(), Node::new(at, Kind::Seq(values)))));
            members.extend(constants(several, at));
        }
        "numbers" => {
            let is_integer = several.iter().all(|alternative| alternative.json_type == Some(JsonType::Integer));
            members.push(("type".into(), text(if is_integer { "integer" } else { "number" })));
            let values = values(several).filter(|_| is_integer);
            members.extend(values.map(|values| ("enum".into(), Node::new(at, Kind::Seq(values)))));
            members.extend(constants(several, at).filter(|_| is_integer));
        }
        _ => members.push(("type".into(), text("boolean"))),
    }
    Node::new(at, Kind::Map(Box::new(Members::from(members))))
}

/// Returns `x-enum-descriptions` with the titles and descriptions of alternatives that have one
/// value each; `None` if an alternative has several values, or if nothing is described.
fn constants(several: &[Alternative<'_>], at: Position) -> Option<(Box<str>, Node)> {
    let mut known: Vec<&Node> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for alternative in several {
        let [value] = alternative.resolved.get("enum")?.as_seq()? else { return None };
        if known.iter().any(|known| known.kind() == value.kind()) {
            return None;
        }
        known.push(value);
        let text = |key: &str| alternative.resolved.get(key).and_then(Node::as_str);
        texts.push(match (text("title"), text("description")) {
            (Some(title), Some(description)) => format!("{title}: {description}"),
            (title, description) => title.or(description).unwrap_or_default().to_owned(),
        });
    }
    if texts.iter().all(String::is_empty) {
        return None;
    }
    let texts: Box<[Node]> = texts.into_iter().map(|text| Node::new(at, Kind::String(text.into()))).collect();
    Some(("x-enum-descriptions".into(), Node::new(at, Kind::Seq(texts))))
}

/// Returns the values of the `enum`s of all alternatives; `None` if one has no `enum`.
fn values(several: &[Alternative<'_>]) -> Option<Box<[Node]>> {
    let lists = several.iter().map(|alternative| alternative.resolved.get("enum")?.as_seq());
    Some(lists.collect::<Option<Vec<_>>>()?.into_iter().flatten().cloned().collect())
}
