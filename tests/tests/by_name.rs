//! Calls by name: what is given is sent whole, or refused.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use serde_json::Value;
use venuekit::meta::Arguments;
use venuekit::wire::Json;
use venuekit_tests::examples::{ExampleCall, Values, operations, unsigned};
use venuekit_tests::scripted::Scripted;
use venuekit_venues::VENUES;

#[test]
fn a_member_that_a_body_does_not_have_is_refused_wherever_it_stands() {
    let mut refused = 0;
    for (venue, operation) in operations(VENUES) {
        let Some(body) = ExampleCall::of(operation, Values::All).body else { continue };
        let client = unsigned(venue).base_url("http://127.0.0.1:1/").transport(Scripted::answering("{}")).build();
        let client = (venue.connect)(client.unwrap());
        let call = |body: &Value| {
            let arguments = Arguments::new().set_body(Json::encode(body).unwrap());
            client.call(operation.operation.id(), arguments).map(drop).map_err(|error| error.to_string())
        };
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(call(&body), Ok(()));
        for pointer in objects(&body, "") {
            let mut slip = body.clone();
            slip.pointer_mut(&pointer).unwrap()["prcie"] = Value::from("1.50");
            let error = call(&slip).unwrap_err();
            assert!(error.contains("prcie"), "{error}");
            refused += 1;
        }
    }
    assert!(refused >= 8, "{refused}");
}

#[test]
fn a_parameter_that_there_is_not_is_refused() {
    for (venue, operation) in operations(VENUES) {
        let client = unsigned(venue).base_url("http://127.0.0.1:1/").transport(Scripted::answering("{}")).build();
        let client = (venue.connect)(client.unwrap());
        let arguments = ExampleCall::of(operation, Values::All).arguments().set("symobl", Json::encode("x").unwrap());
        let error = client.call(operation.operation.id(), arguments).map(drop).unwrap_err().to_string();
        assert!(error.contains("symobl"), "{error}");
    }
}

/// The JSON pointers of all objects in a value.
fn objects(value: &Value, pointer: &str) -> Vec<String> {
    match value {
        Value::Object(members) => {
            let within = members.iter().flat_map(|(name, member)| objects(member, &format!("{pointer}/{name}")));
            std::iter::once(pointer.to_owned()).chain(within).collect()
        }
        Value::Array(elements) => {
            elements.iter().enumerate().flat_map(|(at, element)| objects(element, &format!("{pointer}/{at}"))).collect()
        }
        _ => Vec::new(),
    }
}
