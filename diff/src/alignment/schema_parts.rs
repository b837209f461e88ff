//! Pairs the parts of two schemas: properties, alternatives, requirements, columns.

use std::collections::HashSet;

use indexmap::IndexMap;
use venuekit_codegen::source::Located;
use venuekit_codegen::source::{Document, Node};

use super::matches::{Matches, align};
use crate::json_text;
use crate::keys::DOCUMENTATION;
use crate::schema::resolved::ResolvedSchema;
use venuekit_codegen::source::follow;

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
        self.schema.at.flag("readOnly")
    }

    pub(crate) fn is_write_only(&self) -> bool {
        self.schema.at.flag("writeOnly")
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
    let (mut properties, mut required) = (IndexMap::<&str, Property<'_>>::new(), HashSet::new());
    let (mut open, mut seen) = (vec![schema.at.clone()], HashSet::new());
    while let Some(at) = open.pop() {
        if !seen.insert(at.pointer.clone()) {
            continue;
        }
        let part = ResolvedSchema { at, null: None };
        required.extend(part.required());
        for (name, found) in part.properties() {
            let schema = ResolvedSchema::new(document, found.clone());
            properties.entry(name).or_insert(Property { name, found, schema, required: false });
        }
        open.extend(part.at.list("allOf").map(|part| follow(document, part)).collect::<Vec<_>>().into_iter().rev());
    }
    // A schema of an `allOf` can require the property of another.
    let with_required = |property: Property<'d>| Property { required: required.contains(property.name), ..property };
    properties.into_values().map(with_required).collect()
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
    let count = schema.at.node.get("minItems").and_then(|count| count.as_number()).and_then(|count| count.parse().ok());
    count.unwrap_or_else(|| schema.columns().map_or(0, |columns| columns.len()))
}
