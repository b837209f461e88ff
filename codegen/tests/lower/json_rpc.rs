//! Tests the methods of OpenRPC documents.

use venuekit_codegen::model::{Api, ExampleOf, outline};

use super::support::{accepted, openrpc};

const METHODS: &str = "
    - name: order.cancel
      summary: Cancel an order
      params:
        - {name: user id, required: true, schema: {type: integer}}
        - {name: market, required: true, schema: {type: [string, 'null']}}
        - {name: order, required: false, schema: {type: [integer, 'null']}}
        - {name: tags, required: false, x-variadic: true, schema: {$ref: '#/components/schemas/Tags'}}
      result: {name: done, schema: {type: [boolean, 'null']}}
      errors: [{code: 23, message: order not found}]
      examples:
        - name: without the order
          params: [{name: user id, value: 1}, {name: market, value: null}, {name: order, value: null}]
          result: {name: done, value: true}
        - name: with it
          params: [{name: user id, value: 2}, {name: market, value: BTC}, {name: order, value: 7}, {name: tags, value: [a, b]}]
          result: {name: done, value: null}
    - name: order.cancel_all
      x-method: order.cancel
      summary: Cancel all orders
      x-security: [{key: [], sign: []}]
      params: []
      result: {name: done, schema: {type: boolean}}
      examples: [{name: all, params: [], result: {name: done, value: true}}]
    ";

fn api() -> Api {
    let text = openrpc(METHODS, "Tags: {type: array, items: {type: string}}");
    let schemes = "x-security: []\nx-security-schemes: {key: {type: apiKey, in: header, name: KEY}, sign: {type: apiKey, in: header, name: SIGN, x-signature: true}}\nmethods:";
    accepted(&text.replace("methods:", schemes))
}

#[test]
fn methods_become_operations() {
    insta::assert_snapshot!(outline(&api()), @r#"
    venuekit-acme-spot 0.1.0  Acme Core (API 1)
    envelope of JSON-RPC 2.0

    operations
      order_cancel(
        user_id: i64 wire "user id",
        market: Option<String>,
        order?: i64,
        tags?: Vec<String> rest,
      ) -> Option<bool>   order.cancel  public weight=1 cancels codes=23
      order_cancel_all() -> bool   order.cancel  signed weight=1 cancels

    types
      Tags = Vec<String> [request]
    "#);
}

#[test]
fn the_example_of_a_parameter_is_the_first_value_in_a_call_that_is_not_null() {
    let api = api();
    let examples: Vec<Option<&str>> = api.operations[0].parameters.iter().map(|p| p.example.as_deref()).collect();
    assert_eq!(examples, [Some("1"), Some("\"BTC\""), Some("7"), Some(r#"["a","b"]"#)]);
}

#[test]
fn a_value_with_null_among_its_alternatives_is_nullable() {
    let methods = "
    - name: order.detail
      summary: One order
      params: []
      result: {name: order, schema: {oneOf: [{$ref: '#/components/schemas/Order'}, {type: 'null'}]}}
      examples:
        - {name: there, params: [], result: {name: order, value: {id: 7, price: '1.0', tag: 5, legs: null}}}
        - {name: not there, params: [], result: {name: order, value: null}}
    ";
    let schemas = "
    Order:
      type: object
      required: [id, price, tag, legs]
      properties:
        id: {type: integer}
        price: {oneOf: [{type: string, format: decimal}, {type: 'null'}]}
        tag: {oneOf: [{type: string}, {type: 'null'}, {type: integer}]}
        legs: {oneOf: [{type: 'null'}, {type: object, properties: {a: {type: string, example: x}}}]}
    ";
    let api = accepted(&openrpc(methods, schemas));
    insta::assert_snapshot!(outline(&api), @r#"
        venuekit-acme-spot 0.1.0  Acme Core (API 1)
        envelope of JSON-RPC 2.0

        operations
          order_detail() -> Option<Order>   order.detail  public weight=1

        types
          Order {
            id: i64,
            price: Option<Decimal>,
            tag: Option<IntegerOrText>,
            legs: Option<OrderLegs>,
          }
          OrderLegs { a?: String }
        "#);
    let examples: Vec<&str> = api.examples.iter().map(|example| example.json.as_str()).collect();
    assert_eq!(examples, [r#""x""#, r#"{"id":7,"price":"1.0","tag":5,"legs":null}"#, "null"]);
}

#[test]
fn examples_of_responses_have_the_name_of_their_example_pairing() {
    let api = api();
    let responses = api.examples.iter().filter(|example| matches!(example.of, ExampleOf::Response { .. }));
    let responses: Vec<String> = responses.map(|example| format!("{:?} {}", example.of, example.json)).collect();
    insta::assert_snapshot!(responses.join("\n"), @r#"
        Response { operation: "order.cancel", status: "without the order" } true
        Response { operation: "order.cancel", status: "with it" } null
        Response { operation: "order.cancel_all", status: "all" } true
        "#);
}
