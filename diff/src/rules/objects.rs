//! Objects and their properties.

use super::rule::{Case, NO_CODE, Rule, always, by_use, case, new, rule, rules};
use super::shared::{
    BECOMES_MAYBE, MATCHES_SEVERAL, MAY_MATCH_SEVERAL, NAME_STAYS, NAME_WAS_THERE, NOT_HELD, WAS_MAYBE,
};
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static OTHERS_FORBIDDEN: Case =
    case("others-forbidden", "The new schema forbids properties that are not listed.")
        .wire_in_requests(Breaking, "old clients still send it, and other properties are forbidden");

pub(crate) static MISSING_AS_NULL: Case =
    case("missing-as-null", "The crate is generated, and the property could be null.")
        .wire_in_responses(Risky, "old clients read it as null");

pub(crate) static MISSING_READABLE: Case =
    case("missing-readable", "The crate is generated, and the property could be null.")
        .wire_in_responses(Safe, "old clients read it as null");

pub(crate) static OPTION_STAYS: Case = case("option-stays", "It is an `Option` before and after.")
    .source_in_responses(Safe, "it is an `Option` before and after")
    .source_in_requests(Breaking, "the setter of the builder takes another type, or must be called");

pub(crate) static IN_REQUESTS: Case = case("in-requests", "The object is used in requests.").adds(true);

pub(crate) static REQUIRED_NOW: Case = case("required-now", "The property is required.")
    .wire_in_requests(Breaking, "it must be sent, and old clients do not send it")
    .source_in_requests(Breaking, "builders without it do not compile");

pub(crate) static WAS_REQUIRED: Case = case("was-required", "The property was required.")
    .wire_in_responses(Breaking, "old clients cannot read the object without it");

pub(crate) static WAS_MAP: Case =
    case("was-map", "The object was a map.").wire_in_requests(Breaking, "old clients send others");

pub(crate) static OTHERS_POSSIBLE: Case =
    case("other-clients", "The crate is not generated.").wire_in_requests(Risky, "clients may send others");

pub(crate) static OTHERS_READ: Case = case("others-for-other-clients", "The crate is not generated.")
    .wire_in_responses(Risky, "clients may refuse properties that were forbidden");

pub(crate) static OTHERS_UNKNOWN: Case = case("other-clients", "The crate is not generated.")
    .wire_in_responses(Risky, "clients may read properties that are not listed by the old schema");

pub(crate) static WERE_FORBIDDEN: Case =
    case("were-forbidden", "The crate is not generated, and the old schema forbids properties that it does not list.")
        .wire_in_responses(Risky, "clients may refuse a property that was forbidden");

pub(crate) static ALTERNATIVES_COMPARED: Case =
    case("alternatives", "The value has alternatives (`oneOf`, `anyOf`) before or after.")
        .wire(Safe, "each alternative that is added or removed is a change of its own");

pub(crate) static WAS_ANY_JSON: Case =
    case("was-any-json", "The value could be any JSON.").wire_in_responses(Safe, "old clients read anything");

pub(crate) static BECAME_ANY_JSON: Case =
    case("became-any-json", "The value can be any JSON.").wire_in_requests(Safe, "anything may be sent");

rules! {
    REQUIRED_PROPERTY_ADDED = new(
        "required-property-added",
        "required-property-removed",
        "An object has one more property, which is always present.",
        by_use((Breaking, "old clients do not send it"), (Safe, "old clients ignore it")),
        by_use((Breaking, "builders without it do not compile"), (Safe, "structs are not exhaustive")),
    )
    .cases(&[&WERE_FORBIDDEN, &NAME_WAS_THERE]);
    REQUIRED_PROPERTY_REMOVED = rule(
        "required-property-removed",
        "required-property-added",
        "A property of an object that was always present is gone.",
        by_use((Risky, "old clients still send it"), (Breaking, "old clients cannot read the object without it")),
        always(Breaking, "the field is gone"),
    )
    .cases(&[&OTHERS_FORBIDDEN, &MISSING_AS_NULL, &NAME_STAYS]);
    OPTIONAL_PROPERTY_ADDED = new(
        "optional-property-added",
        "optional-property-removed",
        "An object can have one more property.",
        by_use((Safe, "old clients leave it out"), (Safe, "old clients ignore it")),
        by_use((Safe, "a new setter of the builder"), (Safe, "structs are not exhaustive")),
    )
    .cases(&[&WERE_FORBIDDEN, &NAME_WAS_THERE]);
    OPTIONAL_PROPERTY_REMOVED = rule(
        "optional-property-removed",
        "optional-property-added",
        "A property that an object could have is gone.",
        by_use((Risky, "old clients may still send it"), (Risky, "old clients never find it")),
        always(Breaking, "the field is gone"),
    )
    .cases(&[&OTHERS_FORBIDDEN, &NAME_STAYS]);
    PROPERTY_BECAME_REQUIRED = rule(
        "property-became-required",
        "property-became-optional",
        "A property of an object is always present.",
        by_use((Breaking, "old clients may leave it out"), (Safe, "it is present more often")),
        always(Breaking, "the field is not an `Option` any more"),
    )
    .cases(&[&OPTION_STAYS, &WAS_MAYBE]);
    PROPERTY_BECAME_OPTIONAL = rule(
        "property-became-optional",
        "property-became-required",
        "A property of an object may be missing.",
        by_use((Safe, "old clients send it"), (Breaking, "old clients cannot read the object without it")),
        always(Breaking, "the field becomes an `Option`"),
    )
    .cases(&[&OPTION_STAYS, &BECOMES_MAYBE, &MISSING_READABLE]);
    PROPERTY_BECAME_READ_ONLY = rule(
        "property-became-read-only",
        "property-became-writable",
        "A property is only in responses.",
        by_use((Risky, "old clients may still send it"), (Safe, "responses carry it as before")),
        by_use((Breaking, "the field of the request is gone"), (Safe, "responses have it as before")),
    );
    PROPERTY_BECAME_WRITABLE = rule(
        "property-became-writable",
        "property-became-read-only",
        "A property that was only in responses can be in requests.",
        by_use((Safe, "old clients do not send it"), (Safe, "responses carry it as before")),
        by_use((Safe, "a new setter of the builder"), (Safe, "responses have it as before")),
    )
    .cases(&[&IN_REQUESTS, &REQUIRED_NOW]);
    PROPERTY_BECAME_WRITE_ONLY = rule(
        "property-became-write-only",
        "property-became-readable",
        "A property is only in requests.",
        by_use((Safe, "it is sent as before"), (Risky, "old clients never find it")),
        NO_CODE,
    )
    .cases(&[&WAS_REQUIRED]);
    PROPERTY_BECAME_READABLE = rule(
        "property-became-readable",
        "property-became-write-only",
        "A property that was only in requests is in responses as well.",
        by_use((Safe, "it is sent as before"), (Safe, "old clients ignore it")),
        NO_CODE,
    );
    PROPERTY_DEPRECATED = rule(
        "property-deprecated",
        "property-reactivated",
        "A value is marked deprecated.",
        always(Safe, "it works as before"),
        always(Safe, "at most a warning of the compiler"),
    );
    PROPERTY_REACTIVATED = rule(
        "property-reactivated",
        "property-deprecated",
        "A value is not marked deprecated any more.",
        always(Safe, "it works as before"),
        always(Safe, "at most one warning fewer"),
    );
    OTHER_PROPERTIES_FORBIDDEN = rule(
        "other-properties-forbidden",
        "other-properties-allowed",
        "An object has the properties that are listed and no others.",
        by_use((Safe, "old clients send no others"), (Safe, "old clients ignore others")),
        NO_CODE,
    )
    .cases(&[&WAS_MAP, &OTHERS_POSSIBLE]);
    OTHER_PROPERTIES_ALLOWED = rule(
        "other-properties-allowed",
        "other-properties-forbidden",
        "An object can have properties that are not listed.",
        by_use((Safe, "old clients send no others"), (Safe, "old clients ignore others")),
        NO_CODE,
    )
    .cases(&[&OTHERS_READ, &OTHERS_POSSIBLE]);
    OTHER_PROPERTIES_TYPED = rule(
        "other-properties-typed",
        "other-properties-untyped",
        "Properties that are not listed have to match a schema.",
        by_use((Safe, "old clients send no others"), (Safe, "old clients ignore others")),
        NO_CODE,
    )
    .cases(&[&OTHERS_POSSIBLE]);
    OTHER_PROPERTIES_UNTYPED = rule(
        "other-properties-untyped",
        "other-properties-typed",
        "Properties that are not listed do not have to match a schema any more.",
        by_use((Safe, "old clients send no others"), (Safe, "old clients ignore others")),
        NO_CODE,
    )
    .cases(&[&OTHERS_UNKNOWN]);
    OTHER_PROPERTIES_KEPT = new(
        "other-properties-kept",
        "other-properties-dropped",
        "The crate has a field for the properties that are not listed.",
        by_use((Safe, "old clients send no others"), (Safe, "old clients ignore others")),
        by_use((Safe, "a new setter of the builder"), (Safe, "structs are not exhaustive")),
    );
    OTHER_PROPERTIES_DROPPED = rule(
        "other-properties-dropped",
        "other-properties-kept",
        "The crate has no field any more for the properties that are not listed.",
        by_use((Risky, "old clients may still send others"), (Risky, "old clients never find others")),
        always(Breaking, "the field is gone"),
    )
    .cases(&[&OTHERS_FORBIDDEN]);
    OTHER_PROPERTIES_CHANGED = rule(
        "other-properties-changed",
        "other-properties-changed",
        "The field for the properties that are not listed has another type.",
        by_use((Risky, "old clients may send other values"), (Risky, "old clients may not read other values")),
        always(Breaking, "the field has another type"),
    );
    REQUIRED_NAME_ADDED = rule(
        "required-name-added",
        "required-name-removed",
        "A property that is required, and that is not listed, must be present.",
        by_use((Breaking, "old clients do not send it"), (Safe, "old clients ignore it")),
        NO_CODE,
    );
    REQUIRED_NAME_REMOVED = rule(
        "required-name-removed",
        "required-name-added",
        "A property that was required, and that is not listed, may be missing.",
        by_use((Safe, "old clients send it"), (Breaking, "programs that read it may find nothing")),
        NO_CODE,
    );
    SHAPE_CHANGED = rule(
        "shape-changed",
        "shape-changed",
        "A value has another kind of type in Rust: a struct, a map, any JSON.",
        by_use((Breaking, "old clients send the old form"), (Breaking, "old clients cannot read the new form")),
        always(Breaking, "it has another type in Rust"),
    )
    .cases(&[&NOT_HELD, &ALTERNATIVES_COMPARED, &WAS_ANY_JSON, &BECAME_ANY_JSON, &MAY_MATCH_SEVERAL, &MATCHES_SEVERAL]);
}
