//! Describes the objects of OpenRPC 1.x.

use super::common::{EXTERNAL_DOCS_KEY, INFO_KEY, REQUIREMENTS, SECURITY_SCHEME};
use super::extensions;
use super::grammar::{
    DESCRIPTION, DEVIATION, EVIDENCE, Form, Key, ObjectKind, RUST_NAME, SUMMARY, Shape, optional, refused, required,
};
use super::schema::SCHEMA;
use super::subscriptions;
use crate::source::references::ComponentKind;

pub(in crate::source) static OPENRPC: Shape = Shape {
    kind: ObjectKind::Document,
    keys: &[
        required("openrpc", Form::Text, "openrpc: 1.3.2"),
        INFO_KEY,
        optional("servers", Form::List(&Form::Object(&SERVER))),
        required("methods", Form::List(&Form::Object(&METHOD)), "methods: [{name: market.list, ..}]"),
        optional("components", Form::Object(&COMPONENTS)),
        EXTERNAL_DOCS_KEY,
        optional("x-security-schemes", Form::Map(&Form::Object(&SECURITY_SCHEME))),
        optional("x-security", REQUIREMENTS),
        extensions::STRICT,
        extensions::CRATE_VERSION,
        extensions::RATE_LIMITS,
        extensions::LIMITS,
        extensions::AUTH,
        extensions::BASE_PATH,
        extensions::HOSTS,
        extensions::ENVELOPE,
        extensions::PRIVATE_KEY,
        extensions::KEY_ONLY,
        extensions::TOKEN_LOGIN,
        extensions::RECV_WINDOW,
        extensions::CLOCK_CODES,
        extensions::SERVER_TIME,
        extensions::ERROR_CODES,
        extensions::UNKNOWN_CODES,
        extensions::REFUSED_CODES,
        extensions::PARAMETER_ORDER,
        subscriptions::SOCKET,
        refused("x-error", "JSON-RPC's envelope says where errors are", "leave it out"),
        refused("security", "OpenRPC has no `security`", "write `x-security`"),
        refused("$schema", "`$schema` is not supported", "leave it out"),
    ],
};

pub(in crate::source) static SERVER: Shape = Shape {
    kind: ObjectKind::Server,
    keys: &[
        optional("name", Form::Text),
        SUMMARY,
        required("url", Form::NonEmpty, "url: https://api.example.com/rpc"),
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

pub(in crate::source) static COMPONENTS: Shape = Shape {
    kind: ObjectKind::Components,
    keys: &[
        optional("schemas", Form::Map(&Form::OrRef(ComponentKind::Schema, &SCHEMA))),
        optional("errors", Form::Map(&Form::OrRef(ComponentKind::ErrorObject, &ERROR_OBJECT))),
        optional("contentDescriptors", Form::Map(&Form::OrRef(ComponentKind::ContentDescriptor, &CONTENT_DESCRIPTOR))),
        optional("examples", Form::Map(&Form::Object(&EXAMPLE))),
        optional("examplePairings", Form::Map(&Form::Object(&EXAMPLE_PAIRING))),
        NO_LINKS,
        refused(
            "tags",
            "tags under `components` are not supported",
            "write each method's `tags` as objects with a `name`",
        ),
        refused("examplePairingObjects", "`examplePairingObjects` is OpenRPC 1.1's name", "write `examplePairings`"),
        refused("securitySchemes", "OpenRPC has no `securitySchemes`", "write `x-security-schemes` at the root"),
    ],
};

const NO_LINKS: Key = refused("links", "links are not supported", "leave them out, or mention them in the description");

pub(in crate::source) static METHOD: Shape = Shape {
    kind: ObjectKind::Method,
    keys: &[
        required("name", Form::NonEmpty, "name: market.list"),
        required("summary", Form::NonEmpty, "summary: The markets"),
        DESCRIPTION,
        optional("tags", Form::List(&Form::Object(&TAG))),
        required(
            "params",
            Form::List(&Form::OrRef(ComponentKind::ContentDescriptor, &CONTENT_DESCRIPTOR)),
            "params: [], or the parameters in their order",
        ),
        // A method without a result is a notification.
        optional("result", Form::OrRef(ComponentKind::ContentDescriptor, &CONTENT_DESCRIPTOR)),
        optional("errors", Form::List(&Form::OrRef(ComponentKind::ErrorObject, &ERROR_OBJECT))),
        required(
            "examples",
            Form::List(&Form::OrRef(ComponentKind::ExamplePairing, &EXAMPLE_PAIRING)),
            "examples: [{name: .., params: [{name: .., value: ..}], result: {name: .., value: ..}}]",
        ),
        optional("deprecated", Form::Flag),
        optional("paramStructure", Form::Text),
        EXTERNAL_DOCS_KEY,
        optional("x-security", REQUIREMENTS),
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
        extensions::PAGINATION,
        optional("x-method", Form::NonEmpty),
        subscriptions::SUBSCRIPTION,
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
        NO_LINKS,
        refused("x-failed-when", "JSON-RPC's envelope says whether a call failed", "leave it out"),
        refused("servers", "servers of a single method are not supported", "write the servers at the root"),
        refused("security", "OpenRPC has no `security`", "write `x-security`"),
        refused("$ref", "a method cannot be a `$ref`", "write it here"),
    ],
};

pub(in crate::source) static TAG: Shape = Shape {
    kind: ObjectKind::Tag,
    keys: &[required("name", Form::NonEmpty, "name: market data"), SUMMARY, DESCRIPTION, EXTERNAL_DOCS_KEY],
};

pub(in crate::source) static CONTENT_DESCRIPTOR: Shape = Shape {
    kind: ObjectKind::ContentDescriptor,
    keys: &[
        required("name", Form::NonEmpty, "name: market"),
        SUMMARY,
        DESCRIPTION,
        optional("required", Form::Flag),
        optional("deprecated", Form::Flag),
        required("schema", Form::OrRef(ComponentKind::Schema, &SCHEMA), "schema: {type: string}"),
        optional("x-variadic", Form::Flag),
        RUST_NAME,
        DEVIATION,
        EVIDENCE,
        refused("example", "OpenRPC has examples of whole calls", "write the method's `examples`"),
    ],
};

pub(in crate::source) static ERROR_OBJECT: Shape = Shape {
    kind: ObjectKind::ErrorObject,
    keys: &[
        required("code", Form::Code, "code: 23"),
        required("message", Form::Text, "message: order not found"),
        optional("data", Form::Data),
        DEVIATION,
        refused(
            "description",
            "OpenRPC's errors have no `description`",
            "describe the code in `x-error-codes` at the root",
        ),
    ],
};

pub(in crate::source) static EXAMPLE_PAIRING: Shape = Shape {
    kind: ObjectKind::ExamplePairing,
    keys: &[
        required("name", Form::NonEmpty, "name: two markets"),
        SUMMARY,
        DESCRIPTION,
        required(
            "params",
            Form::List(&Form::OrRef(ComponentKind::Example, &EXAMPLE)),
            "params: [], or a value for each parameter",
        ),
        optional("result", Form::OrRef(ComponentKind::Example, &EXAMPLE)),
    ],
};

pub(in crate::source) static EXAMPLE: Shape = Shape {
    kind: ObjectKind::Example,
    keys: &[
        optional("name", Form::Text),
        SUMMARY,
        DESCRIPTION,
        required("value", Form::Data, "value: BTC_USDT"),
        refused("externalValue", "examples in other files are not supported", "write `value`"),
    ],
};
