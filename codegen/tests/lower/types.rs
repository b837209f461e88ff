//! Tests the types of schemas.

use venuekit_codegen::model::{Type, outline};

use super::support::{accepted, openapi, operations_and_types, schemas};

#[test]
fn the_deepest_schema_that_is_parsed_is_also_lowered() {
    let mut schema = "A: ".to_owned();
    schema.push_str(&"{type: object, properties: {a: ".repeat(30));
    schema.push_str("{}");
    schema.push_str(&"}}".repeat(30));
    assert_eq!(accepted(&schemas(&schema)).types.len(), 30);
}

#[test]
fn a_scalar_schema_has_the_rust_type_of_its_json_value() {
    insta::assert_snapshot!(operations_and_types(&schemas(
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
    )), @"
      ping() -> ()   GET /ping  public weight=1 idempotent

    types
      Everything {
        flag: bool,
        small: i32,
        large: i64,
        plain: i64,
        natural: u32,
        vast: u64 [maximum 18446744073709551615],
        text: String,
        at: String,
        exact: Decimal,
        number: Decimal(number),
        any: Json,
        bag: Json,
      }
    ");
}

#[test]
fn an_optional_property_that_can_be_null_has_three_states() {
    insta::assert_snapshot!(operations_and_types(&schemas(
        "
        Ticker:
          type: object
          required: [last, bid]
          x-always: {members: [ask], because: Seen in every response.}
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
fn components_that_are_references_maps_lists_or_scalars_become_aliases() {
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
fn inline_types_are_named_after_their_place() {
    insta::assert_snapshot!(operations_and_types(&openapi(
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
          place_orders(mode?: PlaceOrdersMode, body: PlaceOrdersBody) -> Map<PlaceOrdersResponseValue>   POST /orders  public weight=1 errors=400

        types
          PlaceOrdersMode = enum { Fast wire "fast", Safe wire "safe" } [request]
          PlaceOrdersBody { orders?: Vec<PlaceOrdersBodyOrdersItem> } [request]
          PlaceOrdersBodyOrdersItem { side?: PlaceOrdersBodyOrdersItemSide } [request]
          PlaceOrdersBodyOrdersItemSide = enum { Buy wire "buy" } [request]
          PlaceOrdersResponseValue [ price: Decimal, owner: PlaceOrdersResponseValueOwner ] at least 2
          PlaceOrdersResponseValueOwner { id?: i64 }
          PlaceOrdersError400 { code?: i64 }
        "#);
}

#[test]
fn a_shared_parameter_has_one_type_and_an_equal_inline_schema_has_another() {
    insta::assert_snapshot!(operations_and_types(&openapi(
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
fn the_json_kind_of_a_value_selects_its_alternative() {
    insta::assert_snapshot!(operations_and_types(&schemas(
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
fn an_integer_or_plain_text_becomes_integer_or_text() {
    insta::assert_snapshot!(operations_and_types(&schemas(
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
fn a_row_states_how_many_of_its_columns_are_always_present() {
    insta::assert_snapshot!(operations_and_types(&schemas(
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
    insta::assert_snapshot!(operations_and_types(&schemas(
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
    insta::assert_snapshot!(operations_and_types(&schemas(
        "
        Node: {type: object, properties: {children: {type: array, items: {$ref: '#/components/schemas/Node'}}}}
        "
    )), @r#"
          ping() -> ()   GET /ping  public weight=1 idempotent

        types
          Node { children?: Vec<Node> }
        "#);
}
