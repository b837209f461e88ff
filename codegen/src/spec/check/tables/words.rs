//! The `x-` words.

use crate::spec::check::grammar::{DESCRIPTION, DEVIATION, EVIDENCE, Form, Key, Shape, Sort, may, must};

/// Where each word belongs, for those who wrote it elsewhere.
pub(in crate::spec::check) const PLACES: &[(&str, &str)] = &[
    ("x-crate-version", "at the root"),
    ("x-auth", "at the root"),
    ("x-private-key", "at the root, beside `x-auth`"),
    ("x-base-path", "at the root of a document without servers"),
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
    ("x-refused-codes", "at the root, on an operation or on a method"),
    ("x-parameter-order", "at the root"),
    ("x-environment", "on a server"),
    ("x-weight", "on an operation or on a method"),
    ("x-idempotent", "on an operation or on a method"),
    ("x-moves-funds", "on an operation or on a method"),
    ("x-done-codes", "on an operation or on a method"),
    ("x-gone-codes", "on an operation or on a method"),
    ("x-failed-when", "on an operation of an OpenAPI document; at the root it is `failed-when` of `x-error`"),
    ("x-method", "on a method of an OpenRPC document"),
    ("x-signature", "on a security scheme"),
    ("x-description", "on an error of an OpenRPC document"),
    ("x-variadic", "on a parameter of an OpenRPC document"),
    ("x-tuple", "on an array's schema"),
    ("x-always", "on an object's schema"),
    ("x-enum-varnames", "on the schema of an enum"),
    ("x-enum-descriptions", "on the schema of an enum"),
    ("x-rust-name", "on an operation, a method, a parameter or a schema"),
    ("x-doc-deviation", "on the very object that deviates, never on something larger"),
    (
        "x-evidence",
        "where `x-doc-deviation` may stand except on an error of an OpenRPC document, on a rate limit, and on `info`",
    ),
];

pub(super) const CRATE_VERSION: Key = must("x-crate-version", Form::Text, "x-crate-version: 0.1.0");
pub(super) const AUTH: Key = may("x-auth", Form::Words);
pub(super) const BASE_PATH: Key = may("x-base-path", Form::Words);
pub(super) const PRIVATE_KEY: Key = may("x-private-key", Form::Flag);
pub(super) const RECV_WINDOW: Key = may("x-recv-window", Form::Object(&RECV_WINDOW_SHAPE));
pub(super) const CLOCK_CODES: Key = may("x-clock-codes", CODE_RULES);
pub(super) const RATE_LIMITS: Key = may("x-rate-limits", Form::List(&Form::Object(&RATE_LIMIT)));
pub(super) const LIMITS: Key = may("x-limits", Form::List(&Form::Text));
pub(super) const SERVER_TIME: Key = may("x-server-time", Form::Object(&SERVER_TIME_SHAPE));
pub(super) const ERROR: Key = may("x-error", Form::Object(&ERROR_SHAPE));
pub(super) const ERROR_CODES: Key = may("x-error-codes", Form::List(&Form::Object(&ERROR_CODE)));
pub(super) const UNKNOWN_CODES: Key = may("x-unknown-codes", CODE_RULES);
pub(super) const REFUSED_CODES: Key = may("x-refused-codes", CODE_RULES);
pub(super) const PARAMETER_ORDER: Key = may("x-parameter-order", Form::Choice(&["significant"]));

pub(super) const WEIGHT: Key = may("x-weight", Form::Either(&Form::Count, &Form::Object(&WEIGHT_SHAPE)));
pub(super) const IDEMPOTENT: Key = may("x-idempotent", Form::Either(&Form::Flag, &Form::Object(&IDEMPOTENT_SHAPE)));
pub(super) const MOVES_FUNDS: Key = may("x-moves-funds", Form::Flag);
pub(super) const DONE_CODES: Key = may("x-done-codes", CODE_RULES);
pub(super) const GONE_CODES: Key = may("x-gone-codes", CODE_RULES);
pub(super) const FAILED_WHEN: Key = may("x-failed-when", CONDITIONS);

/// Codes that decide about the outcome of a call, each by itself or tied to where it stands.
const CODE_RULES: Form = Form::List(&Form::Either(&Form::Code, &Form::Object(&CODE_RULE)));
const CONDITIONS: Form = Form::List(&Form::Object(&CONDITION));

const RATE_LIMIT: Shape = Shape {
    sort: Sort::RateLimit,
    keys: &[
        must("name", Form::Words, "name: orders"),
        must("per", Form::Choice(&["ip", "key"]), "per: ip, or per: key"),
        must("window", Form::Text, "window: 1s"),
        must("limit", Form::Count, "limit: 10"),
        must("counts", Form::Choice(&["weight", "requests"]), "counts: weight, or counts: requests"),
        may("header", Form::Words),
        EVIDENCE,
    ],
};

const RECV_WINDOW_SHAPE: Shape =
    Shape { sort: Sort::RecvWindow, keys: &[may("default", Form::Count), may("max", Form::Count), DESCRIPTION] };

const SERVER_TIME_SHAPE: Shape = Shape {
    sort: Sort::ServerTime,
    keys: &[
        must("operation", Form::Words, "operation: getServerTime"),
        must("pointer", Form::Text, "pointer: /serverTime"),
        must("unit", Form::Choice(&["ms", "s", "iso8601", "dotnet-ticks"]), "unit: ms"),
    ],
};

const ERROR_SHAPE: Shape = Shape {
    sort: Sort::ErrorShape,
    keys: &[
        may("code", Form::List(&Form::Text)),
        may("message", Form::List(&Form::Text)),
        may("failed-when", CONDITIONS),
    ],
};

const CONDITION: Shape = Shape {
    sort: Sort::Condition,
    keys: &[
        must("pointer", Form::Text, "pointer: /success"),
        may("equals", Form::Data),
        may("present", Form::Flag),
        may("outcome", Form::Choice(&["unknown"])),
    ],
};

const CODE_RULE: Shape = Shape {
    sort: Sort::CodeRule,
    keys: &[
        must("code", Form::Code, "code: -1"),
        may("status", Form::Count),
        may("pointer", Form::Text),
        may("message", Form::Words),
    ],
};

const ERROR_CODE: Shape = Shape {
    sort: Sort::ErrorCode,
    keys: &[
        must("code", Form::Code, "code: -1121"),
        must("message", Form::Text, "message: Invalid symbol."),
        DESCRIPTION,
        DEVIATION,
        EVIDENCE,
    ],
};

const WEIGHT_SHAPE: Shape = Shape {
    sort: Sort::Weight,
    keys: &[
        must("when-present", Form::Map(&Form::Count), "when-present: {symbol: 1}"),
        must("otherwise", Form::Count, "otherwise: 40"),
    ],
};

const IDEMPOTENT_SHAPE: Shape =
    Shape { sort: Sort::Idempotent, keys: &[must("when-present", Form::Words, "when-present: transferId")] };
