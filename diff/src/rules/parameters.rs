//! Parameters.

use super::rule::{Case, NO_CODE, NO_WIRE, Rule, always, case, new, rule, rules};
use super::shared::{NAME_STAYS, NAME_WAS_THERE, OLD_NAME_REUSED};
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static IN_PATH: Case =
    case("in-path", "It was part of the path.").wire(Breaking, "old clients still put it into the path");

pub(crate) static SETTER_STAYS: Case = case("setter-stays", "The setter keeps its name.")
    .wire(Safe, "its position stays, and by the spec it is the same parameter")
    .source(Safe, "the setter keeps its name");

pub(crate) static IN_SEGMENT: Case =
    case("in-segment", "It is a segment of the path.").wire(Safe, "the name of a segment is not sent");

pub(crate) static ANY_ORDER: Case =
    case("any-order", "The venue takes parameters in any order now.").wire(Safe, "the venue takes them in any order");

rules! {
    REQUIRED_PARAMETER_ADDED = new(
        "required-parameter-added",
        "required-parameter-removed",
        "A parameter is new and must be given.",
        always(Breaking, "old clients do not send it"),
        always(Breaking, "calls without it do not compile"),
    )
    .cases(&[&NAME_WAS_THERE]);
    REQUIRED_PARAMETER_REMOVED = rule(
        "required-parameter-removed",
        "required-parameter-added",
        "A parameter that had to be given is gone.",
        always(Risky, "old clients still send it"),
        always(Breaking, "the setter is gone"),
    )
    .cases(&[&IN_PATH, &NAME_STAYS]);
    OPTIONAL_PARAMETER_ADDED = new(
        "optional-parameter-added",
        "optional-parameter-removed",
        "A parameter is new and may be left out.",
        always(Safe, "old clients leave it out"),
        always(Safe, "a new setter"),
    )
    .cases(&[&NAME_WAS_THERE]);
    OPTIONAL_PARAMETER_REMOVED = rule(
        "optional-parameter-removed",
        "optional-parameter-added",
        "A parameter that could be left out is gone.",
        always(Risky, "old clients may still send it"),
        always(Breaking, "the setter is gone"),
    )
    .cases(&[&IN_PATH, &NAME_STAYS]);
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
        "A parameter that is sent by its position has another name.",
        always(Risky, "its position stays, but its meaning may differ"),
        always(Breaking, "the setter has another name"),
    )
    .cases(&[&SETTER_STAYS, &IN_SEGMENT]);
    PARAMETER_SETTER_RENAMED = rule(
        "parameter-setter-renamed",
        "parameter-setter-renamed",
        "A parameter has another name in Rust.",
        NO_WIRE,
        always(Breaking, "the setter has another name"),
    )
    .cases(&[&OLD_NAME_REUSED]);
    PARAMETER_MOVED = rule(
        "parameter-moved",
        "parameter-moved",
        "A parameter is sent in another place: query, path, header, cookie.",
        always(Breaking, "old clients send it where it was"),
        NO_CODE,
    );
    PARAMETER_SCHEMA_ADDED = rule(
        "parameter-schema-added",
        "parameter-schema-removed",
        "A parameter gets a schema.",
        always(Breaking, "old clients send anything"),
        always(Breaking, "it gets a type"),
    );
    PARAMETER_SCHEMA_REMOVED = rule(
        "parameter-schema-removed",
        "parameter-schema-added",
        "A parameter loses its schema.",
        always(Safe, "anything may be sent"),
        always(Breaking, "it loses its type"),
    );
    PARAMETER_STYLE_CHANGED = rule(
        "parameter-style-changed",
        "parameter-style-changed",
        "The values of a parameter are joined in another way.",
        always(Breaking, "old clients join them as before"),
        NO_CODE,
    );
    PARAMETER_ORDER_CHANGED = rule(
        "parameter-order-changed",
        "parameter-order-changed",
        "Parameters are sent in another order, and the order counts.",
        always(Breaking, "old clients send them in the old order"),
        always(Safe, "setters are called by name"),
    )
    .cases(&[&ANY_ORDER]);
    PARAMETER_DEPRECATED = rule(
        "parameter-deprecated",
        "parameter-reactivated",
        "A parameter is marked deprecated.",
        always(Safe, "it works as before"),
        always(Safe, "a warning of the compiler"),
    );
    PARAMETER_REACTIVATED = rule(
        "parameter-reactivated",
        "parameter-deprecated",
        "A parameter is not marked deprecated any more.",
        always(Safe, "it works as before"),
        always(Safe, "one warning fewer"),
    );
}
