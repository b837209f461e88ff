//! Tests the names of operations and types in a document that is not strict. A new operation or
//! schema may only change the names of those whose names collide with its own.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use venuekit_codegen::model::TypeKind;
use venuekit_codegen::model::names::Words;
use venuekit_codegen::{Spec, read_with_notes};

/// Names that collide in several ways: by case, by signs, by digits, as keywords, or with the
/// number that another name gets.
const NAMES: &[&str] =
    &["order", "Order", "orderItem", "Order2", "1m", "1M", "type", "價格", "價", "-", ">=", "get_v1", "getV1", "item"];

fn name() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(NAMES)
}

/// An operation: its path, and its id if it has one.
type Operation = (&'static str, &'static str, Option<&'static str>);

fn operation() -> impl Strategy<Value = Operation> {
    let segment = proptest::sample::select(&["v1", "V1", "orders", "orders_2", "order-items", "價格"][..]);
    (segment.clone(), segment, proptest::option::of(name()))
}

/// A schema: its name, and the names of its properties.
type Schema = (&'static str, Vec<&'static str>);

fn schema() -> impl Strategy<Value = Schema> {
    (name(), proptest::collection::vec(name(), 1..4))
}

fn document(operations: &[Operation], schemas: &[Schema]) -> String {
    let mut paths = Map::new();
    for (first, second, id) in operations {
        let mut operation = json!({"responses": {"200": {"description": "ok"}}});
        if let Some(id) = id {
            operation["operationId"] = json!(id);
        }
        paths.insert(format!("/{first}/{second}"), json!({"get": operation}));
    }
    let mut components = Map::new();
    for (name, properties) in schemas {
        let properties: Map<String, Value> = properties
            .iter()
            .map(|name| ((*name).to_owned(), json!({"type": "object", "properties": {"a": {"type": "string"}}})))
            .collect();
        components.insert((*name).to_owned(), json!({"type": "object", "properties": properties}));
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Acme", "version": "1"},
        "servers": [{"url": "https://api.acme.example"}],
        "paths": paths,
        "components": {"schemas": components},
    })
    .to_string()
}

/// Returns the names of operations and types in Rust, by the JSON pointers of the operations and
/// types.
fn names(text: &str) -> BTreeMap<String, String> {
    let spec = Spec::new("specs/acme.json", text);
    let api = read_with_notes(&spec).unwrap_or_else(|findings| panic!("{findings}\n{text}")).api;
    let operations = api.operations.iter().map(|operation| (operation.pointer.clone(), operation.method_name.clone()));
    let types = api.types.iter().map(|def| (def.pointer.clone(), def.name.clone()));
    let all: BTreeMap<String, String> = operations.chain(types).collect();
    let distinct: BTreeSet<&String> = api.types.iter().map(|def| &def.name).collect();
    assert_eq!(distinct.len(), api.types.len(), "{text}");
    all
}

/// Returns a name without the case, the signs and the numbers in which colliding names can differ.
fn stem(name: &str) -> String {
    let stem = Words::spelled(name).snake().replace('_', "");
    stem.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_new_operation_or_schema_renames_only_those_whose_names_collide_with_its_own(
        operations in proptest::collection::vec(operation(), 1..5),
        schemas in proptest::collection::vec(schema(), 1..5),
        new_operation in operation(),
        new_schema in schema(),
        at in 0_usize..5,
    ) {
        let before = names(&document(&operations, &schemas));
        let is_new_path = operations.iter().all(|(a, b, _)| (*a, *b) != (new_operation.0, new_operation.1));
        let is_new_schema = schemas.iter().all(|(name, _)| *name != new_schema.0);
        let (mut more_operations, mut more_schemas) = (operations.clone(), schemas.clone());
        if is_new_path {
            more_operations.insert(at.min(operations.len()), new_operation);
        }
        if is_new_schema {
            more_schemas.insert(at.min(schemas.len()), new_schema.clone());
        }
        let after = names(&document(&more_operations, &more_schemas));
        // The ids and names that the document states can collide as well: two operations with the
        // same id are both named after their routes.
        let stated = [new_operation.2, Some(new_schema.0)].into_iter().flatten().map(stem);
        let mut added: BTreeSet<String> =
            after.iter().filter(|(pointer, _)| !before.contains_key(*pointer)).map(|(_, name)| stem(name)).collect();
        added.extend(stated);
        for (pointer, name) in &before {
            let now = after.get(pointer);
            // The names of the types inside a schema begin with the name of the schema.
            let owner = pointer.strip_prefix("/components/schemas/").and_then(|rest| rest.split('/').next());
            let collides = [Some(name.as_str()), now.map(String::as_str), owner]
                .into_iter()
                .flatten()
                .any(|name| added.contains(&stem(name)));
            prop_assert!(
                now == Some(name) || collides,
                "{pointer} was {name} and is {now:?}; added {added:?}\n{}",
                document(&more_operations, &more_schemas)
            );
        }
    }
}

/// Names of properties that collide in several ways: also with the number that another name gets.
const PROPERTIES: &[&str] =
    &["e", "E", "e_2", "e2", "E_2", "self", "Self", "self_2", "type", "Type", "type_", "1m", "1M"];

/// Returns the name in Rust of each property of a schema with these properties.
fn members(properties: &[&str]) -> BTreeMap<String, String> {
    let properties: Map<String, Value> =
        properties.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
    let text = json!({
        "openapi": "3.0.3",
        "info": {"title": "Acme", "version": "1"},
        "servers": [{"url": "https://api.acme.example"}],
        "paths": {},
        "components": {"schemas": {"Order": {"type": "object", "properties": properties}}},
    });
    let api = read_with_notes(&Spec::new("specs/acme.json", text.to_string())).unwrap().api;
    let TypeKind::Struct(fields) = &api.types[0].kind else { panic!("{:?}", api.types[0]) };
    let names: BTreeMap<String, String> = fields.iter().map(|field| (field.wire.clone(), field.name.clone())).collect();
    let distinct: BTreeSet<&String> = names.values().collect();
    assert_eq!(distinct.len(), names.len(), "{names:?}");
    names
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_new_property_takes_the_name_of_no_other(
        properties in proptest::sample::subsequence(PROPERTIES, 1..6).prop_shuffle(),
        new in proptest::sample::select(PROPERTIES),
        at in 0_usize..6,
    ) {
        let before = members(&properties);
        let mut more = properties.clone();
        if !more.contains(&new) {
            more.insert(at.min(more.len()), new);
        }
        let after = members(&more);
        for (wire, name) in &before {
            let natural = Words::spelled(wire).snake();
            let collides = stem(new) == stem(wire);
            prop_assert!(after.get(wire) == Some(name) || collides, "{wire} was {name}: {after:?}");
            // A property whose natural name no other property has keeps it.
            let is_alone = more.iter().filter(|other| Words::spelled(other).snake() == natural).count() == 1;
            prop_assert!(!is_alone || after.get(wire) == Some(&natural), "{wire} is {natural}: {after:?}");
            prop_assert!(!after[wire].contains("__"), "{after:?}");
        }
    }
}
