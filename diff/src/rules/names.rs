//! Names in Rust.

use super::rule::{Case, NO_WIRE, Rule, always, case, new, rule, rules};
use super::shared::OLD_NAME_REUSED;
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static NOTHING_TO_CHANGE: Case = case("nothing-to-change", "Nothing holds the type, or it is an alias.")
    .source(Safe, "nothing in the crate has to change for it");

pub(crate) static ALIAS: Case = case("alias", "The old name is an alias of the new type, which has no builder.")
    .source(Safe, "the old name stands for the new type");

pub(crate) static VALUES_SWAPPED: Case = case("values-swapped", "Another value of the enum has the old name now.")
    .wire(Risky, "the values may have another meaning");

rules! {
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
        "A value has another named type in Rust with the same structure.",
        NO_WIRE,
        always(Breaking, "it has another type"),
    )
    .cases(&[&NOTHING_TO_CHANGE, &ALIAS]);
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
        "A property or column has another name in Rust.",
        NO_WIRE,
        always(Breaking, "the field has another name"),
    )
    .cases(&[&OLD_NAME_REUSED]);
    VARIANT_RENAMED = rule(
        "variant-renamed",
        "variant-renamed",
        "A value of an enum has another name in Rust.",
        NO_WIRE,
        always(Breaking, "the variant has another name"),
    )
    .cases(&[&VALUES_SWAPPED, &OLD_NAME_REUSED]);
    BUILDER_ADDED = new(
        "builder-added",
        "builder-removed",
        "A type that was only in responses is in requests as well.",
        NO_WIRE,
        always(Safe, "a new builder"),
    );
    BUILDER_REMOVED = rule(
        "builder-removed",
        "builder-added",
        "A type that was in requests is only in responses.",
        NO_WIRE,
        always(Breaking, "the builder is gone"),
    );
}
