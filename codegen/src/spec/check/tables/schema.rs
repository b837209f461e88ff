//! Schemas. What a key may say beside a type is in `check/schemas.rs`.

use crate::spec::check::grammar::{DESCRIPTION, DEVIATION, EVIDENCE, Form, RUST_NAME, Shape, Sort, may, must, not};

const ONE_SCHEMA: &str = "write one schema that holds the members of all";
const CONSTRAINT: &str = "the client does not check it; say it in the description";
const FOR_TUPLES: &str = "an array whose positions have meanings is `items: {}` with `x-tuple`";

pub(super) static SCHEMA: Shape = Shape {
    sort: Sort::Schema,
    keys: &[
        may("type", Form::Either(&Form::Text, &Form::List(&Form::Text))),
        may("format", Form::Text),
        may("title", Form::Text),
        DESCRIPTION,
        may("nullable", Form::Flag),
        may("readOnly", Form::Flag),
        may("deprecated", Form::Flag),
        may("example", Form::Data),
        may("default", Form::Data),
        may("enum", Form::List(&Form::Data)),
        may("minLength", Form::Count),
        may("maxLength", Form::Count),
        may("pattern", Form::Text),
        may("minimum", Form::Number),
        may("maximum", Form::Number),
        may("exclusiveMinimum", Form::Either(&Form::Flag, &Form::Number)),
        may("exclusiveMaximum", Form::Either(&Form::Flag, &Form::Number)),
        may("properties", Form::Map(&Form::OrRef(&SCHEMA))),
        may("required", Form::List(&Form::Text)),
        may("additionalProperties", Form::Either(&Form::Flag, &Form::OrRef(&SCHEMA))),
        may("items", Form::OrRef(&SCHEMA)),
        may("minItems", Form::Count),
        may("maxItems", Form::Count),
        may("oneOf", Form::List(&Form::OrRef(&SCHEMA))),
        may("x-tuple", Form::List(&Form::Object(&COLUMN))),
        may("x-always", Form::Object(&ALWAYS)),
        may("x-enum-varnames", Form::List(&Form::Words)),
        may("x-enum-descriptions", Form::List(&Form::Text)),
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
        not("allOf", "`allOf` is not supported", ONE_SCHEMA),
        not(
            "anyOf",
            "`anyOf` is not supported",
            "`oneOf` tells alternatives of different JSON kinds apart; for objects, write one schema that holds the members of all",
        ),
        not("not", "`not` is not supported", "describe what the value is"),
        not("discriminator", "`discriminator` is not supported", ONE_SCHEMA),
        not(
            "const",
            "`const` is not supported",
            "write an `enum` of one value for text or an integer; else say the value in the description",
        ),
        not(
            "patternProperties",
            "`patternProperties` is not supported",
            "write `additionalProperties` with the schema of the values",
        ),
        not("examples", "`examples` of a schema is JSON Schema's", "write one `example`"),
        not("writeOnly", "`writeOnly` is not supported", "give requests and replies a schema each"),
        not("multipleOf", "`multipleOf` is not supported", CONSTRAINT),
        not("uniqueItems", "`uniqueItems` is not supported", CONSTRAINT),
        not("minProperties", "`minProperties` is not supported", CONSTRAINT),
        not("maxProperties", "`maxProperties` is not supported", CONSTRAINT),
        not("propertyNames", "`propertyNames` is not supported", CONSTRAINT),
        not("contains", "`contains` is not supported", CONSTRAINT),
        not("dependencies", "`dependencies` is not supported", CONSTRAINT),
        not("dependentRequired", "`dependentRequired` is not supported", CONSTRAINT),
        not("if", "`if` is not supported", ONE_SCHEMA),
        not("then", "`then` is not supported", ONE_SCHEMA),
        not("else", "`else` is not supported", ONE_SCHEMA),
        not("prefixItems", "`prefixItems` is JSON Schema's", FOR_TUPLES),
        not("additionalItems", "`additionalItems` is not supported", FOR_TUPLES),
        not(
            "unevaluatedProperties",
            "`unevaluatedProperties` is not supported",
            "leave it out; members that are not known are passed over",
        ),
        not("contentEncoding", "`contentEncoding` is JSON Schema's", "write `format: byte` for base64"),
        not("contentMediaType", "`contentMediaType` is JSON Schema's", "say it in the description"),
        not("definitions", "schemas inside a schema are not supported", "name them under `components/schemas`"),
        not("$defs", "schemas inside a schema are not supported", "name them under `components/schemas`"),
        not("$schema", "`$schema` is not supported", "leave it out"),
        not("$id", "`$id` is not supported", "leave it out; a schema's name is its key under `components/schemas`"),
        not("$comment", "`$comment` is not supported", "write it as a `description`, or leave it out"),
        not("xml", "`xml` is not supported", "leave it out; replies are JSON"),
        not("externalDocs", "`externalDocs` of a schema is not supported", "put the link into the description"),
    ],
};

static COLUMN: Shape = Shape {
    sort: Sort::Column,
    keys: &[
        must("name", Form::Words, "name: price"),
        must("schema", Form::OrRef(&SCHEMA), "schema: {type: string, format: decimal}"),
        DESCRIPTION,
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
    ],
};

static ALWAYS: Shape = Shape {
    sort: Sort::Always,
    keys: &[
        must("members", Form::List(&Form::Text), "members: [symbol, price]"),
        must("because", Form::Words, "because: how we know that they are always there"),
    ],
};
