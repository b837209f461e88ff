//! Relaxes schemas of responses if an example in the document contradicts them.
//!
//! An example shows what the venue sends. It may have null for a property that is not nullable,
//! lack a required property, or have a number as text. A client that followed the schema would
//! refuse such a response.
//!
//! A schema that a request contains stays as it is. So does the schema of a member that tells
//! alternatives apart.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::formats::IntegerFormat;
use crate::source::check::sites;
use crate::source::document::Document;
use crate::source::located::Located;
use crate::source::node::{Kind, Members, Node};
use crate::source::normal::notes::Notes;
use crate::source::normal::remarks::Remarks;
use crate::source::number::is_json_number;
use crate::source::pointer::parent;
use crate::source::references::ComponentKind;
use crate::source::schema::told::Told;
use crate::source::schema::types::JsonType;
use crate::source::schema::union::union;
use crate::source::shapes::grammar::ObjectKind;
use crate::source::standard::Standard;
use crate::source::view::View;

/// The maximum number of values that are compared with schemas.
const MOST_COMPARISONS: usize = 500_000;

/// A relaxation of the schema at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// The value may be null.
    Nullable,
    /// The property may be missing.
    Optional(String),
    /// An integer may also be any number, or text that is a number.
    AnyNumber,
    /// An integer of 32 bits, or one without a sign, may also be any integer of 64 bits.
    LongInteger,
    /// An integer may also have decimal places, or more than 64 bits.
    LargerNumber,
    /// A text may also be an integer.
    IntegerOrText,
    /// A text may also be a number.
    NumberOrText,
    /// A row may have only this many columns.
    Columns(usize),
    /// Nothing changes: a row of an example has more columns than the schema.
    FurtherColumns,
}

/// Relaxes the schemas that examples of responses contradict.
pub(super) fn by_examples(document: &mut Document, notes: &mut Notes) {
    let standard = if document.node("/openrpc").is_some() { Standard::OpenRpc } else { Standard::OpenApi };
    let steps = steps(document, standard);
    let mut remarks = Remarks::default();
    for (pointer, steps) in steps {
        let Some(schema) = document.node_mut(&pointer) else { continue };
        for step in steps {
            let message = match &step {
                Step::Nullable => "the value can be null, as in an example".to_owned(),
                Step::Optional(name) => format!("`{name}` can be missing, as in an example"),
                Step::AnyNumber => "the number can be text, as in an example".to_owned(),
                Step::LongInteger => "the integer can have 64 bits, as in an example".to_owned(),
                Step::LargerNumber => "the integer can be any number, as in an example".to_owned(),
                Step::IntegerOrText | Step::NumberOrText => "the text can be a number, as in an example".to_owned(),
                Step::Columns(count) => format!("the row can have {count} columns, as in an example"),
                Step::FurtherColumns => {
                    let message = "the columns after the last one that the schema has are ignored";
                    remarks.ignored(&pointer, schema, message, "an example has more; describe them in an overlay");
                    continue;
                }
            };
            remarks.relaxed(&pointer, schema, message, "correct the schema or the example in an overlay");
            apply(schema, &step);
        }
    }
    remarks.note(document, notes);
}

fn apply(schema: &mut Node, step: &Step) {
    let at = schema.position();
    let text = |text: &str| Node::new(at, Kind::String(text.into()));
    let of_type =
        |name: &str| Node::new(at, Kind::Map(Box::new(Members::from(vec![(Box::<str>::from("type"), text(name))]))));
    let Some(members) = schema.as_map_mut() else { return };
    match step {
        Step::Nullable => members.insert("nullable", Node::new(at, Kind::Bool(true))),
        Step::Optional(name) => {
            let Some(mut required) = members.remove("required") else { return };
            let mut names = required.take_elements();
            names.retain(|known| known.as_str() != Some(name));
            if !names.is_empty() {
                members.insert("required", Node::new(at, Kind::Seq(names.into_boxed_slice())));
            }
        }
        Step::Columns(count) => {
            let stated = members.get("minItems").and_then(Node::as_number).and_then(|text| text.parse().ok());
            let least = stated.map_or(*count, |stated: usize| stated.min(*count));
            members.insert("minItems", Node::new(at, Kind::Number(least.to_string().into())));
        }
        Step::FurtherColumns => {}
        // A step that needs more came before or comes later, and has another type.
        Step::LongInteger => drop(members.remove("format")),
        Step::AnyNumber | Step::LargerNumber => {
            members.remove("format");
            members.insert("type", text("number"));
        }
        Step::IntegerOrText | Step::NumberOrText => {
            for key in ["type", "minLength", "maxLength", "pattern"] {
                members.remove(key);
            }
            let other = if *step == Step::IntegerOrText { "integer" } else { "number" };
            members.insert("oneOf", Node::new(at, Kind::Seq(Box::new([of_type(other), of_type("string")]))));
        }
    }
}

/// Returns the relaxations, by the JSON pointer of the schema.
fn steps(document: &Document, standard: Standard) -> BTreeMap<String, BTreeSet<Step>> {
    let view = View::new(document, standard);
    let mut finder = Finder {
        view: &view,
        fixed: HashSet::new(),
        steps: BTreeMap::new(),
        left: MOST_COMPARISONS,
        seen: HashSet::new(),
    };
    let mut responses = Vec::new();
    for (pointer, kind) in sites(document) {
        let Some(site) = view.at(&pointer) else { continue };
        let is_response = pointer.contains("/responses/");
        match kind {
            ObjectKind::Schema => finder.fix_tags(&site),
            ObjectKind::Parameter | ObjectKind::MediaType if !is_response => {
                if let Some(schema) = site.get("schema") {
                    finder.fix(&schema);
                }
            }
            ObjectKind::MediaType => responses.push(site),
            ObjectKind::Method => {
                site.list("params").for_each(|parameter| {
                    let parameter = view.resolved(parameter, ComponentKind::ContentDescriptor);
                    if let Some(schema) = parameter.and_then(|parameter| parameter.get("schema")) {
                        finder.fix(&schema);
                    }
                });
                responses.push(site);
            }
            _ => {}
        }
    }
    for site in responses {
        let result = site.get("result").and_then(|result| view.resolved(result, ComponentKind::ContentDescriptor));
        let Some(schema) = result.as_ref().unwrap_or(&site).get("schema") else { continue };
        let examples =
            site.get("examples").into_iter().flat_map(|all| all.members().map(|(_, one)| one).collect::<Vec<_>>());
        let values = examples.filter_map(|one| view.resolved(one, ComponentKind::Example)?.get("value"));
        let pairings = site.list("examples").filter_map(|one| view.resolved(one, ComponentKind::ExamplePairing));
        let results =
            pairings.filter_map(|pairing| view.resolved(pairing.get("result")?, ComponentKind::Example)?.get("value"));
        for value in site.get("example").into_iter().chain(values).chain(results) {
            finder.compare(value.node, &schema);
        }
        finder.own_examples(&schema);
    }
    finder.steps
}

struct Finder<'v, 'a> {
    view: &'v View<'a>,
    /// The JSON pointers of the schemas that stay as they are, and the members that stay required,
    /// as `pointer/member`.
    fixed: HashSet<String>,
    /// The JSON pointers of the schemas in responses whose own examples were already compared.
    seen: HashSet<String>,
    steps: BTreeMap<String, BTreeSet<Step>>,
    left: usize,
}

impl<'a> Finder<'_, 'a> {
    fn resolved(&self, place: &Located<'a>) -> Option<Located<'a>> {
        self.view.resolved(place.clone(), ComponentKind::Schema)
    }

    /// Returns the schemas directly inside a schema.
    fn inner(schema: &Located<'a>) -> Vec<Located<'a>> {
        let members =
            schema.get("properties").into_iter().flat_map(|all| all.members().map(|(_, one)| one).collect::<Vec<_>>());
        let others = ["items", "additionalProperties"].into_iter().filter_map(|key| schema.get(key));
        let columns = schema.list("x-tuple").filter_map(|column| column.get("schema"));
        members.chain(others).chain(columns).chain(schema.list("oneOf")).collect()
    }

    /// Marks a schema of a request and all schemas inside it, so that they stay as they are.
    fn fix(&mut self, schema: &Located<'a>) {
        let mut open = vec![schema.clone()];
        while let Some(place) = open.pop() {
            let Some(schema) = self.resolved(&place) else { continue };
            let is_new = self.fixed.insert(place.pointer.clone());
            if self.fixed.insert(schema.pointer.clone()) || is_new {
                open.extend(Self::inner(&schema));
            }
        }
    }

    /// Marks the members that tell the alternatives of a schema apart, so that they stay as they
    /// are.
    fn fix_tags(&mut self, schema: &Located<'a>) {
        let Some(union) = union(self.view, schema) else { return };
        for (index, alternative) in union.alternatives.iter().enumerate() {
            let members = match &union.told {
                Told::Tag { member, .. } => vec![member.clone()],
                Told::Presence(sets) => sets.get(index).cloned().unwrap_or_default(),
                Told::Nothing => Vec::new(),
            };
            for member in members {
                let property = alternative.resolved.get("properties").and_then(|all| all.get(&member));
                self.fixed.insert(format!("{}/{member}", alternative.resolved.pointer));
                self.fixed.extend(property.iter().map(|property| property.pointer.clone()));
                self.fixed.extend(property.and_then(|property| self.resolved(&property)).map(|schema| schema.pointer));
            }
        }
    }

    fn step(&mut self, pointer: &str, step: Step) {
        let is_alternative = parent(pointer).is_some_and(|list| list.ends_with("/oneOf"));
        if !self.fixed.contains(pointer) && !is_alternative {
            self.steps.entry(pointer.to_owned()).or_default().insert(step);
        }
    }

    /// Compares a schema of a response, and the schemas inside it, with their own examples.
    fn own_examples(&mut self, schema: &Located<'a>) {
        let mut open = vec![schema.clone()];
        while let Some(place) = open.pop() {
            let Some(schema) = self.resolved(&place).filter(|schema| self.seen.insert(schema.pointer.clone())) else {
                continue;
            };
            if let Some(example) = schema.node.get("example") {
                self.compare(example, &place);
            }
            open.extend(Self::inner(&schema));
        }
    }

    fn compare(&mut self, value: &'a Node, place: &Located<'a>) {
        let Some(left) = self.left.checked_sub(1) else { return };
        self.left = left;
        let Some(schema) = self.resolved(place) else { return };
        if value.is_null() {
            let has_type = schema.node.get("type").is_some() || schema.node.get("oneOf").is_some();
            if has_type && !place.flag("nullable") && !schema.flag("nullable") {
                self.step(&place.pointer, Step::Nullable);
            }
            return;
        }
        if schema.node.get("oneOf").is_some() {
            return self.compare_alternative(value, &schema);
        }
        let is_plain = ["enum", "format", "x-time"].iter().all(|key| schema.node.get(key).is_none());
        let is_uint64 = schema.text("format") == Some("uint64");
        match (JsonType::from_schema(&schema), value.kind()) {
            (Some(JsonType::Object), Kind::Map(members)) => self.compare_object(members, &schema),
            (Some(JsonType::Array), Kind::Seq(elements)) => {
                let columns: Vec<_> = schema.list("x-tuple").filter_map(|column| column.get("schema")).collect();
                match schema.get("items") {
                    Some(items) if columns.is_empty() => {
                        elements.iter().for_each(|element| self.compare(element, &items))
                    }
                    _ => {
                        self.columns(elements.len(), columns.len(), &schema);
                        columns.iter().zip(elements).for_each(|(column, element)| self.compare(element, column));
                    }
                }
            }
            (Some(JsonType::String), Kind::Number(text)) if is_plain => {
                let is_integer = text.parse::<i64>().is_ok();
                self.step(&schema.pointer, if is_integer { Step::IntegerOrText } else { Step::NumberOrText });
            }
            (Some(JsonType::Integer), Kind::String(text))
                if schema.node.get("enum").is_none() && schema.node.get("x-time").is_none() && is_json_number(text) =>
            {
                self.step(&schema.pointer, Step::AnyNumber);
            }
            // A number with decimal places, or of more than 64 bits.
            (Some(JsonType::Integer), Kind::Number(text))
                if schema.node.get("enum").is_none()
                    && schema.node.get("x-time").is_none()
                    && text.parse::<i64>().is_err()
                    && !(is_uint64 && text.parse::<u64>().is_ok()) =>
            {
                self.step(&schema.pointer, Step::LargerNumber);
            }
            (Some(JsonType::Integer), Kind::Number(text))
                if schema.node.get("enum").is_none()
                    && schema.node.get("x-time").is_none()
                    && text.parse::<i64>().is_ok()
                    && schema
                        .text("format")
                        .and_then(IntegerFormat::new)
                        .is_some_and(|format| text.parse().is_ok_and(|value| !format.holds(value))) =>
            {
                self.step(&schema.pointer, Step::LongInteger);
            }
            _ => {}
        }
    }

    /// Compares the number of elements of a row with its columns.
    fn columns(&mut self, elements: usize, columns: usize, schema: &Located<'a>) {
        if columns == 0 {
            return;
        }
        let stated = schema.node.get("minItems").and_then(Node::as_number).and_then(|text| text.parse().ok());
        if elements < stated.unwrap_or(columns) {
            self.step(&schema.pointer, Step::Columns(elements));
        } else if elements > columns {
            self.step(&schema.pointer, Step::FurtherColumns);
        }
    }

    fn compare_object(&mut self, members: &'a Members, schema: &Located<'a>) {
        let properties = schema.get("properties");
        for name in schema.list("required").filter_map(|name| name.node.as_str()) {
            let is_fixed = self.fixed.contains(&format!("{}/{name}", schema.pointer));
            if !is_fixed && members.get(name).is_none() {
                self.step(&schema.pointer, Step::Optional(name.to_owned()));
            }
        }
        for (name, member) in members.iter() {
            let property = properties.as_ref().and_then(|properties| properties.get(name));
            let others = || schema.get("additionalProperties").filter(|others| others.node.as_map().is_some());
            if let Some(schema) = property.or_else(others) {
                self.compare(member, &schema);
            }
        }
    }

    /// Compares a value with the alternative of a union that the value's tag selects. If the schema
    /// is not a union, compares an object or a list with the alternative of the same JSON type.
    fn compare_alternative(&mut self, value: &'a Node, schema: &Located<'a>) {
        if let Some(union) = union(self.view, schema) {
            let at = union.told.schema_of(value);
            if let Some(alternative) = at.and_then(|at| union.alternatives.get(at)) {
                self.compare(value, &alternative.place);
            }
            return;
        }
        let wanted = match value.kind() {
            Kind::Map(_) => JsonType::Object,
            Kind::Seq(_) => JsonType::Array,
            _ => return,
        };
        let of_kind = schema
            .list("oneOf")
            .find(|place| self.resolved(place).and_then(|schema| JsonType::from_schema(&schema)) == Some(wanted));
        if let Some(place) = of_kind {
            self.compare(value, &place);
        }
    }
}
