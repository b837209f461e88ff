//! Reads and checks documents that are large, or that are made so that a bad algorithm takes a long
//! time. The time must be proportional to their size.
//!
//! No test measures the time. With documents of these sizes, a quadratic step would take minutes to
//! hours, which would be noticed.

#![allow(missing_docs, clippy::expect_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use venuekit_codegen::Spec;
use venuekit_codegen::diagnostic::Diagnostics;
use venuekit_codegen::source::Document;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\nx-crate-version: 0.1.0\n";

/// Returns a document without operations. `rest` has the other keys of its root.
fn openapi(rest: &str) -> String {
    format!("{HEAD}paths: {{}}\n{rest}")
}

/// Returns a document with one schema that has these keys.
fn schema(keys: &str) -> String {
    openapi(&format!("components:\n  schemas:\n    A:\n{keys}"))
}

/// Returns a line for each number.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, i| {
        let _ = writeln!(text, "{}", line(i));
        text
    })
}

/// Reads, checks and lowers a document. Asserts that the findings are shown in a short text,
/// however many they are.
fn findings(file: &str, text: &str) -> Diagnostics {
    let found = venuekit_codegen::read(&Spec::new(file, text).deny_warnings())
        .map(|_| Diagnostics::default())
        .unwrap_or_else(|found| found);
    let shown = found.to_string();
    assert!(shown.len() < 100_000, "{} findings are shown in {} bytes", found.len(), shown.len());
    found
}

fn yaml(text: &str) -> Diagnostics {
    findings("acme.yaml", text)
}

/// Asserts that there are exactly `count` findings, that 20 are listed, and that each listed
/// message contains `message`.
fn of_one_kind(found: &Diagnostics, count: usize, message: &str) {
    assert_eq!(found.len(), count, "{found}");
    assert_eq!(found.iter().count(), 20, "{found}");
    assert!(found.iter().all(|finding| finding.message.contains(message)), "{found}");
    assert!(found.to_string().contains(" more like this\n"), "{found}");
}

fn accepted(found: &Diagnostics) {
    assert!(found.is_empty(), "{found}");
}

#[test]
fn many_unknown_keys_are_findings() {
    let text = openapi(&lines(100_000, |i| format!("unknown{i}: 1")));
    of_one_kind(&yaml(&text), 100_000, "the document has no key");
    let members = lines(100_000, |i| format!(",\"unknown{i}\": 1"));
    let head =
        r#"{"openapi": "3.0.3", "info": {"title": "A", "version": "1"}, "x-crate-version": "0.1.0", "paths": {}"#;
    let found = findings("acme.json", &format!("{head}{members}}}"));
    of_one_kind(&found, 100_000, "the document has no key");
    assert!(found.to_string().contains("\n  and 99,980 more like this\n"), "{found}");
}

#[test]
fn an_enum_can_have_many_values_and_repeated_ones_are_findings() {
    let text = schema(&format!("      type: string\n      enum:\n{}", lines(100_000, |i| format!("      - value{i}"))));
    accepted(&yaml(&text));
    let text = schema(&format!("      type: string\n      enum:\n{}", lines(100_000, |_| "      - value".to_owned())));
    of_one_kind(&yaml(&text), 99_999, "is listed twice");
}

#[test]
fn an_integer_enum_can_have_many_names() {
    let values = lines(20_000, |i| format!("      - {i}"));
    let names = lines(20_000, |i| format!("      - Name{i}"));
    let text = schema(&format!("      type: integer\n      enum:\n{values}      x-enum-varnames:\n{names}"));
    accepted(&yaml(&text));
}

#[test]
fn an_example_can_have_many_values_of_a_large_enum() {
    let values = lines(20_000, |i| format!("        - value{i}"));
    let keys =
        format!("      type: array\n      items:\n        type: string\n        enum:\n{values}      example:\n");
    accepted(&yaml(&schema(&format!("{keys}{}", lines(20_000, |i| format!("      - value{i}"))))));
    of_one_kind(&yaml(&schema(&format!("{keys}{}", lines(20_000, |i| format!("      - vale{i}"))))), 20_000, "none of");
}

#[test]
fn an_object_can_have_many_required_properties() {
    let names = lines(20_000, |i| format!("      - member{i}"));
    let members = lines(20_000, |i| format!("        member{i}: {{type: string}}"));
    let text = schema(&format!("      type: object\n      required:\n{names}      properties:\n{members}"));
    accepted(&yaml(&text));
}

#[test]
fn many_required_names_without_a_property_are_findings() {
    let keys = "      type: object\n      properties: {member: {type: string}}\n      required:\n";
    let text = schema(&format!("{keys}{}", lines(100_000, |i| format!("      - member{i}"))));
    of_one_kind(&yaml(&text), 100_000, "there is no property");
    let members = lines(20_000, |i| format!("        member{i}: {{type: string}}"));
    let keys = format!("      type: object\n      properties:\n{members}      required:\n");
    let text = schema(&format!("{keys}{}", lines(20_000, |i| format!("      - mebmer{i}"))));
    of_one_kind(&yaml(&text), 20_000, "there is no property");
}

/// Returns a document with operations that all refer to the same limit, parameter and response.
fn operations(count: usize, id: impl Fn(usize) -> String) -> String {
    let operation = |i: usize| {
        format!(
            "  /p{i}:\n    get:\n      operationId: {}\n      summary: s\n      x-limits: [l]\n      parameters: [{{$ref: \
             '#/components/parameters/P'}}]\n      responses: {{'200': {{$ref: '#/components/responses/R'}}}}",
            id(i)
        )
    };
    format!(
        "{HEAD}x-rate-limits: [{{name: l, per: ip, window: 1s, limit: 1, counts: requests}}]\npaths:\n{}components:\n  \
         parameters: {{P: {{name: p, in: query, schema: {{type: string}}, example: a}}}}\n  responses: {{R: \
         {{description: d, content: {{application/json: {{schema: {{type: string}}, example: a}}}}}}}}\n",
        lines(count, operation)
    )
}

#[test]
fn there_can_be_many_operations_and_repeated_ids_are_findings() {
    accepted(&yaml(&operations(10_000, |i| format!("get{i}"))));
    of_one_kind(&yaml(&operations(10_000, |_| "get".to_owned())), 9_999, "there are two operations");
}

#[test]
fn one_operation_can_have_many_parameters() {
    let operation =
        "  /p:\n    get:\n      operationId: getP\n      summary: s\n      responses: {'204': {description: d}}\n";
    let weights = lines(5_000, |i| format!("          name{i}: 1"));
    let parameters =
        lines(5_000, |i| format!("      - {{name: name{i}, in: query, schema: {{type: string}}, example: a}}"));
    let weight = format!("      x-weight:\n        otherwise: 1\n        when-present:\n{weights}");
    accepted(&yaml(&format!("{HEAD}paths:\n{operation}{weight}      parameters:\n{parameters}")));
    let path: String = (0..5_000).map(|i| format!("/{{name{i}}}")).collect();
    let text = format!("{HEAD}paths:\n  ? {path}\n  :\n{}", operation.replace("  /p:\n", ""));
    let found = yaml(&text);
    assert_eq!(found.len(), 1, "{found}");
}

#[test]
fn many_unknown_limits_and_security_schemes_are_findings() {
    let limit = |i| format!("  - {{name: limit{i}, per: ip, window: 1s, limit: 1, counts: requests}}");
    let listed = lines(20_000, |i| format!("  - lmit{i}"));
    let text = openapi(&format!("x-rate-limits:\n{}x-limits:\n{listed}", lines(20_000, limit)));
    of_one_kind(&yaml(&text), 20_000, "there is no limit");
    let schemes = lines(20_000, |i| format!("    key{i}: {{type: apiKey, in: header, name: K}}"));
    let required = lines(20_000, |i| format!("    kye{i}: []"));
    let text = openapi(&format!("components:\n  securitySchemes:\n{schemes}security:\n  -\n{required}"));
    of_one_kind(&yaml(&text), 20_000, "there is no security scheme");
}

#[test]
fn there_can_be_many_codes_and_conditions_and_repeated_codes_are_findings() {
    let codes = lines(20_000, |i| format!("- {{code: {}, status: {}}}", i / 400, 100 + i % 400));
    let conditions = lines(20_000, |i| format!("  - {{pointer: /a, equals: {i}}}"));
    let text = openapi(&format!("x-error:\n  code: [/code]\n  failed-when:\n{conditions}x-unknown-codes:\n{codes}"));
    accepted(&yaml(&text));
    let codes = lines(20_000, |_| "- {code: 1, status: 429}".to_owned());
    of_one_kind(
        &yaml(&openapi(&format!("x-error: {{code: [/c]}}\nx-unknown-codes:\n{codes}"))),
        19_999,
        "listed twice",
    );
}

#[test]
fn long_chains_and_cycles_of_references_are_findings() {
    let link = |i: usize, next: usize| format!("    C{i}: {{$ref: '#/components/schemas/C{next}'}}");
    let chain = lines(20_000, |i| link(i, i + 1));
    let text = openapi(&format!("components:\n  schemas:\n{chain}    C20000: {{type: string}}\n"));
    of_one_kind(&yaml(&text), 19_968, "and 32 are followed");
    let cycle = lines(20_000, |i| link(i, (i + 1) % 20_000));
    of_one_kind(&yaml(&openapi(&format!("components:\n  schemas:\n{cycle}"))), 20_000, "leads in a cycle");
}

#[test]
fn a_long_chain_of_types_is_accepted_and_a_long_cycle_is_one_finding() {
    let object = |i: usize, next: usize| {
        format!("    C{i}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/C{next}'}}}}}}")
    };
    let chain = lines(10_000, |i| object(i, i + 1));
    accepted(&yaml(&openapi(&format!("components:\n  schemas:\n{chain}    C10000: {{type: string}}\n"))));
    let cycle = lines(10_000, |i| object(i, (i + 1) % 10_000));
    let found = yaml(&openapi(&format!("components:\n  schemas:\n{cycle}")));
    assert_eq!(found.len(), 1, "{found}");
    assert!(found.to_string().contains("C19 -> 9980 more -> C0"), "{found}");
}

#[test]
fn many_responses_can_refer_to_a_large_example() {
    let example = lines(5_000, |i| format!("        member{i}: 1"));
    let response = |i: usize, schema: &str| {
        let media = format!("{{schema: {schema}, examples: {{a: {{$ref: '#/components/examples/Big'}}}}}}");
        format!("    R{i}: {{description: d, content: {{application/json: {media}}}}}")
    };
    let document = |schema: &str| {
        let responses = lines(5_000, |i| response(i, schema));
        openapi(&format!(
            "components:\n  schemas:\n    S: {{type: object, properties: {{a: {{type: string}}}}}}\n  examples:\n    \
             Big:\n      value:\n{example}  responses:\n{responses}"
        ))
    };
    of_one_kind(&yaml(&document("{$ref: '#/components/schemas/S'}")), 5_000, "the schema has no property");
    // Here each response has a schema of its own, so the example is compared with each of them. A
    // finding says that this takes too many comparisons.
    let found = yaml(&document("{type: object, properties: {a: {type: string}}}"));
    assert!(found.to_string().contains("more than 1,000,000 comparisons"), "{found}");
}

#[test]
fn many_methods_can_refer_to_one_long_error_and_one_long_example() {
    let method = |i: usize| {
        format!(
            "- {{name: get{i}, summary: s, params: [], result: {{name: r, schema: {{type: string}}}}, errors: [{{$ref: \
             '#/components/errors/E'}}], examples: [{{$ref: '#/components/examplePairings/X'}}]}}"
        )
    };
    let params = lines(5_000, |_| "      - {name: a, value: 1}".to_owned());
    let text = format!(
        "openrpc: 1.3.2\ninfo: {{title: A, version: '1'}}\nx-crate-version: 0.1.0\nmethods:\n{}components:\n  errors: {{E: \
         {{code: 1, message: {}}}}}\n  examplePairings:\n    X:\n      name: x\n      result: {{name: r, value: a}}\n      \
         params:\n{params}",
        lines(5_000, method),
        "m".repeat(100_000)
    );
    let found = yaml(&text);
    assert_eq!(found.len(), 1, "{found}");
}

#[test]
fn the_lists_at_the_root_can_be_long() {
    let tags = lines(50_000, |i| format!("- {{name: tag{i}}}"));
    let servers = lines(20_000, |i| format!("- {{url: 'https://h{i}.example', x-environment: test}}"));
    let limits = lines(20_000, |i| format!("- {{name: l{i}, per: ip, window: 1s, limit: 1, counts: requests}}"));
    let names = lines(20_000, |i| format!("- l{i}"));
    let text = format!("tags:\n{tags}servers:\n{servers}x-rate-limits:\n{limits}x-limits:\n{names}");
    accepted(&yaml(&openapi(&text)));
}

#[test]
fn a_document_of_too_many_values_is_one_finding() {
    let brackets = "[],".repeat(3_500_000);
    let found = findings("acme.json", &format!("{{\"a\": [{brackets}1]}}"));
    assert_eq!(found.len(), 1, "{found}");
    assert!(found.to_string().contains("the document has more than 3,000,000 values"), "{found}");
    let found = yaml(&format!("a: [{brackets}]\n"));
    assert_eq!(found.len(), 1, "{found}");
    assert!(found.to_string().contains("the document has more than 3,000,000 values"), "{found}");
}

#[test]
fn a_list_of_too_many_values_is_one_finding() {
    let text = schema(&format!("      type: string\n      enum:\n{}", "      - a\n".repeat(3_000_001)));
    assert_eq!(yaml(&text).len(), 1);
}

#[test]
fn long_keys_with_many_values_below_them_are_one_finding() {
    let text = format!("{{\"{}\": [{}1]}}", "k".repeat(1_000_000), "1,".repeat(100_000));
    let found = findings("acme.json", &text);
    assert_eq!(found.len(), 1);
    let shown = found.iter().next().map(|finding| finding.message.clone()).unwrap_or_default();
    assert_eq!(shown, "the JSON pointers of the first 301 values have more than 300,000,000 bytes together");
}

#[test]
fn brackets_that_nest_deeply_are_one_finding() {
    for file in ["acme.yaml", "acme.json"] {
        for text in ["[".repeat(10_000_000), "{\"a\":".repeat(2_000_000)] {
            let found = Document::parse(file, &text).map(|_| ()).expect_err("it nests too deeply");
            assert_eq!(found.len(), 1);
            assert!(found.to_string().contains("values nest deeper than 64 levels"), "{found}");
        }
    }
}

#[test]
fn many_operations_can_refer_to_a_large_response() {
    let operation = |i: usize| {
        format!(
            "  /p{i}:\n    get: {{operationId: get{i}, summary: s, responses: {{'200': {{$ref: \
             '#/components/responses/R'}}}}}}"
        )
    };
    let example = lines(5_000, |i| format!("            - value{i}"));
    let text = format!(
        "{HEAD}paths:\n{}components:\n  responses:\n    R:\n      description: d\n      content:\n        \
         application/json:\n          schema: {{type: array, items: {{type: string}}}}\n          example:\n{example}",
        lines(3_000, operation)
    );
    accepted(&yaml(&text));
}

#[test]
fn many_properties_with_the_same_name_in_rust_are_findings() {
    let members = lines(1_000, |i| format!("        a{}: {{type: string}}", "_".repeat(i)));
    let text = schema(&format!("      type: object\n      properties:\n{members}"));
    of_one_kind(&yaml(&text), 999, "is called `a` in Rust");
}

#[test]
fn aliases_that_multiply_the_values_of_a_document_are_refused() {
    // Each line repeats the one before it ten times: 10^9 values in a few hundred bytes.
    let lines = (1..=9).fold(String::from("x-0: &a0 [1]\n"), |mut text, i| {
        let ten = vec![format!("*a{}", i - 1); 10].join(", ");
        let _ = writeln!(text, "x-{i}: &a{i} [{ten}]");
        text
    });
    let found = Document::parse("acme.yaml", &openapi(&lines)).map(|_| ()).expect_err("it has too many values");
    assert!(found.to_string().contains("the document has more than 3,000,000 values"), "{found}");
}

#[test]
fn a_large_object_can_be_merged_into_many_others() {
    let keys: Vec<String> = (0..500).map(|i| format!("k{i}: 1")).collect();
    let text = lines(900, |i| format!("x-{i}: {{<<: *all, own: {i}}}"));
    accepted_text(&openapi(&format!("x-all: &all {{{}}}\n{text}", keys.join(", "))));
}

fn accepted_text(text: &str) {
    assert!(Document::parse("acme.yaml", text).is_ok());
}

#[test]
fn a_cycle_of_references_through_many_files_is_read() {
    let file =
        |i: usize| format!("A: {{type: object, properties: {{next: {{$ref: 'f{}.yaml#/A'}}}}}}\n", (i + 1) % 100);
    let text = openapi("security: []\ncomponents: {schemas: {A: {$ref: 'f0.yaml#/A'}}}");
    let spec = Spec::new("acme.yaml", text).with_files_beside(|name| {
        let number = name.strip_prefix('f')?.strip_suffix(".yaml")?.parse().ok()?;
        Some(file(number))
    });
    assert_eq!(spec.others.len(), 100);
    let document = venuekit_codegen::source::load(&spec).expect("it can be read");
    let schemas = document.node("/components/schemas").and_then(|schemas| schemas.as_map()).expect("it has schemas");
    assert_eq!(schemas.len(), 101);
}

/// Returns a document that is not strict, with these schemas. One operation receives the schema
/// `T`.
fn published(schemas: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\nservers: [{{url: 'https://api.acme.example'}}]\nsecurity: []\n\
         paths: {{/x: {{get: {{operationId: x, summary: S, responses: {{'200': {{description: ok, content: \
         {{application/json: {{schema: {{$ref: '#/components/schemas/T'}}}}}}}}}}}}}}}}\n\
         components:\n  schemas:\n{schemas}"
    )
}

/// Reads a document that is not strict, and returns its notes.
fn notes(text: &str) -> String {
    let reading = venuekit_codegen::read_with_notes(&Spec::new("acme.yaml", text)).expect("the document is read");
    reading.notes.list()
}

#[test]
fn choices_that_multiply_become_raw_json() {
    let object =
        |tag: String| format!("{{type: object, required: [k], properties: {{k: {{type: string, enum: [{tag}]}}}}}}");
    let choice = |at: usize| {
        let alternatives: Vec<String> = (0..4).map(|alternative| object(format!("a{at}b{alternative}"))).collect();
        format!("{{oneOf: [{}]}}", alternatives.join(", "))
    };
    let elements: Vec<String> = (0..10).map(choice).collect();
    let found = notes(&published(&format!("    T: {{allOf: [{}]}}\n", elements.join(", "))));
    assert!(found.contains("alternatives"), "{found}");
}

#[test]
fn choices_that_contain_each_other_are_one_choice() {
    let level = |at: usize| {
        let next = at + 1;
        format!(
            "    U{at}: {{oneOf: [{{$ref: '#/components/schemas/U{next}'}}, {{$ref: '#/components/schemas/V{next}'}}]}}\n    \
             V{at}: {{oneOf: [{{$ref: '#/components/schemas/V{next}'}}, {{$ref: '#/components/schemas/U{next}'}}]}}\n"
        )
    };
    let last = "    U24: {type: object, properties: {a: {type: string}}}\n    V24: {type: object, properties: {b: {type: string}}}\n";
    let levels: String = (0..24).map(level).collect();
    let found = notes(&published(&format!("    T: {{$ref: '#/components/schemas/U0'}}\n{levels}{last}")));
    assert!(found.contains("nothing tells the objects apart"), "{found}");
}

#[test]
fn a_choice_can_have_many_alternatives() {
    let members = lines(22, |i| format!("        m{i}: {{type: string}}"));
    let alternatives =
        lines(400, |i| format!("    A{i}:\n      type: object\n      required: [m0]\n      properties:\n{members}"));
    let references: Vec<String> = (0..400).map(|i| format!("{{$ref: '#/components/schemas/A{i}'}}")).collect();
    let found = notes(&published(&format!("    T: {{oneOf: [{}]}}\n{alternatives}", references.join(", "))));
    assert!(found.contains("nothing tells the objects apart"), "{found}");
}

#[test]
fn a_form_that_contains_itself_several_times_is_read_once() {
    let bases = "{$ref: '#/components/schemas/F'}, ".repeat(3);
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: Acme, version: '1'}}\nservers: [{{url: 'https://api.acme.example'}}]\n\
         paths:\n  /f:\n    post:\n      operationId: f\n      security: []\n      requestBody: {{content: \
         {{multipart/form-data: {{schema: {{$ref: '#/components/schemas/F'}}}}}}}}\n      responses: {{'200': \
         {{description: ok}}}}\ncomponents:\n  schemas:\n    F: {{type: object, allOf: [{bases}], properties: {{a: \
         {{type: string, format: binary}}, b: {{anyOf: [{bases}]}}}}}}\n"
    );
    assert!(!notes(&text).is_empty());
}
