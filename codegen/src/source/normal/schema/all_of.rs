//! Merges the elements of an `allOf` into one schema, and a choice (`oneOf` or `anyOf`) with the
//! keys beside it.

use std::borrow::Cow;

use super::keys::DOCUMENTATION;
use super::narrower::{Narrowed, narrowed};
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::normal::notes::Notes;
use crate::source::normal::remarks::Remarks;
use crate::source::normal::visit;
use crate::source::schema::told::mapped;

/// Merges the elements of each `allOf`, and each choice with the keys beside it.
pub(super) fn merge(document: &mut Document, notes: &mut Notes) {
    let mut places = Vec::new();
    visit::schemas(document, &mut |pointer, schema| {
        if is_merged(schema) {
            places.push(pointer.to_owned());
        }
    });
    // A schema that its own alternatives extend is merged after them.
    let is_last = |pointer: &String| {
        document.node(pointer).is_some_and(|schema| is_extended(document, schema, &format!("#{pointer}")))
    };
    let (last, mut ordered): (Vec<String>, Vec<String>) = places.into_iter().partition(is_last);
    ordered.extend(last);
    let mut remarks = Remarks::default();
    for pointer in ordered {
        let Some(schema) = document.node(&pointer).filter(|schema| is_merged(schema)) else { continue };
        let mut open = Open { left: MOST_ALTERNATIVES, ..Open::default() };
        let merged = match merged(document, schema, &mut open) {
            Ok(merged) => {
                if open.has_constraint {
                    let message = "alternatives that only state required properties are ignored";
                    remarks.ignored(&pointer, schema, message, "the client does not check them");
                }
                for conflict in &open.conflicts {
                    remarks.untyped(&pointer, schema, conflict.as_str(), "write one schema for it into an overlay");
                }
                for ignored in &open.ignored {
                    remarks.ignored(&pointer, schema, ignored.as_str(), "write one schema for it into an overlay");
                }
                if open.is_closed {
                    let message = "properties of other names are ignored: a part of the schema forbids them";
                    let help = "correct `additionalProperties` in an overlay";
                    remarks.ignored(&pointer, schema, message, help);
                }
                merged
            }
            Err(Conflict { reason, .. }) => {
                let message = format!("any JSON value, without a type: its parts cannot be merged: {reason}");
                remarks.untyped(&pointer, schema, message, "write one schema into an overlay");
                without_type(schema)
            }
        };
        let merged = with_null(document, &pointer, merged, &mut remarks);
        if let Some(node) = document.node_mut(&pointer) {
            node.set_kind(merged.into_kind());
        }
    }
    remarks.note(document, notes);
}

/// The reason why schemas cannot be merged.
struct Conflict {
    reason: String,
    /// True if no value fits all of the schemas.
    is_contradiction: bool,
}

impl Conflict {
    fn contradiction(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_contradiction: true }
    }
}

impl From<String> for Conflict {
    fn from(reason: String) -> Self {
        Self { reason, is_contradiction: false }
    }
}

/// The state of a merge.
#[derive(Default)]
struct Open {
    /// The `$ref`s that are being followed.
    references: Vec<String>,
    /// True if a choice was ignored because its alternatives are only constraints.
    has_constraint: bool,
    /// The properties and elements whose schemas contradict each other, each with the reason.
    conflicts: Vec<String>,
    /// The keys that two parts have, of which one value is not used.
    ignored: Vec<String>,
    /// The number of alternatives that may still be merged with other schemas.
    left: usize,
    /// True if one part forbids properties of other names and another has a schema for them.
    is_closed: bool,
}

/// Adds null if an element of an `allOf` adds it. Strictly, null would have to fit all elements,
/// but such an element has no other meaning.
fn with_null(document: &Document, pointer: &str, mut merged: Node, remarks: &mut Remarks) -> Node {
    let is_nullable = |schema: &Node| schema.get("nullable").and_then(Node::as_bool) == Some(true);
    let Some(schema) = document.node(pointer) else { return merged };
    let elements = schema.get("allOf").and_then(Node::as_seq).unwrap_or_default();
    let is_null = |schema: &Node| is_nullable(schema) || target(document, schema).is_some_and(is_nullable);
    if is_null(&merged) || merged.as_map().is_none_or(|members| members.keys().all(|key| key == "description")) {
        return merged;
    }
    if elements.iter().any(|element| element.get("$ref").is_none() && is_nullable(element)) {
        let message = "the value can be null, because a part of its `allOf` is `nullable`";
        remarks.relaxed(pointer, schema, message, "write `nullable` beside the `allOf` in an overlay");
        let at = merged.position();
        if let Some(members) = merged.as_map_mut() {
            members.insert("nullable", Node::new(at, Kind::Bool(true)));
        }
    } else if elements.iter().any(is_null) {
        let message = "the `nullable` of a part is ignored: null does not fit the other parts";
        remarks.ignored(pointer, schema, message, "write `nullable` beside the `allOf` in an overlay");
    }
    merged
}

/// Returns the schema to which a `$ref` leads; `None` without a `$ref`.
fn target<'d>(document: &'d Document, schema: &Node) -> Option<&'d Node> {
    document.node(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

/// Returns whether several schemas apply at once: the elements of an `allOf`, or a choice and the
/// keys beside it.
fn is_merged(schema: &Node) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
    has(&["allOf"]) || has(CHOICES) && has(&["properties", "type", "required", "additionalProperties"])
}

/// The keys of a choice between schemas.
const CHOICES: &[&str] = &["oneOf", "anyOf"];

/// Returns a schema of any JSON value with the description of `schema`.
pub(super) fn without_type(schema: &Node) -> Node {
    let kept = schema.as_map().into_iter().flat_map(Members::iter).filter(|(key, _)| *key == "description");
    let kept: Vec<(Box<str>, Node)> = kept.map(|(key, value)| (key.into(), value.clone())).collect();
    Node::new(schema.position(), Kind::Map(Box::new(Members::from(kept))))
}

/// Returns `element` with the documentation and the extensions of `schema`.
pub(super) fn documented(schema: &Node, element: &Node) -> Node {
    let mut result = element.clone();
    if let (Some(members), Some(own)) = (result.as_map_mut(), schema.as_map()) {
        for (key, value) in own.iter().filter(|(key, _)| DOCUMENTATION.contains(key) || key.starts_with("x-")) {
            members.insert(key, value.clone());
        }
    }
    result
}

/// Returns one schema for a schema with `allOf`, or with a choice and keys beside it.
fn merged(document: &Document, schema: &Node, open: &mut Open) -> Result<Node, Conflict> {
    let elements = schema.get("allOf").and_then(Node::as_seq).unwrap_or_default();
    let is_own = |key: &str| key != "allOf" && key != "discriminator" && !CHOICES.contains(&key);
    let own = part(schema, &is_own);
    let is_documentation = schema.as_map().is_some_and(|all| {
        all.keys().all(|key| key == "allOf" || DOCUMENTATION.contains(&key) || key.starts_with("x-"))
    });
    let elements: Vec<&Node> = elements.iter().filter(|element| !says_nothing(element)).collect();
    match elements.as_slice() {
        [] if !CHOICES.iter().any(|key| schema.get(key).is_some()) => return Ok(own),
        [only] if is_documentation => return Ok(documented(schema, only)),
        _ => {}
    }
    let mut parts: Vec<Node> = Vec::new();
    for element in elements {
        parts.push(resolved(document, element, open, true)?);
    }
    parts.push(own.clone());
    let choices = CHOICES.iter().filter(|key| schema.get(key).is_some());
    parts.extend(choices.map(|choice| part(schema, &|key| key == *choice || key == "discriminator")));
    let mut parts = parts.into_iter().filter(|part| !says_nothing(part));
    let Some(first) = parts.next() else { return Ok(own) };
    let all = parts.try_fold(first, |all, part| together(document, all, &part, open))?;
    Ok(documented(&own, &all))
}

/// Returns a schema that has only those keys of `schema` for which `is_kept` returns true.
fn part(schema: &Node, is_kept: &dyn Fn(&str) -> bool) -> Node {
    let all = schema.as_map().into_iter().flat_map(Members::iter).filter(|(key, _)| is_kept(key));
    let kept: Vec<(Box<str>, Node)> = all.map(|(key, value)| (key.into(), value.clone())).collect();
    Node::new(schema.position(), Kind::Map(Box::new(Members::from(kept))))
}

/// Returns whether a schema allows any value.
fn says_nothing(schema: &Node) -> bool {
    schema
        .as_map()
        .is_none_or(|members| members.keys().all(|key| DOCUMENTATION.contains(&key) || key.starts_with("x-")))
}

/// Returns an element with its `$ref`s followed and its own `allOf` merged. A part of an `allOf`
/// that is a choice between schemas which extend it adds only its own members.
fn resolved(document: &Document, element: &Node, open: &mut Open, is_part: bool) -> Result<Node, Conflict> {
    let Some(reference) = element.get("$ref").and_then(Node::as_str) else {
        return if is_merged(element) { merged(document, element, open) } else { Ok(element.clone()) };
    };
    if open.references.iter().any(|known| known == reference) {
        return Err(format!("`{reference}` contains itself").into());
    }
    let target = reference.strip_prefix('#').and_then(|pointer| document.node(pointer));
    let mut target = target.ok_or_else(|| format!("`{reference}` leads nowhere"))?;
    let members;
    if is_part && is_extended(document, target, reference) {
        members = part(target, &|key| key != "discriminator" && !CHOICES.contains(&key));
        target = &members;
    }
    open.references.push(reference.to_owned());
    let result = resolved(document, target, open, is_part);
    open.references.pop();
    result
}

/// Returns whether an alternative of a schema has an `allOf` with the schema itself, to which
/// `reference` leads.
fn is_extended(document: &Document, schema: &Node, reference: &str) -> bool {
    let alternatives = CHOICES.iter().filter_map(|key| schema.get(key)?.as_seq()).flatten();
    let mut open: Vec<&Node> = alternatives.filter_map(|alternative| target(document, alternative)).collect();
    for _ in 0..MOST_ALTERNATIVES {
        let Some(next) = open.pop() else { return false };
        for element in next.get("allOf").and_then(Node::as_seq).into_iter().flatten() {
            if element.get("$ref").and_then(Node::as_str) == Some(reference) {
                return true;
            }
            open.extend(target(document, element));
        }
    }
    false
}

/// The maximum number of alternatives that are merged with another schema.
const MOST_ALTERNATIVES: usize = 200;

/// Returns a choice in which each alternative also has the keys of `other`.
///
/// If all alternatives only say which members have to be present, they are constraints: they do not
/// change the type, so they are ignored, and the client does not check them.
fn distributed(
    document: &Document,
    other: &Node,
    choice: &Node,
    key: &str,
    is_first: bool,
    open: &mut Open,
) -> Result<Node, Conflict> {
    let alternatives = choice.get(key).and_then(Node::as_seq).unwrap_or_default();
    let rest = part(choice, &|name| name != key && name != "discriminator");
    let other = if says_nothing(&rest) { other.clone() } else { together(document, other.clone(), &rest, open)? };
    let only_constrains = |schema: &Node| {
        schema.get("type").is_none_or(|stated| stated.as_str() == Some("object"))
            && schema.as_map().is_some_and(|members| {
                members.keys().all(|key| {
                    matches!(key, "type" | "required" | "not" | "minProperties" | "maxProperties")
                        || DOCUMENTATION.contains(&key)
                })
            })
    };
    if alternatives.iter().all(only_constrains) {
        open.has_constraint = true;
        return Ok(other);
    }
    let left = open.left.checked_sub(alternatives.len());
    open.left = left.ok_or_else(|| format!("it has more than {MOST_ALTERNATIVES} alternatives"))?;
    let plain = part(&other, &|name| name != "discriminator" && name != "description" && name != "example");
    let discriminator = choice.get("discriminator").or(other.get("discriminator"));
    let (mut merged, mut contradiction) = (Vec::new(), None);
    for alternative in alternatives {
        let own = resolved(document, alternative, open, false)?;
        let all = if is_first {
            together(document, own.clone(), &plain, open)
        } else {
            together(document, plain.clone(), &own, open)
        };
        let all = match all {
            // No value fits this alternative and the other schema.
            Err(conflict) if conflict.is_contradiction => {
                let message = format!("an alternative is ignored: {}", conflict.reason);
                if !open.ignored.contains(&message) {
                    open.ignored.push(message);
                }
                contradiction = Some(conflict);
                continue;
            }
            all => all?,
        };
        let mut all = documented(&own, &all);
        // The alternative keeps the name of its component as its title, and gets the values of the
        // tag that select it.
        let name = alternative.get("$ref").and_then(Node::as_str).and_then(|reference| reference.rsplit('/').next());
        if let Some(name) = name {
            if let Some(members) = all.as_map_mut() {
                members.insert("title", Node::new(alternative.position(), Kind::String(name.into())));
            }
            if let Some(discriminator) = discriminator {
                state_tag(&mut all, discriminator, name);
            }
        }
        merged.push(all.without_key());
    }
    if let Some(conflict) = contradiction.filter(|_| merged.is_empty()) {
        return Err(conflict);
    }
    let at = choice.position();
    let mut members: Vec<(Box<str>, Node)> = vec![(key.into(), Node::new(at, Kind::Seq(merged.into_boxed_slice())))];
    members.extend(discriminator.map(|discriminator| ("discriminator".into(), discriminator.clone())));
    Ok(documented(&other, &Node::new(at, Kind::Map(Box::new(Members::from(members))))))
}

/// Makes the values that a `discriminator` maps to a component the `enum` of the tag. If it maps
/// none, the name of the component is the only value.
fn state_tag(schema: &mut Node, discriminator: &Node, component: &str) {
    let Some(name) = discriminator.get("propertyName").and_then(Node::as_str) else { return };
    let Some(member) = schema.child_mut("properties").and_then(|properties| properties.child_mut(name)) else { return };
    if member.get("type").and_then(Node::as_str) != Some("string") {
        return;
    }
    let at = member.position();
    let mut values = mapped(discriminator, component);
    if values.is_empty() {
        values.push(component);
    }
    // The values of the tag may be listed for all alternatives.
    if let Some(listed) = member.get("enum").and_then(Node::as_seq)
        && !values.iter().all(|value| listed.iter().any(|listed| listed.as_str() == Some(value)))
    {
        return;
    }
    let values: Box<[Node]> = values.into_iter().map(|value| Node::new(at, Kind::String(value.into()))).collect();
    if let Some(members) = member.as_map_mut() {
        for key in ["format", "x-enum-varnames", "x-enum-descriptions", "x-enum-spellings"] {
            members.remove(key);
        }
        members.insert("enum", Node::new(at, Kind::Seq(values)));
    }
}

/// Returns one schema for the values that fit both schemas. Types, properties, `required` and
/// `enum`s are merged, and of two bounds the narrower one is taken. Of any other key that both
/// have, the value in `first` is taken, with a finding if the other one differs.
fn together(document: &Document, mut first: Node, second: &Node, open: &mut Open) -> Result<Node, Conflict> {
    let choice_of = |schema: &Node| CHOICES.iter().find(|key| schema.get(key).is_some()).copied();
    if let Some(key) = choice_of(second) {
        return distributed(document, &first, second, key, false, open);
    }
    if let Some(key) = choice_of(&first) {
        return distributed(document, second, &first, key, true, open);
    }
    let mut second = Cow::Borrowed(second);
    match (type_of(&first), type_of(&second)) {
        (Some("number"), Some("integer")) => first = as_integer(&first),
        (Some("integer"), Some("number")) => second = Cow::Owned(as_integer(&second)),
        (Some(one), Some(other)) if one != other => {
            return Err(Conflict::contradiction(format!("a value cannot be {one} and {other}")));
        }
        _ => {}
    }
    let second = &*second;
    columns_of_both(document, &mut first, second, open);
    let is_row = first.get("x-tuple").is_some();
    let [has_minimum, has_maximum] = ["minimum", "maximum"].map(|key| first.get(key).is_some());
    let is_nullable = |schema: &Node| schema.get("nullable").and_then(Node::as_bool) == Some(true);
    let both_nullable = is_nullable(&first) && (is_nullable(second) || says_nothing(second));
    let Some(members) = first.as_map_mut() else { return Ok(second.clone()) };
    for (key, value) in second.as_map().into_iter().flat_map(Members::iter) {
        match (key, members.get_mut(key)) {
            ("x-tuple", Some(_)) => {}
            // The columns describe the elements.
            ("items", Some(_)) if is_row => {}
            ("items", Some(items)) => {
                *items = narrower(document, items, value, open).unwrap_or_else(|conflict| {
                    open.conflicts.push(format!("the elements are any JSON value: {}", conflict.reason));
                    without_type(items)
                });
            }
            ("properties", Some(properties)) => {
                for (name, schema) in value.as_map().into_iter().flat_map(Members::iter) {
                    let Some(known) = properties.as_map_mut() else { continue };
                    match known.get(name) {
                        Some(before) => {
                            let narrower = narrower(document, before, schema, open).unwrap_or_else(|conflict| {
                                let reason = conflict.reason;
                                open.conflicts.push(format!("property `{name}` is any JSON value: {reason}"));
                                without_type(before)
                            });
                            known.insert(name, narrower);
                        }
                        None => known.insert(name, schema.clone()),
                    }
                }
            }
            ("required", Some(required)) => {
                let known: Vec<String> =
                    required.as_seq().into_iter().flatten().filter_map(Node::as_str).map(str::to_owned).collect();
                let new = value.as_seq().into_iter().flatten();
                let new = new.filter(|name| name.as_str().is_some_and(|name| known.iter().all(|known| known != name)));
                required.append(new.cloned());
            }
            ("enum", Some(values)) => {
                let kept: Vec<Node> = values
                    .as_seq()
                    .into_iter()
                    .flatten()
                    .filter(|one| value.as_seq().into_iter().flatten().any(|other| other.kind() == one.kind()))
                    .cloned()
                    .collect();
                if kept.is_empty() {
                    return Err(Conflict::contradiction("the `enum`s have no value in common"));
                }
                let at = values.position();
                members.insert("enum", Node::new(at, Kind::Seq(kept.into_boxed_slice())));
            }
            ("additionalProperties", Some(before)) => {
                let both = others_of_both(document, before, value, open)?;
                members.insert("additionalProperties", both);
            }
            // A bound that both have is compared with its flag.
            ("exclusiveMinimum", None) if has_minimum && value.as_bool().is_some() => {}
            ("exclusiveMaximum", None) if has_maximum && value.as_bool().is_some() => {}
            (_, None) => members.insert(key, value.clone()),
            (_, Some(_)) => match narrowed(members, key, second) {
                Narrowed::Done => {}
                Narrowed::Lost => {
                    let message = format!("the `{key}` of one part is ignored: another part has a different one");
                    if !open.ignored.contains(&message) {
                        open.ignored.push(message);
                    }
                }
            },
        }
    }
    if !both_nullable {
        members.remove("nullable");
    }
    Ok(first)
}

/// Returns the `additionalProperties` of the objects that have both.
fn others_of_both(document: &Document, first: &Node, second: &Node, open: &mut Open) -> Result<Node, Conflict> {
    let is = |others: &Node, allowed| others.as_bool() == Some(allowed);
    open.is_closed |= is(first, false) != is(second, false);
    if is(first, false) || is(second, true) {
        return Ok(first.clone());
    }
    if is(second, false) || is(first, true) {
        return Ok(second.clone());
    }
    let narrower = narrower(document, first, second, open);
    narrower.map_err(|conflict| format!("properties of other names: {}", conflict.reason).into())
}

/// Returns the schema of the integers among the numbers of a schema.
fn as_integer(schema: &Node) -> Node {
    let mut result = part(schema, &|key| key != "format");
    if let Some(members) = result.as_map_mut() {
        members.insert("type", Node::new(schema.position(), Kind::String("integer".into())));
    }
    result
}

/// Merges the columns of rows. If only one of the schemas has columns, the elements of the other
/// are its columns.
fn columns_of_both(document: &Document, first: &mut Node, second: &Node, open: &mut Open) {
    let (own, others) = (first.get("x-tuple").cloned(), second.get("x-tuple"));
    let Some(mut columns) = own.as_ref().or(others).cloned() else { return };
    let elements = if own.is_some() { second.get("items") } else { first.get("items") }.cloned();
    let both = own.is_some() && others.is_some();
    let mut of_other = others.and_then(Node::as_seq).unwrap_or_default().iter().filter(|_| both);
    if let Kind::Seq(list) = columns.kind_mut() {
        let mut all = std::mem::take(list).into_vec();
        for column in &mut all {
            let name = column.get("name").and_then(Node::as_str).unwrap_or_default().to_owned();
            let other = match of_other.next() {
                Some(other) => other.get("schema"),
                None => elements.as_ref().filter(|_| !both),
            };
            let (Some(schema), Some(other)) = (column.child_mut("schema"), other) else { continue };
            *schema = narrower(document, schema, other, open).unwrap_or_else(|conflict| {
                open.conflicts.push(format!("column `{name}` is any JSON value: {}", conflict.reason));
                without_type(schema)
            });
        }
        all.extend(of_other.cloned());
        *list = all.into_boxed_slice();
    }
    if let Some(members) = first.as_map_mut() {
        members.insert("x-tuple", columns);
        members.insert("items", Node::new(second.position(), Kind::Map(Box::default())));
    }
}

fn type_of(schema: &Node) -> Option<&str> {
    let stated = schema.get("type").and_then(Node::as_str);
    stated.or_else(|| schema.get("properties").map(|_| "object"))
}

/// Returns one schema for a member for which there are two: the narrower one, or both merged.
fn narrower(document: &Document, first: &Node, second: &Node, open: &mut Open) -> Result<Node, Conflict> {
    if says_nothing(first) {
        return Ok(documented(first, second));
    }
    if says_nothing(second) || first.to_json() == second.to_json() {
        return Ok(first.clone());
    }
    let reference = |schema: &Node| schema.get("$ref").and_then(Node::as_str).map(str::to_owned);
    match (reference(first), reference(second)) {
        (Some(one), Some(other)) if one == other => Ok(second.clone()),
        // A `$ref` is more exact than a plain type.
        (Some(_), None) if is_plain(second) => Ok(first.clone()),
        (None, Some(_)) if is_plain(first) => Ok(second.clone()),
        (None, None) => together(document, first.clone(), second, open),
        _ => {
            let (first, second) = (resolved(document, first, open, false)?, resolved(document, second, open, false)?);
            together(document, first, &second, open)
        }
    }
}

/// Returns whether a schema states only a type.
fn is_plain(schema: &Node) -> bool {
    schema.as_map().is_some_and(|members| members.keys().all(|key| key == "type" || DOCUMENTATION.contains(&key)))
}
