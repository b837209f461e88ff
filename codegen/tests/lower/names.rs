//! Tests names in Rust, and the findings on names that collide.

use venuekit_codegen::model::TypeKind;

use super::support::{accepted, openapi, operations_and_types, refused, schemas};

#[test]
fn keywords_and_names_with_a_leading_digit_get_an_underscore() {
    insta::assert_snapshot!(operations_and_types(&schemas(
        "
        Odd: {type: object, properties: {type: {type: string}, self: {type: string}, 1d: {type: string}, crate: {type: string}, 'a b': {type: string}}}
        "
    )), @r#"
          ping() -> ()   GET /ping  public weight=1 idempotent

        types
          Odd {
            type_?: String wire "type",
            self_?: String wire "self",
            _1d?: String wire "1d",
            crate_?: String wire "crate",
            a_b?: String wire "a b",
          }
        "#);
}

#[test]
fn names_that_generated_code_needs_get_an_underscore() {
    insta::assert_snapshot!(operations_and_types(&openapi(
        "
        /a:
          get:
            operationId: builder
            summary: A
            parameters: [{name: send, in: query, schema: {type: string}, example: a}]
            responses: {'204': {description: ''}}
        ",
        "
        Option: {type: object, properties: {build: {$ref: '#/components/schemas/Self'}}}
        Self: {type: string, enum: [unrecognized, ok, err]}
        "
    )), @r#"
          builder_(send_?: String wire "send") -> ()   GET /a  public weight=1 idempotent

        types
          Option { build?: Self_ }
          Self_ = enum {
            Unrecognized_ wire "unrecognized",
            Ok wire "ok",
            Err wire "err",
          }
        "#);
}

#[test]
fn properties_with_the_same_rust_name_are_refused() {
    insta::assert_snapshot!(refused(&schemas(
        "
        Event:
          type: object
          properties:
            e: {type: string}
            E: {type: integer}
            startTime: {type: integer}
            start_time: {type: integer}
            '>=': {type: integer}
        "
    )), @r#"
        specs/acme-spot.yaml:12:9: property `E` is called `e` in Rust, as is `e` at specs/acme-spot.yaml:11:9
          at /components/schemas/Event/properties/E
          help: give one of them another name with `x-rust-name`
        specs/acme-spot.yaml:14:9: property `start_time` is called `start_time` in Rust, as is `startTime` at specs/acme-spot.yaml:13:9
          at /components/schemas/Event/properties/start_time
          help: give one of them another name with `x-rust-name`
        specs/acme-spot.yaml:15:9: property `>=` has neither a letter nor a digit for a Rust name
          at /components/schemas/Event/properties/>=
          help: give it a name in Rust with `x-rust-name`
        "#);
}

#[test]
fn x_rust_name_resolves_a_collision() {
    insta::assert_snapshot!(operations_and_types(&schemas(
        "
        Event:
          type: object
          properties:
            e: {type: string}
            E: {type: integer, x-rust-name: eventTime}
        "
    )), @r#"
          ping() -> ()   GET /ping  public weight=1 idempotent

        types
          Event { e?: String, event_time?: i64 wire "E" }
        "#);
}

#[test]
fn enum_values_with_the_same_rust_name_are_refused() {
    insta::assert_snapshot!(refused(&schemas(
        "
        Interval: {type: string, enum: [1m, 1M, Unrecognized, '%']}
        "
    )), @r#"
        specs/acme-spot.yaml:8:41: value `1M` is called `_1m` in Rust, as is `1m` at specs/acme-spot.yaml:8:37
          at /components/schemas/Interval/enum/1
          help: give one of them another name with `x-enum-varnames`, a list as long as `enum`
        specs/acme-spot.yaml:8:59: value `%` has neither a letter nor a digit for a Rust name
          at /components/schemas/Interval/enum/3
          help: give it a name with `x-enum-varnames`, a list as long as `enum`
        "#);
}

#[test]
fn types_with_the_same_rust_name_are_refused() {
    insta::assert_snapshot!(refused(&schemas(
        "
        OrderItem: {type: string}
        order_item: {type: string}
        Order: {type: array, items: {type: object, properties: {a: {type: string}}}}
        Option: {type: string}
        "
    )), @r#"
        specs/acme-spot.yaml:9:5: component `order_item` is called `OrderItem` in Rust, as is `OrderItem` at specs/acme-spot.yaml:8:5
          at /components/schemas/order_item
          help: give one of them another name in the spec: its name can be chosen freely
        specs/acme-spot.yaml:10:26: the inline type `OrderItem` is called `OrderItem` in Rust, as is `OrderItem` at specs/acme-spot.yaml:8:5
          at /components/schemas/Order/items
          help: give one of them another name with `x-rust-name`, or put it under `components/schemas`
        "#);
}

#[test]
fn operations_and_setters_with_the_same_rust_name_are_refused() {
    insta::assert_snapshot!(refused(&openapi(
        "
        /a:
          get:
            operationId: getOrder
            summary: A
            parameters:
              - {name: send, in: query, schema: {type: string}, example: a}
              - {name: X-Id, in: header, schema: {type: string}, example: a}
              - {name: xId, in: query, schema: {type: string}, example: a}
            responses: {'204': {description: ''}}
          post:
            operationId: get_order
            summary: B
            requestBody:
              required: true
              content: {application/json: {schema: {$ref: '#/components/schemas/Build'}, example: {}}}
            responses: {'204': {description: ''}}
        /b: {get: {operationId: builder, summary: C, responses: {'204': {description: ''}}}}
        ",
        "Build: {type: object, properties: {build: {type: string}}}"
    )), @r#"
        specs/acme-spot.yaml:12:11: parameter `xId` is called `x_id` in Rust, as is `X-Id` at specs/acme-spot.yaml:11:11
          at /paths/~1a/get/parameters/2
          help: give one of them another name with `x-rust-name`
        specs/acme-spot.yaml:14:5: operation `get_order` is called `get_order` in Rust, as is `getOrder` at specs/acme-spot.yaml:6:5
          at /paths/~1a/post
          help: give one of them another name with `x-rust-name`
        "#);
}

#[test]
fn type_parameters_differ_from_the_types_that_signatures_use() {
    let api = accepted(&openapi(
        "
        /a:
          get:
            operationId: symbol
            summary: A
            parameters:
              - {name: symbol, in: query, required: true, schema: {type: string}, example: a}
              - {name: string, in: query, required: true, schema: {type: string}, example: a}
              - {name: v, in: query, required: true, schema: {type: string}, example: a}
              - {name: side, in: query, required: true, schema: {type: string}, example: a}
            responses: {'204': {description: ''}}
        ",
        "",
    ));
    let operation = api.operation("symbol").expect("it is there");
    let names: Vec<&str> = operation.parameters.iter().map(|p| p.type_parameter.as_str()).collect();
    assert_eq!(names, ["SymbolState", "StringState", "VState", "Side"]);
    assert_eq!(api.required_names, ["side", "string", "symbol", "v"]);
}

/// Type parameters with the same name are numbered in their order, even if they are many.
#[test]
fn type_parameters_with_the_same_name_are_numbered() {
    let name = |bits: u32| -> String {
        let letter =
            |at: u32| format!("{}{}1", char::from(b'a' + at as u8), if bits >> at & 1 == 1 { "_" } else { "" });
        (0..6).map(letter).collect()
    };
    let members: Vec<String> = (0..64).map(|bits| format!("{}: {{type: string}}", name(bits))).collect();
    let api = accepted(&schemas(&format!("A: {{type: object, properties: {{{}}}}}", members.join(", "))));
    let TypeKind::Struct(fields) = &api.types[0].kind else { panic!("it is an object") };
    let parameters: Vec<&str> = fields.iter().map(|field| field.type_parameter.as_str()).collect();
    let numbered = (2..64).map(|number| format!("A1b1c1d1e1f1State{number}"));
    let wanted = ["A1b1c1d1e1f1", "A1b1c1d1e1f1State"].map(str::to_owned).into_iter().chain(numbered);
    assert_eq!(parameters, wanted.collect::<Vec<_>>());
}

/// `x-rust-name` is not allowed on a response.
#[test]
fn a_component_that_is_not_a_schema_has_to_be_renamed_in_the_spec() {
    let text = openapi(
        "/ping: {get: {operationId: ping, summary: Ping, responses: {'200': {$ref: '#/components/responses/.'}}}}",
        "A: {type: string}",
    );
    let text = format!(
        "{text}\n  responses: {{'.': {{description: d, content: {{application/json: {{schema: {{type: object, \
         properties: {{a: {{type: string}}}}}}, example: {{}}}}}}}}}}\n"
    );
    insta::assert_snapshot!(refused(&text), @r#"
        specs/acme-spot.yaml:10:15: component `.` has neither a letter nor a digit for a Rust name
          at /components/responses/.
          help: give it another name in the spec: its name can be chosen freely
        "#);
}

#[test]
fn x_rust_name_names_an_inline_type_and_is_refused_where_no_name_is_needed() {
    insta::assert_snapshot!(operations_and_types(&schemas(
        "
        Order: {type: array, items: {type: object, x-rust-name: Line, properties: {a: {type: string, enum: [b]}}}}
        "
    )), @r#"
          ping() -> ()   GET /ping  public weight=1 idempotent

        types
          Order = Vec<Line>
          Line { a?: LineA }
          LineA = enum { B wire "b" }
        "#);
    insta::assert_snapshot!(refused(&schemas(
        "
        Order: {type: array, readOnly: true, items: {type: string, x-rust-name: Line, readOnly: true}}
        "
    )), @r#"
        specs/acme-spot.yaml:8:36: `readOnly` has no effect here
          at /components/schemas/Order/readOnly
          help: leave it out; it is for properties of an object that are never sent
        specs/acme-spot.yaml:8:77: the schema needs no name
          at /components/schemas/Order/items/x-rust-name
          help: leave it out; a list or a scalar that is to have a name goes under `components/schemas`
        specs/acme-spot.yaml:8:93: `readOnly` has no effect here
          at /components/schemas/Order/items/readOnly
          help: leave it out; it is for properties of an object that are never sent
        "#);
}
