//! Makes up missing examples from the schemas of a document, for the mock and for documentation.
//!
//! A value that is made up matches its schema, but for the keys that no client and no mock checks,
//! such as `pattern`, `uniqueItems` and `minProperties`.

mod numbers;

use std::cell::Cell;

use numbers::number;

use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node, Position};

/// The number of levels with optional members and with elements of arrays. A `$ref` is a level. A
/// deeper value has its required members only.
const OPTIONAL_LEVELS: usize = 6;

/// The maximum number of levels. It ends the value of a schema that requires itself.
const LEVELS: usize = 40;

/// The maximum number of schemas that are read for one value. It bounds the time for schemas that
/// refer to each other many times.
const SCHEMAS: usize = 20_000;

/// The longest text and the longest list that are made up.
const LENGTH: usize = 10_000;

/// The direction of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// Returns a value of a schema; `None` if it would be nested too deeply, or if a `$ref` leads
/// nowhere.
pub(super) fn sample(document: &Document, schema: &Node, direction: Direction) -> Option<Node> {
    // With fewer levels of optional members, a value of schemas that refer to each other many
    // times is small enough.
    (0..=OPTIONAL_LEVELS).rev().step_by(2).find_map(|optional_levels| {
        let sampler = Sampler { document, direction, optional_levels, schemas_left: Cell::new(SCHEMAS) };
        sampler.value(schema, 0, LEVELS)
    })
}

/// Makes up one value.
struct Sampler<'d> {
    document: &'d Document,
    direction: Direction,
    optional_levels: usize,
    schemas_left: Cell<usize>,
}

impl Sampler<'_> {
    /// Returns a value of a schema at a level, with at most `most` levels.
    fn value(&self, schema: &Node, level: usize, most: usize) -> Option<Node> {
        if level >= most {
            return None;
        }
        self.schemas_left.set(self.schemas_left.get().checked_sub(1)?);
        if let Some(reference) = schema.get("$ref").and_then(Node::as_str) {
            return self.value(self.document.node(reference.strip_prefix('#')?)?, level + 1, most);
        }
        if let Some(stated) = stated(schema) {
            return Some(stated.clone().without_key());
        }
        if let Some(alternatives) = schema.get("oneOf").or(schema.get("anyOf")).and_then(Node::as_seq) {
            return self.alternative(schema, alternatives, level + 1, most);
        }
        let at = schema.position();
        match type_name(schema) {
            Some("null") => Some(Node::new(at, Kind::Null)),
            Some("boolean") => Some(Node::new(at, Kind::Bool(true))),
            Some("integer") => Some(Node::new(at, Kind::Number(number(schema, true).into()))),
            Some("number") => Some(Node::new(at, Kind::Number(number(schema, false).into()))),
            Some("array") => self.array(schema, level + 1, most, at),
            Some("object") => self.object(schema, level + 1, most, at),
            Some("string") => text(schema, at),
            _ => Some(Node::new(at, Kind::Map(Box::default()))),
        }
    }

    /// Returns a value of the first alternative that has one. Below the levels with optional
    /// members, it is a value of the alternative that needs the fewest levels, so that a value of a
    /// schema that contains itself ends.
    fn alternative(&self, schema: &Node, alternatives: &[Node], level: usize, most: usize) -> Option<Node> {
        let is_null = |alternative: &&Node| type_name(alternative) == Some("null");
        let (null, others): (Vec<&Node>, Vec<&Node>) = alternatives.iter().partition(is_null);
        let limits = (1..=6).map(|power| level.saturating_add(1 << power).min(most));
        let limits: Vec<usize> = if level < self.optional_levels { vec![most] } else { limits.chain([most]).collect() };
        let of_alternative = |alternative: &Node, limit: usize| {
            let mut value = self.value(alternative, level, limit)?;
            if let Some((name, tag)) = tag(schema, alternative)
                && self.has_tag(alternative, name, tag)
                && let Some(members) = value.as_map_mut()
            {
                members.insert(name, Node::new(schema.position(), Kind::String(tag.into())));
            }
            Some(value)
        };
        let found = limits.iter().find_map(|limit| others.iter().find_map(|one| of_alternative(one, *limit)));
        found.or_else(|| null.first().map(|null| Node::new(null.position(), Kind::Null)))
    }

    /// Returns whether a member of an alternative may have a value: if it lists no values, or this
    /// one.
    fn has_tag(&self, alternative: &Node, member: &str, tag: &str) -> bool {
        let property = self.resolved(alternative).get("properties").and_then(|properties| properties.get(member));
        let listed = property.and_then(|property| self.resolved(property).get("enum")).and_then(Node::as_seq);
        listed.is_none_or(|values| values.iter().any(|value| value.as_str() == Some(tag)))
    }

    /// Follows the `$ref`s of a schema.
    fn resolved<'n>(&'n self, mut schema: &'n Node) -> &'n Node {
        for _ in 0..LEVELS {
            let reference = schema.get("$ref").and_then(Node::as_str).and_then(|reference| reference.strip_prefix('#'));
            let Some(target) = reference.and_then(|pointer| self.document.node(pointer)) else { break };
            schema = target;
        }
        schema
    }

    /// Returns an array, whose elements are at `level`; `None` if it needs an element that has no
    /// value.
    fn array(&self, schema: &Node, level: usize, most: usize, at: Position) -> Option<Node> {
        let stated = count(schema, "minItems");
        if let Some(columns) = schema.get("x-tuple").and_then(Node::as_seq) {
            let required = stated.unwrap_or(columns.len());
            let mut row = Vec::new();
            for (index, column) in columns.iter().enumerate() {
                match column.get("schema").and_then(|schema| self.value(schema, level, most)) {
                    Some(value) => row.push(value),
                    None if index < required => return None,
                    None => break,
                }
            }
            return Some(Node::new(at, Kind::Seq(row.into_boxed_slice())));
        }
        let (least, largest) = (stated.unwrap_or(0), count(schema, "maxItems").unwrap_or(usize::MAX));
        let wanted = least.max(usize::from(level < self.optional_levels)).min(largest);
        let mut elements = Vec::new();
        let any = Node::new(at, Kind::Map(Box::default()));
        while elements.len() < wanted {
            match self.value(schema.get("items").unwrap_or(&any), level, most) {
                Some(value) if elements.len() < LENGTH => elements.push(value),
                _ if elements.len() < least => return None,
                _ => break,
            }
        }
        Some(Node::new(at, Kind::Seq(elements.into_boxed_slice())))
    }

    /// Returns an object, whose members are at `level`; `None` if it needs a member that has no
    /// value.
    fn object(&self, schema: &Node, level: usize, most: usize, at: Position) -> Option<Node> {
        let always = schema.get("x-always").and_then(|always| always.get("members"));
        let lists = [schema.get("required"), always];
        let required: Vec<&str> =
            lists.into_iter().flatten().filter_map(Node::as_seq).flatten().filter_map(Node::as_str).collect();
        let properties = || schema.get("properties").and_then(Node::as_map).into_iter().flat_map(Members::iter);
        let mut members: Vec<(Box<str>, Node)> = Vec::new();
        for (name, property) in properties() {
            let is_required = required.contains(&name);
            if (!is_required && level >= self.optional_levels) || self.is_of_the_other_direction(property) {
                continue;
            }
            match self.value(property, level, most) {
                Some(value) => members.push((name.into(), value)),
                None if is_required => return None,
                None => {}
            }
        }
        let others = schema.get("additionalProperties");
        let other = || match others.filter(|others| others.as_map().is_some()) {
            Some(others) => self.value(others, level, most),
            None => Some(Node::new(at, Kind::String("text".into()))),
        };
        let is_listed = |name: &str| properties().any(|(listed, _)| listed == name);
        for name in required.iter().filter(|name| !is_listed(name)) {
            if !members.iter().any(|(member, _)| **member == **name) {
                members.push(((*name).into(), other()?));
            }
        }
        let has_schema = others.is_some_and(|others| others.as_map().is_some());
        if members.is_empty()
            && level < self.optional_levels
            && has_schema
            && let Some(value) = other()
        {
            members.push(("name".into(), value));
        }
        Some(Node::new(at, Kind::Map(Box::new(Members::from(members)))))
    }

    /// Returns whether a property is only in messages of the other direction.
    fn is_of_the_other_direction(&self, property: &Node) -> bool {
        let key = match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let target = property.get("$ref").and_then(Node::as_str).and_then(|reference| reference.strip_prefix('#'));
        let target = target.and_then(|pointer| self.document.node(pointer));
        [Some(property), target].into_iter().flatten().any(|node| node.get(key).and_then(Node::as_bool) == Some(true))
    }
}

/// Returns the discriminator of a union, and its value for an alternative. `None` if the
/// alternative has no name, or if its own property has a constant value.
fn tag<'a>(union: &'a Node, alternative: &'a Node) -> Option<(&'a str, &'a str)> {
    let discriminator = union.get("discriminator")?;
    let reference = alternative.get("$ref").and_then(Node::as_str)?;
    let name = reference.rsplit('/').next()?;
    let mapping = discriminator.get("mapping").and_then(Node::as_map);
    let mapped = mapping.into_iter().flat_map(Members::iter).find_map(|(tag, target)| {
        let target = target.as_str()?;
        (target == reference || target == name).then_some(tag)
    });
    Some((discriminator.get("propertyName").and_then(Node::as_str)?, mapped.unwrap_or(name)))
}

/// Returns the type of a schema. If it has several, returns the first that is not null.
fn type_name(schema: &Node) -> Option<&str> {
    let stated = schema.get("type")?;
    let listed = || stated.as_seq()?.iter().filter_map(Node::as_str).find(|name| *name != "null");
    stated.as_str().or_else(listed)
}

/// Returns a value that the schema itself states: its example, its default, or the first value of
/// its `enum`.
fn stated(schema: &Node) -> Option<&Node> {
    let values = schema.get("enum").and_then(Node::as_seq);
    let is_known = |value: &&Node| {
        values.is_none_or(|values| values.iter().any(|known| known.to_json() == value.to_json()))
            && has_type(schema, value)
    };
    let first = || values.and_then(|values| values.iter().find(|value| !value.is_null()));
    let own = schema.get("example").or_else(|| schema.get("default").filter(is_known));
    own.filter(|value| !value.is_null()).or_else(first)
}

/// Returns whether a value has the type of a schema.
fn has_type(schema: &Node, value: &Node) -> bool {
    match (type_name(schema), value.kind()) {
        (Some("string"), kind) => matches!(kind, Kind::String(_)),
        (Some("integer" | "number"), kind) => matches!(kind, Kind::Number(_)),
        (Some("boolean"), kind) => matches!(kind, Kind::Bool(_)),
        (Some("array"), kind) => matches!(kind, Kind::Seq(_)),
        (Some("object"), kind) => matches!(kind, Kind::Map(_)),
        _ => true,
    }
}

/// Returns the value of a key that is a count.
fn count(schema: &Node, key: &str) -> Option<usize> {
    schema.get(key).and_then(Node::as_number).and_then(|count| count.parse().ok())
}

/// Returns a text; `None` if it would be longer than [`LENGTH`].
fn text(schema: &Node, at: Position) -> Option<Node> {
    let text = match schema.get("format").and_then(Node::as_str) {
        Some("decimal") => number(schema, false),
        Some("date-time") => "2026-01-02T03:04:05Z".to_owned(),
        Some("date") => "2026-01-02".to_owned(),
        Some("uuid") => "00000000-0000-4000-8000-000000000000".to_owned(),
        Some("byte") => "dGV4dA==".to_owned(),
        _ => {
            let largest = [count(schema, "maxLength"), count(schema, "x-max-bytes")].into_iter().flatten().min();
            let least = count(schema, "minLength").unwrap_or(0);
            if least > LENGTH {
                return None;
            }
            "text".chars().cycle().take(least.max(4).min(largest.unwrap_or(usize::MAX))).collect()
        }
    };
    Some(Node::new(at, Kind::String(text.into())))
}
