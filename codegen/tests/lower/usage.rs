//! Tests which types requests and responses contain, and types that contain themselves.

use venuekit_codegen::model::outline;

use super::support::{accepted, openapi, refused, schemas};

const POST: &str = "
    /orders:
      post:
        operationId: placeOrder
        summary: Place an order
        requestBody:
          required: true
          content: {application/json: {schema: {$ref: '#/components/schemas/NewOrder'}, example: {symbol: A}}}
        responses:
          '200':
            description: Placed.
            content: {application/json: {schema: {$ref: '#/components/schemas/Order'}, example: {id: 1}}}
    ";

#[test]
fn read_only_properties_are_left_out_of_requests_and_stay_in_responses() {
    let api = accepted(&openapi(
        POST,
        "
        NewOrder:
          type: object
          required: [symbol, side]
          properties:
            symbol: {type: string}
            side: {type: string, enum: [buy, sell], readOnly: true}
            kind: {$ref: '#/components/schemas/Kind'}
        Order: {type: object, required: [id], properties: {id: {type: integer, readOnly: true}}}
        Kind: {type: string, enum: [limit]}
        Unused: {type: string, enum: [a]}
        ",
    ));
    insta::assert_snapshot!(outline(&api).split_once("\ntypes\n").map(|(_, types)| types).unwrap_or_default(), @r#"
        NewOrder { symbol: String, kind?: Kind } [request]
        Order { id: i64 }
        Kind = enum { Limit wire "limit" } [request]
        Unused = enum { A wire "a" }
        "#);
    assert_eq!(api.required_names, ["body", "symbol"]);
    let unused = api.type_def("Unused").expect("it is kept");
    assert!(unused.in_response && !unused.in_request);
}

#[test]
fn a_type_with_read_only_properties_is_refused_if_requests_and_responses_share_it() {
    insta::assert_snapshot!(refused(&openapi(
        POST,
        "
        NewOrder: {type: object, properties: {symbol: {type: string}, owner: {$ref: '#/components/schemas/Owner'}}}
        Order: {type: object, properties: {id: {type: integer}, owner: {$ref: '#/components/schemas/Owner'}}}
        Owner: {type: object, properties: {id: {type: integer, readOnly: true}}}
        "
    )), @r#"
        specs/acme-spot.yaml:20:40: `id` is `readOnly`, but `Owner` is used by requests as well as by responses
          at /components/schemas/Owner/properties/id
          help: split the schema: one for requests, without the property, and one for responses
        "#);
}

#[test]
fn types_that_contain_themselves_by_value_or_as_an_alias_are_refused() {
    insta::assert_snapshot!(refused(&schemas(
        "
        Node: {type: object, properties: {next: {$ref: '#/components/schemas/Link'}}}
        Link: {type: array, items: {}, x-tuple: [{name: node, schema: {$ref: '#/components/schemas/Node'}}]}
        Tree: {type: array, items: {$ref: '#/components/schemas/Branch'}}
        Branch: {type: object, additionalProperties: {$ref: '#/components/schemas/Tree'}}
        "
    )), @r#"
        specs/acme-spot.yaml:8:5: `Node` contains itself: `Node -> Link -> Node`
          at /components/schemas/Node
          help: put the inner reference into a list or a map inside an object, or replace the inner schema by `{}` (any JSON)
        specs/acme-spot.yaml:10:5: `Tree` contains itself: `Tree -> Branch -> Tree`
          at /components/schemas/Tree
          help: put the inner reference into a list or a map inside an object, or replace the inner schema by `{}` (any JSON)
        "#);
}
