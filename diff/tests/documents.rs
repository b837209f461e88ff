//! The documents that are compared: as the generator reads them, with their files and overlays, in
//! each dialect. A document that cannot be read is never unchanged.

#![allow(clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

use venuekit_diff::{Comparison, Level, Spec, check, compare};

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Tiny, version: '1'}\n";

fn compared(old: &Spec, new: &Spec) -> Comparison {
    compare(Some(old), Some(new)).unwrap_or_else(|findings| panic!("{findings}"))
}

/// Returns the rules and verdicts on the wire of all changes.
fn told(comparison: &Comparison) -> Vec<(&'static str, Level)> {
    comparison.changes.iter().map(|change| (change.rule.id, change.wire.level)).collect()
}

#[test]
fn a_wrong_shape_is_a_fault_and_not_an_empty_contract() {
    let operation = |keys: &str| format!("{HEAD}paths: {{/a: {{get: {{{keys}}}}}}}\n");
    let schema = |keys: &str| {
        operation(&format!("responses: {{'200': {{content: {{application/json: {{schema: {{{keys}}}}}}}}}}}"))
    };
    for (text, said) in [
        (format!("{HEAD}paths: []\n"), "expected an object, not a list"),
        (HEAD.to_owned(), "`paths` is missing"),
        (format!("{HEAD}paths: {{/a: []}}\n"), "expected an object, not a list"),
        (format!("{HEAD}paths: {{/a: {{get: 1}}}}\n"), "expected an object, not a number"),
        (operation("parameters: {}, responses: {}"), "expected a list, not an object"),
        (operation("parameters: [a], responses: {}"), "expected an object, not text"),
        (operation("parameters: [{name: a}], responses: {}"), "`in` is missing, or it is not text"),
        (operation("parameters: [{name: 1, in: query}], responses: {}"), "`name` is missing, or it is not text"),
        (operation("responses: []"), "expected an object, not a list"),
        (operation("responses: {'200': ok}"), "expected an object, not text"),
        (operation("security: {}, responses: {}"), "expected a list, not an object"),
        (operation("requestBody: {content: []}, responses: {}"), "expected an object, not a list"),
        (schema("properties: []"), "expected an object, not a list"),
        (schema("allOf: {}"), "expected a list, not an object"),
        (schema("enum: {}"), "expected a list, not an object"),
        (schema("items: text"), "expected a schema, not text"),
        (format!("{HEAD}servers: {{}}\npaths: {{}}\n"), "expected a list, not an object"),
        ("openrpc: 1.3.2\ninfo: {title: A, version: '1'}\nmethods: {}\n".to_owned(), "expected a list, not an object"),
        ("openrpc: 1.3.2\ninfo: {title: A, version: '1'}\nmethods: [{params: []}]\n".to_owned(), "`name` is missing"),
        ("openrpc: 1.3.2\ninfo: {title: A, version: '1'}\n".to_owned(), "`methods` is missing"),
    ] {
        let spec = Spec::new("tiny.yaml", text.as_str());
        let other = Spec::new("other.yaml", format!("{HEAD}paths: {{}}\n"));
        for refused in [compare(Some(&spec), Some(&spec)), compare(Some(&other), Some(&spec))] {
            let findings = refused.err().unwrap_or_else(|| panic!("it is not refused: {text}")).to_string();
            assert!(findings.contains(said), "{text}\n{findings}");
        }
        // A document does not become readable by being equal to itself.
        assert!(check(&spec).is_err(), "{text}");
    }
    // A value of null is a value that is not there.
    let spec = Spec::new("tiny.yaml", operation("parameters: , responses: {}"));
    assert!(check(&spec).is_ok());
}

#[test]
fn the_faults_of_both_documents_are_told() {
    let old = Spec::new("a.yaml", format!("{HEAD}paths: []\n"));
    let new = Spec::new("b.yaml", format!("{HEAD}paths: {{}}\nservers: text\n"));
    let findings = compare(Some(&old), Some(&new)).expect_err("they are refused").to_string();
    assert!(findings.contains("a.yaml:3:1") && findings.contains("b.yaml:4:10"), "{findings}");
}

const REFERRING: &str = "openapi: 3.0.3
info: {title: Tiny, version: '1'}
paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {$ref: 'parts/order.yaml#/Order'}}}}
      responses: {'200': {description: Placed.}}
";

#[test]
fn a_change_in_a_file_behind_a_reference_is_found_there() {
    let spec = |side: &str| {
        let order = format!("Order: {{type: object, properties: {{side: {{$ref: 'side.yaml'}}}}}}\n# {side}\n");
        Spec::new("specs/tiny.yaml", REFERRING)
            .with_file("specs/parts/order.yaml", order)
            .with_file("specs/parts/side.yaml", format!("type: string\nenum: [{side}]\n"))
    };
    let comparison = compared(&spec("buy, sell"), &spec("buy"));
    assert_eq!(told(&comparison), [("enum-value-removed", Level::Breaking)]);
    let place = comparison.changes.first().map(|change| change.place.location.clone()).expect("there is a change");
    assert_eq!((place.file.as_str(), place.line), ("specs/parts/side.yaml", 2));
    assert!(comparison.incomplete.is_empty());
}

#[test]
fn what_a_reference_without_a_target_hides_makes_a_comparison_incomplete() {
    let missing = Spec::new("specs/tiny.yaml", REFERRING);
    let comparison = compared(&missing, &missing);
    let findings = comparison.incomplete.to_string();
    assert!(findings.contains("specs/tiny.yaml:6"), "{findings}");
    assert!(check(&missing).is_err());

    let dangling = |name: &str| {
        let schema = format!("{{$ref: '#/components/schemas/{name}'}}");
        let text = format!(
            "{HEAD}paths: {{/a: {{get: {{responses: {{'200': {{content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}\n\
             components: {{schemas: {{A: {{type: string}}, Loop: {{$ref: '#/components/schemas/Loop'}}}}}}\n"
        );
        Spec::new("tiny.yaml", text)
    };
    for name in ["Nothing", "Loop"] {
        let comparison = compared(&dangling("A"), &dangling(name));
        let findings = comparison.incomplete.to_string();
        assert!(findings.contains(&format!("`#/components/schemas/{name}` leads to no value")), "{findings}");
    }
    // A key of an example is no reference.
    let text =
        format!("{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{type: object, example: {{$ref: '#/x'}}}}}}}}\n");
    assert!(check(&Spec::new("tiny.yaml", text)).is_ok());
}

#[test]
fn the_overlays_of_a_document_are_applied_first() {
    let text = format!("{HEAD}paths: {{/a: {{get: {{responses: {{'200': {{description: A.}}}}}}}}}}\n");
    let overlay = "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n  - {target: \"$.paths['/a'].get\", remove: true}\n";
    let plain = Spec::new("tiny.yaml", text.as_str());
    let changed = Spec::new("tiny.yaml", text.as_str()).with_overlay("tiny.overlay.yaml", overlay);
    assert_eq!(told(&compared(&plain, &changed)), [("operation-removed", Level::Breaking)]);
}

const SWAGGER: &str = "swagger: '2.0'
info: {title: Tiny, version: '1'}
host: api.acme.example
basePath: /v1
paths:
  /orders:
    post:
      consumes: [application/json]
      parameters:
        - {name: limit, in: query, type: integer, maximum: 100}
        - {name: order, in: body, required: true, schema: {$ref: '#/definitions/Order'}}
      responses: {'200': {description: Placed.}}
definitions:
  Order: {type: object, properties: {side: {type: string, enum: [buy, sell]}}}
";

const SAME_AS_SWAGGER: &str = "openapi: 3.0.3
info: {title: Tiny, version: '1'}
servers: [{url: 'https://api.acme.example/v1'}]
paths:
  /orders:
    post:
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 100}}]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
      responses: {'200': {description: Placed.}}
components:
  schemas:
    Order: {type: object, properties: {side: {type: string, enum: [buy, sell]}}}
";

#[test]
fn a_document_of_version_two_is_compared_like_one_of_version_three() {
    let old = Spec::new("tiny.yaml", SWAGGER);
    assert_eq!(told(&compared(&old, &old)), []);
    let narrower = SWAGGER.replace("[buy, sell]", "[buy]").replace("maximum: 100", "maximum: 50");
    let mut found = told(&compared(&old, &Spec::new("tiny.yaml", narrower)));
    found.sort_unstable();
    assert_eq!(found, [("bound-tightened", Level::Breaking), ("enum-value-removed", Level::Breaking)]);
    assert_eq!(told(&compared(&old, &Spec::new("tiny.yaml", SAME_AS_SWAGGER))), []);
}

#[test]
fn valid_yaml_is_compared_as_the_generator_reads_it() {
    let text = |maximum: &str, ty: &str| {
        format!(
            "{HEAD}paths:\n  /a:\n    get:\n      parameters:\n        - &p {{name: a, in: query, schema: &s {{type: {ty}, \
             maximum: {maximum}}}}}\n      responses: {{'200': {{description: A., headers: {{X-A: {{schema: *s}}}}}}}}\nx-p: *p\n"
        )
    };
    let spec = |maximum: &str, ty: &str| Spec::new("tiny.yaml", text(maximum, ty));
    let differs = told(&compared(&spec("10", "integer"), &spec("10", "string")));
    assert!(
        differs.contains(&("type-changed", Level::Breaking)) || differs.contains(&("type-widened", Level::Breaking)),
        "{differs:?}"
    );
    for maximum in ["0x1F", "0000.0", "1_000", "+5"] {
        assert_eq!(told(&compared(&spec(maximum, "integer"), &spec(maximum, "integer"))), [], "{maximum}");
    }
}

#[test]
fn deep_nesting_has_a_stated_bound() {
    let nested = |depth: usize| {
        let schema = format!("{}{{type: string}}{}", "{type: array, items: ".repeat(depth), "}".repeat(depth));
        let content = format!("content: {{application/json: {{schema: {schema}}}}}");
        Spec::new("tiny.yaml", format!("{HEAD}paths: {{/a: {{get: {{responses: {{'200': {{{content}}}}}}}}}}}\n"))
    };
    assert!(told(&compared(&nested(40), &nested(40))).is_empty());
    let findings = check(&nested(5_000)).expect_err("it is too deep").to_string();
    assert!(findings.contains("nest") || findings.contains("deep"), "{findings}");
}

/// Our clients' promises count only for documents from which a crate is generated: those that state
/// the version of the crate.
#[test]
fn promises_of_generated_clients_count_only_for_generated_crates() {
    let text = |version: &str, media: &str| {
        format!(
            "{HEAD}{version}paths: {{/a: {{get: {{responses: {{'200': {{description: A., content: \
             {{application/json: {{schema: {{type: string}}}}{media}}}}}}}}}}}}}\n"
        )
    };
    let lost = |version: &str| {
        let (old, new) = (text(version, ", text/xml: {}"), text(version, ""));
        compared(&Spec::new("tiny.yaml", old), &Spec::new("tiny.yaml", new))
    };
    let foreign = lost("");
    assert_eq!(told(&foreign), [("media-type-removed", Level::Breaking)]);
    assert!(!foreign.names_compared());
    let generated = lost("x-crate-version: 0.1.0\n");
    assert_eq!(told(&generated), [("media-type-removed", Level::Safe)]);
    assert!(generated.names_compared());
}
