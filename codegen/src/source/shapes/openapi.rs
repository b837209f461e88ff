//! Describes the objects of OpenAPI 3.0.

use super::common::{EXTERNAL_DOCS_KEY, INFO_KEY, REQUIREMENTS, SECURITY_SCHEME};
use super::extensions;
use super::grammar::{
    DESCRIPTION, DEVIATION, EVIDENCE, Form, Key, ObjectKind, RUST_NAME, SUMMARY, Shape, optional, refused, required,
};
use super::schema::SCHEMA;
use crate::source::references::ComponentKind;

pub(in crate::source) static OPENAPI: Shape = Shape {
    kind: ObjectKind::Document,
    keys: &[
        required("openapi", Form::Text, "openapi: 3.0.3"),
        INFO_KEY,
        optional("servers", Form::List(&Form::Object(&SERVER))),
        required("paths", Form::Map(&Form::Object(&PATH_ITEM)), "paths: {/v1/time: {get: ..}}"),
        optional("components", Form::Object(&COMPONENTS)),
        optional("security", REQUIREMENTS),
        optional("tags", Form::List(&Form::Object(&TAG))),
        EXTERNAL_DOCS_KEY,
        extensions::STRICT,
        extensions::CRATE_VERSION,
        extensions::RATE_LIMITS,
        extensions::LIMITS,
        extensions::AUTH,
        extensions::BASE_PATH,
        extensions::HOSTS,
        extensions::PRIVATE_KEY,
        extensions::KEY_ONLY,
        extensions::RECV_WINDOW,
        extensions::CLOCK_CODES,
        extensions::SERVER_TIME,
        extensions::ERROR,
        extensions::ERROR_CODES,
        extensions::UNKNOWN_CODES,
        extensions::REFUSED_CODES,
        extensions::PARAMETER_ORDER,
        refused("webhooks", "`webhooks` are not supported", "leave them out; the client only sends requests"),
        refused("jsonSchemaDialect", "`jsonSchemaDialect` is part of OpenAPI 3.1", "leave it out"),
        refused("x-security-schemes", "`x-security-schemes` is for OpenRPC", "write `components.securitySchemes`"),
        refused("x-security", "`x-security` is for OpenRPC", "write `security`"),
    ],
};

pub(in crate::source) static SERVER: Shape = Shape {
    kind: ObjectKind::Server,
    keys: &[
        required("url", Form::NonEmpty, "url: https://api.example.com"),
        DESCRIPTION,
        required(
            "x-environment",
            Form::Choice(&["production", "test"]),
            "x-environment: production, or x-environment: test",
        ),
        extensions::SIGNING,
        DEVIATION,
        EVIDENCE,
        refused("variables", "server variables are not supported", "write a server for each URL"),
    ],
};

pub(in crate::source) static TAG: Shape = Shape {
    kind: ObjectKind::Tag,
    keys: &[required("name", Form::NonEmpty, "name: market data"), DESCRIPTION, EXTERNAL_DOCS_KEY],
};

pub(in crate::source) static COMPONENTS: Shape = Shape {
    kind: ObjectKind::Components,
    keys: &[
        optional("schemas", Form::Map(&Form::OrRef(ComponentKind::Schema, &SCHEMA))),
        optional("responses", Form::Map(&Form::OrRef(ComponentKind::Response, &RESPONSE))),
        optional("parameters", Form::Map(&Form::OrRef(ComponentKind::Parameter, &PARAMETER))),
        optional("examples", Form::Map(&Form::OrRef(ComponentKind::Example, &EXAMPLE))),
        optional("requestBodies", Form::Map(&Form::OrRef(ComponentKind::RequestBody, &REQUEST_BODY))),
        optional("headers", Form::Map(&Form::OrRef(ComponentKind::Header, &HEADER))),
        optional("securitySchemes", Form::Map(&Form::OrRef(ComponentKind::SecurityScheme, &SECURITY_SCHEME))),
        NO_LINKS,
        NO_CALLBACKS,
        refused("pathItems", "`pathItems` is part of OpenAPI 3.1", "write the operations under `paths`"),
    ],
};

const NO_LINKS: Key = refused("links", "links are not supported", "leave them out, or mention them in the description");
const NO_CALLBACKS: Key =
    refused("callbacks", "callbacks are not supported", "leave them out; the client only sends requests");

pub(in crate::source) static PATH_ITEM: Shape = Shape {
    kind: ObjectKind::PathItem,
    keys: &[
        SUMMARY,
        DESCRIPTION,
        optional("get", Form::Object(&OPERATION)),
        optional("put", Form::Object(&OPERATION)),
        optional("post", Form::Object(&OPERATION)),
        optional("delete", Form::Object(&OPERATION)),
        optional("patch", Form::Object(&OPERATION)),
        optional("head", Form::Object(&OPERATION)),
        optional("parameters", Form::List(&Form::OrRef(ComponentKind::Parameter, &PARAMETER))),
        refused("options", "OPTIONS operations are not supported", "leave it out"),
        refused("trace", "TRACE operations are not supported", "leave it out"),
        refused("servers", "servers of a single path are not supported", "write the servers at the root"),
        refused("$ref", "a path cannot be a `$ref`", "write the operations here"),
    ],
};

pub(in crate::source) static OPERATION: Shape = Shape {
    kind: ObjectKind::Operation,
    keys: &[
        required("operationId", Form::NonEmpty, "operationId: getOrderBook"),
        required("summary", Form::NonEmpty, "summary: Order book of a market"),
        DESCRIPTION,
        optional("tags", Form::List(&Form::Text)),
        optional("parameters", Form::List(&Form::OrRef(ComponentKind::Parameter, &PARAMETER))),
        optional("requestBody", Form::OrRef(ComponentKind::RequestBody, &REQUEST_BODY)),
        required(
            "responses",
            Form::Map(&Form::OrRef(ComponentKind::Response, &RESPONSE)),
            "responses: {'200': {description: .., content: ..}}",
        ),
        optional("deprecated", Form::Flag),
        optional("security", REQUIREMENTS),
        EXTERNAL_DOCS_KEY,
        extensions::WEIGHT,
        extensions::LIMITS,
        extensions::IDEMPOTENT,
        extensions::READS_ONLY,
        extensions::MOVES_FUNDS,
        extensions::CANCELS,
        extensions::CONSTRAINTS,
        extensions::DONE_CODES,
        extensions::GONE_CODES,
        extensions::UNKNOWN_CODES,
        extensions::UNKNOWN_STATUSES,
        extensions::REFUSED_CODES,
        extensions::FAILED_WHEN,
        extensions::BATCH,
        extensions::PAGINATION,
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
        NO_CALLBACKS,
        refused("servers", "servers of a single operation are not supported", "write the servers at the root"),
        refused(
            "x-method",
            "`x-method` is for OpenRPC",
            "the path and the method are the name on the wire; a second operation of both has a name after its path: /order#cancelAll",
        ),
    ],
};

pub(in crate::source) static PARAMETER: Shape = Shape {
    kind: ObjectKind::Parameter,
    keys: &[
        required("name", Form::NonEmpty, "name: symbol, the name on the wire"),
        required("in", Form::Text, "in: query, in: path, in: header or in: cookie"),
        DESCRIPTION,
        optional("required", Form::Flag),
        optional("deprecated", Form::Flag),
        optional("style", Form::Text),
        optional("explode", Form::Flag),
        optional("allowReserved", Form::Flag),
        optional("content", Form::Map(&Form::Object(&MEDIA_TYPE))),
        required("schema", Form::OrRef(ComponentKind::Schema, &SCHEMA), "schema: {type: string}"),
        required("example", Form::Data, "example: BTC-USD, of the parameter's type"),
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
        refused("examples", "a parameter has one example", "write `example`"),
        refused(
            "allowEmptyValue",
            "`allowEmptyValue` is not supported",
            "leave it out; a parameter is sent with a value or not at all",
        ),
        refused("type", "a parameter's type is in its `schema`", "write schema: {type: ..}"),
        refused("format", "a parameter's format is in its `schema`", "write schema: {type: .., format: ..}"),
        refused("enum", "a parameter's values are in its `schema`", "write schema: {type: .., enum: [..]}"),
        refused("default", "a parameter's default is in its `schema`", "write schema: {type: .., default: ..}"),
        refused(
            "x-variadic",
            "`x-variadic` is for OpenRPC",
            "a list in a query is style: form with explode: true or false",
        ),
    ],
};

pub(in crate::source) static REQUEST_BODY: Shape = Shape {
    kind: ObjectKind::RequestBody,
    keys: &[
        DESCRIPTION,
        required(
            "content",
            Form::Map(&Form::Object(&MEDIA_TYPE)),
            "content: {application/json: {schema: .., example: ..}}",
        ),
        optional("required", Form::Flag),
        DEVIATION,
        EVIDENCE,
    ],
};

pub(in crate::source) static MEDIA_TYPE: Shape = Shape {
    kind: ObjectKind::MediaType,
    keys: &[
        required("schema", Form::OrRef(ComponentKind::Schema, &SCHEMA), "schema: {$ref: '#/components/schemas/Order'}"),
        optional("example", Form::Data),
        optional("examples", Form::Map(&Form::OrRef(ComponentKind::Example, &EXAMPLE))),
        optional("encoding", Form::Map(&Form::Object(&ENCODING))),
    ],
};

pub(in crate::source) static ENCODING: Shape = Shape {
    kind: ObjectKind::Encoding,
    keys: &[
        optional("contentType", Form::Text),
        optional("style", Form::Text),
        optional("explode", Form::Flag),
        optional("allowReserved", Form::Flag),
        refused("headers", "headers of a field are not supported", "leave them out; a `File` can have headers"),
    ],
};

pub(in crate::source) static RESPONSE: Shape = Shape {
    kind: ObjectKind::Response,
    keys: &[
        required("description", Form::Text, "description: The order as placed."),
        optional("headers", Form::Map(&Form::OrRef(ComponentKind::Header, &HEADER))),
        optional("content", Form::Map(&Form::Object(&MEDIA_TYPE))),
        DEVIATION,
        EVIDENCE,
        NO_LINKS,
    ],
};

pub(in crate::source) static HEADER: Shape = Shape {
    kind: ObjectKind::Header,
    keys: &[
        DESCRIPTION,
        optional("required", Form::Flag),
        optional("deprecated", Form::Flag),
        required("schema", Form::OrRef(ComponentKind::Schema, &SCHEMA), "schema: {type: string}"),
        optional("example", Form::Data),
        DEVIATION,
        EVIDENCE,
    ],
};

pub(in crate::source) static EXAMPLE: Shape = Shape {
    kind: ObjectKind::Example,
    keys: &[
        SUMMARY,
        DESCRIPTION,
        required("value", Form::Data, "value: {symbol: BTC-USD}"),
        refused("externalValue", "examples in other files are not supported", "write `value`"),
    ],
};
