//! Describes schemas. The rules for keys that depend on each other are in `check/schemas.rs`.

use super::extensions::{self, CONSTRAINTS};
use super::grammar::{
    DESCRIPTION, DEVIATION, EVIDENCE, Form, ObjectKind, RUST_NAME, Shape, optional, refused, required,
};
use crate::source::references::ComponentKind;

const ONE_SCHEMA: &str = "write one schema that has the properties of all";
const UNCHECKED: &str = "the client does not check it; state it in the description";
const BETWEEN_VALUES: &str = "write `x-constraints`, with `needed` and `when-present`";
const FOR_TUPLES: &str = "an array whose positions have meanings is `items: {}` with `x-tuple`";

pub(in crate::source) static SCHEMA: Shape = Shape {
    kind: ObjectKind::Schema,
    keys: &[
        optional("type", Form::Either(&Form::Text, &Form::List(&Form::Text))),
        optional("format", Form::Text),
        optional("title", Form::Text),
        DESCRIPTION,
        optional("nullable", Form::Flag),
        optional("readOnly", Form::Flag),
        optional("deprecated", Form::Flag),
        optional("example", Form::Data),
        optional("default", Form::Data),
        optional("enum", Form::List(&Form::Data)),
        optional("minLength", Form::Count),
        optional("maxLength", Form::Count),
        optional("x-max-bytes", Form::Count),
        optional("pattern", Form::Text),
        optional("minimum", Form::Number),
        optional("maximum", Form::Number),
        optional("exclusiveMinimum", Form::Either(&Form::Flag, &Form::Number)),
        optional("exclusiveMaximum", Form::Either(&Form::Flag, &Form::Number)),
        optional("multipleOf", Form::Number),
        optional("properties", Form::Map(&Form::OrRef(ComponentKind::Schema, &SCHEMA))),
        optional("required", Form::List(&Form::Text)),
        optional("additionalProperties", Form::Either(&Form::Flag, &Form::OrRef(ComponentKind::Schema, &SCHEMA))),
        optional("items", Form::OrRef(ComponentKind::Schema, &SCHEMA)),
        optional("minItems", Form::Count),
        optional("maxItems", Form::Count),
        optional("oneOf", Form::List(&Form::OrRef(ComponentKind::Schema, &SCHEMA))),
        extensions::TIME,
        extensions::MARKET_RULE,
        optional("x-tuple", Form::List(&Form::Object(&COLUMN))),
        optional("x-always", Form::Object(&ALWAYS)),
        CONSTRAINTS,
        optional("x-enum-varnames", Form::List(&Form::NonEmpty)),
        optional("x-enum-descriptions", Form::List(&Form::Text)),
        optional("x-enum-spellings", Form::List(&Form::List(&Form::Spelling))),
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
        refused("allOf", "`allOf` is not supported", ONE_SCHEMA),
        refused(
            "anyOf",
            "`anyOf` is not supported",
            "`oneOf` tells alternatives of different JSON kinds apart; for objects, write one schema that has the properties of all",
        ),
        refused("not", "`not` is not supported", "describe what the value is"),
        refused("discriminator", "`discriminator` is not supported", ONE_SCHEMA),
        refused(
            "const",
            "`const` is not supported",
            "write an `enum` of one value for text or an integer; otherwise state the value in the description",
        ),
        refused(
            "patternProperties",
            "`patternProperties` is not supported",
            "write `additionalProperties` with the schema of the values",
        ),
        refused("examples", "`examples` of a schema is a key of JSON Schema only", "write one `example`"),
        refused("writeOnly", "`writeOnly` is not supported", "give requests and responses a schema each"),
        refused("uniqueItems", "`uniqueItems` is not supported", UNCHECKED),
        refused("minProperties", "`minProperties` is not supported", UNCHECKED),
        refused("maxProperties", "`maxProperties` is not supported", UNCHECKED),
        refused("propertyNames", "`propertyNames` is not supported", UNCHECKED),
        refused("contains", "`contains` is not supported", UNCHECKED),
        refused("dependencies", "`dependencies` is not supported", BETWEEN_VALUES),
        refused("dependentRequired", "`dependentRequired` is not supported", BETWEEN_VALUES),
        refused("if", "`if` is not supported", ONE_SCHEMA),
        refused("then", "`then` is not supported", ONE_SCHEMA),
        refused("else", "`else` is not supported", ONE_SCHEMA),
        refused("prefixItems", "`prefixItems` is a key of JSON Schema only", FOR_TUPLES),
        refused("additionalItems", "`additionalItems` is not supported", FOR_TUPLES),
        refused(
            "unevaluatedProperties",
            "`unevaluatedProperties` is not supported",
            "leave it out; unknown properties are ignored",
        ),
        refused("contentEncoding", "`contentEncoding` is a key of JSON Schema only", "write `format: byte` for base64"),
        refused("contentMediaType", "`contentMediaType` is a key of JSON Schema only", "state it in the description"),
        refused("definitions", "schemas inside a schema are not supported", "name them under `components/schemas`"),
        refused("$defs", "schemas inside a schema are not supported", "name them under `components/schemas`"),
        refused("$schema", "`$schema` is not supported", "leave it out"),
        refused("$id", "`$id` is not supported", "leave it out; a schema's name is its key under `components/schemas`"),
        refused("$comment", "`$comment` is not supported", "write it as a `description`, or leave it out"),
        refused("xml", "`xml` is not supported", "leave it out; responses are JSON"),
        refused("externalDocs", "`externalDocs` of a schema is not supported", "put the link into the description"),
    ],
};

pub(in crate::source) static COLUMN: Shape = Shape {
    kind: ObjectKind::Column,
    keys: &[
        required("name", Form::NonEmpty, "name: price"),
        required("schema", Form::OrRef(ComponentKind::Schema, &SCHEMA), "schema: {type: string, format: decimal}"),
        DESCRIPTION,
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
    ],
};

pub(in crate::source) static ALWAYS: Shape = Shape {
    kind: ObjectKind::Always,
    keys: &[
        required("members", Form::List(&Form::Text), "members: [symbol, price]"),
        required("because", Form::NonEmpty, "because: the evidence that they are always present"),
    ],
};
