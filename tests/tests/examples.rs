//! Tests that every example of every spec is read and written with its generated type. The list
//! comes from the specs, so a new example is tested without a change here.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use serde_json::Value;
use serde_json::value::RawValue;
use venuekit::meta::JsonSource;
use venuekit_venues::VENUES;

/// Returns JSON in a canonical form: sorted names, numbers with their digits, strings without
/// differences in escapes. Object members that are null are left out, because null means absent.
fn canonical(json: &str) -> String {
    let mut out = String::new();
    write_canonical(serde_json::from_str(json).unwrap(), &mut out);
    out
}

fn write_canonical(value: &RawValue, out: &mut String) {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let members: std::collections::BTreeMap<String, &RawValue> = serde_json::from_str(text).unwrap();
            out.push('{');
            for (name, member) in members.into_iter().filter(|(_, member)| member.get() != "null") {
                write!(out, "{name:?}:").unwrap();
                write_canonical(member, out);
                out.push(',');
            }
            out.push('}');
        }
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(text).unwrap();
            out.push('[');
            for element in elements {
                write_canonical(element, out);
                out.push(',');
            }
            out.push(']');
        }
        Some(b'"') => write!(out, "{:?}", serde_json::from_str::<String>(text).unwrap()).unwrap(),
        _ => out.push_str(text),
    }
}

/// Returns JSON for a comparison up to float precision: all numbers become `f64`, and object
/// members that are null are left out.
fn as_value(json: &str) -> Value {
    fn without_nulls(value: Value) -> Value {
        match value {
            Value::Object(members) => {
                members.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, without_nulls(v))).collect()
            }
            Value::Array(elements) => elements.into_iter().map(without_nulls).collect(),
            Value::Number(number) => Value::from(number.as_f64()),
            other => other,
        }
    }
    without_nulls(serde_json::from_str(json).unwrap())
}

#[test]
fn every_example_decodes_into_its_type_and_encodes_back_to_equal_json() {
    let mut failures = String::new();
    for venue in VENUES {
        assert!(!venue.examples.is_empty(), "{} has no examples", venue.venue.name());
        for example in venue.examples {
            for source in [JsonSource::Slice, JsonSource::Reader] {
                match example.round_trip(source, example.json.as_bytes()) {
                    Ok(json) if canonical(&json) == canonical(example.json) => {}
                    Ok(json) => {
                        writeln!(failures, "{} {}: {}\n  became {json}", venue.spec, example.pointer, example.json)
                            .unwrap()
                    }
                    Err(error) => {
                        writeln!(failures, "{} {} ({source:?}): {error}", venue.spec, example.pointer).unwrap()
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn every_example_decodes_from_a_serde_json_value_up_to_float_precision() {
    for venue in VENUES {
        for example in venue.examples {
            let json = example.round_trip(JsonSource::Value, example.json.as_bytes());
            let json = json.unwrap_or_else(|error| panic!("{} {}: {error}", venue.spec, example.pointer));
            assert_eq!(as_value(&json), as_value(example.json), "{} {}", venue.spec, example.pointer);
        }
    }
}

/// Collects the JSON pointers of all objects and arrays in a value.
fn containers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(pointer.to_owned());
            for (name, member) in members {
                containers(member, &format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(elements) => {
            found.push(pointer.to_owned());
            for (index, element) in elements.iter().enumerate() {
                containers(element, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Returns `value` with `strange` added to the container at `pointer`. Without `strange`, an entry
/// of the container is repeated. Returns `None` if there is no entry to repeat.
fn grown(value: &Value, pointer: &str, strange: Option<&Value>) -> Option<Value> {
    let mut grown = value.clone();
    match grown.pointer_mut(pointer)? {
        Value::Object(members) => {
            let addition = strange.cloned().or_else(|| members.values().next().cloned())?;
            members.insert("of tomorrow".to_owned(), addition);
        }
        Value::Array(elements) => {
            let addition = strange.cloned().or_else(|| elements.last().cloned())?;
            elements.push(addition);
        }
        _ => return None,
    }
    Some(grown)
}

#[test]
fn unknown_properties_and_extra_columns_are_ignored_in_objects_and_rows() {
    let strange = serde_json::json!([{ "x": "y" }]);
    let (mut dropped, mut kept) = (0, 0);
    for venue in VENUES {
        for example in venue.examples {
            let value: Value = serde_json::from_str(example.json).unwrap();
            let mut pointers = Vec::new();
            containers(&value, "", &mut pointers);
            for pointer in pointers {
                let context = format!("{} {} at `{pointer}`", venue.spec, example.pointer);
                let decode = |value: &Value| {
                    let json = example.round_trip(JsonSource::Slice, value.to_string().as_bytes());
                    json.map(|json| as_value(&json))
                };
                let with_strange = grown(&value, &pointer, Some(&strange)).unwrap();
                match decode(&with_strange) {
                    // An object or a row ignores unknown values.
                    Ok(decoded) if decoded == as_value(&value.to_string()) => dropped += 1,
                    // `Json` keeps unknown values.
                    Ok(decoded) => assert_eq!(decoded, as_value(&with_strange.to_string()), "{context}"),
                    // A map or a list reads the added value as an entry. An entry of a wrong type
                    // is an error, and an entry of the right type is kept.
                    Err(error) => {
                        let Some(with_own) = grown(&value, &pointer, None) else { continue };
                        let decoded = decode(&with_own).unwrap_or_else(|_| panic!("{context}: {error}"));
                        assert_eq!(decoded, as_value(&with_own.to_string()), "{context}");
                        kept += 1;
                    }
                }
            }
        }
    }
    assert!(
        dropped > 100 && kept > 10,
        "{dropped} dropped (expected more than 100), {kept} kept (expected more than 10)"
    );
}

/// Collects the JSON pointers of all strings and numbers in a value.
fn scalars(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            scalars(member, &format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), found);
        }),
        Value::Array(elements) => {
            elements
                .iter()
                .enumerate()
                .for_each(|(index, element)| scalars(element, &format!("{pointer}/{index}"), found));
        }
        Value::String(_) | Value::Number(_) => found.push(pointer.to_owned()),
        _ => {}
    }
}

#[test]
fn values_that_enums_do_not_know_are_kept_and_written_back() {
    let mut enums = 0;
    for venue in VENUES {
        for example in venue.examples {
            let value: Value = serde_json::from_str(example.json).unwrap();
            let mut pointers = Vec::new();
            scalars(&value, "", &mut pointers);
            for pointer in pointers {
                let with = |new: Value| {
                    let mut changed = value.clone();
                    *changed.pointer_mut(&pointer).unwrap() = new;
                    let json = example.round_trip(JsonSource::Slice, changed.to_string().as_bytes());
                    json.ok().map(|json| (as_value(&json), as_value(&changed.to_string())))
                };
                // The test recognises an open enum (or `Json`) by this: it accepts a string, an
                // integer and a boolean.
                let [text, integer, truth] =
                    [Value::from("OF_TOMORROW"), Value::from(987_654_321), Value::from(true)].map(with);
                if let (Some(text), Some(integer), Some(truth)) = (text, integer, truth) {
                    for (came, went) in [text, integer, truth] {
                        assert_eq!(came, went, "{} {} at `{pointer}`", venue.spec, example.pointer);
                    }
                    enums += 1;
                }
            }
        }
    }
    assert!(enums > 50, "{enums} values of enums (expected more than 50)");
}

/// Returns the JSON pointers of the integers in `value` that fit into `i64` or `u64`.
fn integers(value: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    scalars(value, "", &mut pointers);
    pointers.retain(|pointer| value.pointer(pointer).is_some_and(|scalar| scalar.is_i64() || scalar.is_u64()));
    pointers
}

#[test]
fn an_integer_written_as_a_string_is_accepted_for_every_integer() {
    let (mut read, mut kept) = (0, 0);
    for venue in VENUES {
        for example in venue.examples {
            let value: Value = serde_json::from_str(example.json).unwrap();
            for pointer in integers(&value) {
                let context = format!("{} {} at `{pointer}`", venue.spec, example.pointer);
                let mut spelt = value.clone();
                let place = spelt.pointer_mut(&pointer).unwrap();
                *place = Value::from(place.to_string());
                let json = example.round_trip(JsonSource::Slice, spelt.to_string().as_bytes());
                let json = as_value(&json.unwrap_or_else(|error| panic!("{context}: {error}")));
                // `IntegerOrText` and `Json` keep the string. Every other type reads the number.
                if json == as_value(&spelt.to_string()) {
                    kept += 1;
                } else {
                    assert_eq!(json, as_value(&value.to_string()), "{context}");
                    read += 1;
                }
            }
        }
    }
    assert!(read > 100 && kept > 0, "{read} read (expected more than 100), {kept} kept (expected at least 1)");
}

#[test]
fn an_object_is_never_read_from_an_array_of_its_values() {
    let mut objects = 0;
    for venue in VENUES {
        for example in venue.examples {
            let value: Value = serde_json::from_str(example.json).unwrap();
            let mut pointers = Vec::new();
            containers(&value, "", &mut pointers);
            for pointer in pointers {
                let mut changed = value.clone();
                let place = changed.pointer_mut(&pointer).unwrap();
                let Value::Object(members) = place else { continue };
                *place = members.values().cloned().collect();
                // `Json` keeps the array; every other type refuses it.
                if let Ok(json) = example.round_trip(JsonSource::Slice, changed.to_string().as_bytes()) {
                    assert_eq!(
                        as_value(&json),
                        as_value(&changed.to_string()),
                        "{} {} at `{pointer}`",
                        venue.spec,
                        example.pointer
                    );
                }
                objects += 1;
            }
        }
    }
    assert!(objects > 100, "{objects} objects (expected more than 100)");
}

#[test]
fn the_examples_have_digits_that_floats_lose_and_a_round_trip_keeps_them() {
    let all: String = VENUES
        .iter()
        .flat_map(|venue| venue.examples)
        .map(|example| example.round_trip(JsonSource::Slice, example.json.as_bytes()).unwrap())
        .collect();
    for digits in ["10106854.1032393852063269", "1518074034.9090531", "0.00000001000000000000"] {
        assert!(all.contains(digits), "no example has the digits {digits} after it was read and written");
    }
}
