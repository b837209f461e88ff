//! OpenRPC 1.x.

use super::common::{EXTERNAL_DOCS_KEY, INFO_KEY, REQUIREMENTS, SECURITY_SCHEME};
use super::schema::SCHEMA;
use super::words;
use crate::spec::check::grammar::{
    DESCRIPTION, DEVIATION, EVIDENCE, Form, Key, RUST_NAME, SUMMARY, Shape, Sort, may, must, not,
};

pub(in crate::spec::check) static OPENRPC: Shape = Shape {
    sort: Sort::Document,
    keys: &[
        must("openrpc", Form::Text, "openrpc: 1.3.2"),
        INFO_KEY,
        may("servers", Form::List(&Form::Object(&SERVER))),
        must("methods", Form::List(&Form::Object(&METHOD)), "methods: [{name: market.list, ..}]"),
        may("components", Form::Object(&COMPONENTS)),
        EXTERNAL_DOCS_KEY,
        may("x-security-schemes", Form::Map(&Form::Object(&SECURITY_SCHEME))),
        may("x-security", REQUIREMENTS),
        words::CRATE_VERSION,
        words::RATE_LIMITS,
        words::LIMITS,
        words::AUTH,
        words::BASE_PATH,
        words::PRIVATE_KEY,
        words::RECV_WINDOW,
        words::CLOCK_CODES,
        words::SERVER_TIME,
        words::ERROR_CODES,
        words::UNKNOWN_CODES,
        words::REFUSED_CODES,
        words::PARAMETER_ORDER,
        not("x-error", "JSON-RPC's envelope says where errors are", "leave it out"),
        not("security", "OpenRPC has no `security`", "write `x-security`"),
        not("$schema", "`$schema` is not supported", "leave it out"),
    ],
};

static SERVER: Shape = Shape {
    sort: Sort::Server,
    keys: &[
        may("name", Form::Text),
        SUMMARY,
        must("url", Form::Words, "url: https://api.example.com/rpc"),
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

static COMPONENTS: Shape = Shape {
    sort: Sort::Components,
    keys: &[
        may("schemas", Form::Map(&Form::OrRef(&SCHEMA))),
        may("errors", Form::Map(&Form::Object(&ERROR_OBJECT))),
        may("contentDescriptors", Form::Map(&Form::Object(&CONTENT_DESCRIPTOR))),
        may("examples", Form::Map(&Form::Object(&EXAMPLE))),
        may("examplePairings", Form::Map(&Form::Object(&EXAMPLE_PAIRING))),
        NO_LINKS,
        not("tags", "tags under `components` are not supported", "write each method's `tags` as objects with a `name`"),
        not("examplePairingObjects", "`examplePairingObjects` is OpenRPC 1.1's name", "write `examplePairings`"),
        not("securitySchemes", "OpenRPC has no `securitySchemes`", "write `x-security-schemes` at the root"),
    ],
};

const NO_LINKS: Key = not("links", "links are not supported", "leave them out, or tell of them in the description");

static METHOD: Shape = Shape {
    sort: Sort::Method,
    keys: &[
        must("name", Form::Words, "name: market.list"),
        must("summary", Form::Words, "summary: The markets"),
        DESCRIPTION,
        may("tags", Form::List(&Form::Object(&TAG))),
        must("params", Form::List(&Form::OrRef(&CONTENT_DESCRIPTOR)), "params: [], or the parameters in their order"),
        must(
            "result",
            Form::OrRef(&CONTENT_DESCRIPTOR),
            "result: {name: .., schema: ..}; notifications, which have none, are not supported",
        ),
        may("errors", Form::List(&Form::OrRef(&ERROR_OBJECT))),
        must(
            "examples",
            Form::List(&Form::OrRef(&EXAMPLE_PAIRING)),
            "examples: [{name: .., params: [{name: .., value: ..}], result: {name: .., value: ..}}]",
        ),
        may("deprecated", Form::Flag),
        may("paramStructure", Form::Text),
        EXTERNAL_DOCS_KEY,
        may("x-security", REQUIREMENTS),
        words::WEIGHT,
        words::LIMITS,
        words::IDEMPOTENT,
        words::MOVES_FUNDS,
        words::DONE_CODES,
        words::GONE_CODES,
        words::UNKNOWN_CODES,
        words::REFUSED_CODES,
        may("x-method", Form::Words),
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
        NO_LINKS,
        not("x-failed-when", "JSON-RPC's envelope says whether a call failed", "leave it out"),
        not("servers", "servers of a single method are not supported", "write the servers at the root"),
        not("security", "OpenRPC has no `security`", "write `x-security`"),
        not("$ref", "a method cannot be a `$ref`", "write it here"),
    ],
};

static TAG: Shape = Shape {
    sort: Sort::Tag,
    keys: &[must("name", Form::Words, "name: market data"), SUMMARY, DESCRIPTION, EXTERNAL_DOCS_KEY],
};

static CONTENT_DESCRIPTOR: Shape = Shape {
    sort: Sort::ContentDescriptor,
    keys: &[
        must("name", Form::Words, "name: market"),
        SUMMARY,
        DESCRIPTION,
        may("required", Form::Flag),
        may("deprecated", Form::Flag),
        must("schema", Form::OrRef(&SCHEMA), "schema: {type: string}"),
        may("x-variadic", Form::Flag),
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
        not("example", "OpenRPC has examples of whole calls", "write the method's `examples`"),
    ],
};

static ERROR_OBJECT: Shape = Shape {
    sort: Sort::ErrorObject,
    keys: &[
        must("code", Form::Code, "code: 23"),
        must("message", Form::Text, "message: order not found"),
        may("data", Form::Data),
        may("x-description", Form::Text),
        DEVIATION,
        not("description", "OpenRPC's errors have no `description`", "write `x-description`"),
    ],
};

static EXAMPLE_PAIRING: Shape = Shape {
    sort: Sort::ExamplePairing,
    keys: &[
        must("name", Form::Words, "name: two markets"),
        SUMMARY,
        DESCRIPTION,
        must("params", Form::List(&Form::OrRef(&EXAMPLE)), "params: [], or a value for each parameter"),
        must("result", Form::OrRef(&EXAMPLE), "result: {name: markets, value: []}"),
    ],
};

static EXAMPLE: Shape = Shape {
    sort: Sort::Example,
    keys: &[
        may("name", Form::Text),
        SUMMARY,
        DESCRIPTION,
        must("value", Form::Data, "value: BTC_USDT"),
        not("externalValue", "examples in other files are not supported", "write `value`"),
    ],
};
