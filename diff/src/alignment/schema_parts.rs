//! Pairs the parts of two schemas: properties, alternatives, requirements, columns.

use std::collections::HashSet;

use indexmap::IndexMap;
use venuekit_codegen::source::Located;
use venuekit_codegen::source::{Document, Node};

use super::matches::{Matches, align};
use crate::json_text;
use crate::keys::DOCUMENTATION;
use crate::schema::resolved::ResolvedSchema;

/// A property of an object.
#[derive(Clone, Debug)]
pub(crate) struct Property<'d> {
    pub(crate) name: &'d str,
    pub(crate) found: Located<'d>,
    pub(crate) schema: ResolvedSchema<'d>,
    pub(crate) required: bool,
}

impl Property<'_> {
    pub(crate) fn is_read_only(&self) -> bool {
        self.schema.is_annotated("readOnly")
    }

    pub(crate) fn is_write_only(&self) -> bool {
        self.schema.is_annotated("writeOnly")
    }

    pub(crate) fn is_nullable(&self) -> bool {
        self.schema.null.is_some()
    }
}

/// Pairs properties by name, also the properties of the schemas of an `allOf`.
pub(super) fn properties<'d>(
    (old_document, old): (&'d Document, &ResolvedSchema<'d>),
    (new_document, new): (&'d Document, &ResolvedSchema<'d>),
) -> Matches<Property<'d>> {
    let by_name = |property: &Property<'_>| Some(property.name.to_owned());
    align(all_properties(old_document, old), all_properties(new_document, new), &[&by_name])
}

fn all_properties<'d>(document: &'d Document, schema: &ResolvedSchema<'d>) -> Vec<Property<'d>> {
    let required: HashSet<&str> = schema.required().into_iter().collect();
    let mut properties = IndexMap::<&str, Property<'_>>::new();
    for (name, found) in schema.properties() {
        let property = || Property {
            name,
            found: found.clone(),
            schema: ResolvedSchema::new(document, found.clone()),
            required: required.contains(name),
        };
        properties.entry(name).or_insert_with(property);
    }
    properties.into_values().collect()
}

/// Pairs the further schemas of properties that several parts of an `allOf` describe, by name.
pub(super) fn repeated<'d>(
    old: &ResolvedSchema<'d>,
    new: &ResolvedSchema<'d>,
) -> Vec<(&'d str, Located<'d>, Located<'d>)> {
    let all = |schema: &ResolvedSchema<'d>| {
        let mut seen = HashSet::new();
        schema.properties().into_iter().filter(|(name, _)| !seen.insert(*name)).collect::<Vec<_>>()
    };
    if old.parts().len() == 1 || new.parts().len() == 1 {
        return Vec::new();
    }
    let by_name = |(name, _): &(&'d str, Located<'d>)| Some((*name).to_owned());
    let pairs = align(all(old), all(new), &[&by_name]).pairs;
    pairs.into_iter().map(|((_, old), (name, new))| (name, old, new)).collect()
}

/// A schema in `oneOf`, `anyOf` or `allOf`.
#[derive(Clone, Debug)]
pub(crate) struct Part<'d> {
    pub(crate) found: Located<'d>,
    pub(crate) schema: ResolvedSchema<'d>,
    /// The keywords that limit values.
    text: String,
}

impl<'d> Part<'d> {
    fn new(document: &'d Document, found: Located<'d>) -> Self {
        let schema = ResolvedSchema::new(document, found.clone());
        let text = without_documentation(schema.at.node);
        Self { found, schema, text }
    }
}

/// Pairs the schemas of `oneOf` and `anyOf`. A side without alternatives counts as its own only
/// alternative.
pub(super) fn alternatives<'d>(
    (old_document, old): (&'d Document, &ResolvedSchema<'d>),
    (new_document, new): (&'d Document, &ResolvedSchema<'d>),
) -> Matches<Part<'d>> {
    let all = |document, schema: &ResolvedSchema<'d>, other: &ResolvedSchema<'_>| {
        let own = schema.alternatives();
        let is_alone = own.is_empty() && !other.alternatives().is_empty();
        let found = if is_alone { vec![schema.at.clone()] } else { own };
        found.into_iter().map(|found| Part::new(document, found)).collect()
    };
    parts(all(old_document, old, new), all(new_document, new, old))
}

/// Pairs the schemas of `allOf`. If only one side has `allOf`, its properties are compared with the
/// properties of the other side.
pub(super) fn requirements<'d>(
    (old_document, old): (&'d Document, &ResolvedSchema<'d>),
    (new_document, new): (&'d Document, &ResolvedSchema<'d>),
) -> Matches<Part<'d>> {
    let all = |document, schema: &ResolvedSchema<'d>, other: &ResolvedSchema<'_>| {
        let found = schema.at.list("allOf").filter(|_| other.is_composed());
        found.map(|found| Part::new(document, found)).collect()
    };
    parts(all(old_document, old, new), all(new_document, new, old))
}

/// Pairs schemas by component, then by their keywords, then by the JSON type that clients use to
/// choose.
fn parts<'d>(old: Vec<Part<'d>>, new: Vec<Part<'d>>) -> Matches<Part<'d>> {
    let component = |part: &Part<'_>| part.schema.component();
    let text = |part: &Part<'_>| Some(part.text.clone());
    let types = |part: &Part<'_>| Some(part.schema.types().join(" "));
    let number = |part: &Part<'_>| matches!(part.schema.types().as_slice(), ["integer" | "number"]).then(String::new);
    align(old, new, &[&component, &text, &types, &number])
}

fn without_documentation(node: &Node) -> String {
    let members = node.as_map().into_iter().flat_map(|members| members.iter());
    json_text::object(members.filter(|(key, _)| !DOCUMENTATION.contains(key)))
}

/// A column of a row.
#[derive(Clone, Debug)]
pub(crate) struct Column<'d> {
    pub(crate) name: &'d str,
    pub(crate) at: Located<'d>,
    pub(crate) index: usize,
    /// True if it is always present.
    pub(crate) required: bool,
}

/// Pairs columns by name, then by position. A schema that is not a row has no columns.
pub(super) fn columns<'d>(old: &ResolvedSchema<'d>, new: &ResolvedSchema<'d>) -> Matches<Column<'d>> {
    let all = |schema: &ResolvedSchema<'d>| {
        let required = required_columns(schema);
        let columns = schema.columns().unwrap_or_default().into_iter().enumerate();
        columns
            .map(|(index, at)| Column {
                name: at.text("name").unwrap_or_default(),
                at,
                index,
                required: index < required,
            })
            .collect::<Vec<_>>()
    };
    let are_rows = old.columns().is_some() && new.columns().is_some();
    let (old, new) = if are_rows { (all(old), all(new)) } else { (Vec::new(), Vec::new()) };
    let by_name = |column: &Column<'_>| Some(column.name.to_owned());
    let by_index = |column: &Column<'_>| Some(column.index.to_string());
    align(old, new, &[&by_name, &by_index])
}

/// Returns the number of columns that are always present.
fn required_columns(schema: &ResolvedSchema<'_>) -> usize {
    let count = schema.get("minItems").and_then(|count| count.node.as_number()?.parse().ok());
    count.unwrap_or_else(|| schema.columns().map_or(0, |columns| columns.len()))
}
