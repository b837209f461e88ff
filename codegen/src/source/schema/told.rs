//! Finds out how several schemas of objects are told apart: by the value of a member, or by the
//! members that are present.

use std::collections::{HashMap, HashSet};

use super::spellings::Spelling;
use crate::source::node::{Kind, Members, Node};
use crate::source::pointer::pointer_segments;

/// A schema of objects, with its `$ref`s resolved.
#[derive(Clone, Copy)]
pub(crate) struct ObjectSchema<'a> {
    /// The name of the component, if the schema is one.
    pub(crate) component: Option<&'a str>,
    pub(crate) node: &'a Node,
}

/// The way in which several schemas of objects are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// By the value of a member. `values` has the values of that member in each schema, in the
    /// order of the schemas.
    Tag { member: String, values: Vec<Vec<Spelling>> },
    /// By the members that are present: for each schema, in order, the required members that no
    /// other schema has.
    Presence(Vec<Vec<String>>),
    /// Not at all.
    Nothing,
}

impl Told {
    /// Returns the index of the schema that the tag of an object selects, or its members that are
    /// present; `None` if they select none, or several.
    pub(crate) fn schema_of(&self, object: &Node) -> Option<usize> {
        let (member, values) = match self {
            Self::Tag { member, values } => (member, values),
            Self::Presence(sets) => {
                let has = |name: &String| object.get(name).is_some_and(|value| !value.is_null());
                let mut found = sets.iter().enumerate().filter(|(_, set)| set.iter().all(has)).map(|(at, _)| at);
                let first = found.next()?;
                return found.next().is_none().then_some(first);
            }
            Self::Nothing => return None,
        };
        let tag = object.get(member)?;
        let is_tag = |known: &Spelling| match known {
            Spelling::Text(text) => tag.as_str() == Some(text),
            Spelling::Integer(integer) => tag.as_number() == Some(&integer.to_string()),
        };
        values.iter().position(|values| values.iter().any(is_tag))
    }
}

/// A function that follows the `$ref`s of a schema.
pub(crate) type Resolve<'r, 'a> = &'r dyn Fn(&'a Node) -> &'a Node;

/// Finds out how the schemas of a `oneOf` are told apart. `choice` is the schema with the `oneOf`,
/// and may have a `discriminator`.
pub(crate) fn told<'a>(choice: &'a Node, schemas: &[ObjectSchema<'a>], resolve: Resolve<'_, 'a>) -> Told {
    by_discriminator(choice, schemas, resolve)
        .or_else(|| by_constant(schemas, resolve))
        .or_else(|| by_presence(schemas, resolve))
        .unwrap_or(Told::Nothing)
}

fn by_discriminator<'a>(choice: &'a Node, schemas: &[ObjectSchema<'a>], resolve: Resolve<'_, 'a>) -> Option<Told> {
    let discriminator = choice.get("discriminator")?;
    // In OpenAPI 2.0, `discriminator` is the name of the member itself.
    let member = discriminator.get("propertyName").unwrap_or(discriminator).as_str()?;
    let values = schemas.iter().map(|schema| {
        // Each schema needs the member as a property. Otherwise its value would be lost when an
        // object is written.
        property(schema, member)?;
        let stated = values_of(schema, member, resolve);
        let mapped = schema.component.map(|component| mapped(discriminator, component)).unwrap_or_default();
        if !mapped.is_empty() && stated.as_ref().is_none_or(|stated| has_any(stated, &mapped)) {
            return Some(mapped.into_iter().map(|value| Spelling::Text(value.to_owned())).collect());
        }
        stated.or_else(|| schema.component.map(|name| vec![Spelling::Text(name.to_owned())]))
    });
    let values: Vec<Vec<Spelling>> = values.collect::<Option<_>>()?;
    are_disjoint(&values).then(|| Told::Tag { member: member.to_owned(), values })
}

/// Returns whether a schema lists any of the values that a `discriminator` maps to it. If it lists
/// none of them, an object of the schema cannot have such a tag.
pub(crate) fn has_any(stated: &[Spelling], mapped: &[&str]) -> bool {
    let is = |spelling: &Spelling, value: &str| match spelling {
        Spelling::Text(text) => text == value,
        Spelling::Integer(integer) => integer.to_string() == value,
    };
    mapped.iter().any(|value| stated.iter().any(|spelling| is(spelling, value)))
}

/// Returns the values that a `discriminator` maps to a component.
pub(crate) fn mapped<'a>(discriminator: &'a Node, component: &str) -> Vec<&'a str> {
    let entries = discriminator.get("mapping").and_then(Node::as_map).into_iter().flat_map(Members::iter);
    let is_to_it = |target: &Node| target.as_str().and_then(component_name).as_deref() == Some(component);
    entries.filter(|(_, target)| is_to_it(target)).map(|(value, _)| value).collect()
}

/// Returns the name of the component to which an entry of `mapping` leads. The entry is a reference
/// or the name itself.
fn component_name(target: &str) -> Option<String> {
    match target.split_once('#') {
        Some((_, pointer)) => pointer_segments(pointer)?.pop(),
        None => Some(target.to_owned()),
    }
}

/// Finds a member that each schema requires, and for which each schema lists its own values. A
/// member with one value per schema is preferred.
fn by_constant<'a>(schemas: &[ObjectSchema<'a>], resolve: Resolve<'_, 'a>) -> Option<Told> {
    let candidates: Vec<Told> = required(schemas.first()?)
        .filter_map(|member| {
            let values = schemas.iter().map(|schema| {
                required(schema).find(|name| *name == member)?;
                values_of(schema, member, resolve)
            });
            let values: Vec<Vec<Spelling>> = values.collect::<Option<_>>()?;
            are_disjoint(&values).then(|| Told::Tag { member: member.to_owned(), values })
        })
        .collect();
    let is_constant = |told: &&Told| match told {
        Told::Tag { values, .. } => values.iter().all(|values| values.len() == 1),
        _ => false,
    };
    candidates.iter().find(is_constant).or(candidates.first()).cloned()
}

fn by_presence<'a>(schemas: &[ObjectSchema<'a>], resolve: Resolve<'_, 'a>) -> Option<Told> {
    // A map has members of any name.
    if schemas.iter().any(|schema| schema.node.get("additionalProperties").is_some_and(|all| all.as_map().is_some())) {
        return None;
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in schemas.iter().filter_map(|schema| schema.node.get("properties")?.as_map()).flat_map(Members::keys) {
        *counts.entry(name).or_default() += 1;
    }
    let sets = schemas.iter().map(|schema| {
        let is_own = |name: &&str| {
            counts.get(name) == Some(&1) && property(schema, name).is_some_and(|schema| !can_be_null(schema, resolve))
        };
        let own: Vec<String> = required(schema).filter(is_own).map(str::to_owned).collect();
        (!own.is_empty()).then_some(own)
    });
    sets.collect::<Option<_>>().map(Told::Presence)
}

fn property<'a>(schema: &ObjectSchema<'a>, name: &str) -> Option<&'a Node> {
    schema.node.get("properties")?.get(name)
}

fn required<'a>(schema: &ObjectSchema<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    schema.node.get("required").and_then(Node::as_seq).into_iter().flatten().filter_map(Node::as_str)
}

/// Returns the texts and integers that a schema lists for a member; `None` if the schema does not
/// list them, or if null is a value too.
pub(crate) fn values_of<'a>(
    schema: &ObjectSchema<'a>,
    member: &str,
    resolve: Resolve<'_, 'a>,
) -> Option<Vec<Spelling>> {
    let property = property(schema, member)?;
    if can_be_null(property, resolve) {
        return None;
    }
    let values = resolve(property).get("enum")?.as_seq()?.iter().map(|value| match value.kind() {
        Kind::String(text) => Some(Spelling::Text(text.to_string())),
        Kind::Number(text) => text.parse().ok().map(Spelling::Integer),
        _ => None,
    });
    values.collect::<Option<Vec<_>>>().filter(|values| !values.is_empty())
}

fn are_disjoint(values: &[Vec<Spelling>]) -> bool {
    let mut seen = HashSet::new();
    // The client also reads an integer from a text with its digits.
    let text = |value: &Spelling| match value {
        Spelling::Text(text) => text.clone(),
        Spelling::Integer(integer) => integer.to_string(),
    };
    values.iter().flatten().all(|value| seen.insert(text(value)))
}

/// Returns whether a schema may allow null. A schema whose `type` is a list, or that has neither
/// `type` nor `oneOf`, counts as allowing it.
fn can_be_null<'a>(schema: &'a Node, resolve: Resolve<'_, 'a>) -> bool {
    let resolved = resolve(schema);
    let is_null = |node: &Node| node.get("nullable").and_then(Node::as_bool) == Some(true);
    let stated = resolved.get("type");
    is_null(schema)
        || is_null(resolved)
        || stated.is_some_and(|stated| stated.as_str().is_none())
        || stated.is_none() && resolved.get("oneOf").is_none()
        || resolved
            .get("oneOf")
            .and_then(Node::as_seq)
            .into_iter()
            .flatten()
            .any(|alternative| alternative.get("type").and_then(Node::as_str) == Some("null"))
}
