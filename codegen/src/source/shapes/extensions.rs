//! Describes the specification extensions.

use super::grammar::{DESCRIPTION, DEVIATION, EVIDENCE, Form, Key, ObjectKind, Shape, optional, required};

/// The place where each extension belongs, for findings on an extension at another place.
pub(in crate::source) const PLACES: &[(&str, &str)] = &[
    ("x-strict", "at the root"),
    ("x-crate-version", "at the root"),
    ("x-decimals", "at the root"),
    ("x-auth", "at the root"),
    ("x-private-key", "at the root, beside `x-auth`"),
    ("x-key-only", "at the root, beside `x-auth`"),
    ("x-token-login", "at the root of an OpenRPC document, beside `x-auth`"),
    ("x-base-path", "at the root"),
    ("x-hosts", "at the root"),
    ("x-envelope", "at the root of an OpenRPC document"),
    ("x-recv-window", "at the root"),
    ("x-clock-codes", "at the root"),
    ("x-security-schemes", "at the root of an OpenRPC document; OpenAPI has `components.securitySchemes`"),
    ("x-security", "at the root or on a method of an OpenRPC document; OpenAPI has `security`"),
    ("x-rate-limits", "at the root"),
    ("x-limits", "at the root, on an operation or on a method"),
    ("x-server-time", "at the root"),
    ("x-error", "at the root"),
    ("x-error-codes", "at the root"),
    ("x-unknown-codes", "at the root, on an operation or on a method"),
    ("x-unknown-statuses", "on an operation or on a method"),
    ("x-refused-codes", "at the root, on an operation or on a method"),
    ("x-parameter-order", "at the root"),
    ("x-environment", "on a server"),
    ("x-signing", "on a server"),
    ("x-weight", "on an operation or on a method"),
    ("x-idempotent", "on an operation or on a method"),
    ("x-reads-only", "on an operation or on a method"),
    ("x-moves-funds", "on an operation or on a method"),
    ("x-cancels", "on an operation or on a method"),
    ("x-constraints", "on an operation, on a method, or on the schema of an object that is sent"),
    ("x-done-codes", "on an operation or on a method"),
    ("x-gone-codes", "on an operation or on a method"),
    ("x-failed-when", "on an operation of an OpenAPI document; at the root it is `failed-when` of `x-error`"),
    ("x-batch", "on an operation of an OpenAPI document"),
    ("x-pagination", "on an operation or on a method"),
    ("x-method", "on a method of an OpenRPC document"),
    ("x-socket", "at the root of an OpenRPC document"),
    ("x-subscription", "on a method of an OpenRPC document"),
    ("x-signature", "on a security scheme"),
    ("x-fills", "on a security scheme"),
    ("x-variadic", "on a parameter of an OpenRPC document"),
    ("x-time", "on the schema of a number or a text"),
    ("x-market-rule", "on the schema of a property that is a number"),
    ("x-max-bytes", "on the schema of a text"),
    ("x-tuple", "on an array's schema"),
    ("x-always", "on an object's schema"),
    ("x-enum-varnames", "on the schema of an enum"),
    ("x-enum-descriptions", "on the schema of an enum"),
    ("x-enum-spellings", "on the schema of an enum"),
    ("x-rust-name", "on an operation, a method, a parameter or a schema"),
    ("x-doc-deviation", "on the very object that deviates, never on something larger"),
    ("x-source", "on an object that was drafted; it is the file and its lines, as text"),
    (
        "x-evidence",
        "where `x-doc-deviation` may stand except on an error of an OpenRPC document, on a rate limit, on a host of `x-hosts`, and on `info`",
    ),
];

pub(in crate::source) const STRICT: Key = optional("x-strict", Form::Flag);
pub(in crate::source) const CRATE_VERSION: Key = required("x-crate-version", Form::Text, "x-crate-version: 0.1.0");
pub(in crate::source) const AUTH: Key = optional("x-auth", Form::Either(&Form::NonEmpty, &Form::Object(&AUTH_SHAPE)));
pub(in crate::source) const BASE_PATH: Key = optional("x-base-path", Form::NonEmpty);
pub(in crate::source) const ENVELOPE: Key = optional("x-envelope", Form::Choice(&["bare"]));
pub(in crate::source) const HOSTS: Key = optional("x-hosts", Form::List(&Form::Object(&HOST_SHAPE)));
pub(in crate::source) const SIGNING: Key = optional("x-signing", Form::NonEmpty);
pub(in crate::source) const PRIVATE_KEY: Key = optional("x-private-key", Form::Flag);
pub(in crate::source) const KEY_ONLY: Key = optional("x-key-only", Form::Flag);
pub(in crate::source) const TOKEN_LOGIN: Key = optional("x-token-login", Form::Flag);
pub(in crate::source) const RECV_WINDOW: Key = optional("x-recv-window", Form::Object(&RECV_WINDOW_SHAPE));
pub(in crate::source) const CLOCK_CODES: Key = optional("x-clock-codes", CODE_RULES);
pub(in crate::source) const RATE_LIMITS: Key = optional("x-rate-limits", Form::List(&Form::Object(&RATE_LIMIT_SHAPE)));
pub(in crate::source) const LIMITS: Key = optional("x-limits", Form::List(&Form::Text));
pub(in crate::source) const SERVER_TIME: Key = optional("x-server-time", Form::Object(&SERVER_TIME_SHAPE));
pub(in crate::source) const ERROR: Key = optional("x-error", Form::Object(&ERROR_SHAPE));
pub(in crate::source) const ERROR_CODES: Key = optional("x-error-codes", Form::List(&Form::Object(&ERROR_CODE_SHAPE)));
pub(in crate::source) const UNKNOWN_CODES: Key = optional("x-unknown-codes", CODE_RULES);
pub(in crate::source) const UNKNOWN_STATUSES: Key = optional("x-unknown-statuses", Form::List(&Form::Count));
pub(in crate::source) const REFUSED_CODES: Key = optional("x-refused-codes", CODE_RULES);
pub(in crate::source) const PARAMETER_ORDER: Key = optional("x-parameter-order", Form::Choice(&["significant"]));

pub(in crate::source) const WEIGHT: Key =
    optional("x-weight", Form::Either(&Form::Count, &Form::Object(&WEIGHT_SHAPE)));
pub(in crate::source) const IDEMPOTENT: Key =
    optional("x-idempotent", Form::Either(&Form::Flag, &Form::Object(&IDEMPOTENT_SHAPE)));
pub(in crate::source) const READS_ONLY: Key = optional("x-reads-only", Form::Flag);
pub(in crate::source) const MOVES_FUNDS: Key = optional("x-moves-funds", Form::Flag);
pub(in crate::source) const CANCELS: Key = optional("x-cancels", Form::Flag);
pub(in crate::source) const CONSTRAINTS: Key = optional("x-constraints", Form::List(&Form::Object(&CONSTRAINT_SHAPE)));
pub(in crate::source) const DONE_CODES: Key = optional("x-done-codes", CODE_RULES);
pub(in crate::source) const GONE_CODES: Key = optional("x-gone-codes", CODE_RULES);
pub(in crate::source) const FAILED_WHEN: Key = optional("x-failed-when", CONDITIONS);

pub(in crate::source) const BATCH: Key = optional("x-batch", Form::Object(&BATCH_SHAPE));

pub(in crate::source) const BATCH_SHAPE: Shape = Shape {
    kind: ObjectKind::Batch,
    keys: &[
        required("request", Form::Text, "request: /orders"),
        required("response", Form::Text, "response: /responses"),
    ],
};

pub(in crate::source) const PAGINATION: Key = optional("x-pagination", Form::Object(&PAGINATION_SHAPE));

pub(in crate::source) const PAGINATION_SHAPE: Shape = Shape {
    kind: ObjectKind::Pagination,
    keys: &[
        required("items", Form::Text, "items: /orders, the list in the response"),
        required("by", Form::Choice(&["offset", "number", "cursor", "last-item"]), "by: offset"),
        required("parameter", Form::NonEmpty, "parameter: offset"),
        optional("value", Form::Text),
        optional("first", Form::Count),
        optional("repeats", Form::Flag),
        EVIDENCE,
    ],
};

/// Codes that decide the outcome of a call. Each is alone, or in an object with its conditions.
const CODE_RULES: Form = Form::List(&Form::Either(&Form::Code, &Form::Object(&CODE_RULE_SHAPE)));
const CONDITIONS: Form = Form::List(&Form::Object(&CONDITION_SHAPE));

pub(in crate::source) const AUTH_SHAPE: Shape = Shape {
    kind: ObjectKind::Auth,
    keys: &[
        required("package", Form::NonEmpty, "package: acme-signer"),
        optional("version", Form::NonEmpty),
        optional("path", Form::NonEmpty),
    ],
};

pub(in crate::source) const RATE_LIMIT_SHAPE: Shape = Shape {
    kind: ObjectKind::RateLimit,
    keys: &[
        required("name", Form::NonEmpty, "name: orders"),
        required("per", Form::Choice(&["ip", "key", "connection"]), "per: ip, per: key, or per: connection"),
        required("window", Form::Text, "window: 1s"),
        required("limit", Form::Count, "limit: 10"),
        required("counts", Form::Choice(&["weight", "requests"]), "counts: weight, or counts: requests"),
        optional("header", Form::NonEmpty),
        optional("longest-closing", Form::Text),
        EVIDENCE,
    ],
};

pub(in crate::source) const HOST_SHAPE: Shape = Shape {
    kind: ObjectKind::Host,
    keys: &[
        required("url", Form::NonEmpty, "url: https://api.example.com"),
        required("signing", Form::NonEmpty, "signing: live, the name of the scheme in the signing crate"),
        DESCRIPTION,
        EVIDENCE,
    ],
};

pub(in crate::source) const RECV_WINDOW_SHAPE: Shape = Shape {
    kind: ObjectKind::RecvWindow,
    keys: &[optional("default", Form::Count), optional("max", Form::Count), DESCRIPTION],
};

pub(in crate::source) const SERVER_TIME_SHAPE: Shape = Shape {
    kind: ObjectKind::ServerTime,
    keys: &[
        required("operation", Form::NonEmpty, "operation: getServerTime"),
        required("pointer", Form::Text, "pointer: /serverTime"),
        TIME_UNIT,
    ],
};

const TIME_UNIT: Key = required("unit", Form::Choice(&["ms", "us", "ns", "s", "iso8601", "dotnet-ticks"]), "unit: ms");

pub(in crate::source) const TIME: Key = optional("x-time", Form::Object(&TIME_SHAPE));

pub(in crate::source) const TIME_SHAPE: Shape =
    Shape { kind: ObjectKind::Time, keys: &[TIME_UNIT, optional("zone", Form::Choice(&["UTC"]))] };

pub(in crate::source) const MARKET_RULE: Key = optional("x-market-rule", Form::Object(&MARKET_RULE_SHAPE));

pub(in crate::source) const MARKET_RULE_SHAPE: Shape = Shape {
    kind: ObjectKind::MarketRule,
    keys: &[
        required("of", Form::Choice(&["price", "quantity", "amount"]), "of: price"),
        required("is", Form::Choice(&["step", "scale", "minimum", "maximum"]), "is: step"),
    ],
};

pub(in crate::source) const ERROR_SHAPE: Shape = Shape {
    kind: ObjectKind::ErrorShape,
    keys: &[
        optional("code", Form::List(&Form::Text)),
        optional("message", Form::List(&Form::Text)),
        optional("failed-when", CONDITIONS),
    ],
};

pub(in crate::source) const CONDITION_SHAPE: Shape = Shape {
    kind: ObjectKind::Condition,
    keys: &[
        required("pointer", Form::Text, "pointer: /success"),
        optional("equals", Form::Data),
        optional("present", Form::Flag),
        optional("beside", Form::Text),
        optional("outcome", Form::Choice(&["unknown"])),
    ],
};

pub(in crate::source) const CODE_RULE_SHAPE: Shape = Shape {
    kind: ObjectKind::CodeRule,
    keys: &[
        required("code", Form::Code, "code: -1"),
        optional("status", Form::Count),
        optional("pointer", Form::Text),
        optional("message", Form::NonEmpty),
    ],
};

pub(in crate::source) const ERROR_CODE_SHAPE: Shape = Shape {
    kind: ObjectKind::ErrorCode,
    keys: &[
        required("code", Form::Code, "code: -1121"),
        optional("message", Form::NonEmpty),
        DESCRIPTION,
        DEVIATION,
        EVIDENCE,
    ],
};

pub(in crate::source) const WEIGHT_SHAPE: Shape = Shape {
    kind: ObjectKind::Weight,
    keys: &[
        required("when-present", Form::Map(&Form::Count), "when-present: {symbol: 1}"),
        required("otherwise", Form::Count, "otherwise: 40"),
    ],
};

pub(in crate::source) const IDEMPOTENT_SHAPE: Shape = Shape {
    kind: ObjectKind::Idempotent,
    keys: &[required(
        "when-present",
        Form::Either(&Form::NonEmpty, &Form::List(&Form::NonEmpty)),
        "when-present: transferId",
    )],
};

/// The values that a constraint names: parameters and properties by name, others by a JSON pointer
/// into the body.
const NAMES: Form = Form::List(&Form::NonEmpty);

pub(in crate::source) const CONSTRAINT_SHAPE: Shape = Shape {
    kind: ObjectKind::Constraint,
    keys: &[
        optional("exactly-one-of", NAMES),
        optional("at-least-one-of", NAMES),
        optional("at-most-one-of", NAMES),
        optional("all-or-none", NAMES),
        optional("needed", NAMES),
        optional("when", Form::Map(&Form::List(&Form::Data))),
        optional("when-present", Form::NonEmpty),
        optional("when-absent", Form::NonEmpty),
        DESCRIPTION,
        optional("stated-by", Form::Choice(&["document", "evidence"])),
        optional("widens", Form::Flag),
        EVIDENCE,
    ],
};
