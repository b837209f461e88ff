//! Request bodies and responses.

use super::rule::{Case, DOCS, NO_CODE, Rule, always, by_use, case, new, rule, rules};
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static NEW_TYPE: Case = case("new-type", "The change adds a named type to the crate.").adds(true);

pub(crate) static TYPE_GONE: Case =
    case("type-gone", "The change removes a named type from the crate.").source(Breaking, "the type `{}` is gone");

pub(crate) static OTHER_SUCCESS_BODY: Case =
    case("other-success-body", "Another status of success has a body of another schema.")
        .wire(Risky, "clients read any 2xx as the response that they know");

pub(crate) static RESULT_TYPE_CHANGES: Case = case(
    "result-type-changes",
    "The call returned a value of one status, and now one of several: an option, or an enum by status; or the reverse.",
)
.source(Breaking, "the call returns another type");

pub(crate) static VARIANT_NEW: Case =
    case("variant-new", "The call returns an enum by status, which has one more variant.").adds(true);

pub(crate) static VARIANT_GONE: Case =
    case("variant-gone", "The call returns an enum by status, which has a variant for it.")
        .source(Breaking, "its variant is gone");

pub(crate) static COVERED_BY_RANGE: Case = case("covered-by-range", "The new spec has a response `2XX`.")
    .wire(Safe, "the response `2XX` covers it")
    .source(Safe, "no code changes");

pub(crate) static STATUS_NAMED: Case =
    case("status-named", "It stood for several statuses, and the new spec names one of them.")
        .wire(Safe, "old clients expect the named status as well")
        .source(Safe, "no code changes");

pub(crate) static OTHER_SUCCESS_STAYS: Case =
    case("other-success-stays", "The crate is generated, and the new spec has another status of success.")
        .wire(Risky, "clients take any 2xx for a success, but a program may look at the status");

pub(crate) static OTHER_BODY_TYPE: Case = case(
    "other-body-type",
    "The crate is generated, and clients send or read another media type than before: JSON in place of text or bytes, \
     or the reverse.",
)
.source(Breaking, "the value has another type");

pub(crate) static JSON_STAYS: Case =
    case("json-stays", "The crate is generated; the type is not JSON, and both specs have JSON beside it.")
        .wire(Safe, "clients send and read JSON");

rules! {
    REQUIRED_BODY_ADDED = new(
        "required-body-added",
        "required-body-removed",
        "A request has a body, which is required.",
        always(Breaking, "old clients send none"),
        always(Breaking, "calls without it do not compile"),
    );
    REQUIRED_BODY_REMOVED = rule(
        "required-body-removed",
        "required-body-added",
        "A required body is gone.",
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
        "An optional body is gone.",
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
        by_use((Safe, "old clients send the same as before"), (Safe, "old clients ask for JSON")),
        NO_CODE,
    )
    .cases(&[&OTHER_BODY_TYPE, &NEW_TYPE]);
    MEDIA_TYPE_REMOVED = rule(
        "media-type-removed",
        "media-type-added",
        "A body cannot be of this media type any more.",
        by_use((Breaking, "old clients may still send it"), (Breaking, "old clients may expect it")),
        NO_CODE,
    )
    .cases(&[&TYPE_GONE, &OTHER_BODY_TYPE, &JSON_STAYS]);
    BODY_SCHEMA_ADDED = rule(
        "body-schema-added",
        "body-schema-removed",
        "A body gets a schema.",
        by_use((Breaking, "old clients send anything"), (Safe, "old clients read anything")),
        always(Breaking, "it gets a type"),
    );
    BODY_SCHEMA_REMOVED = rule(
        "body-schema-removed",
        "body-schema-added",
        "A body loses its schema.",
        by_use((Safe, "anything may be sent"), (Risky, "old clients expect the described values")),
        always(Breaking, "it loses its type"),
    );
    RESPONSE_CONTENT_ADDED = rule(
        "response-content-added",
        "response-content-removed",
        "A response that was empty has content.",
        always(Safe, "old clients do not read it"),
        always(Breaking, "the call returns a value instead of `()`"),
    );
    RESPONSE_CONTENT_REMOVED = rule(
        "response-content-removed",
        "response-content-added",
        "A response that had content is empty.",
        always(Breaking, "old clients cannot read it"),
        always(Breaking, "the call returns `()`"),
    );
    SUCCESS_STATUS_ADDED = rule(
        "success-status-added",
        "success-status-removed",
        "A status of success is new.",
        always(Safe, "old clients take any 2xx for a success"),
        NO_CODE,
    )
    .cases(&[&NEW_TYPE, &OTHER_SUCCESS_BODY, &RESULT_TYPE_CHANGES, &VARIANT_NEW]);
    SUCCESS_STATUS_REMOVED = rule(
        "success-status-removed",
        "success-status-added",
        "A status of success is gone.",
        always(Breaking, "old clients expect it"),
        always(Risky, "programs may look at the status"),
    )
    .cases(&[&TYPE_GONE, &COVERED_BY_RANGE, &OTHER_SUCCESS_STAYS, &STATUS_NAMED, &RESULT_TYPE_CHANGES, &VARIANT_GONE]);
    ERROR_STATUS_ADDED = rule(
        "error-status-added",
        "error-status-removed",
        "A status of an error is new.",
        always(Safe, "old clients take any other status for an error"),
        DOCS,
    )
    .cases(&[&NEW_TYPE]);
    ERROR_STATUS_REMOVED = rule(
        "error-status-removed",
        "error-status-added",
        "A status of an error is gone.",
        always(Safe, "old clients take any other status for an error"),
        DOCS,
    )
    .cases(&[&TYPE_GONE]);
    REQUIRED_HEADER_ADDED = rule(
        "required-header-added",
        "required-header-removed",
        "A response always carries one more header.",
        always(Safe, "old clients ignore it"),
        NO_CODE,
    );
    REQUIRED_HEADER_REMOVED = rule(
        "required-header-removed",
        "required-header-added",
        "A header that every response carried is gone.",
        always(Breaking, "programs that read it find nothing"),
        NO_CODE,
    );
    OPTIONAL_HEADER_ADDED = rule(
        "optional-header-added",
        "optional-header-removed",
        "A response can carry one more header.",
        always(Safe, "old clients ignore it"),
        NO_CODE,
    );
    OPTIONAL_HEADER_REMOVED = rule(
        "optional-header-removed",
        "optional-header-added",
        "A header that responses could carry is gone.",
        always(Risky, "programs that read it find nothing"),
        NO_CODE,
    );
    HEADER_STYLE_CHANGED = rule(
        "header-style-changed",
        "header-style-changed",
        "The values of a header are joined in another way.",
        always(Breaking, "programs that read it split it as before"),
        NO_CODE,
    );
    HEADER_SCHEMA_ADDED = rule(
        "header-schema-added",
        "header-schema-removed",
        "A header gets a schema.",
        always(Safe, "programs read anything"),
        NO_CODE,
    );
    HEADER_SCHEMA_REMOVED = rule(
        "header-schema-removed",
        "header-schema-added",
        "A header loses its schema.",
        always(Risky, "programs expect the described values"),
        NO_CODE,
    );
    HEADER_BECAME_REQUIRED = rule(
        "header-became-required",
        "header-became-optional",
        "Every response carries a header that could be missing.",
        always(Safe, "it is present more often"),
        NO_CODE,
    );
    HEADER_BECAME_OPTIONAL = rule(
        "header-became-optional",
        "header-became-required",
        "A header that every response carried may be missing.",
        always(Breaking, "programs that read it may find nothing"),
        NO_CODE,
    );
}
