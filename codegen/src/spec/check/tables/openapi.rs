//! OpenAPI 3.0.

use super::common::{EXTERNAL_DOCS_KEY, INFO_KEY, REQUIREMENTS, SECURITY_SCHEME};
use super::schema::SCHEMA;
use super::words;
use crate::spec::check::grammar::{
    DESCRIPTION, DEVIATION, EVIDENCE, Form, Key, RUST_NAME, SUMMARY, Shape, Sort, may, must, not,
};

pub(in crate::spec::check) static OPENAPI: Shape = Shape {
    sort: Sort::Document,
    keys: &[
        must("openapi", Form::Text, "openapi: 3.0.3"),
        INFO_KEY,
        may("servers", Form::List(&Form::Object(&SERVER))),
        must("paths", Form::Map(&Form::Object(&PATH_ITEM)), "paths: {/v1/time: {get: ..}}"),
        may("components", Form::Object(&COMPONENTS)),
        may("security", REQUIREMENTS),
        may("tags", Form::List(&Form::Object(&TAG))),
        EXTERNAL_DOCS_KEY,
        words::CRATE_VERSION,
        words::RATE_LIMITS,
        words::LIMITS,
        words::AUTH,
        words::BASE_PATH,
        words::PRIVATE_KEY,
        words::RECV_WINDOW,
        words::CLOCK_CODES,
        words::SERVER_TIME,
        words::ERROR,
        words::ERROR_CODES,
        words::UNKNOWN_CODES,
        words::REFUSED_CODES,
        words::PARAMETER_ORDER,
        not("webhooks", "`webhooks` are not supported", "leave them out; the client only calls"),
        not("jsonSchemaDialect", "`jsonSchemaDialect` is OpenAPI 3.1's", "leave it out"),
        not("x-security-schemes", "`x-security-schemes` is for OpenRPC", "write `components.securitySchemes`"),
        not("x-security", "`x-security` is for OpenRPC", "write `security`"),
    ],
};

static SERVER: Shape = Shape {
    sort: Sort::Server,
    keys: &[
        must("url", Form::Words, "url: https://api.example.com"),
        DESCRIPTION,
        must(
            "x-environment",
            Form::Choice(&["production", "test"]),
            "x-environment: production, or x-environment: test",
        ),
        DEVIATION,
        EVIDENCE,
        not("variables", "server variables are not supported", "write a server for each URL"),
    ],
};

static TAG: Shape =
    Shape { sort: Sort::Tag, keys: &[must("name", Form::Words, "name: market data"), DESCRIPTION, EXTERNAL_DOCS_KEY] };

static COMPONENTS: Shape = Shape {
    sort: Sort::Components,
    keys: &[
        may("schemas", Form::Map(&Form::OrRef(&SCHEMA))),
        may("responses", Form::Map(&Form::OrRef(&RESPONSE))),
        may("parameters", Form::Map(&Form::OrRef(&PARAMETER))),
        may("examples", Form::Map(&Form::OrRef(&EXAMPLE))),
        may("requestBodies", Form::Map(&Form::OrRef(&REQUEST_BODY))),
        may("headers", Form::Map(&Form::OrRef(&HEADER))),
        may("securitySchemes", Form::Map(&Form::OrRef(&SECURITY_SCHEME))),
        NO_LINKS,
        NO_CALLBACKS,
        not("pathItems", "`pathItems` is OpenAPI 3.1's", "write the operations under `paths`"),
    ],
};

const NO_LINKS: Key = not("links", "links are not supported", "leave them out, or tell of them in the description");
const NO_CALLBACKS: Key = not("callbacks", "callbacks are not supported", "leave them out; the client only calls");

static PATH_ITEM: Shape = Shape {
    sort: Sort::PathItem,
    keys: &[
        SUMMARY,
        DESCRIPTION,
        may("get", Form::Object(&OPERATION)),
        may("put", Form::Object(&OPERATION)),
        may("post", Form::Object(&OPERATION)),
        may("delete", Form::Object(&OPERATION)),
        may("patch", Form::Object(&OPERATION)),
        may("parameters", Form::List(&Form::OrRef(&PARAMETER))),
        not("head", "HEAD operations are not supported", "leave it out"),
        not("options", "OPTIONS operations are not supported", "leave it out"),
        not("trace", "TRACE operations are not supported", "leave it out"),
        not("servers", "servers of a single path are not supported", "write the servers at the root"),
        not("$ref", "a path cannot be a `$ref`", "write the operations here"),
    ],
};

static OPERATION: Shape = Shape {
    sort: Sort::Operation,
    keys: &[
        must("operationId", Form::Words, "operationId: getOrderBook"),
        must("summary", Form::Words, "summary: Order book of a market"),
        DESCRIPTION,
        may("tags", Form::List(&Form::Text)),
        may("parameters", Form::List(&Form::OrRef(&PARAMETER))),
        may("requestBody", Form::OrRef(&REQUEST_BODY)),
        must("responses", Form::Map(&Form::OrRef(&RESPONSE)), "responses: {'200': {description: .., content: ..}}"),
        may("deprecated", Form::Flag),
        may("security", REQUIREMENTS),
        EXTERNAL_DOCS_KEY,
        words::WEIGHT,
        words::LIMITS,
        words::IDEMPOTENT,
        words::MOVES_FUNDS,
        words::DONE_CODES,
        words::GONE_CODES,
        words::UNKNOWN_CODES,
        words::REFUSED_CODES,
        words::FAILED_WHEN,
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
        NO_CALLBACKS,
        not("servers", "servers of a single operation are not supported", "write the servers at the root"),
        not("x-method", "`x-method` is for OpenRPC", "the path and the method are the name on the wire"),
    ],
};

static PARAMETER: Shape = Shape {
    sort: Sort::Parameter,
    keys: &[
        must("name", Form::Words, "name: symbol, the name on the wire"),
        must("in", Form::Text, "in: query, in: path or in: header"),
        DESCRIPTION,
        may("required", Form::Flag),
        may("deprecated", Form::Flag),
        may("style", Form::Text),
        may("explode", Form::Flag),
        must("schema", Form::OrRef(&SCHEMA), "schema: {type: string}"),
        must("example", Form::Data, "example: BTC-USD, of the parameter's type"),
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
        not("examples", "a parameter has one example", "write `example`"),
        not(
            "content",
            "parameters with `content` are not supported",
            "write `schema`; a parameter is a scalar or a list of them",
        ),
        not(
            "allowReserved",
            "`allowReserved` is not supported",
            "leave it out; the client encodes what has to be encoded",
        ),
        not(
            "allowEmptyValue",
            "`allowEmptyValue` is not supported",
            "leave it out; a parameter is sent with a value or not at all",
        ),
        not("type", "a parameter's type is in its `schema`", "write schema: {type: ..}"),
        not("format", "a parameter's format is in its `schema`", "write schema: {type: .., format: ..}"),
        not("enum", "a parameter's values are in its `schema`", "write schema: {type: .., enum: [..]}"),
        not("default", "a parameter's default is in its `schema`", "write schema: {type: .., default: ..}"),
        not(
            "x-variadic",
            "`x-variadic` is for OpenRPC",
            "a list in a query is style: form with explode: true or false",
        ),
    ],
};

static REQUEST_BODY: Shape = Shape {
    sort: Sort::RequestBody,
    keys: &[
        DESCRIPTION,
        must(
            "content",
            Form::Map(&Form::Object(&MEDIA_TYPE)),
            "content: {application/json: {schema: .., example: ..}}",
        ),
        may("required", Form::Flag),
        DEVIATION,
        EVIDENCE,
    ],
};

static MEDIA_TYPE: Shape = Shape {
    sort: Sort::MediaType,
    keys: &[
        must("schema", Form::OrRef(&SCHEMA), "schema: {$ref: '#/components/schemas/Order'}"),
        may("example", Form::Data),
        may("examples", Form::Map(&Form::OrRef(&EXAMPLE))),
        not("encoding", "`encoding` is not supported", "leave it out; bodies are JSON"),
    ],
};

static RESPONSE: Shape = Shape {
    sort: Sort::Response,
    keys: &[
        must("description", Form::Text, "description: The order as placed."),
        may("headers", Form::Map(&Form::OrRef(&HEADER))),
        may("content", Form::Map(&Form::Object(&MEDIA_TYPE))),
        DEVIATION,
        EVIDENCE,
        NO_LINKS,
    ],
};

static HEADER: Shape = Shape {
    sort: Sort::Header,
    keys: &[
        DESCRIPTION,
        may("required", Form::Flag),
        may("deprecated", Form::Flag),
        must("schema", Form::OrRef(&SCHEMA), "schema: {type: string}"),
        may("example", Form::Data),
        DEVIATION,
        EVIDENCE,
    ],
};

static EXAMPLE: Shape = Shape {
    sort: Sort::Example,
    keys: &[
        SUMMARY,
        DESCRIPTION,
        must("value", Form::Data, "value: {symbol: BTC-USD}"),
        not("externalValue", "examples in other files are not supported", "write `value`"),
    ],
};
