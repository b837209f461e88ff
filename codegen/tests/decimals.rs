//! Tests the schemas that `x-decimals` changes, and the names that it refuses.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use venuekit_codegen::source::{Document, decimal_fields};
use venuekit_codegen::{Spec, effective};

fn spec(decimals: &str) -> Spec {
    let text = format!(
        "openapi: 3.0.3\n\
         x-decimals: {decimals}\n\
         components:\n  schemas:\n    A:\n      type: object\n      properties:\n\
         \x20       price: {{type: string}}\n\
         \x20       amount: {{type: integer}}\n\
         \x20       sizes: {{type: array, items: {{type: number, format: double}}}}\n\
         \x20       fee: {{type: [number, 'null']}}\n\
         \x20       rate: {{type: number, enum: [1, 2]}}\n\
         \x20     example: {{price: {{type: string}}}}\n"
    );
    Spec::new("acme.yaml", text)
}

#[test]
fn numbers_and_their_lists_change_too() {
    let shown = effective(&spec("[sizes, fee]")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let properties = &value["components"]["schemas"]["A"]["properties"];
    assert_eq!(
        (&properties["sizes"]["items"]["format"], &properties["fee"]["format"]),
        (&"decimal".into(), &"decimal".into())
    );
    // The values of an enum are no decimals.
    assert!(effective(&spec("[rate]")).is_err());
}

#[test]
fn only_the_schema_of_a_named_field_becomes_a_decimal() {
    let shown = effective(&spec("[price]")).unwrap();
    assert_eq!(shown.matches("decimal").count(), 1, "{shown}");
    let value: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(value["components"]["schemas"]["A"]["properties"]["price"]["format"], "decimal");
}

#[test]
fn names_that_no_such_field_has_and_values_of_a_wrong_kind_are_errors() {
    let refused = |decimals: &str| {
        let findings = effective(&spec(decimals)).unwrap_err();
        let shown = findings.iter().map(|finding| {
            assert!(finding.help.is_some());
            format!("{}:{}: {}", finding.location.line, finding.location.column, finding.message)
        });
        shown.collect::<Vec<_>>()
    };
    assert_eq!(refused("[price, amount]"), ["2:21: no field of text or of numbers has the name `amount`"]);
    assert_eq!(refused("[7]"), ["2:14: a name has to be text, not a number"]);
    assert_eq!(refused("price"), ["2:13: `x-decimals` has to be a list, not text"]);
}

#[test]
fn fields_of_openapi_2_and_of_lists_of_schemas_change_too() {
    let text = "swagger: '2.0'\n\
        info: {title: Acme, version: '1'}\n\
        x-decimals: [price, qty, fee, size]\n\
        parameters:\n  Price: {name: price, in: query, type: number}\n\
        responses:\n  Fill: {description: Fill, schema: {type: object, properties: {qty: {type: number}}}}\n\
        definitions:\n  Row:\n    type: array\n    items:\n      - {type: object, properties: {fee: {type: string}}}\n\
        paths:\n  /orders:\n    get:\n      parameters:\n        - {name: size, in: query, type: number}\n      \
        responses: {'200': {$ref: '#/responses/Fill'}}\n";
    let mut found: Vec<String> =
        decimal_fields(&Document::parse("acme.yaml", text).unwrap()).into_iter().map(|field| field.name).collect();
    found.sort();
    assert_eq!(found, ["fee", "price", "qty", "size"]);
}
