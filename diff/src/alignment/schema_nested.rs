//! Pairs the schemas inside two schemas that are no properties, alternatives or columns.

use venuekit_codegen::source::Located;

use super::schema_use::Step;
use crate::schema::resolved::ResolvedSchema;

/// Two schemas, and the step to them.
type Nested<'d> = (Located<'d>, Located<'d>, Step<'d>);

/// The keywords with one schema for the same value, each with its label.
const SAME_VALUE: [&str; 3] = ["then", "else", "contentSchema"];

/// The keywords with one schema for elements or properties, each with its label.
const ELEMENTS: [(&str, &str); 5] = [
    ("contains", "[contained]"),
    ("additionalItems", "[further]"),
    ("unevaluatedItems", "[further]"),
    ("unevaluatedProperties", "{further}"),
    ("propertyNames", "{name}"),
];

/// Returns the pairs of schemas for elements, for properties that are not listed, and behind the
/// keywords of JSON Schema that state a condition.
pub(super) fn nested<'d>(old: &ResolvedSchema<'d>, new: &ResolvedSchema<'d>) -> Vec<Nested<'d>> {
    let mut nested: Vec<Nested<'d>> = Vec::new();
    let mut push = |pairs: Vec<(Located<'d>, Located<'d>)>, step: &dyn Fn() -> Step<'d>| {
        nested.extend(pairs.into_iter().map(|(old, new)| (old, new, step())));
    };
    push(in_order(old.items(), new.items()), &|| Step::Items);
    push(in_order(old.other_properties(), new.other_properties()), &|| Step::Values);
    for key in SAME_VALUE {
        push(in_order(schemas(old, key), schemas(new, key)), &|| Step::SameValue);
    }
    for (key, label) in ELEMENTS {
        push(in_order(schemas(old, key), schemas(new, key)), &|| Step::Inside(label));
    }
    push(by_key(old, new, "dependentSchemas"), &|| Step::SameValue);
    push(by_key(old, new, "patternProperties"), &|| Step::Values);
    push(by_key(old, new, "prefixItems"), &|| Step::Items);
    nested
}

fn schemas<'d>(schema: &ResolvedSchema<'d>, key: &str) -> Vec<Located<'d>> {
    schema.all(key).filter(|found| found.node.as_map().is_some()).collect()
}

/// Pairs two lists in their order. The last element of the shorter list is paired with the further
/// ones of the other: a value matches all of them.
fn in_order<'d>(old: Vec<Located<'d>>, new: Vec<Located<'d>>) -> Vec<(Located<'d>, Located<'d>)> {
    let (Some(last_old), Some(last_new)) = (old.last().cloned(), new.last().cloned()) else { return Vec::new() };
    let count = old.len().max(new.len());
    let old = old.into_iter().chain(std::iter::repeat(last_old));
    old.zip(new.into_iter().chain(std::iter::repeat(last_new))).take(count).collect()
}

/// Pairs the schemas below a key by their own keys or positions.
fn by_key<'d>(old: &ResolvedSchema<'d>, new: &ResolvedSchema<'d>, key: &str) -> Vec<(Located<'d>, Located<'d>)> {
    let entries = |schema: &ResolvedSchema<'d>| {
        let all = schema.all(key).flat_map(|found| {
            let positions = found.elements().enumerate().map(|(index, element)| (index.to_string(), element));
            let names = found.members().map(|(name, element)| (name.to_owned(), element));
            names.chain(positions).collect::<Vec<_>>()
        });
        all.collect::<Vec<_>>()
    };
    let new = entries(new);
    let partner = |name: &str| new.iter().find(|(other, _)| other == name).map(|(_, found)| found.clone());
    entries(old).into_iter().filter_map(|(name, found)| Some((found, partner(&name)?))).collect()
}
