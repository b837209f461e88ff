//! Tests the operations of OpenAPI documents, and the extensions of the root.

use venuekit_codegen::model::{Idempotent, Weight, outline};

use super::support::{accepted, openapi, operations_and_types, refused};

#[test]
fn parameters_are_sent_in_the_part_of_the_request_that_the_spec_states() {
    insta::assert_snapshot!(operations_and_types(&openapi(
        "
        /orders/{id}:
          parameters:
            - {name: id, in: path, required: true, schema: {type: string}, example: a}
            - {name: trace, in: header, schema: {type: string}, example: a}
          get:
            operationId: getOrder
            summary: An order
            parameters:
              - {name: fields, in: query, schema: {type: array, items: {type: string}}, example: [a]}
              - {name: states, in: query, explode: false, schema: {$ref: '#/components/schemas/States'}, example: [1]}
              - {name: trace, in: header, required: true, schema: {type: integer}, example: 1}
            responses: {'204': {description: Nothing.}}
        ",
        "States: {type: array, items: {type: integer}}"
    )), @r#"
          get_order(
            id: String,
            fields?: Vec<String>,
            states?: States joined,
            trace: i64 header,
          ) -> ()   GET /orders/{id}  public weight=1 idempotent

        types
          States = Vec<i64> [request]
        "#);
}

#[test]
fn a_nullable_query_parameter_is_refused() {
    insta::assert_snapshot!(refused(&openapi(
        "
        /orders:
          get:
            operationId: getOrders
            summary: Orders
            parameters: [{name: side, in: query, schema: {type: string, nullable: true}, example: a}]
            responses: {'204': {description: Nothing.}}
        ",
        ""
    )), @r#"
        specs/acme-spot.yaml:9:44: null cannot be sent in a path, a query or a header
          at /paths/~1orders/get/parameters/0/schema
          help: leave `nullable` out: a parameter that is not required may be left out
        "#);
}

#[test]
fn successes_with_the_same_schema_have_one_type() {
    insta::assert_snapshot!(operations_and_types(&openapi(
        "
        /orders:
          get:
            operationId: getOrders
            summary: Orders
            responses:
              '404': {description: None such.}
              '200': {description: Orders., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Id'}}, example: []}}}
              '201': {description: Orders., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Id'}}, example: []}}}
              default: {description: Anything.}
        ",
        "Id: {type: integer}"
    )), @r#"
          get_orders() -> Vec<Id>   GET /orders  public weight=1 idempotent errors=404,default

        types
          Id = i64
        "#);
}

#[test]
fn successes_with_different_schemas_are_an_enum_by_status() {
    let outline = operations_and_types(&openapi(
        "
        /orders:
          get:
            operationId: getOrders
            summary: Orders
            responses:
              '200': {description: Orders., content: {application/json: {schema: {type: integer}, example: 1}}}
              '202': {description: Orders., content: {application/json: {schema: {type: string}, example: a}}}
              '204': {description: None.}
        ",
        "",
    ));
    assert!(outline.contains("get_orders() -> GetOrdersSuccess"), "{outline}");
    assert!(outline.contains("{ Status200(i64), Status202(String), Status204 }"), "{outline}");
}

#[test]
fn extensions_are_lowered() {
    let text = openapi(
        "
        /a:
          get: {operationId: getA, summary: A, security: [], x-weight: {when-present: {symbol: 1}, otherwise: 40}, parameters: [{name: from, in: query, schema: {type: integer}, example: 1}, {name: symbol, in: query, schema: {type: string}, example: A}], responses: {'204': {description: ''}}}
          delete: {operationId: deleteA, summary: A, security: [{key: []}], x-idempotent: true, x-done-codes: [-2011, gone], x-gone-codes: [{code: -1, status: 429}, {code: 7, pointer: /code, message: Not there.}], x-failed-when: [{pointer: /ok, equals: false, outcome: unknown}], x-limits: [], responses: {'204': {description: ''}}}
          post: {operationId: postA, summary: A, x-idempotent: {when-present: id}, x-weight: 5, x-limits: [orders], x-unknown-codes: [7], x-refused-codes: [{code: 8, status: 429}], parameters: [{name: id, in: query, schema: {type: string}, example: A}], responses: {'204': {description: ''}}}
        ",
        "",
    );
    let text = text.replace(
        "paths:",
        "security: [{key: [], sign: []}]\n\
         components: {securitySchemes: {key: {type: apiKey, in: header, name: KEY}, sign: {type: apiKey, in: header, name: SIGN, x-signature: true}}}\n\
         servers: [{url: 'https://api.acme.example/', x-environment: production}]\n\
         x-rate-limits: [{name: all, per: ip, window: 1m, limit: 1200, counts: weight, header: X-Used}, {name: orders, per: key, window: 1s, limit: 10, counts: requests}]\n\
         x-limits: [all]\n\
         x-server-time: {operation: getA, pointer: /time, unit: ms}\n\
         x-error: {code: [/code], message: [/msg], failed-when: [{pointer: /ratio, equals: 1.50}, {pointer: /errors, present: true, outcome: unknown}]}\n\
         x-unknown-codes: [-1006, {status: 200, code: BUSY}]\n\
         x-clock-codes: [-1021]\n\
         x-refused-codes: [{code: -1, status: 429}, -2]\n\
         paths:",
    );
    let api = accepted(&text);
    insta::assert_snapshot!(outline(&api), @r#"
    venuekit-acme-spot 0.1.0  Acme Spot (API 1)
    server Production https://api.acme.example
    limit all: 1200 weight per ip in 60 s
    limit orders: 10 requests per key in 1 s
    server time: getA /time Milliseconds
    error code: /code
    error message: /msg
    failed when: /ratio is 1.50, /errors is there (outcome unknown)
    unknown after: -1006, BUSY with status 200
    clock is off after: -1021
    refused by: -1 with status 429, -2

    operations
      get_a(from?: i64, symbol?: String) -> ()   GET /a  public weight=symbol:1|40 limits=all idempotent
      delete_a() -> ()   DELETE /a  key weight=1 idempotent done=-2011,gone gone=-1 with status 429,7 at /code saying "Not there." cancels failed-when=/ok is false (outcome unknown)
      post_a(id?: String) -> ()   POST /a  signed weight=5 limits=orders idempotent-with=id unknown=7 refused=8 with status 429

    types
    "#);
    insta::assert_debug_snapshot!((&api.error_shape, &api.unknown_codes, &api.venue), @r#"
        (
            ErrorShape {
                code: [
                    "/code",
                ],
                message: [
                    "/msg",
                ],
                failed_when: [
                    Condition {
                        pointer: "/ratio",
                        test: Equals(
                            "1.50",
                        ),
                        beside: None,
                        leaves_open: false,
                    },
                    Condition {
                        pointer: "/errors",
                        test: Present,
                        beside: None,
                        leaves_open: true,
                    },
                ],
            },
            [
                CodeRule {
                    code: "-1006",
                    status: None,
                    pointer: None,
                    message: None,
                },
                CodeRule {
                    code: "BUSY",
                    status: Some(
                        200,
                    ),
                    pointer: None,
                    message: None,
                },
            ],
            Venue {
                name: "acme-spot",
                package: "venuekit-acme-spot",
                krate: "venuekit_acme_spot",
                title: "Acme Spot",
                description: None,
                api_version: "1",
                crate_version: "0.1.0",
                spec_file: "specs/acme-spot.yaml",
            },
        )
        "#);
    let weights: Vec<&Weight> = api.operations.iter().map(|operation| &operation.weight).collect();
    assert_eq!(
        weights,
        [&Weight::ByParameter { when_present: vec![(1, 1)], otherwise: 40 }, &Weight::Fixed(1), &Weight::Fixed(5)]
    );
    let idempotent: Vec<&Idempotent> = api.operations.iter().map(|operation| &operation.idempotent).collect();
    assert_eq!(idempotent, [&Idempotent::Always, &Idempotent::Always, &Idempotent::WhenPresent(vec!["id".to_owned()])]);
}

#[test]
fn one_run_of_the_lowering_lists_all_its_findings() {
    let findings = refused(&openapi(
        "
        /a: {get: {operationId: getA, summary: A, parameters: [{name: send, in: query, schema: {type: string}, example: a}], responses: {'204': {description: ''}}}}
        ",
        "
        vec: {type: string}
        Vec: {type: string}
        Self: {type: object, properties: {a: {type: string}, A: {type: string}, me: {$ref: '#/components/schemas/Self'}}}
        ",
    ));
    assert_eq!(findings.matches("help:").count(), 3, "{findings}");
}
