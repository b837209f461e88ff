//! Specs with the most unusual names and texts.
//!
//! The names are keywords, names of the standard library, and names that generated code has or
//! uses. They name components, properties, columns, values of enums and parameters. Those that
//! begin with a letter also name operations. The texts are Markdown with code, links and tags.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

const KEYWORDS: &[&str] = &[
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "macro_rules",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "raw",
    "ref",
    "return",
    "safe",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Types, traits, functions, macros and attributes of the standard library, most of them in its
/// prelude.
const PRELUDE: &[&str] = &[
    "AsMut",
    "AsRef",
    "AsyncFn",
    "bool",
    "Box",
    "char",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "Error",
    "ExactSizeIterator",
    "Extend",
    "f32",
    "f64",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "FromStr",
    "Future",
    "Hash",
    "i128",
    "i32",
    "i64",
    "i8",
    "Infallible",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "isize",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "size_of",
    "Sized",
    "Some",
    "str",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "u32",
    "u64",
    "u8",
    "Unpin",
    "usize",
    "Vec",
    "drop",
    "panic",
    "assert",
    "matches",
    "stringify",
    "format",
    "vec",
    "println",
    "derive",
    "deprecated",
    "must_use",
    "doc",
    "allow",
    "cfg",
    "test",
];

/// Crates, modules, types, methods, fields and variables that generated code has or uses.
const GENERATED: &[&str] = &[
    "abort_calls",
    "alloc",
    "AnyCall",
    "AnyClient",
    "api_version",
    "ArgumentError",
    "Arguments",
    "Arc",
    "auth",
    "base_url",
    "bigdecimal",
    "blank",
    "Blank",
    "body",
    "Body",
    "Body2",
    "BodyMeta",
    "BodyState",
    "borrow",
    "Borrow",
    "BTreeMap",
    "build",
    "builder",
    "builders",
    "call",
    "Call",
    "client",
    "Client",
    "ClientBuilder",
    "clock_offset",
    "clone",
    "code",
    "CodeRule",
    "Column",
    "Condition",
    "connect",
    "core",
    "credentials",
    "Credentials",
    "D",
    "deadline",
    "Decimal",
    "DecimalNumber",
    "DecimalString",
    "deserialize",
    "Deserialize",
    "Deserializer",
    "DeserializeAs",
    "description",
    "draft",
    "RequestBuilder",
    "Duration",
    "EncodeAs",
    "Environment",
    "error",
    "ErrorKind",
    "Example",
    "ExampleOf",
    "explain",
    "fmt",
    "from_str",
    "given",
    "Given",
    "idempotent",
    "Idempotent",
    "IntegerOrText",
    "Iso8601",
    "into",
    "is_known",
    "is_present",
    "Json",
    "key",
    "KNOWN",
    "known",
    "Limit",
    "limits",
    "LimitsSnapshot",
    "ParameterIn",
    "maybe",
    "Maybe",
    "message",
    "meta",
    "META",
    "method",
    "Method",
    "missing",
    "name",
    "new",
    "NoCredentials",
    "null",
    "object",
    "of",
    "OneOrMany",
    "operation",
    "Operation",
    "OperationMeta",
    "operations",
    "optional",
    "Outcome",
    "Parameter",
    "ParameterMeta",
    "parameters",
    "path",
    "PhantomData",
    "Present",
    "query",
    "read",
    "recv_window",
    "RecvWindow",
    "reopen_limit",
    "Response",
    "reqwest",
    "required",
    "Required",
    "Retry",
    "row",
    "RowWriter",
    "rust_decimal",
    "S",
    "Same",
    "Security",
    "send",
    "serde",
    "serde_json",
    "serde_with",
    "serialize",
    "Serialize",
    "Serializer",
    "Server",
    "ServerTime",
    "set",
    "Signer",
    "source",
    "spec",
    "status",
    "std",
    "sync_clock",
    "Throttle",
    "timeout",
    "TimeInteger",
    "TimeText",
    "Timestamp",
    "TimeUnit",
    "title",
    "to_string",
    "types",
    "unknown",
    "UnixMillis",
    "UnixSeconds",
    "UnknownValue",
    "Unrecognized",
    "V",
    "value",
    "Value",
    "venue",
    "VENUE",
    "VenueError",
    "venuekit",
    "VenueMeta",
    "version",
    "Visitor",
    "Weight",
    "wire",
    "with",
    "with_body",
    "A",
    "T",
    "K",
    "E",
    "__D",
    "__S",
    "a-b",
    "1",
    "1m",
    "-1",
    "9lives",
    "x1",
    "x_1a",
];

/// A text with much that Markdown or Rust could read as syntax.
const TEXT: &str = "First [Option] and [`Vec`](crate::types) of <T> <b>bold</b> https://acme.example/a_b, \
[a link](https://acme.example) */ /* \"quoted\" \\ {braces} #![bad] \u{202e}\u{7}\rreturned\r\n\n    panic!(\"indented\");\n\n\
```\npanic!(\"fenced\");\n```\n\n- item\n\n      panic!(\"in an item\");\n\n> ```rust,should_panic\n> ok\n> ```\n\n\
<details>\n[Decimal]\n</details>\n\n| a | [String] |\n|---|---|\n| <u> | x |\n\n~~~rust\npanic!(\"not closed\");";

/// Returns the specs, each with the name of its venue.
pub fn specs() -> Vec<(String, String)> {
    let specs = [("awkward-http", http()), ("awkward-rpc", rpc()), ("awkward-empty", empty())];
    specs.into_iter().map(|(name, spec)| (name.to_owned(), spec.to_string())).collect()
}

/// Returns all names. A name that differs from an earlier one only in case, `_` or `-` is left out,
/// except `-1`.
fn names() -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    let letters = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let all = [KEYWORDS, PRELUDE, GENERATED].concat();
    all.into_iter().filter(|name| *name == "-1" || seen.insert(letters(name))).collect()
}

/// Returns whether the name begins with a letter, as the name of an operation has to.
fn can_be_operation(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Returns the unusual text for every twelfth index, and a short text for the others, so that the
/// crates stay small.
fn text(at: usize) -> &'static str {
    if at.is_multiple_of(12) { TEXT } else { "See [Option] and <T>." }
}

fn is_deprecated(at: usize) -> bool {
    at.is_multiple_of(5)
}

fn empty() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Awkward `[Option]` <b>", "version": "<1>", "description": TEXT},
        "x-crate-version": "0.1.0",
        "x-error-codes": [
            {"code": "a-b", "message": "Same"},
            {"code": "a_b", "message": "same"},
            {"code": "価格", "message": "価格"},
            {"code": "self", "message": "self"},
            {"code": "x", "message": TEXT},
            {"code": "x", "message": "x", "description": TEXT},
            {"code": "`a|b`", "description": TEXT},
        ],
        "x-rate-limits": [{
            "name": "[Vec] | `x` <b>", "per": "ip", "window": "1s", "limit": 100, "counts": "weight", "header": "X-|",
            "x-evidence": [{"source": TEXT, "kind": "hint", "says": "100 in a second."}],
        }],
        "x-limits": ["[Vec] | `x` <b>"],
        "paths": {},
    })
}

/// Returns one of eight schemas for a property or a column, in turn.
fn schema(at: usize, other: &str) -> Value {
    let component = json!({"$ref": format!("#/components/schemas/{other}")});
    // A Rust type that contains itself, directly or in other types, has no size. So the schemas
    // outside lists and maps refer to an enum, which contains no other type.
    let small = json!({"$ref": "#/components/schemas/Enum0"});
    match at % 8 {
        0 => json!({"type": "string"}),
        1 => json!({"type": "integer", "nullable": true}),
        2 => json!({"type": "string", "format": "decimal"}),
        3 => json!({"type": "array", "items": component}),
        4 => small,
        5 => json!({"type": "object", "additionalProperties": component}),
        6 => json!({"oneOf": [{"type": "integer"}, small, {"type": "boolean"}]}),
        _ => json!({"oneOf": [{"type": "integer"}, {"type": "string"}]}),
    }
}

fn http() -> Value {
    let names = names();
    let mut schemas = Map::new();
    let enums: Map<String, Value> = names
        .chunks(40)
        .enumerate()
        .map(|(at, names)| {
            let texts = vec![text(at); names.len()];
            let spec = json!({"type": "string", "enum": names, "x-enum-descriptions": texts, "description": text(at)});
            (format!("Enum{at}"), spec)
        })
        .collect();
    for (at, name) in names.iter().enumerate() {
        let other = names.get(at + 1).copied().unwrap_or("Enum0");
        // Each name is used as a required property, as an optional property, and as a column.
        let own: Vec<&&str> = names.iter().skip(at).take(3).collect();
        let mut properties = Map::new();
        for (index, own) in own.iter().enumerate() {
            let mut property = schema(at + index, other);
            if property.get("$ref").is_none() {
                property["description"] = text(at).into();
                property["deprecated"] = is_deprecated(at + index).into();
            }
            properties.insert((**own).to_owned(), property);
        }
        let spec = match at % 6 {
            0 => {
                let columns: Vec<Value> = own
                    .iter()
                    .map(|own| json!({"name": own, "description": text(at), "schema": schema(0, other)}))
                    .collect();
                json!({"type": "array", "items": {}, "minItems": 1, "x-tuple": columns, "description": text(at)})
            }
            1 => {
                json!({"oneOf": [{"type": "integer"}, {"$ref": "#/components/schemas/Enum1"}], "description": text(at)})
            }
            2 => json!({"type": "string", "enum": names.iter().skip(at).take(9).collect::<Vec<_>>()}),
            3 => json!({"type": "array", "items": {"$ref": "#/components/schemas/Enum2"}, "description": text(at)}),
            _ => json!({
                "type": "object",
                "description": text(at),
                "deprecated": is_deprecated(at),
                "required": own.iter().take(2).collect::<Vec<_>>(),
                "properties": properties,
            }),
        };
        schemas.insert((*name).to_owned(), spec);
    }
    schemas.extend(enums);

    let mut paths = Map::new();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| can_be_operation(name)) {
        let parameters: Vec<Value> = names
            .iter()
            .cycle()
            .skip(at)
            .take(3)
            .enumerate()
            .map(|(index, name)| {
                json!({
                    "name": name,
                    "in": "query",
                    "description": text(at),
                    "required": index < 2,
                    "deprecated": is_deprecated(at + index),
                    "schema": {"type": "string"},
                    "example": "a",
                })
            })
            .collect();
        let component = json!({"$ref": format!("#/components/schemas/{name}")});
        let response = json!({"type": "array", "items": component});
        let body = json!({"type": "object", "properties": {"item": component}});
        let mut operation = json!({
            "operationId": name,
            "summary": format!("Does {name} [Option]"),
            "description": text(at),
            "deprecated": is_deprecated(at),
            "security": [],
            "parameters": parameters,
            "responses": {"200": {"description": text(at), "content": {"application/json": {"schema": response, "example": []}}}},
        });
        if at % 2 == 0 {
            operation["requestBody"] = json!({
                "required": at % 4 == 0,
                "description": text(at),
                "content": {"application/json": {"schema": body, "example": {}}},
            });
        }
        paths.insert(format!("/p{at}"), json!({"post": operation}));
    }
    let mut spec = empty();
    spec["paths"] = paths.into();
    spec["components"] = json!({"schemas": schemas});
    spec
}

fn rpc() -> Value {
    let names = names();
    let methods: Vec<Value> = names
        .iter()
        .enumerate()
        .filter(|(_, name)| can_be_operation(name))
        .map(|(at, name)| {
            let params = names.iter().cycle().skip(at).take(3).enumerate();
            let params = params.map(|(index, name)| {
                json!({"name": name, "description": text(at), "required": index < 2, "schema": {"type": "string"}})
            });
            let params: Vec<Value> = params.collect();
            let values = names.iter().cycle().skip(at).take(3).map(|name| json!({"name": name, "value": "a"}));
            let values: Vec<Value> = values.collect();
            json!({
                "name": name,
                "summary": text(at),
                "description": text(at),
                "deprecated": is_deprecated(at),
                "x-security": [],
                "paramStructure": "by-position",
                "params": params,
                "examples": [{
                    "name": "one",
                    "params": values,
                    "result": {"name": "result", "value": "b"},
                }],
                "result": {"name": "result", "description": text(at), "schema": {"type": "string"}},
                "errors": [{"code": 11, "message": text(at)}],
            })
        })
        .collect();
    json!({
        "openrpc": "1.3.2",
        "info": {"title": "Awkward", "version": "1", "description": TEXT},
        "x-crate-version": "0.1.0",
        "x-base-path": "/rpc/",
        "methods": methods,
        "components": {"errors": {
            "a": {"code": 1, "message": "Not found"},
            "b": {"code": -1, "message": "not_found"},
            "c": {"code": 2, "message": TEXT},
            "d": {"code": 3, "message": "type"},
            "e": {"code": 4, "message": "価格"},
            "f": {"code": 5, "message": "code 1"},
        }},
    })
}
