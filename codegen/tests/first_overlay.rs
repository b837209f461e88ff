//! The first overlay of a document as a venue publishes it, and the decisions that are left.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use venuekit_codegen::diagnostic::Level;
use venuekit_codegen::first_overlay::{Auth, NewVenue, take_in};
use venuekit_codegen::source::load;
use venuekit_codegen::{Home, Spec, generate, read_with_notes};

/// A signed venue: the signature, its time and the key are parameters of operations.
const SIGNED: &str = "openapi: 3.0.1
info: {title: 'Acme: Spot', version: '2'}
servers:
  - {url: 'https://api.acme.example'}
  - {url: 'https://api.acme.example/v2', description: The testnet.}
paths:
  /ticker:
    get:
      operationId: getTicker
      parameters: [{name: symbol, in: query, required: true, schema: {type: string}, example: BTC-USD}]
      responses:
        '200': {description: Ok., content: {application/json: {schema: {$ref: '#/components/schemas/Ticker'}}}}
  /orders:
    post:
      operationId: placeOrder
      parameters:
        - {$ref: '#/components/parameters/Time'}
        - {name: signature, in: query, required: true, schema: {type: string}}
        - {name: X-API-KEY, in: header, required: true, schema: {type: string}}
        - {name: price, in: query, schema: {type: number}}
        - {name: type, in: query, schema: {type: string, enum: [limit, market]}}
      responses: {'200': {description: Ok.}}
    get:
      operationId: getOrders
      parameters: [{$ref: '#/components/parameters/Time'}, {name: signature, in: query, schema: {type: string}}]
      responses: {'200': {description: Ok.}}
  /import:
    post:
      operationId: importOrders
      requestBody: {content: {application/xml: {schema: {type: string}}}}
      responses: {'200': {description: Ok.}}
components:
  parameters:
    Time: {name: timestamp, in: query, required: true, schema: {type: integer, format: int64}}
  schemas:
    Ticker:
      type: object
      properties:
        last: {type: string, example: '64000.10'}
        volume: {type: number}
        price: {type: string, example: market}
        v: {type: string}
        n: {type: number, example: 5}
        timestamp: {type: string, example: '1518074034.9'}
      example: {last: '64000.20', v: '12.5'}
";

/// The schemes are stated, and 401 tells which operations need them.
const STATED: &str = r#"{
  "openapi": "3.1.0",
  "info": {"title": "Recent", "version": "1"},
  "servers": [{"url": "https://sandbox.acme.example"}],
  "paths": {
    "/open/'odd'": {"get": {"operationId": "open", "responses": {"200": {"description": "Ok."}}}},
    "/balance": {"get": {"operationId": "balance", "responses": {
      "200": {"description": "Ok.", "content": {"application/json": {"schema": {"type": "object",
        "properties": {"free": {"type": ["string", "null"], "examples": ["1.5", "2"]}}}}}},
      "401": {"description": "No key."}}}},
    "/links/{id}": {
      "get": {"operationId": "links", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "Ok."}}},
      "query": {"operationId": "search", "responses": {"200": {"description": "Ok."}}}
    }
  },
  "components": {"securitySchemes": {"sign": {"type": "apiKey", "in": "header", "name": "ACCESS-SIGN"}}}
}"#;

/// OpenAPI 2.0, whose schemes and parameters have other places.
const SWAGGER: &str = r##"{
  "swagger": "2.0",
  "info": {"title": "Old", "version": "1"},
  "host": "testnet.acme.example",
  "basePath": "/v1",
  "paths": {
    "/orders": {
      "get": {"operationId": "getOrders", "produces": ["application/json"], "parameters": [{"$ref": "#/parameters/key"}],
        "responses": {"200": {"description": "Ok.", "schema": {"type": "array", "items": {"$ref": "#/definitions/Order"}}}}}
    }
  },
  "parameters": {"key": {"name": "api-key", "in": "header", "type": "string", "required": true}},
  "securityDefinitions": {"user": {"type": "apiKey", "in": "header", "name": "API-Key"}},
  "definitions": {"Order": {"type": "object", "properties": {
    "size": {"type": "number", "format": "double", "example": 0.5}, "fee": {"type": "string"}}}}
}"##;

const RPC: &str = r#"{
  "openrpc": "1.2.6",
  "info": {"title": "Node", "version": "1"},
  "servers": [{"name": "main", "url": "https://node.example"}, {"name": "local", "url": "http://localhost:8545"}],
  "methods": [
    {"name": "getFee", "params": [], "result": {"name": "fee", "schema": {"type": "object", "properties": {
      "fee": {"type": "string"}}}},
      "examples": [{"name": "one", "params": [], "result": {"name": "fee", "value": {"fee": "0.25"}}}]},
    {"name": "broken", "params": [{"name": "a", "required": true, "schema": {"type": "object", "required": ["b"],
      "properties": {"b": {"$ref": "elsewhere.json#/b"}}}}], "result": {"name": "r", "schema": {"$ref": "elsewhere.json#/r"}}}
  ]
}"#;

/// The scheme of the signature is stated. Its time and its nonce are members of a body.
const BODIES: &str = "openapi: 3.0.1
info: {title: Bodies, version: '1'}
servers: [{url: 'https://api.acme.example'}]
security: [{sign: []}]
paths:
  /orders:
    post:
      operationId: placeOrder
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {'200': {description: Ok.}}
  /trades:
    post:
      operationId: getTrades
      security: []
      requestBody:
        content: {application/json: {schema: {type: object, properties: {until: {type: integer}, apiKey: {type: string}}}}}
      responses: {'200': {description: Ok.}}
components:
  schemas:
    Order:
      type: object
      required: [nonce, price]
      properties: {nonce: {type: integer}, timestamp: {type: integer}, price: {type: string}}
  securitySchemes:
    sign: {type: apiKey, in: header, name: X-SIGNATURE}
";

/// The scheme of the signature is stated. Its time is a parameter by name.
const SIGNED_RPC: &str = r##"{
  "openrpc": "1.2.6",
  "info": {"title": "Signed RPC", "version": "1"},
  "servers": [{"url": "https://api.acme.example/rpc"}],
  "x-security-schemes": {"sign": {"type": "apiKey", "in": "header", "name": "X-SIGN", "x-signature": true}},
  "x-security": [{"sign": []}],
  "methods": [
    {"name": "place", "paramStructure": "by-name",
      "params": [{"name": "timestamp", "required": true, "schema": {"type": "integer"}}, {"name": "price", "schema": {"type": "string"}}],
      "result": {"name": "id", "schema": {"type": "integer"}}},
    {"name": "trades", "x-security": [], "params": [{"name": "until", "schema": {"type": "integer"}}],
      "result": {"name": "id", "schema": {"type": "integer"}}}
  ]
}"##;

fn taken(name: &str, text: &str, auth: Option<&Auth>) -> NewVenue {
    let overlay = format!("specs/{}.overlay.yaml", name.split('.').next().unwrap());
    take_in(&Spec::new(format!("specs/{name}"), text), &overlay, auth, &Home::Workspace)
        .unwrap_or_else(|failure| panic!("{failure}"))
}

/// The overlay is accepted: each of its targets selects something, and nothing is left out.
fn assert_accepted(new: &NewVenue) {
    load(&new.spec).unwrap_or_else(|findings| panic!("{findings}\n{:?}", new.overlay));
    let notes = read_with_notes(&new.spec).unwrap().notes;
    assert_eq!(notes.of_level(Level::LeftOut).count(), 0, "{}", notes.list());
    assert_eq!(generate(&new.spec).unwrap(), new.generated.files);
}

#[test]
fn the_overlay_of_each_kind_of_document_is_accepted_and_was_reviewed() {
    for (name, text) in [
        ("signed.yaml", SIGNED),
        ("stated.json", STATED),
        ("swagger.json", SWAGGER),
        ("rpc.json", RPC),
        ("bodies.yaml", BODIES),
        ("signed-rpc.json", SIGNED_RPC),
    ] {
        let new = taken(name, text, None);
        assert_accepted(&new);
        assert_eq!((new.spec.document.text.as_str(), new.spec.overlays.len()), (text, 1));
        insta::assert_snapshot!(name, format!("{}\n{}", new.overlay.unwrap(), new.decisions));
    }
}

#[test]
fn the_actions_have_the_effect_that_they_state() {
    let api = read_with_notes(&taken("signed.yaml", SIGNED, None).spec).unwrap().api;
    let order = api.operation("placeOrder").unwrap();
    let names: Vec<&str> = order.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!((names, order.security), (vec!["price", "type_"], venuekit_codegen::model::Security::Signed));
    assert_eq!(api.operation("getTicker").unwrap().security, venuekit_codegen::model::Security::Public);
    let environments: Vec<_> = api.servers.iter().map(|server| format!("{:?}", server.environment)).collect();
    assert_eq!(environments, ["Production", "Test"]);
    assert!(api.operation("importOrders").is_none());
    let old = read_with_notes(&taken("swagger.json", SWAGGER, None).spec).unwrap().api;
    assert_eq!(format!("{:?}", old.servers.first().unwrap().environment), "Test");
    assert!(old.operation("getOrders").unwrap().parameters.is_empty());
}

#[test]
fn members_of_bodies_and_parameters_of_methods_are_filled_in_beside_a_stated_signature() {
    let bodies = taken("bodies.yaml", BODIES, None);
    assert!(bodies.overlay.as_ref().unwrap().contains("x-fills"), "{:?}", bodies.overlay);
    let api = read_with_notes(&bodies.spec).unwrap().api;
    let order = api.operation("placeOrder").unwrap();
    assert_eq!(order.body.as_ref().and_then(|body| body.example.as_deref()), Some(r#"{"price":"1.5"}"#));
    let rpc = read_with_notes(&taken("signed-rpc.json", SIGNED_RPC, None).spec).unwrap().api;
    let names = |id: &str| rpc.operation(id).unwrap().parameters.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    assert_eq!([names("place"), names("trades")], [["price"], ["until"]]);
}

#[test]
fn a_signing_crate_is_written_into_the_overlay() {
    let other = Auth::Path { package: "acme-signer".to_owned(), path: "../acme signer".to_owned() };
    let version = Auth::Version { package: "acme-signer".to_owned(), version: "0.3".to_owned() };
    for (auth, line, dependency) in [
        (Auth::Ours("acme".to_owned()), "update: {x-auth: acme}", "venuekit-auth-acme = { workspace = true }"),
        (
            other,
            "update: {x-auth: {package: acme-signer, path: \"../acme signer\"}}",
            "acme-signer = { path = \"../acme signer\" }",
        ),
        (version, "update: {x-auth: {package: acme-signer, version: \"0.3\"}}", "acme-signer = { version = \"0.3\" }"),
    ] {
        let new = taken("signed.yaml", SIGNED, Some(&auth));
        assert_accepted(&new);
        let overlay = new.overlay.as_ref().unwrap();
        assert!(overlay.contains(line), "{overlay}");
        let manifest = new.generated.files.iter().find(|file| file.path == "Cargo.toml").unwrap();
        assert!(manifest.text.contains(dependency), "{}", manifest.text);
        assert!(new.decisions.iter().all(|decision| decision.subject != "signing"));
    }
}

#[test]
fn a_document_without_a_client_has_its_findings() {
    let failure = take_in(&Spec::new("specs/acme.yaml", "openapi: [3.0.1"), "a.overlay.yaml", None, &Home::Workspace);
    assert!(failure.is_err_and(|failure| failure.to_string().starts_with("specs/acme.yaml:")));
    let failure = take_in(&Spec::new("specs/Acme_1.yaml", SIGNED), "a.overlay.yaml", None, &Home::Workspace);
    assert!(failure.is_err_and(|failure| failure.to_string().contains("cannot be the name of a crate")));
}

#[test]
fn an_overlay_is_the_same_in_each_run() {
    let one = taken("signed.yaml", SIGNED, None);
    assert_eq!(one.overlay, taken("signed.yaml", SIGNED, None).overlay);
    // What the first overlay states is not stated again.
    let again = Spec::new("specs/signed.yaml", SIGNED).with_overlay("specs/mine.overlay.yaml", one.overlay.unwrap());
    let again = take_in(&again, "specs/signed.overlay.yaml", None, &Home::Workspace).unwrap();
    assert_eq!(again.overlay, None);
}
