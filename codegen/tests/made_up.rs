//! Tests the examples that are made up: they match their schemas. The schemas are random, and the
//! examples are validated by another library.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use fastrand::Rng;
use serde_json::{Map, Value, json};
use venuekit_codegen::model::ExampleOf;
use venuekit_codegen::{Spec, read_with_notes};

/// The number of component schemas of a document.
const COMPONENTS: usize = 4;

/// Returns a reference to a component schema.
fn reference(rng: &mut Rng) -> Value {
    json!({"$ref": format!("#/components/schemas/S{}", rng.usize(..COMPONENTS))})
}

/// Returns a number of a random size and with random places.
fn bound(rng: &mut Rng, is_integer: bool) -> Value {
    match is_integer {
        true => json!(rng.i64(-40..40)),
        false => serde_json::from_str(&format!("{}.{}", rng.i64(-9..9), rng.u32(1..100))).unwrap(),
    }
}

fn number(rng: &mut Rng, is_integer: bool) -> Value {
    let mut schema = json!({"type": if is_integer { "integer" } else { "number" }});
    let keys = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
    if rng.bool() {
        schema[rng.choice(keys).unwrap()] = bound(rng, is_integer);
    }
    if is_integer && rng.u8(..4) == 0 {
        schema["multipleOf"] = json!(rng.u32(1..20));
    } else if schema.get("minimum").is_some() && rng.bool() {
        // There is a value between the bounds.
        schema["exclusiveMaximum"] = match is_integer {
            true => json!(schema["minimum"].as_i64().unwrap() + 1),
            false => json!(schema["minimum"].as_f64().unwrap() + 0.5),
        };
    }
    schema
}

fn text(rng: &mut Rng) -> Value {
    match rng.u8(..6) {
        0 => json!({"type": "string", "minLength": rng.u32(..20)}),
        1 => json!({"type": "string", "maxLength": rng.u32(1..20)}),
        2 => json!({"type": "string", "enum": ["BUY", "SELL"]}),
        3 => json!({"type": ["string", "null"], "enum": [null, "GTC"]}),
        4 => json!({"type": "string", "default": 5}),
        _ => json!({"type": "string", "const": "fixed"}),
    }
}

fn object(rng: &mut Rng, depth: u32) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for name in ["a", "b", "c", "d"] {
        if rng.bool() {
            properties.insert(name.to_owned(), schema(rng, depth));
            if rng.bool() {
                required.push(name);
            }
        }
    }
    let mut object = json!({"type": "object", "properties": properties});
    if rng.u8(..3) == 0 {
        object["additionalProperties"] = schema(rng, depth);
    }
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

/// Returns a random schema that has values.
fn schema(rng: &mut Rng, depth: u32) -> Value {
    let inner = depth.saturating_sub(1);
    match rng.u8(..if depth == 0 { 5 } else { 12 }) {
        0 => number(rng, true),
        1 => number(rng, false),
        2 => text(rng),
        3 => json!({"type": "boolean"}),
        4 => reference(rng),
        5 | 6 => object(rng, inner),
        7 => {
            let mut list = json!({"type": "array", "items": schema(rng, inner), "minItems": rng.u32(..4)});
            if rng.bool() {
                list["maxItems"] = json!(rng.u32(4..6));
            }
            list
        }
        8 => json!({"oneOf": [{"type": "null"}, object(rng, inner)]}),
        // Objects that nothing tells apart.
        9 => json!({"anyOf": [object(rng, inner), object(rng, inner)]}),
        // A reader knows these by their first character.
        10 => json!({"anyOf": [number(rng, true), object(rng, inner), {"type": "boolean"}]}),
        _ => json!({"anyOf": [text(rng), object(rng, inner), {"type": "array", "items": reference(rng)}]}),
    }
}

/// Returns a document with a body and a response of random schemas.
fn document(rng: &mut Rng) -> Value {
    let schemas: Map<String, Value> = (0..COMPONENTS).map(|index| (format!("S{index}"), schema(rng, 3))).collect();
    let content = |schema: Value| json!({"application/json": {"schema": schema}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Random", "version": "1"},
        "servers": [{"url": "https://api.acme.example"}],
        "security": [],
        "paths": {"/all": {"post": {
            "operationId": "sendAll",
            "requestBody": {"required": true, "content": content(schema(rng, 3))},
            "responses": {"200": {"description": "ok", "content": content(schema(rng, 3))}},
        }}},
        "components": {"schemas": schemas},
    })
}

#[test]
fn each_example_that_is_made_up_matches_its_schema() {
    let (mut checked, mut without) = (0, 0);
    for seed in 0..300 {
        let document = document(&mut Rng::with_seed(seed));
        let Ok(reading) = read_with_notes(&Spec::new("random.json", document.to_string())) else { continue };
        // The example of a schema that became any JSON value is any JSON value.
        if reading.notes.list().contains("any JSON value, without a type") {
            continue;
        }
        // An object with the members of several alternatives may have none of them.
        if reading.notes.list().contains("one object with the properties of all alternatives") {
            continue;
        }
        let operation = &document["paths"]["/all"]["post"];
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        let response = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        for (schema, is_response) in [(body, false), (response, true)] {
            let example = reading.api.examples.iter().find(|example| match example.of {
                ExampleOf::Body { .. } => !is_response,
                ExampleOf::Response { .. } => is_response,
                _ => false,
            });
            let Some(example) = example else {
                without += 1;
                continue;
            };
            let whole = json!({"allOf": [schema], "components": document["components"]});
            let value: Value = serde_json::from_str(&example.json).unwrap();
            let validator = jsonschema::draft202012::new(&whole).unwrap();
            let faults: Vec<String> =
                validator.iter_errors(&value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
            assert!(
                faults.is_empty(),
                "seed {seed}: {value} does not match {schema}: {faults:#?}\n{}\n{document:#}",
                reading.notes.list()
            );
            checked += 1;
        }
    }
    // A schema that requires itself has no value.
    assert!(checked > 100 && without < 20, "{checked} examples are checked, {without} schemas have none");
}
