//! Tests the examples of OpenAPI documents.

use venuekit_codegen::model::ExampleOf;

use super::support::{accepted, openapi};

#[test]
fn each_example_keeps_its_digits_and_has_an_owner_and_a_pointer() {
    let api = accepted(&openapi(
        "
        /price:
          get:
            operationId: getPrice
            summary: A price
            parameters: [{name: symbol, in: query, schema: {type: string}, example: BTC}]
            responses:
              '200':
                description: Two of them.
                content:
                  application/json:
                    schema: {$ref: '#/components/schemas/Price'}
                    examples:
                      one: {value: {price: 1518074034.90905310}}
                      two: {$ref: '#/components/examples/Two'}
              '400': {$ref: '#/components/responses/Refused'}
        /other: {get: {operationId: getOther, summary: Other, responses: {'204': {description: ''}, '400': {$ref: '#/components/responses/Refused'}}}}
        ",
        "Price: {type: object, properties: {price: {type: number, format: decimal, example: 1.10}}, example: {price: 1.0}}",
    ).replace(
        "paths:",
        "paths: # and what they share",
    ).replace(
        "components:\n",
        "components:\n  examples: {Two: {value: {price: 2e3}}}\n  responses: {Refused: {description: No., content: {application/json: {schema: {type: object}, example: {code: 1}}}}}\n",
    ));
    let seen: Vec<String> = api
        .examples
        .iter()
        .map(|example| format!("{:?} {} at {}", example.of, example.json, example.pointer))
        .collect();
    insta::assert_snapshot!(seen.join("\n"), @r#"
        Schema 1.10 at /components/schemas/Price/properties/price/example
        Component("Price") {"price":1.0} at /components/schemas/Price/example
        Parameter { operation: "getPrice", parameter: "symbol" } "BTC" at /paths/~1price/get/parameters/0/example
        Response { operation: "getPrice", status: "200" } {"price":1518074034.90905310} at /paths/~1price/get/responses/200/content/application~1json/examples/one/value
        Response { operation: "getPrice", status: "200" } {"price":2e3} at /components/examples/Two/value
        Response { operation: "getPrice", status: "400" } {"code":1} at /components/responses/Refused/content/application~1json/example
        "#);
    assert_eq!(api.operations[0].parameters[0].example.as_deref(), Some("\"BTC\""));
    assert_eq!(api.operations[0].response_schema.as_deref(), Some(r##"{"$ref":"#/components/schemas/Price"}"##));
    assert!(api.examples.iter().any(|example| example.of == ExampleOf::Component("Price".to_owned())));
}
