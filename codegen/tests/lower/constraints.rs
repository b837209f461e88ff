//! Tests constraints between values: the places of the objects that they apply to, and the
//! examples, which must keep them.

use venuekit_codegen::model::{ExampleCall, NestedConstraints};

use super::support::{accepted, openapi, refused};

#[test]
fn constraints_without_a_fixed_place_and_examples_that_break_one_are_refused() {
    insta::assert_snapshot!(refused(PLACED), @r"
        specs/acme-spot.yaml:24:23: the example breaks a constraint: at least one of `by_name` and `tree` has to be given
          at /paths/~1orders/post/requestBody/content/application~1json/examples/empty/value
          help: correct the example, or the constraint
        specs/acme-spot.yaml:25:62: the example breaks a constraint: exactly one of `a` and `b` has to be given
          at /paths/~1orders/post/requestBody/content/application~1json/examples/broken/value/orders/1
          help: correct the example, or the constraint
        specs/acme-spot.yaml:34:23: the constraint cannot be checked in all requests
          at /components/schemas/Order/x-constraints/0
          help: leave it out and state it in the description: the client finds no object inside a map, in an alternative of a union, or inside an object that contains itself
        specs/acme-spot.yaml:40:7: the example breaks a constraint: exactly one of `a` and `b` has to be given
          at /components/schemas/Item/example
          help: correct the example, or the constraint
        specs/acme-spot.yaml:43:23: the constraint cannot be checked in all requests
          at /components/schemas/Tree/x-constraints/0
          help: leave it out and state it in the description: the client finds no object inside a map, in an alternative of a union, or inside an object that contains itself
        specs/acme-spot.yaml:47:23: no request contains `Response`, so its constraints have no effect
          at /components/schemas/Response/x-constraints/0
          help: leave `x-constraints` out
        ");
}

const PLACED: &str = r"
openapi: 3.0.3
info: {title: Acme, version: '1'}
x-crate-version: 0.1.0
paths:
  /orders:
    post:
      operationId: placeOrders
      summary: Place orders
      x-constraints:
        - {at-least-one-of: [/by_name, /tree]}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                by_name: {type: object, additionalProperties: {$ref: '#/components/schemas/Order'}}
                tree: {$ref: '#/components/schemas/Tree'}
                orders: {type: array, items: {$ref: '#/components/schemas/Item'}}
            examples:
              kept: {value: {by_name: {}, orders: [{a: x}, {b: x}]}}
              empty: {value: {}}
              broken: {value: {by_name: {}, orders: [{a: x}, {a: x, b: y}]}}
      responses:
        '200':
          description: Done.
          content: {application/json: {schema: {$ref: '#/components/schemas/Response'}, example: {a: x, b: y}}}
components:
  schemas:
    Order:
      type: object
      x-constraints: [{exactly-one-of: [a, b]}]
      properties: {a: {type: string}, b: {type: string}}
    Item:
      type: object
      x-constraints: [{exactly-one-of: [a, b]}]
      properties: {a: {type: string}, b: {type: string}}
      example: {b: ''}
    Tree:
      type: object
      x-constraints: [{exactly-one-of: [leaf, branches]}]
      properties: {leaf: {type: string}, branches: {type: array, items: {$ref: '#/components/schemas/Tree'}}}
    Response:
      type: object
      x-constraints: [{exactly-one-of: [a, b]}]
      properties: {a: {type: string}, b: {type: string}}
";

#[test]
fn an_example_of_a_call_that_breaks_a_constraint_is_refused() {
    insta::assert_snapshot!(refused(CALLS), @r"
        specs/acme-spot.yaml:21:9: the example breaks a constraint: exactly one of `id` and `filter` has to be given
          at /methods/0/examples/1
          help: correct the example, or the constraint
        specs/acme-spot.yaml:25:58: the example breaks a constraint: `side` and `market` have to be given together or not at all
          at /methods/0/examples/2/params/1/value
          help: correct the example, or the constraint
        ");
}

const CALLS: &str = r"
openrpc: 1.3.2
info: {title: Acme, version: '1'}
x-crate-version: 0.1.0
methods:
  - name: order.cancel
    summary: Cancel orders
    x-constraints: [{exactly-one-of: [id, filter]}]
    params:
      - {name: id, schema: {type: integer}}
      - name: filter
        schema:
          type: object
          x-constraints: [{all-or-none: [side, market]}]
          properties: {side: {type: string}, market: {type: string}}
    result: {name: done, schema: {type: boolean}}
    examples:
      - name: one
        params: [{name: id, value: 1}]
        result: {name: done, value: true}
      - name: both
        params: [{name: id, value: 1}, {name: filter, value: {side: BUY, market: BTC}}]
        result: {name: done, value: true}
      - name: half
        params: [{name: id, value: null}, {name: filter, value: {side: BUY}}]
        result: {name: done, value: true}
";

#[test]
fn an_operation_whose_values_have_too_many_constraints_is_refused() {
    let mut types = "T0: {type: object, x-constraints: [{all-or-none: [a, b]}], properties: {a: {type: string}, b: {type: string}}}\n".to_owned();
    for level in 1..40 {
        let inner = format!("{{$ref: '#/components/schemas/T{}'}}", level - 1);
        types.push_str(&format!("T{level}: {{type: object, properties: {{a: {inner}, b: {inner}}}}}\n"));
    }
    let body = "content: {application/json: {schema: {$ref: '#/components/schemas/T39'}, example: {}}}";
    let operation = format!(
        "/t: {{post: {{operationId: send, summary: Send, requestBody: {{{body}}}, responses: {{'204': {{description: Done}}}}}}}}"
    );
    insta::assert_snapshot!(refused(&openapi(&operation, &types)), @r"
        specs/acme-spot.yaml:5:8: the values of the operation have more than 1000 constraints
          at /paths/~1t/post
          help: leave `x-constraints` out of some of the schemas
        ");
}

/// Returns the parameters of the short and of the full example call, as text.
fn examples(constraints: &str) -> String {
    let api = accepted(&openapi(
        &format!(
            "
            /a:
              get:
                operationId: a
                summary: A
                x-constraints: {constraints}
                parameters:
                  - {{name: must, in: query, required: true, schema: {{type: string}}, example: X}}
                  - {{name: a, in: query, schema: {{type: string}}, example: x}}
                  - {{name: b, in: query, schema: {{type: string}}, example: x}}
                  - {{name: c, in: query, schema: {{type: string}}, example: x}}
                responses: {{'204': {{description: Done}}}}
            "
        ),
        "",
    ));
    let operation = api.operation("a").expect("there is one");
    let names = |call: ExampleCall<'_>| {
        let names: Vec<_> = call.parameters().map(|parameter| parameter.wire.as_str()).collect();
        format!("{}{}", names.join(" "), if call.keeps_constraints() { "" } else { " (breaks)" })
    };
    format!("{}, {}", names(ExampleCall::short(operation)), names(ExampleCall::full(operation)))
}

#[test]
fn the_short_and_the_full_example_call_have_the_expected_parameters() {
    for (constraints, expected) in [
        ("[]", "must, must a b c"),
        ("[{exactly-one-of: [b, c]}]", "must b, must a b"),
        ("[{at-least-one-of: [b, c]}]", "must b, must a b c"),
        ("[{at-most-one-of: [a, b, c]}]", "must, must a"),
        ("[{all-or-none: [a, b]}]", "must, must a b c"),
        ("[{needed: [b, c], when: {must: [X]}}]", "must b c, must a b c"),
        ("[{needed: [b, c], when: {must: [Y]}}]", "must, must a b c"),
        ("[{needed: [b], when-absent: a}, {needed: [c], when-present: b}]", "must b c, must a b c"),
        (
            "[{exactly-one-of: [a, b]}, {exactly-one-of: [b, c]}, {exactly-one-of: [a, c]}]",
            "must a (breaks), must a b (breaks)",
        ),
    ] {
        assert_eq!(examples(constraints), expected, "{constraints}");
    }
}

#[test]
fn a_constraint_of_a_type_applies_at_each_place_of_the_type() {
    let api = accepted(include_str!("../features/constraints.yaml"));
    let operation = api.operation("placeOrders").expect("there is one");
    let nested = NestedConstraints::new(&api).of_operation(operation);
    let places = nested.placed.iter().map(|placed| match &placed.within {
        Some(within) => format!("{}: {}\n", within.pointer, placed.constraint),
        None => format!("-: {}\n", placed.constraint),
    });
    insta::assert_snapshot!(places.collect::<String>(), @r"
        -: `mode` has to be given if `dry` is `true` and `count` is `1` or `2.50`
        -: `note` has to be given if `mode` is not given
        /orders/*: `price` has to be given if `type` is `LIMIT`
        /orders/*: at most one of `price` and `pay/total` can be given
        /first: `price` has to be given if `type` is `LIMIT`
        /first: at most one of `price` and `pay/total` can be given
        /first/*: `price` has to be given if `type` is `LIMIT`
        /first/*: at most one of `price` and `pay/total` can be given
        ");
}
