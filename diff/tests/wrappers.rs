//! Each kind of schema, inside each kind of wrapper, in requests and in responses: a change of the
//! schema is found with its verdict, whatever is around it.

#![allow(clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use venuekit_diff::{Comparison, Level, Spec, compare};

/// A schema before and after a change that narrows it. All of them breaks requests, and their
/// opposites break responses; `back` is the lowest verdict on those.
struct Kind {
    name: &'static str,
    wide: &'static str,
    narrow: &'static str,
    back: Level,
    /// The type of the values.
    ty: &'static str,
}

const KINDS: [Kind; 9] = [
    Kind {
        name: "values",
        wide: "{type: string, enum: [buy, sell]}",
        narrow: "{type: string, enum: [buy]}",
        back: Level::Risky,
        ty: "string",
    },
    Kind { name: "type", wide: "{type: number}", narrow: "{type: integer}", back: Level::Breaking, ty: "number" },
    Kind {
        name: "bound",
        wide: "{type: string, maxLength: 9}",
        narrow: "{type: string, maxLength: 5}",
        back: Level::Breaking,
        ty: "string",
    },
    Kind {
        name: "object",
        wide: "{type: object, properties: {a: {type: string}}}",
        narrow: "{type: object, required: [a], properties: {a: {type: string}}}",
        back: Level::Breaking,
        ty: "object",
    },
    Kind {
        name: "property",
        wide: "{type: object, properties: {a: {type: number}}}",
        narrow: "{type: object, properties: {a: {type: integer}}}",
        back: Level::Breaking,
        ty: "object",
    },
    Kind {
        name: "list",
        wide: "{type: array, items: {type: number}}",
        narrow: "{type: array, items: {type: integer}}",
        back: Level::Breaking,
        ty: "array",
    },
    Kind {
        name: "map",
        wide: "{type: object, additionalProperties: {type: number}}",
        narrow: "{type: object, additionalProperties: {type: integer}}",
        back: Level::Breaking,
        ty: "object",
    },
    Kind {
        name: "union",
        wide: "{oneOf: [{type: string}, {type: boolean}, {type: object, properties: {a: {type: string}}}]}",
        narrow: "{oneOf: [{type: string}, {type: object, properties: {a: {type: string}}}]}",
        back: Level::Breaking,
        ty: "",
    },
    Kind {
        name: "null",
        wide: "{type: string, nullable: true}",
        narrow: "{type: string}",
        back: Level::Breaking,
        // Null has to match each schema of an `allOf`.
        ty: "",
    },
];

/// The keys beside an `allOf`, `oneOf` or `anyOf` of one schema.
const BESIDE: [&str; 15] = [
    "",
    "description: Text.",
    "title: Text",
    "deprecated: true",
    "deprecated: false",
    "default: x",
    "example: x",
    "x-note: a",
    "readOnly: false",
    "writeOnly: false",
    "externalDocs: {url: 'https://acme.example'}",
    "xml: {name: a}",
    "maxLength: 100",
    "maxProperties: 100",
    "maxItems: 100",
];

/// The other schemas of an `allOf`; `TYPE` is the type of the values.
const OTHERS: [&str; 7] = [
    "{}",
    "{description: Text.}",
    "{TYPE}",
    "{maxLength: 100}",
    "{minProperties: 0}",
    "{x-note: a}",
    "{allOf: [{description: Text.}]}",
];

/// Returns the wrappers around a schema, each with its name.
fn wrapped(schema: &str, ty: &str) -> Vec<String> {
    let mut all = Vec::new();
    for key in ["allOf", "oneOf", "anyOf"] {
        for beside in BESIDE {
            let comma = if beside.is_empty() { "" } else { ", " };
            all.push(format!("{{{key}: [{schema}]{comma}{beside}}}"));
        }
    }
    for other in OTHERS {
        let stated = if ty.is_empty() { String::new() } else { format!("type: {ty}") };
        let other = other.replace("TYPE", &stated);
        all.push(format!("{{allOf: [{schema}, {other}]}}"));
        all.push(format!("{{allOf: [{other}, {schema}]}}"));
        all.push(format!("{{deprecated: true, allOf: [{other}, {{allOf: [{schema}]}}]}}"));
    }
    all.push(format!("{{allOf: [{{allOf: [{{allOf: [{schema}]}}], x-note: a}}]}}"));
    all.push(format!("{{allOf: [{{oneOf: [{{anyOf: [{schema}], deprecated: true}}]}}]}}"));
    all
}

/// Returns a document with a schema in a request or a response, inline or as a component.
fn document(is_request: bool, property: &str, component: &str) -> String {
    let content = format!(
        "content: {{application/json: {{schema: {{type: object, required: [p], properties: {{p: {property}}}}}}}}}"
    );
    let (request, response) = match is_request {
        true => (format!("      requestBody: {{required: true, {content}}}\n"), String::new()),
        false => (String::new(), format!(", {content}")),
    };
    format!(
        "openapi: 3.0.3\ninfo: {{title: Tiny, version: '1'}}\npaths:\n  /orders:\n    post:\n{request}      \
         responses: {{'200': {{description: Placed.{response}}}}}\ncomponents: {{schemas: {{Part: {component}}}}}\n"
    )
}

fn compared(old: &str, new: &str) -> Comparison {
    let (old, new) = (Spec::new("tiny.yaml", old), Spec::new("tiny.yaml", new));
    compare(Some(&old), Some(&new)).unwrap_or_else(|findings| panic!("{findings}"))
}

fn worst(comparison: &Comparison) -> Level {
    comparison.changes.iter().map(|change| change.wire.level).max().unwrap_or(Level::Safe)
}

fn told(comparison: &Comparison) -> String {
    let ids: Vec<String> =
        comparison.changes.iter().map(|change| format!("{} {}", change.rule.id, change.wire.level)).collect();
    ids.join(", ")
}

#[test]
fn a_change_inside_each_wrapper_is_found_in_both_directions() {
    let (mut faults, mut tried) = (String::new(), 0);
    for kind in &KINDS {
        for is_component in [false, true] {
            let inner = |schema: &str| {
                if is_component { "{$ref: '#/components/schemas/Part'}".to_owned() } else { schema.to_owned() }
            };
            let (wide, narrow) = (wrapped(&inner(kind.wide), kind.ty), wrapped(&inner(kind.narrow), kind.ty));
            for (wide, narrow) in wide.iter().zip(&narrow) {
                for (is_request, least) in [(true, Level::Breaking), (false, kind.back)] {
                    let wide = document(is_request, wide, kind.wide);
                    let narrow_document = document(is_request, narrow, kind.narrow);
                    let (old, new) = if is_request { (&wide, &narrow_document) } else { (&narrow_document, &wide) };
                    let (there, same) = (compared(old, new), compared(old, old));
                    tried += 1;
                    if worst(&there) < least {
                        let _ = writeln!(
                            faults,
                            "{}, request {is_request}: {narrow}\n  found: {}",
                            kind.name,
                            told(&there)
                        );
                    }
                    if !same.is_empty() {
                        let _ = writeln!(faults, "{}: {narrow} differs from itself: {}", kind.name, told(&same));
                    }
                }
            }
        }
    }
    assert!(tried > 2_000, "{tried} were tried");
    assert!(faults.is_empty(), "{} faults\n{}", faults.lines().count(), faults.chars().take(6000).collect::<String>());
}

/// A wrapper with keys that only annotate or limit what is limited already changes nothing on the
/// wire.
#[test]
fn a_wrapper_that_comes_or_goes_breaks_nothing() {
    let mut faults = String::new();
    for kind in &KINDS {
        let part = "{$ref: '#/components/schemas/Part'}";
        for wrapper in wrapped(part, kind.ty) {
            let is_limit = wrapper.contains(": 100");
            for is_request in [true, false] {
                let plain = document(is_request, part, kind.wide);
                let other = document(is_request, &wrapper, kind.wide);
                for (old, new) in [(&plain, &other), (&other, &plain)] {
                    let there = compared(old, new);
                    // The bound of a wrapper is a bound.
                    let is_expected = |id: &str| id.starts_with("bound-") || id.starts_with("requirement-");
                    let breaks = |change: &&venuekit_diff::Change| {
                        change.wire.level == Level::Breaking && !(is_limit && is_expected(change.rule.id))
                    };
                    if there.changes.iter().any(|change| breaks(&change)) {
                        let _ = writeln!(faults, "{}, request {is_request}: {wrapper}: {}", kind.name, told(&there));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.lines().count(), faults.chars().take(6000).collect::<String>());
}
