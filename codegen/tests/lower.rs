//! Lowering, one tiny spec per feature: the model of a document, or the findings on it.

#![allow(
    missing_docs,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;

use venuekit_codegen::model::{Api, ExampleOf, Idempotent, Type, TypeKind, Weight, lower, outline};
use venuekit_codegen::source::{Document, read};

/// Lowers a document. Returns the model, or the findings as text.
fn lowered(text: &str) -> Result<Api, String> {
    let document = Document::parse("specs/acme-spot.yaml", text).map_err(|findings| findings.to_string())?;
    let view = read(&document).map_err(|findings| format!("refused by the check:\n{findings}"))?;
    lower(&view).map_err(|findings| findings.to_string())
}

fn accepted(text: &str) -> Api {
    lowered(text).unwrap_or_else(|findings| panic!("{findings}"))
}

fn refused(text: &str) -> String {
    match lowered(text) {
        Ok(api) => panic!("nothing was refused:\n{}", outline(&api)),
        Err(findings) => findings,
    }
}

/// Returns the operations and types of the outline, without the parts that all tiny specs share.
fn seen(text: &str) -> String {
    let text = outline(&accepted(text));
    text.split_once("\noperations\n").map(|(_, rest)| rest.to_owned()).unwrap_or(text)
}

/// Returns an OpenAPI document with these paths and component schemas, both indented by two.
fn openapi(paths: &str, schemas: &str) -> String {
    let schemas =
        if schemas.is_empty() { String::new() } else { format!("components:\n  schemas:\n{}", indented(schemas, 4)) };
    format!(
        "openapi: 3.0.3\ninfo: {{title: Acme Spot, version: '1'}}\nx-crate-version: 0.1.0\npaths:\n{}{schemas}",
        indented(paths, 2)
    )
}

/// Returns an OpenAPI document with one operation that responds with a component, for specs about
/// schemas.
fn schemas(schemas: &str) -> String {
    openapi("/ping: {get: {operationId: ping, summary: Ping, responses: {'204': {description: Pong}}}}", schemas)
}

/// Returns an OpenRPC document with these methods and component schemas.
fn openrpc(methods: &str, schemas: &str) -> String {
    let schemas =
        if schemas.is_empty() { String::new() } else { format!("components:\n  schemas:\n{}", indented(schemas, 4)) };
    format!(
        "openrpc: 1.3.2\ninfo: {{title: Acme Core, version: '1'}}\nx-crate-version: 0.1.0\nmethods:\n{}{schemas}",
        indented(methods, 2)
    )
}

/// Replaces the indentation of the first line in all lines.
fn indented(text: &str, by: usize) -> String {
    let text = text.trim_start_matches('\n').trim_end();
    let own = text.len() - text.trim_start_matches(' ').len();
    let mut out = String::new();
    for line in text.lines() {
        let _ = writeln!(out, "{:by$}{}", "", line.get(own..).unwrap_or_default());
    }
    out
}

mod types {
    use super::*;

    #[test]
    fn the_deepest_schema_that_is_parsed_is_also_lowered() {
        let mut schema = "A: ".to_owned();
        schema.push_str(&"{type: object, properties: {a: ".repeat(30));
        schema.push_str("{}");
        schema.push_str(&"}}".repeat(30));
        assert_eq!(accepted(&schemas(&schema)).types.len(), 30);
    }

    #[test]
    fn scalars_have_the_type_that_the_wire_has() {
        insta::assert_snapshot!(seen(&schemas(
            "
            Everything:
              type: object
              required: [flag, small, large, plain, natural, vast, text, at, exact, number, any, bag]
              properties:
                flag: {type: boolean}
                small: {type: integer, format: int32}
                large: {type: integer, format: int64}
                plain: {type: integer}
                natural: {type: integer, format: uint32}
                vast: {type: integer, format: uint64, maximum: 18446744073709551615}
                text: {type: string}
                at: {type: string, format: date-time}
                exact: {type: string, format: decimal}
                number: {type: number, format: decimal}
                any: {}
                bag: {type: object}
            "
        )), @r#"
              ping() -> ()   GET /ping  public weight=1 idempotent

            types
              Everything {
                flag: bool,
                small: i32,
                large: i64,
                plain: i64,
                natural: u32,
                vast: u64,
                text: String,
                at: String,
                exact: Decimal,
                number: Decimal(number),
                any: Json,
                bag: Json,
              }
            "#);
    }

    #[test]
    fn what_is_not_always_there_is_optional_and_where_it_can_be_null_too_it_has_three_states() {
        insta::assert_snapshot!(seen(&schemas(
            "
            Ticker:
              type: object
              required: [last, bid]
              x-always: {members: [ask], because: Seen in every reply.}
              properties:
                last: {type: string}
                bid: {type: string, nullable: true}
                ask: {$ref: '#/components/schemas/Price'}
                open: {type: string, nullable: true}
                close: {$ref: '#/components/schemas/Price'}
                all: {type: array, items: {$ref: '#/components/schemas/Price'}}
            Price: {type: string, format: decimal, nullable: true}
            "
        )), @r#"
              ping() -> ()   GET /ping  public weight=1 idempotent

            types
              Ticker {
                last: String,
                bid: Option<String>,
                ask: Option<Price>,
                open?: Maybe<String>,
                close?: Maybe<Price>,
                all?: Vec<Option<Price>>,
              }
              Price = Decimal
            "#);
    }

    #[test]
    fn components_that_are_no_shape_of_their_own_become_aliases() {
        let api = accepted(&schemas(
            "
            Balances: {$ref: '#/components/schemas/ByAsset'}
            ByAsset: {type: object, additionalProperties: {$ref: '#/components/schemas/Amount'}}
            Amount: {type: string, format: decimal}
            Amounts: {type: array, items: {$ref: '#/components/schemas/Amount'}}
            ",
        ));
        insta::assert_snapshot!(outline(&api).split_once("\ntypes\n").map(|(_, types)| types).unwrap_or_default(), @r#"
            Balances = ByAsset
            ByAsset = Map<Amount>
            Amount = Decimal
            Amounts = Vec<Amount>
            "#);
        let named = |name: &str| Type::Named(name.to_owned());
        assert_eq!(api.resolve(&named("Balances")), &Type::Map(Box::new(named("Amount"))));
        assert_eq!(api.resolve(&named("Amount")), &Type::DecimalText);
    }

    #[test]
    fn inline_shapes_are_named_after_where_they_stand() {
        insta::assert_snapshot!(seen(&openapi(
            "
            /orders:
              post:
                operationId: placeOrders
                summary: Place orders
                parameters:
                  - {name: mode, in: query, schema: {type: string, enum: [fast, safe]}, example: fast}
                requestBody:
                  required: true
                  content:
                    application/json:
                      schema:
                        type: object
                        properties:
                          orders: {type: array, items: {type: object, properties: {side: {type: string, enum: [buy]}}}}
                      example: {orders: [{side: buy}]}
                responses:
                  '200':
                    description: Placed.
                    content:
                      application/json:
                        schema:
                          type: object
                          additionalProperties:
                            type: array
                            items: {}
                            x-tuple:
                              - {name: price, schema: {type: string, format: decimal}}
                              - {name: owner, schema: {type: object, properties: {id: {type: integer}}}}
                        example: {}
                  '400':
                    description: Refused.
                    content:
                      application/json:
                        schema: {type: object, properties: {code: {type: integer}}}
                        example: {code: 1}
            ",
            ""
        )), @r#"
              place_orders(mode?: PlaceOrdersMode, body: PlaceOrdersBody) -> Map<PlaceOrdersReplyValue>   POST /orders  public weight=1 errors=400

            types
              PlaceOrdersMode = enum { Fast wire "fast", Safe wire "safe" } [request]
              PlaceOrdersBody { orders?: Vec<PlaceOrdersBodyOrdersItem> } [request]
              PlaceOrdersBodyOrdersItem { side?: PlaceOrdersBodyOrdersItemSide } [request]
              PlaceOrdersBodyOrdersItemSide = enum { Buy wire "buy" } [request]
              PlaceOrdersReplyValue [ price: Decimal, owner: PlaceOrdersReplyValueOwner ] at least 2
              PlaceOrdersReplyValueOwner { id?: i64 }
              PlaceOrdersError400 { code?: i64 }
            "#);
    }

    #[test]
    fn one_place_is_one_type_and_two_places_are_two() {
        insta::assert_snapshot!(seen(&openapi(
            "
            /a: {get: {operationId: getA, summary: A, parameters: [{$ref: '#/components/parameters/Depth'}], responses: {'204': {description: ''}}}}
            /b: {get: {operationId: getB, summary: B, parameters: [{$ref: '#/components/parameters/Depth'}], responses: {'204': {description: ''}}}}
            /c: {get: {operationId: getC, summary: C, parameters: [{name: depth, in: query, schema: {type: string, enum: ['5']}, example: '5'}], responses: {'204': {description: ''}}}}
            ",
            ""
        ).replace("paths:", "components:\n  parameters:\n    Depth: {name: depth, in: query, schema: {type: string, enum: ['5']}, example: '5'}\npaths:")), @r#"
              get_a(depth?: Depth) -> ()   GET /a  public weight=1 idempotent
              get_b(depth?: Depth) -> ()   GET /b  public weight=1 idempotent
              get_c(depth?: GetCDepth) -> ()   GET /c  public weight=1 idempotent

            types
              Depth = enum { _5 wire "5" } [request]
              GetCDepth = enum { _5 wire "5" } [request]
            "#);
    }

    #[test]
    fn alternatives_are_decided_on_their_json_kind() {
        insta::assert_snapshot!(seen(&schemas(
            "
            Id: {oneOf: [{type: integer}, {type: string}]}
            Tickers: {oneOf: [{$ref: '#/components/schemas/Ticker'}, {type: array, items: {$ref: '#/components/schemas/Ticker'}}]}
            Mixed: {nullable: true, oneOf: [{type: boolean}, {type: number, format: decimal}, {type: object, properties: {a: {type: string}}}]}
            Ticker: {type: object, required: [id, mixed], properties: {id: {$ref: '#/components/schemas/Id'}, mixed: {$ref: '#/components/schemas/Mixed'}}}
            "
        )), @r#"
              ping() -> ()   GET /ping  public weight=1 idempotent

            types
              Id = IntegerOrText
              Tickers = one or many Ticker
              Mixed = either { Boolean(bool), Number(Decimal(number)), Object(MixedObject) }
              Ticker { id: Id, mixed: Option<Mixed> }
              MixedObject { a?: String }
            "#);
    }

    #[test]
    fn an_integer_or_text_is_one_type_wherever_it_stands_unless_its_values_are_listed_or_decimals() {
        insta::assert_snapshot!(seen(&schemas(
            "
            Order:
              type: object
              required: [id, parent, ids, byId]
              properties:
                id: {oneOf: [{type: string}, {type: integer, format: int32}]}
                parent: {nullable: true, oneOf: [{$ref: '#/components/schemas/Number'}, {$ref: '#/components/schemas/Text'}]}
                ids: {type: array, items: {oneOf: [{type: integer, format: uint64}, {type: string, format: uuid}]}}
                byId: {type: object, additionalProperties: {oneOf: [{type: integer}, {type: string}]}}
                fee: {oneOf: [{type: integer}, {type: string, format: decimal}]}
                state: {oneOf: [{type: integer}, {type: string, enum: [open]}]}
                role: {oneOf: [{type: integer, enum: [1], x-enum-varnames: [Maker]}, {type: string}]}
                more: {oneOf: [{type: integer}, {type: string}, {type: boolean}]}
            Number: {type: integer}
            Text: {type: string}
            "
        )), @r#"
              ping() -> ()   GET /ping  public weight=1 idempotent

            types
              Order {
                id: IntegerOrText,
                parent: Option<IntegerOrText>,
                ids: Vec<IntegerOrText>,
                by_id: Map<IntegerOrText> wire "byId",
                fee?: OrderFee,
                state?: OrderState,
                role?: OrderRole,
                more?: OrderMore,
              }
              Number = i64
              Text = String
              OrderFee = either { Integer(i64), String(Decimal) }
              OrderState = either { Integer(i64), String(OrderStateString) }
              OrderStateString = enum { Open wire "open" }
              OrderRole = either { Integer(OrderRoleInteger), String(String) }
              OrderRoleInteger = integer enum { Maker wire "1" }
              OrderMore = either { Integer(i64), String(String), Boolean(bool) }
            "#);
    }

    #[test]
    fn rows_say_how_many_columns_are_always_there() {
        insta::assert_snapshot!(seen(&schemas(
            "
            Level:
              type: array
              items: {}
              minItems: 2
              x-tuple:
                - {name: price, schema: {type: string, format: decimal}}
                - {name: size, schema: {type: string, format: decimal, nullable: true}}
                - {name: ignored, schema: {type: array, items: {}, nullable: true}}
            "
        )), @r#"
              ping() -> ()   GET /ping  public weight=1 idempotent

            types
              Level [ price: Decimal, size: Option<Decimal>, ignored?: Vec<Json> ] at least 2
            "#);
    }

    #[test]
    fn enum_values_become_names() {
        insta::assert_snapshot!(seen(&schemas(
            "
            Interval: {type: string, enum: [1m, 15m, '1.5', '-1', FILL_OR_KILL, goodTillDate, type]}
            Side: {type: integer, enum: [-1, 1], x-enum-varnames: [Sell, Buy]}
            "
        )), @r#"
              ping() -> ()   GET /ping  public weight=1 idempotent

            types
              Interval = enum {
                _1m wire "1m",
                _15m wire "15m",
                _1_5 wire "1.5",
                Minus1 wire "-1",
                FillOrKill wire "FILL_OR_KILL",
                GoodTillDate wire "goodTillDate",
                Type wire "type",
              }
              Side = integer enum { Sell wire "-1", Buy wire "1" }
            "#);
    }

    #[test]
    fn an_object_may_hold_lists_of_itself() {
        insta::assert_snapshot!(seen(&schemas(
            "
            Node: {type: object, properties: {children: {type: array, items: {$ref: '#/components/schemas/Node'}}}}
            "
        )), @r#"
              ping() -> ()   GET /ping  public weight=1 idempotent

            types
              Node { children?: Vec<Node> }
            "#);
    }
}

mod names {
    use super::*;

    #[test]
    fn keywords_and_digits_are_escaped() {
        insta::assert_snapshot!(seen(&schemas(
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
    fn names_of_generated_code_get_an_underscore_where_they_would_be_in_the_way() {
        insta::assert_snapshot!(seen(&openapi(
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
    fn members_that_are_called_alike_are_refused() {
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
            specs/acme-spot.yaml:12:9: member `E` is called `e` in Rust, as is `e` at specs/acme-spot.yaml:11:9
              at /components/schemas/Event/properties/E
              help: give one of them another name with `x-rust-name`
            specs/acme-spot.yaml:14:9: member `start_time` is called `start_time` in Rust, as is `startTime` at specs/acme-spot.yaml:13:9
              at /components/schemas/Event/properties/start_time
              help: give one of them another name with `x-rust-name`
            specs/acme-spot.yaml:15:9: member `>=` has no letter and no digit to make a Rust name of
              at /components/schemas/Event/properties/>=
              help: say what to call it in Rust with `x-rust-name`
            "#);
    }

    #[test]
    fn x_rust_name_tells_them_apart() {
        insta::assert_snapshot!(seen(&schemas(
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
    fn enum_values_that_are_called_alike_are_refused() {
        insta::assert_snapshot!(refused(&schemas(
            "
            Interval: {type: string, enum: [1m, 1M, Unrecognized, '%']}
            "
        )), @r#"
            specs/acme-spot.yaml:8:41: value `1M` is called `_1m` in Rust, as is `1m` at specs/acme-spot.yaml:8:37
              at /components/schemas/Interval/enum/1
              help: give one of them another name with `x-enum-varnames`, a list as long as `enum`
            specs/acme-spot.yaml:8:59: value `%` has no letter and no digit to make a Rust name of
              at /components/schemas/Interval/enum/3
              help: give it a name with `x-enum-varnames`, a list as long as `enum`
            "#);
    }

    #[test]
    fn types_that_are_called_alike_are_refused() {
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
              help: give one of them another name in the spec: it is yours to choose
            specs/acme-spot.yaml:10:26: the inline type `OrderItem` is called `OrderItem` in Rust, as is `OrderItem` at specs/acme-spot.yaml:8:5
              at /components/schemas/Order/items
              help: give one of them another name with `x-rust-name`, or put it under `components/schemas`
            "#);
    }

    #[test]
    fn operations_and_setters_that_are_called_alike_are_refused() {
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
    fn type_parameters_hide_nothing() {
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
}

mod usage {
    use super::*;

    /// Type parameters with the same name are numbered in their order, however many there are.
    #[test]
    fn type_parameters_of_one_name_are_numbered() {
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
    fn a_component_that_is_no_schema_is_given_another_name_in_the_spec() {
        let text = openapi(
            "/ping: {get: {operationId: ping, summary: Ping, responses: {'200': {$ref: '#/components/responses/.'}}}}",
            "A: {type: string}",
        );
        let text = format!(
            "{text}\n  responses: {{'.': {{description: d, content: {{application/json: {{schema: {{type: object, \
             properties: {{a: {{type: string}}}}}}, example: {{}}}}}}}}}}\n"
        );
        insta::assert_snapshot!(refused(&text), @r#"
            specs/acme-spot.yaml:10:15: component `.` has no letter and no digit to make a Rust name of
              at /components/responses/.
              help: give it another name in the spec: it is yours to choose
            "#);
    }

    #[test]
    fn an_inline_type_can_be_given_a_name() {
        insta::assert_snapshot!(seen(&schemas(
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
            specs/acme-spot.yaml:8:36: `readOnly` says nothing here
              at /components/schemas/Order/readOnly
              help: leave it out; it stands on the members of an object that are never sent
            specs/acme-spot.yaml:8:77: the schema needs no name
              at /components/schemas/Order/items/x-rust-name
              help: leave it out; a list or a scalar that is to have a name goes under `components/schemas`
            specs/acme-spot.yaml:8:93: `readOnly` says nothing here
              at /components/schemas/Order/items/readOnly
              help: leave it out; it stands on the members of an object that are never sent
            "#);
    }

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
    fn members_that_are_never_sent_are_left_out_of_requests_and_stay_in_replies() {
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
        assert!(unused.in_reply && !unused.in_request);
    }

    #[test]
    fn a_type_with_members_that_are_never_sent_is_for_requests_or_for_replies() {
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
              help: split the schema: one for requests, without the member, and one for responses
            "#);
    }

    #[test]
    fn what_contains_itself_has_no_size() {
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
              help: break the circle with an object that has a list or a map of it, or let the inner one be any JSON (`{}`)
            specs/acme-spot.yaml:10:5: `Tree` contains itself: `Tree -> Branch -> Tree`
              at /components/schemas/Tree
              help: break the circle with an object that has a list or a map of it, or let the inner one be any JSON (`{}`)
            "#);
    }
}

mod operations {
    use super::*;

    #[test]
    fn parameters_travel_where_the_spec_says() {
        insta::assert_snapshot!(seen(&openapi(
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
    fn null_does_not_travel_in_a_url() {
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
    fn successes_of_one_shape_are_one_reply() {
        insta::assert_snapshot!(seen(&openapi(
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
    fn successes_of_two_shapes_are_refused() {
        insta::assert_snapshot!(refused(&openapi(
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
            ""
        )), @r#"
            specs/acme-spot.yaml:11:9: success has two shapes: that of 202, and that of 200 at specs/acme-spot.yaml:10:9
              at /paths/~1orders/get/responses/202
              help: leave out what the venue does not send, or put one schema into `components/schemas` and refer to it from both; a response without content beside one with content is a shape of its own
            specs/acme-spot.yaml:12:9: success has two shapes: that of 204, and that of 200 at specs/acme-spot.yaml:10:9
              at /paths/~1orders/get/responses/204
              help: leave out what the venue does not send, or put one schema into `components/schemas` and refer to it from both; a response without content beside one with content is a shape of its own
            "#);
    }

    #[test]
    fn words_are_read() {
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
              delete_a() -> ()   DELETE /a  key weight=1 idempotent done=-2011,gone gone=-1 with status 429,7 at /code saying "Not there." failed-when=/ok is false (outcome unknown)
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
                            leaves_open: false,
                        },
                        Condition {
                            pointer: "/errors",
                            test: Present,
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
        assert_eq!(
            idempotent,
            [&Idempotent::Always, &Idempotent::Always, &Idempotent::WhenPresent(vec!["id".to_owned()])]
        );
    }

    #[test]
    fn every_finding_is_said_in_one_run() {
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
}

mod examples {
    use super::*;

    #[test]
    fn examples_keep_their_digits_and_know_what_they_are_of() {
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
            Reply { operation: "getPrice", status: "200" } {"price":1518074034.90905310} at /paths/~1price/get/responses/200/content/application~1json/examples/one/value
            Reply { operation: "getPrice", status: "200" } {"price":2e3} at /components/examples/Two/value
            Reply { operation: "getPrice", status: "400" } {"code":1} at /components/responses/Refused/content/application~1json/example
            "#);
        assert_eq!(api.operations[0].parameters[0].example.as_deref(), Some("\"BTC\""));
        assert_eq!(api.operations[0].reply_schema.as_deref(), Some(r##"{"$ref":"#/components/schemas/Price"}"##));
        assert!(api.examples.iter().any(|example| example.of == ExampleOf::Component("Price".to_owned())));
    }
}

mod json_rpc {
    use super::*;

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

            operations
              order_cancel(
                user_id: i64 wire "user id",
                market: Option<String>,
                order?: i64,
                tags?: Vec<String> rest,
              ) -> Option<bool>   order.cancel  public weight=1 codes=23
              order_cancel_all() -> bool   order.cancel  signed weight=1

            types
              Tags = Vec<String> [request]
            "#);
    }

    #[test]
    fn parameters_have_the_first_example_that_a_call_has_for_them() {
        let api = api();
        let examples: Vec<Option<&str>> = api.operations[0].parameters.iter().map(|p| p.example.as_deref()).collect();
        assert_eq!(examples, [Some("1"), Some("\"BTC\""), Some("7"), Some(r#"["a","b"]"#)]);
    }

    #[test]
    fn null_among_alternatives_makes_the_others_nullable() {
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
    fn replies_know_their_call() {
        let api = api();
        let replies = api.examples.iter().filter(|example| matches!(example.of, ExampleOf::Reply { .. }));
        let replies: Vec<String> = replies.map(|example| format!("{:?} {}", example.of, example.json)).collect();
        insta::assert_snapshot!(replies.join("\n"), @r#"
            Reply { operation: "order.cancel", status: "without the order" } true
            Reply { operation: "order.cancel", status: "with it" } null
            Reply { operation: "order.cancel_all", status: "all" } true
            "#);
    }
}

mod constraints {
    use super::*;
    use venuekit_codegen::model::{ExampleCall, NestedConstraints};

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
          help: leave it out and say it in the description: the client finds no object inside a map, or inside an object that contains itself
        specs/acme-spot.yaml:40:7: the example breaks a constraint: exactly one of `a` and `b` has to be given
          at /components/schemas/Item/example
          help: correct the example, or the constraint
        specs/acme-spot.yaml:43:23: the constraint cannot be checked in all requests
          at /components/schemas/Tree/x-constraints/0
          help: leave it out and say it in the description: the client finds no object inside a map, or inside an object that contains itself
        specs/acme-spot.yaml:47:23: no request contains `Reply`, so its constraints have no effect
          at /components/schemas/Reply/x-constraints/0
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
          content: {application/json: {schema: {$ref: '#/components/schemas/Reply'}, example: {a: x, b: y}}}
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
    Reply:
      type: object
      x-constraints: [{exactly-one-of: [a, b]}]
      properties: {a: {type: string}, b: {type: string}}
";

    #[test]
    fn an_example_of_a_call_keeps_the_constraints_between_its_parameters() {
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
    fn types_inside_types_have_a_bounded_number_of_constraints() {
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

    /// Returns the parameters of the short and of the full example call.
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
    fn an_example_call_gives_what_the_constraints_need_and_no_more() {
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
    fn a_constraint_of_a_type_holds_wherever_the_type_is() {
        let api = accepted(include_str!("features/constraints.yaml"));
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
mod reads {
    use super::*;

    /// Returns the operations that only read.
    fn reads(api: &Api) -> Vec<&str> {
        let reads = api.operations.iter().filter(|operation| operation.only_reads());
        reads.map(|operation| operation.id.as_str()).collect()
    }

    #[test]
    fn only_reads_can_lose_elements() {
        let operation = |path: &str, method: &str, id: &str, more: &str| {
            format!(
                "{path}: {{{method}: {{operationId: {id}, summary: S, responses: {{'204': {{description: D}}}}{more}}}}}\n"
            )
        };
        let paths = [
            operation("/a", "get", "read", ""),
            operation("/b", "get", "notAgain", ", x-idempotent: false"),
            operation("/c", "get", "moves", ", x-moves-funds: true"),
            operation("/d", "delete", "cancel", ", x-idempotent: true"),
            operation("/e", "post", "cancelByPost", ", x-idempotent: true"),
            operation("/f", "post", "place", ""),
            operation("/g", "get", "said", ", x-reads-only: false"),
            operation("/h", "post", "readByPost", ", x-idempotent: true, x-reads-only: true"),
        ];
        assert_eq!(reads(&accepted(&openapi(&paths.concat(), ""))), ["read", "readByPost"]);

        let method = |name: &str, more: &str| {
            format!(
                "- {{name: {name}, summary: S, params: [], result: {{name: r, schema: {{type: string}}}}, \
                 examples: [{{name: e, params: [], result: {{name: r, value: a}}}}]{more}}}\n"
            )
        };
        let methods = [
            method("read", ", x-idempotent: true, x-reads-only: true"),
            method("cancelWithoutCodes", ", x-idempotent: true"),
            method("place", ""),
            method("cancel", ", x-idempotent: true, x-gone-codes: [1]"),
            method("credit", ", x-idempotent: true, x-done-codes: [2], x-reads-only: false"),
            method("transfer", ", x-idempotent: true, x-moves-funds: true"),
        ];
        assert_eq!(reads(&accepted(&openrpc(&methods.concat(), ""))), ["read"]);
    }
}
