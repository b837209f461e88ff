//! Every kind of change, and what it does.
//!
//! What is sent may be asked less of and what is read may promise more, not the other way round. Beyond that the verdicts go by
//! what generated crates do: they read an optional `null` as nothing, keep enum values that they do not know, pass over members
//! and columns that they do not know, and check no bounds.

use super::report::Level::{self, Breaking, Risky, Safe};

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, which stays: `optional-member-added`.
    pub id: &'static str,
    /// The rule that says the opposite: what is added from A to B is removed from B to A. Its own where the opposite is of the same kind.
    pub mirror: &'static str,
    /// What has changed, in a sentence.
    pub meaning: &'static str,
    /// What it does on the wire.
    pub wire: Effect,
    /// What it does in the source of users.
    pub source: Effect,
    /// Whether users find something new in the crate.
    pub adds: bool,
}

/// What a change does. Where more is known of a single change, its verdict goes by that.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Always the same.
    Always(Level, &'static str),
    /// By where it is; the worse of the two where it is in both.
    ByUse {
        /// In what is sent.
        request: (Level, &'static str),
        /// In what is read.
        reply: (Level, &'static str),
    },
}

const fn rule(id: &'static str, mirror: &'static str, meaning: &'static str, wire: Effect, source: Effect) -> Rule {
    Rule { id, mirror, meaning, wire, source, adds: false }
}

/// Like [`rule`], for what gives users something new.
const fn new(id: &'static str, mirror: &'static str, meaning: &'static str, wire: Effect, source: Effect) -> Rule {
    Rule { id, mirror, meaning, wire, source, adds: true }
}

const fn always(level: Level, reason: &'static str) -> Effect {
    Effect::Always(level, reason)
}

const fn by_use(request: (Level, &'static str), reply: (Level, &'static str)) -> Effect {
    Effect::ByUse { request, reply }
}

const NO_CODE: Effect = always(Safe, "no code changes");
const NO_WIRE: Effect = always(Safe, "nothing that travels changes");
const DOCS: Effect = always(Safe, "only the documentation of the crate changes");
const UNCHECKED: Effect = always(Safe, "types do not check it");

macro_rules! rules {
    ($($section:literal { $($name:ident = $rule:expr;)* })*) => {
        $($(pub(super) static $name: Rule = $rule;)*)*

        /// All of them by what they are about, in the order of the documentation.
        pub static SECTIONS: &[(&str, &[&Rule])] = &[$(($section, &[$(&$name),*])),*];

        /// All of them.
        pub static RULES: &[&Rule] = &[$($(&$name),*),*];
    };
}

rules! {
    "The API" {
        VENUE_ADDED = new(
            "venue-added",
            "venue-removed",
            "A spec is new.",
            always(Safe, "nobody calls it yet"),
            always(Safe, "a new crate"),
        );
        VENUE_REMOVED = rule(
            "venue-removed",
            "venue-added",
            "A spec is gone.",
            always(Breaking, "nobody keeps its client up to date any more"),
            always(Breaking, "there is no crate any more"),
        );
        DEFAULT_SERVER_CHANGED = rule(
            "default-server-changed",
            "default-server-changed",
            "Clients that are not told otherwise call another URL.",
            always(Risky, "old clients keep calling the old URL"),
            NO_CODE,
        );
        SERVER_ADDED = rule(
            "server-added",
            "server-removed",
            "A server is new.",
            always(Safe, "old clients do not call it"),
            NO_CODE,
        );
        SERVER_REMOVED = rule(
            "server-removed",
            "server-added",
            "A server is gone.",
            always(Risky, "who was told to call it still does"),
            always(Safe, "clients call the first server of an environment"),
        );
        BASE_PATH_CHANGED = rule(
            "base-path-changed",
            "base-path-changed",
            "Base URLs have another path, at a venue without a public host.",
            always(Risky, "old clients keep calling the old path"),
            always(Risky, "the base URL that a program gives has to change"),
        );
        SIGNER_CHANGED = rule(
            "signer-changed",
            "signer-changed",
            "Another crate signs.",
            always(Breaking, "old clients sign in another way"),
            always(Breaking, "`Credentials` is another type"),
        );
        SECURITY_SCHEME_CHANGED = rule(
            "security-scheme-changed",
            "security-scheme-changed",
            "Key or signature travel under another name or in another place.",
            always(Breaking, "old clients send it elsewhere"),
            always(Safe, "the crate that signs has to follow"),
        );
        PRIVATE_KEY_ADDED = new(
            "private-key-added",
            "private-key-removed",
            "Requests can be signed with a private key.",
            always(Safe, "old clients sign as before"),
            always(Safe, "tools take a private key"),
        );
        PRIVATE_KEY_REMOVED = rule(
            "private-key-removed",
            "private-key-added",
            "Requests cannot be signed with a private key any more.",
            always(Breaking, "old clients with a private key are refused"),
            always(Risky, "tools take no private key any more"),
        );
        RECV_WINDOW_ADDED = new(
            "recv-window-added",
            "recv-window-removed",
            "Signed requests can say how long they may be accepted.",
            always(Safe, "old clients do not say it"),
            always(Safe, "calls can say it"),
        );
        RECV_WINDOW_REMOVED = rule(
            "recv-window-removed",
            "recv-window-added",
            "Signed requests cannot say any more how long they may be accepted.",
            always(Risky, "old clients may still say it"),
            always(Risky, "a call that says it is not sent any more"),
        );
        RECV_WINDOW_CHANGED = rule(
            "recv-window-changed",
            "recv-window-changed",
            "How long signed requests may be accepted has another default or bound.",
            always(Risky, "requests of old clients may be refused, or accepted for longer than meant"),
            NO_CODE,
        );
        LIMIT_ADDED = rule(
            "limit-added",
            "limit-removed",
            "A rate limit is new.",
            always(Risky, "old clients do not keep to it, and may be refused or banned"),
            NO_CODE,
        );
        LIMIT_REMOVED = rule(
            "limit-removed",
            "limit-added",
            "A rate limit is gone.",
            always(Safe, "old clients wait longer than they need"),
            NO_CODE,
        );
        LIMIT_LOWERED = rule(
            "limit-lowered",
            "limit-raised",
            "A rate limit admits less.",
            always(Risky, "old clients send more, and may be refused or banned"),
            NO_CODE,
        );
        LIMIT_RAISED = rule(
            "limit-raised",
            "limit-lowered",
            "A rate limit admits more.",
            always(Safe, "old clients wait longer than they need"),
            NO_CODE,
        );
        LIMIT_CHANGED = rule(
            "limit-changed",
            "limit-changed",
            "A rate limit counts otherwise.",
            always(Risky, "old clients count otherwise than the venue"),
            NO_CODE,
        );
        SERVER_TIME_ADDED = new(
            "server-time-added",
            "server-time-removed",
            "An operation tells the venue's time.",
            always(Safe, "old clients do not ask"),
            always(Safe, "`sync_clock` is new"),
        );
        SERVER_TIME_REMOVED = rule(
            "server-time-removed",
            "server-time-added",
            "No operation tells the venue's time any more.",
            always(Risky, "old clients may still ask"),
            always(Breaking, "`sync_clock` is gone"),
        );
        SERVER_TIME_CHANGED = rule(
            "server-time-changed",
            "server-time-changed",
            "The venue's time stands elsewhere, or in another unit.",
            always(Breaking, "old clients find no time, or a wrong one"),
            NO_CODE,
        );
        ERROR_SHAPE_CHANGED = rule(
            "error-shape-changed",
            "error-shape-changed",
            "Code or message of an error stand elsewhere.",
            always(Breaking, "old clients do not find them, and cannot tell errors apart"),
            NO_CODE,
        );
        REFUSAL_CONDITION_ADDED = rule(
            "refusal-condition-added",
            "refusal-condition-removed",
            "More replies of status 2xx are errors.",
            always(Breaking, "old clients take the error for a success"),
            always(Risky, "such a reply becomes an error"),
        );
        REFUSAL_CONDITION_REMOVED = rule(
            "refusal-condition-removed",
            "refusal-condition-added",
            "Fewer replies of status 2xx are errors.",
            always(Breaking, "old clients take a success for a refusal: what is placed again may be placed twice"),
            always(Risky, "such a reply is no error any more"),
        );
        FAILURE_BECAME_UNKNOWN = rule(
            "failure-became-unknown",
            "failure-became-refusal",
            "An error of status 2xx does not say any more whether the request was carried out.",
            always(Breaking, "old clients take it for a refusal: what is placed again may be placed twice"),
            always(Risky, "its outcome becomes `Unknown`"),
        );
        FAILURE_BECAME_REFUSAL = rule(
            "failure-became-refusal",
            "failure-became-unknown",
            "An error of status 2xx says that the request was refused.",
            always(Safe, "old clients are more careful than they need"),
            always(Risky, "its outcome becomes `Refused`"),
        );
        FAILURE_ORDER_CHANGED = rule(
            "failure-order-changed",
            "failure-order-changed",
            "Where several conditions on a reply hold, another one decides about the outcome.",
            always(Breaking, "old clients take an unknown outcome for a refusal: what is placed again may be placed twice"),
            always(Risky, "the outcome of such a reply is another one"),
        );
        UNKNOWN_CODE_ADDED = rule(
            "unknown-code-added",
            "unknown-code-removed",
            "After this error code nobody knows whether a request was carried out.",
            always(Breaking, "old clients take it for a refusal: what is placed again may be placed twice"),
            always(Risky, "its outcome becomes `Unknown`"),
        );
        UNKNOWN_CODE_REMOVED = rule(
            "unknown-code-removed",
            "unknown-code-added",
            "After this error code it is known that a request was refused.",
            always(Safe, "old clients are more careful than they need"),
            always(Risky, "its outcome becomes `Refused`"),
        );
        CLOCK_CODE_ADDED = rule(
            "clock-code-added",
            "clock-code-removed",
            "This error code says that the time of a request is off.",
            always(Risky, "old clients do not set their clock by it"),
            NO_CODE,
        );
        CLOCK_CODE_REMOVED = rule(
            "clock-code-removed",
            "clock-code-added",
            "This error code does not say any more that the time of a request is off.",
            always(Risky, "old clients ask for the time, and may send again, without a reason"),
            NO_CODE,
        );
        REFUSED_CODE_ADDED = rule(
            "refused-code-added",
            "refused-code-removed",
            "This error code says that a request was refused for another reason than a rate limit.",
            always(Risky, "where it comes with 429, old clients close the limit, and may send again, without a reason"),
            NO_CODE,
        );
        REFUSED_CODE_REMOVED = rule(
            "refused-code-removed",
            "refused-code-added",
            "This error code does not say any more that a request was refused for another reason than a rate limit.",
            always(Risky, "where it comes with 429, old clients do not hold back"),
            NO_CODE,
        );
        ERROR_CODE_ADDED = rule(
            "error-code-added",
            "error-code-removed",
            "An error code is new.",
            always(Safe, "old clients hand on any code"),
            NO_CODE,
        );
        ERROR_CODE_REMOVED = rule(
            "error-code-removed",
            "error-code-added",
            "An error code is gone.",
            always(Safe, "old clients hand on any code"),
            NO_CODE,
        );
        PARAMETER_ORDER_BECAME_SIGNIFICANT = rule(
            "parameter-order-became-significant",
            "parameter-order-became-insignificant",
            "The venue refuses parameters in another order than the spec's.",
            always(Safe, "clients keep to the order of the spec as it is"),
            NO_CODE,
        );
        PARAMETER_ORDER_BECAME_INSIGNIFICANT = rule(
            "parameter-order-became-insignificant",
            "parameter-order-became-significant",
            "The venue takes parameters in any order.",
            always(Safe, "clients keep to the order of the spec as it is"),
            NO_CODE,
        );
    }

    "Operations" {
        OPERATION_ADDED = new(
            "operation-added",
            "operation-removed",
            "An operation is new.",
            always(Safe, "old clients do not call it"),
            always(Safe, "a new method"),
        );
        OPERATION_REMOVED = rule(
            "operation-removed",
            "operation-added",
            "An operation is gone.",
            always(Breaking, "old clients still call it"),
            always(Breaking, "the method is gone"),
        );
        CALL_FORM_ADDED = new(
            "call-form-added",
            "call-form-removed",
            "A method can be called in one more form.",
            always(Safe, "old clients do not call it in this form"),
            always(Safe, "a new method of the client"),
        );
        CALL_FORM_REMOVED = rule(
            "call-form-removed",
            "call-form-added",
            "A method cannot be called in this form any more.",
            always(Breaking, "old clients still call it in this form"),
            always(Breaking, "the method of the client is gone"),
        );
        OPERATION_RENAMED = rule(
            "operation-renamed",
            "operation-renamed",
            "An operation has another name in Rust.",
            NO_WIRE,
            always(Breaking, "the method has another name"),
        );
        OPERATION_MOVED = rule(
            "operation-moved",
            "operation-moved",
            "An operation has another path, HTTP method or JSON-RPC method.",
            always(Breaking, "old clients call it where it was"),
            NO_CODE,
        );
        OPERATION_DEPRECATED = rule(
            "operation-deprecated",
            "operation-reactivated",
            "An operation is called deprecated.",
            always(Safe, "it works as before"),
            always(Safe, "a warning of the compiler"),
        );
        OPERATION_REACTIVATED = rule(
            "operation-reactivated",
            "operation-deprecated",
            "An operation is not called deprecated any more.",
            always(Safe, "it works as before"),
            always(Safe, "a warning less"),
        );
        SECURITY_RAISED = rule(
            "security-raised",
            "security-lowered",
            "An operation needs a key or a signature that it did not need.",
            always(Breaking, "old clients send none, and are refused"),
            always(Risky, "it fails without credentials"),
        );
        SECURITY_LOWERED = rule(
            "security-lowered",
            "security-raised",
            "An operation does not need the key or signature any more.",
            always(Safe, "old clients send more than they need"),
            NO_CODE,
        );
        SECURITY_CHANGED = rule(
            "security-changed",
            "security-changed",
            "An operation asks for other security schemes.",
            always(Breaking, "old clients do not send all that it asks for"),
            NO_CODE,
        );
        WEIGHT_RAISED = rule(
            "weight-raised",
            "weight-lowered",
            "A call counts more against the limits.",
            always(Risky, "old clients count too little, and may be refused or banned"),
            NO_CODE,
        );
        WEIGHT_LOWERED = rule(
            "weight-lowered",
            "weight-raised",
            "A call counts less against the limits.",
            always(Safe, "old clients wait longer than they need"),
            NO_CODE,
        );
        WEIGHT_CHANGED = rule(
            "weight-changed",
            "weight-changed",
            "What a call counts depends on other things: more for some, less for others.",
            always(Risky, "old clients may count too little"),
            NO_CODE,
        );
        OPERATION_LIMIT_ADDED = rule(
            "operation-limit-added",
            "operation-limit-removed",
            "A call counts against one more limit.",
            always(Risky, "old clients do not count it there, and may be refused or banned"),
            NO_CODE,
        );
        OPERATION_LIMIT_REMOVED = rule(
            "operation-limit-removed",
            "operation-limit-added",
            "A call does not count against a limit any more.",
            always(Safe, "old clients wait longer than they need"),
            NO_CODE,
        );
        IDEMPOTENCY_LOST = rule(
            "idempotency-lost",
            "idempotency-gained",
            "A request may not be sent again any more when nobody knows what became of it.",
            always(Breaking, "old clients send it again: it may be carried out twice"),
            always(Risky, "it is not sent again by itself any more"),
        );
        IDEMPOTENCY_GAINED = rule(
            "idempotency-gained",
            "idempotency-lost",
            "A request may be sent again when nobody knows what became of it.",
            always(Safe, "old clients leave that to their user"),
            always(Risky, "it is sent again by itself"),
        );
        IDEMPOTENCY_CHANGED = rule(
            "idempotency-changed",
            "idempotency-changed",
            "A request may be sent again when it carries another member.",
            always(Breaking, "old clients send it again by the old member: it may be carried out twice"),
            always(Risky, "it is sent again by itself in other cases"),
        );
        DONE_CODE_ADDED = rule(
            "done-code-added",
            "done-code-removed",
            "This error code proves to a retry that an earlier attempt was carried out.",
            always(Risky, "old clients report a failure"),
            always(Risky, "its outcome becomes `Applied`"),
        );
        DONE_CODE_REMOVED = rule(
            "done-code-removed",
            "done-code-added",
            "This error code does not prove any more that an earlier attempt was carried out.",
            always(Breaking, "old clients report a failed request as carried out"),
            always(Risky, "its outcome is not `Applied` any more"),
        );
        GONE_CODE_ADDED = rule(
            "gone-code-added",
            "gone-code-removed",
            "By this error code a retry of a cancel learns that there is nothing to cancel.",
            always(Safe, "old clients report an unknown outcome"),
            always(Risky, "its outcome becomes `Gone`"),
        );
        GONE_CODE_REMOVED = rule(
            "gone-code-removed",
            "gone-code-added",
            "This error code does not say any more that there is nothing to cancel.",
            always(Breaking, "old clients take an order that may be open for one that is gone"),
            always(Risky, "its outcome is not `Gone` any more"),
        );
        FUNDS_MARKED = rule(
            "funds-marked",
            "funds-unmarked",
            "An operation is said to move funds.",
            NO_WIRE,
            always(Safe, "tools ask a person first"),
        );
        FUNDS_UNMARKED = rule(
            "funds-unmarked",
            "funds-marked",
            "An operation is not said to move funds any more.",
            NO_WIRE,
            always(Risky, "tools do not ask a person any more"),
        );
    }

    "Parameters" {
        REQUIRED_PARAMETER_ADDED = new(
            "required-parameter-added",
            "required-parameter-removed",
            "A parameter is new and must be given.",
            always(Breaking, "old clients do not send it"),
            always(Breaking, "calls without it do not compile"),
        );
        REQUIRED_PARAMETER_REMOVED = rule(
            "required-parameter-removed",
            "required-parameter-added",
            "A parameter that had to be given is gone.",
            always(Risky, "old clients still send it"),
            always(Breaking, "the setter is gone"),
        );
        OPTIONAL_PARAMETER_ADDED = new(
            "optional-parameter-added",
            "optional-parameter-removed",
            "A parameter is new and may be left out.",
            always(Safe, "old clients leave it out"),
            always(Safe, "a new setter"),
        );
        OPTIONAL_PARAMETER_REMOVED = rule(
            "optional-parameter-removed",
            "optional-parameter-added",
            "A parameter that could be left out is gone.",
            always(Risky, "old clients may still send it"),
            always(Breaking, "the setter is gone"),
        );
        PARAMETER_BECAME_REQUIRED = rule(
            "parameter-became-required",
            "parameter-became-optional",
            "A parameter must be given.",
            always(Breaking, "old clients may leave it out"),
            always(Breaking, "calls without it do not compile"),
        );
        PARAMETER_BECAME_OPTIONAL = rule(
            "parameter-became-optional",
            "parameter-became-required",
            "A parameter may be left out.",
            always(Safe, "old clients give it"),
            always(Safe, "calls that give it compile as before"),
        );
        PARAMETER_RENAMED = rule(
            "parameter-renamed",
            "parameter-renamed",
            "A parameter that travels by its position has another name.",
            always(Risky, "its position stays, but it may stand for something else"),
            always(Breaking, "the setter has another name"),
        );
        PARAMETER_SETTER_RENAMED = rule(
            "parameter-setter-renamed",
            "parameter-setter-renamed",
            "A parameter has another name in Rust.",
            NO_WIRE,
            always(Breaking, "the setter has another name"),
        );
        PARAMETER_MOVED = rule(
            "parameter-moved",
            "parameter-moved",
            "A parameter travels elsewhere: query, path, header, cookie.",
            always(Breaking, "old clients send it where it was"),
            NO_CODE,
        );
        PARAMETER_STYLE_CHANGED = rule(
            "parameter-style-changed",
            "parameter-style-changed",
            "The values of a parameter are put together in another way.",
            always(Breaking, "old clients put them together as before"),
            NO_CODE,
        );
        PARAMETER_ORDER_CHANGED = rule(
            "parameter-order-changed",
            "parameter-order-changed",
            "Parameters travel in another order, which counts.",
            always(Breaking, "old clients send them in the old order"),
            always(Safe, "setters go by name"),
        );
        PARAMETER_DEPRECATED = rule(
            "parameter-deprecated",
            "parameter-reactivated",
            "A parameter is called deprecated.",
            always(Safe, "it works as before"),
            always(Safe, "a warning of the compiler"),
        );
        PARAMETER_REACTIVATED = rule(
            "parameter-reactivated",
            "parameter-deprecated",
            "A parameter is not called deprecated any more.",
            always(Safe, "it works as before"),
            always(Safe, "a warning less"),
        );
    }

    "Bodies and replies" {
        REQUIRED_BODY_ADDED = new(
            "required-body-added",
            "required-body-removed",
            "A request has a body, which must be given.",
            always(Breaking, "old clients send none"),
            always(Breaking, "calls without it do not compile"),
        );
        REQUIRED_BODY_REMOVED = rule(
            "required-body-removed",
            "required-body-added",
            "A request that had to have a body has none.",
            always(Breaking, "old clients still send one"),
            always(Breaking, "the setter `body` is gone"),
        );
        OPTIONAL_BODY_ADDED = new(
            "optional-body-added",
            "optional-body-removed",
            "A request can have a body.",
            always(Safe, "old clients send none"),
            always(Safe, "a new setter"),
        );
        OPTIONAL_BODY_REMOVED = rule(
            "optional-body-removed",
            "optional-body-added",
            "A request that could have a body has none.",
            always(Breaking, "old clients may still send one"),
            always(Breaking, "the setter `body` is gone"),
        );
        BODY_BECAME_REQUIRED = rule(
            "body-became-required",
            "body-became-optional",
            "A request must have a body.",
            always(Breaking, "old clients may send none"),
            always(Breaking, "calls without it do not compile"),
        );
        BODY_BECAME_OPTIONAL = rule(
            "body-became-optional",
            "body-became-required",
            "A request may go without a body.",
            always(Safe, "old clients send one"),
            always(Safe, "calls that give it compile as before"),
        );
        MEDIA_TYPE_ADDED = rule(
            "media-type-added",
            "media-type-removed",
            "A body can be of one more media type.",
            by_use((Safe, "old clients send what they sent"), (Safe, "old clients ask for JSON")),
            NO_CODE,
        );
        MEDIA_TYPE_REMOVED = rule(
            "media-type-removed",
            "media-type-added",
            "A body cannot be of this media type any more.",
            by_use((Breaking, "old clients may still send it"), (Breaking, "old clients may expect it")),
            NO_CODE,
        );
        BODY_SCHEMA_ADDED = rule(
            "body-schema-added",
            "body-schema-removed",
            "A body that was not described is.",
            by_use((Breaking, "old clients send anything"), (Safe, "old clients read anything")),
            always(Breaking, "it gets a type"),
        );
        BODY_SCHEMA_REMOVED = rule(
            "body-schema-removed",
            "body-schema-added",
            "A body that was described is not any more.",
            by_use((Safe, "anything may be sent"), (Risky, "old clients expect what was described")),
            always(Breaking, "it loses its type"),
        );
        REPLY_CONTENT_ADDED = rule(
            "reply-content-added",
            "reply-content-removed",
            "A reply that was empty has content.",
            always(Safe, "old clients do not look at it"),
            always(Breaking, "the call gives a value where it gave `()`"),
        );
        REPLY_CONTENT_REMOVED = rule(
            "reply-content-removed",
            "reply-content-added",
            "A reply that had content is empty.",
            always(Breaking, "old clients cannot read it"),
            always(Breaking, "the call gives `()`"),
        );
        SUCCESS_STATUS_ADDED = rule(
            "success-status-added",
            "success-status-removed",
            "A status of success is new.",
            always(Safe, "old clients take any 2xx for a success"),
            NO_CODE,
        );
        SUCCESS_STATUS_REMOVED = rule(
            "success-status-removed",
            "success-status-added",
            "A status of success is gone.",
            always(Breaking, "old clients wait for it"),
            always(Risky, "programs may look at the status"),
        );
        ERROR_STATUS_ADDED = rule(
            "error-status-added",
            "error-status-removed",
            "A status of an error is new.",
            always(Safe, "old clients take any other status for an error"),
            DOCS,
        );
        ERROR_STATUS_REMOVED = rule(
            "error-status-removed",
            "error-status-added",
            "A status of an error is gone.",
            always(Safe, "old clients take any other status for an error"),
            DOCS,
        );
        REQUIRED_HEADER_ADDED = rule(
            "required-header-added",
            "required-header-removed",
            "A reply always carries one more header.",
            always(Safe, "old clients pass over it"),
            NO_CODE,
        );
        REQUIRED_HEADER_REMOVED = rule(
            "required-header-removed",
            "required-header-added",
            "A header that every reply carried is gone.",
            always(Breaking, "who reads it finds nothing"),
            NO_CODE,
        );
        OPTIONAL_HEADER_ADDED = rule(
            "optional-header-added",
            "optional-header-removed",
            "A reply can carry one more header.",
            always(Safe, "old clients pass over it"),
            NO_CODE,
        );
        OPTIONAL_HEADER_REMOVED = rule(
            "optional-header-removed",
            "optional-header-added",
            "A header that replies could carry is gone.",
            always(Risky, "who reads it finds nothing"),
            NO_CODE,
        );
        HEADER_BECAME_REQUIRED = rule(
            "header-became-required",
            "header-became-optional",
            "Every reply carries a header that could be missing.",
            always(Safe, "it is there more often"),
            NO_CODE,
        );
        HEADER_BECAME_OPTIONAL = rule(
            "header-became-optional",
            "header-became-required",
            "A header that every reply carried may be missing.",
            always(Breaking, "who reads it may find nothing"),
            NO_CODE,
        );
    }

    "Types" {
        TYPE_CHANGED = rule(
            "type-changed",
            "type-changed",
            "A value is of another type or format.",
            by_use((Breaking, "old clients send the old type"), (Breaking, "old clients cannot read it")),
            always(Breaking, "it has another type in Rust"),
        );
        TYPE_WIDENED = rule(
            "type-widened",
            "type-narrowed",
            "A value may be of more types, or of a wider type or format.",
            by_use((Safe, "what old clients send still fits"), (Breaking, "old clients cannot read all of it")),
            always(Breaking, "it has another type in Rust"),
        );
        TYPE_NARROWED = rule(
            "type-narrowed",
            "type-widened",
            "A value may be of fewer types, or of a narrower type or format.",
            by_use((Breaking, "not all that old clients send still fits"), (Safe, "old clients read it")),
            always(Breaking, "it has another type in Rust"),
        );
        BECAME_NULLABLE = rule(
            "became-nullable",
            "became-not-nullable",
            "A value may be null.",
            by_use((Safe, "old clients send no null"), (Breaking, "old clients cannot read null here")),
            always(Breaking, "it becomes an `Option`"),
        );
        BECAME_NOT_NULLABLE = rule(
            "became-not-nullable",
            "became-nullable",
            "A value may not be null any more.",
            by_use((Breaking, "old clients may send null"), (Safe, "old clients read it")),
            always(Breaking, "it is no `Option` any more"),
        );
        BECAME_ENUM = rule(
            "became-enum",
            "enum-dropped",
            "A value is one of a list, where it could be any.",
            by_use((Breaking, "old clients may send others"), (Safe, "old clients read any")),
            always(Breaking, "it has another type in Rust"),
        );
        ENUM_DROPPED = rule(
            "enum-dropped",
            "became-enum",
            "A value can be any, where it was one of a list.",
            by_use(
                (Safe, "what old clients send is still taken"),
                (Risky, "old clients keep values that they do not know; a program may not be ready for them"),
            ),
            always(Breaking, "it has another type in Rust"),
        );
        ENUM_VALUE_ADDED = new(
            "enum-value-added",
            "enum-value-removed",
            "A value can be one more of a list.",
            by_use(
                (Safe, "old clients do not send it"),
                (Risky, "old clients keep it as a value that they do not know; a program may not be ready for it"),
            ),
            always(Safe, "enums are open: every `match` has an arm for others"),
        );
        ENUM_VALUE_REMOVED = rule(
            "enum-value-removed",
            "enum-value-added",
            "A value cannot be this one of a list any more.",
            by_use((Breaking, "old clients may still send it"), (Safe, "old clients wait for it in vain")),
            always(Breaking, "the variant is gone"),
        );
        DEFAULT_CHANGED = rule(
            "default-changed",
            "default-changed",
            "Leaving a value out means another one.",
            by_use(
                (Breaking, "old clients that leave it out ask for something else"),
                (Risky, "what is missing stands for another value"),
            ),
            by_use((Risky, "leaving it out means something else"), (Safe, "only the documentation of the crate changes")),
        );
        DEFAULT_ADDED = rule(
            "default-added",
            "default-removed",
            "What a value is that is left out is said.",
            by_use(
                (Risky, "leaving it out may have meant something else"),
                (Safe, "old clients see that it is missing"),
            ),
            DOCS,
        );
        DEFAULT_REMOVED = rule(
            "default-removed",
            "default-added",
            "What a value is that is left out is not said any more.",
            by_use((Risky, "leaving it out may mean something else"), (Safe, "old clients see that it is missing")),
            DOCS,
        );
        BOUND_SET = rule(
            "bound-set",
            "bound-unset",
            "A value has a bound (`minimum`, `maxLength`, `multipleOf` ..) that it did not have.",
            by_use((Risky, "old clients may send what is beyond it"), (Safe, "what comes is within what came")),
            UNCHECKED,
        );
        BOUND_UNSET = rule(
            "bound-unset",
            "bound-set",
            "A value has no such bound any more.",
            by_use(
                (Safe, "what old clients send is still taken"),
                (Risky, "clients check no bounds, but a program may count on it"),
            ),
            UNCHECKED,
        );
        BOUND_TIGHTENED = rule(
            "bound-tightened",
            "bound-loosened",
            "A bound of a value admits less.",
            by_use((Breaking, "old clients may send what is beyond it"), (Safe, "what comes is within what came")),
            UNCHECKED,
        );
        BOUND_LOOSENED = rule(
            "bound-loosened",
            "bound-tightened",
            "A bound of a value admits more.",
            by_use(
                (Safe, "what old clients send is still taken"),
                (Risky, "clients check no bounds, but a program may count on it"),
            ),
            UNCHECKED,
        );
        BOUND_CHANGED = rule(
            "bound-changed",
            "bound-changed",
            "A bound of a value is another, neither tighter nor looser.",
            by_use(
                (Risky, "old clients may send what is beyond it"),
                (Risky, "clients check no bounds, but a program may count on it"),
            ),
            UNCHECKED,
        );
        PATTERN_SET = rule(
            "pattern-set",
            "pattern-unset",
            "A text has to match a pattern.",
            by_use((Breaking, "old clients may send others"), (Safe, "what comes is within what came")),
            UNCHECKED,
        );
        PATTERN_UNSET = rule(
            "pattern-unset",
            "pattern-set",
            "A text need not match a pattern any more.",
            by_use((Safe, "what old clients send is still taken"), (Safe, "clients check no patterns")),
            UNCHECKED,
        );
        PATTERN_CHANGED = rule(
            "pattern-changed",
            "pattern-changed",
            "A text has to match another pattern.",
            by_use((Risky, "whether one admits all of the other cannot be told"), (Safe, "clients check no patterns")),
            UNCHECKED,
        );
    }

    "Objects" {
        REQUIRED_MEMBER_ADDED = new(
            "required-member-added",
            "required-member-removed",
            "An object has one more member, which is always there.",
            by_use((Breaking, "old clients do not send it"), (Safe, "old clients pass over it")),
            by_use((Breaking, "builders without it do not compile"), (Safe, "structs are not exhaustive")),
        );
        REQUIRED_MEMBER_REMOVED = rule(
            "required-member-removed",
            "required-member-added",
            "A member of an object that was always there is gone.",
            by_use((Risky, "old clients still send it"), (Breaking, "old clients cannot read the object without it")),
            always(Breaking, "the field is gone"),
        );
        OPTIONAL_MEMBER_ADDED = new(
            "optional-member-added",
            "optional-member-removed",
            "An object can have one more member.",
            by_use((Safe, "old clients leave it out"), (Safe, "old clients pass over it")),
            by_use((Safe, "a new setter of the builder"), (Safe, "structs are not exhaustive")),
        );
        OPTIONAL_MEMBER_REMOVED = rule(
            "optional-member-removed",
            "optional-member-added",
            "A member that an object could have is gone.",
            by_use((Risky, "old clients may still send it"), (Risky, "old clients never find it")),
            always(Breaking, "the field is gone"),
        );
        MEMBER_BECAME_REQUIRED = rule(
            "member-became-required",
            "member-became-optional",
            "A member of an object is always there.",
            by_use((Breaking, "old clients may leave it out"), (Safe, "it is there more often")),
            always(Breaking, "the field is no `Option` any more"),
        );
        MEMBER_BECAME_OPTIONAL = rule(
            "member-became-optional",
            "member-became-required",
            "A member of an object may be missing.",
            by_use((Safe, "old clients send it"), (Breaking, "old clients cannot read the object without it")),
            always(Breaking, "the field becomes an `Option`"),
        );
        MEMBER_BECAME_READ_ONLY = rule(
            "member-became-read-only",
            "member-became-writable",
            "A member is only read, never sent.",
            by_use((Risky, "old clients may still send it"), (Safe, "replies carry it as before")),
            by_use((Breaking, "the field of the request is gone"), (Safe, "replies have it as before")),
        );
        MEMBER_BECAME_WRITABLE = rule(
            "member-became-writable",
            "member-became-read-only",
            "A member that was only read can be sent.",
            by_use((Safe, "old clients do not send it"), (Safe, "replies carry it as before")),
            by_use((Safe, "a new setter of the builder"), (Safe, "replies have it as before")),
        );
        MEMBER_BECAME_WRITE_ONLY = rule(
            "member-became-write-only",
            "member-became-readable",
            "A member is only sent, never read.",
            by_use((Safe, "it is sent as before"), (Risky, "old clients never find it")),
            NO_CODE,
        );
        MEMBER_BECAME_READABLE = rule(
            "member-became-readable",
            "member-became-write-only",
            "A member that was only sent is read as well.",
            by_use((Safe, "it is sent as before"), (Safe, "old clients pass over it")),
            NO_CODE,
        );
        MEMBER_DEPRECATED = rule(
            "member-deprecated",
            "member-reactivated",
            "A value is called deprecated.",
            always(Safe, "it works as before"),
            always(Safe, "a warning of the compiler at most"),
        );
        MEMBER_REACTIVATED = rule(
            "member-reactivated",
            "member-deprecated",
            "A value is not called deprecated any more.",
            always(Safe, "it works as before"),
            always(Safe, "a warning less at most"),
        );
        OTHER_MEMBERS_FORBIDDEN = rule(
            "other-members-forbidden",
            "other-members-allowed",
            "An object has the members that are listed and no others.",
            by_use((Safe, "old clients send no others"), (Safe, "old clients pass over others")),
            NO_CODE,
        );
        OTHER_MEMBERS_ALLOWED = rule(
            "other-members-allowed",
            "other-members-forbidden",
            "An object can have members that are not listed.",
            by_use((Safe, "old clients send no others"), (Safe, "old clients pass over others")),
            NO_CODE,
        );
        SHAPE_CHANGED = rule(
            "shape-changed",
            "shape-changed",
            "A value is built otherwise in Rust: a struct, a map, any JSON.",
            by_use((Breaking, "old clients send the old form"), (Breaking, "old clients cannot read the new form")),
            always(Breaking, "it has another type in Rust"),
        );
    }

    "Alternatives" {
        ALTERNATIVE_ADDED = new(
            "alternative-added",
            "alternative-removed",
            "A value can be of one more alternative (`oneOf`, `anyOf`).",
            by_use((Safe, "old clients do not send it"), (Breaking, "old clients cannot read it")),
            always(Breaking, "a `match` over the alternatives lacks an arm"),
        );
        ALTERNATIVE_REMOVED = rule(
            "alternative-removed",
            "alternative-added",
            "A value cannot be of this alternative any more.",
            by_use((Breaking, "old clients may still send it"), (Safe, "old clients wait for it in vain")),
            always(Breaking, "the variant is gone"),
        );
        REQUIREMENT_ADDED = rule(
            "requirement-added",
            "requirement-removed",
            "A value has to meet one more schema (`allOf`).",
            by_use((Breaking, "what old clients send may not"), (Safe, "what comes is within what came")),
            always(Risky, "its type may change"),
        );
        REQUIREMENT_REMOVED = rule(
            "requirement-removed",
            "requirement-added",
            "A value has to meet one schema less (`allOf`).",
            by_use(
                (Risky, "old clients may send what is not known any more"),
                (Risky, "old clients may miss what it promised"),
            ),
            always(Risky, "its type may change"),
        );
        KEYWORD_CHANGED = rule(
            "keyword-changed",
            "keyword-changed",
            "A keyword says something else that is not understood here.",
            always(Risky, "what it does cannot be told"),
            always(Risky, "what it does cannot be told"),
        );
    }

    "Rows" {
        REQUIRED_COLUMN_ADDED = new(
            "required-column-added",
            "required-column-removed",
            "A row has one more column, which is always there.",
            by_use(
                (Breaking, "old clients do not send it"),
                (Safe, "old clients pass over columns at the end that they do not know"),
            ),
            by_use((Breaking, "builders without it do not compile"), (Safe, "structs are not exhaustive")),
        );
        REQUIRED_COLUMN_REMOVED = rule(
            "required-column-removed",
            "required-column-added",
            "A column of a row that was always there is gone.",
            by_use((Risky, "old clients still send it"), (Breaking, "old clients cannot read the row without it")),
            always(Breaking, "the field is gone"),
        );
        OPTIONAL_COLUMN_ADDED = new(
            "optional-column-added",
            "optional-column-removed",
            "A row can have one more column.",
            by_use((Safe, "old clients leave it out"), (Safe, "old clients pass over columns at the end that they do not know")),
            by_use((Safe, "a new setter of the builder"), (Safe, "structs are not exhaustive")),
        );
        OPTIONAL_COLUMN_REMOVED = rule(
            "optional-column-removed",
            "optional-column-added",
            "A column that a row could have is gone.",
            by_use((Risky, "old clients may still send it"), (Risky, "old clients never find it")),
            always(Breaking, "the field is gone"),
        );
        COLUMNS_MOVED = rule(
            "columns-moved",
            "columns-moved",
            "Columns of a row stand at other positions.",
            always(Breaking, "old clients take one for the other"),
            always(Safe, "fields go by name"),
        );
        COLUMN_RENAMED = rule(
            "column-renamed",
            "column-renamed",
            "A column of a row has another name.",
            always(Risky, "its position stays, but it may stand for something else"),
            always(Breaking, "the field has another name"),
        );
        COLUMN_BECAME_REQUIRED = rule(
            "column-became-required",
            "column-became-optional",
            "A column of a row is always there.",
            by_use((Breaking, "old clients may leave it out"), (Safe, "it is there more often")),
            always(Breaking, "the field is no `Option` any more"),
        );
        COLUMN_BECAME_OPTIONAL = rule(
            "column-became-optional",
            "column-became-required",
            "A column of a row may be missing.",
            by_use((Safe, "old clients send it"), (Breaking, "old clients cannot read the row without it")),
            always(Breaking, "the field becomes an `Option`"),
        );
    }

    "Names in Rust" {
        TYPE_RENAMED = rule(
            "type-renamed",
            "type-renamed",
            "A type has another name in Rust.",
            NO_WIRE,
            always(Breaking, "the type has another name"),
        );
        TYPE_REPLACED = rule(
            "type-replaced",
            "type-replaced",
            "A value is of another named type in Rust that is built alike.",
            NO_WIRE,
            always(Breaking, "it has another type"),
        );
        TYPE_ADDED = new(
            "type-added",
            "type-removed",
            "A named type is new.",
            NO_WIRE,
            always(Safe, "nothing used it"),
        );
        TYPE_REMOVED = rule(
            "type-removed",
            "type-added",
            "A named type is gone.",
            NO_WIRE,
            always(Breaking, "the name is gone"),
        );
        FIELD_RENAMED = rule(
            "field-renamed",
            "field-renamed",
            "A member or column has another name in Rust.",
            NO_WIRE,
            always(Breaking, "the field has another name"),
        );
        VARIANT_RENAMED = rule(
            "variant-renamed",
            "variant-renamed",
            "A value of an enum has another name in Rust.",
            NO_WIRE,
            always(Breaking, "the variant has another name"),
        );
        BUILDER_ADDED = new(
            "builder-added",
            "builder-removed",
            "A type that was only read is sent as well.",
            NO_WIRE,
            always(Safe, "a new builder"),
        );
        BUILDER_REMOVED = rule(
            "builder-removed",
            "builder-added",
            "A type that was sent is only read.",
            NO_WIRE,
            always(Breaking, "the builder is gone"),
        );
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn ids_are_unique_and_mirrors_are_mutual() {
        let by_id: BTreeMap<&str, &Rule> = RULES.iter().map(|rule| (rule.id, *rule)).collect();
        assert_eq!(by_id.len(), RULES.len());
        for rule in RULES {
            let mirror = by_id.get(rule.mirror).unwrap_or_else(|| panic!("{} has no mirror {}", rule.id, rule.mirror));
            assert_eq!(mirror.mirror, rule.id);
        }
    }

    #[test]
    fn what_is_only_added_or_renamed_is_no_fault_of_the_wire() {
        for rule in RULES.iter().filter(|rule| rule.wire == NO_WIRE) {
            assert!(rule.source != NO_CODE, "{} does nothing at all", rule.id);
        }
    }
}
