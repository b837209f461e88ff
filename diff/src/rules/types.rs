//! Types, values and bounds.

use super::rule::{Case, DOCS, Rule, UNCHECKED, always, by_use, case, new, rule, rules};
use super::shared::{BECOMES_MAYBE, NAME_STAYS, NAME_WAS_THERE, NOT_HELD, WAS_MAYBE};
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static FITS_AS_TEXT: Case =
    case("fits-as-text", "It is only sent as text, and every old value is valid as text.")
        .wire_in_requests(Safe, "what old clients send still fits, as text");

pub(crate) static SAME_RUST_TYPE: Case =
    case("same-rust-type", "The type in Rust stays.").source(Safe, "it stays {} in Rust");

pub(crate) static DECIMAL: Case = case("decimal", "The crate is generated, and the type in Rust stays `Decimal`.")
    .wire_in_responses(Safe, "decimals are read from numbers and strings alike");

pub(crate) static READABLE: Case =
    case("readable", "The crate is generated, the type in Rust stays, and more values are valid.")
        .wire_in_responses(Risky, "clients read it as {}, but a program may not be ready for it");

pub(crate) static OPEN_ENUM: Case = case("open-enum", "The crate is generated, and the value was an enum.")
    .wire_in_responses(Risky, "old clients read every value as an unknown one of the enum");

pub(crate) static NULL_NEVER_SENT: Case =
    case("null-never-sent", "The crate is generated, and the value may be missing in requests.")
        .wire_in_requests(Safe, "it may be missing: clients send no null for it");

pub(crate) static NULL_AS_MISSING: Case =
    case("null-as-missing", "The crate is generated, and the value may be missing in responses.")
        .wire_in_responses(Safe, "it may be missing: clients read null as missing");

pub(crate) static SAME_HOLDER: Case = case("same-holder", "The field or setter has the same type before and after.")
    .source(Safe, "its field or setter has the same type before and after");

pub(crate) static NEVER_LEFT_OUT: Case = case("never-left-out", "The value was always given.")
    .wire(Safe, "it is never left out")
    .source(Safe, "it is never left out");

pub(crate) static BOUND_PROMISED: Case = case("other-clients", "The crate is not generated.")
    .wire_in_responses(Breaking, "clients may rely on the old bound");

rules! {
    TYPE_CHANGED = rule(
        "type-changed",
        "type-changed",
        "A value has another type or format.",
        by_use((Breaking, "old clients send the old type"), (Breaking, "old clients cannot read it")),
        always(Breaking, "it has another type in Rust"),
    )
    .cases(&[&NOT_HELD, &FITS_AS_TEXT, &SAME_RUST_TYPE, &DECIMAL, &READABLE, &OPEN_ENUM]);
    TYPE_WIDENED = rule(
        "type-widened",
        "type-narrowed",
        "A value may have more types, or a wider type or format.",
        by_use((Safe, "what old clients send still fits"), (Breaking, "old clients cannot read all of it")),
        always(Breaking, "it has another type in Rust"),
    )
    .cases(&[&NOT_HELD, &FITS_AS_TEXT, &SAME_RUST_TYPE, &READABLE, &OPEN_ENUM]);
    TYPE_NARROWED = rule(
        "type-narrowed",
        "type-widened",
        "A value may have fewer types, or a narrower type or format.",
        by_use((Breaking, "not all that old clients send still fits"), (Safe, "old clients read it")),
        always(Breaking, "it has another type in Rust"),
    )
    .cases(&[&NOT_HELD, &FITS_AS_TEXT, &SAME_RUST_TYPE]);
    BECAME_NULLABLE = rule(
        "became-nullable",
        "became-not-nullable",
        "A value may be null.",
        by_use((Safe, "old clients send no null"), (Breaking, "old clients cannot read null here")),
        always(Breaking, "it becomes an `Option`"),
    )
    .cases(&[&NULL_NEVER_SENT, &NULL_AS_MISSING, &SAME_HOLDER, &BECOMES_MAYBE]);
    BECAME_NOT_NULLABLE = rule(
        "became-not-nullable",
        "became-nullable",
        "A value may not be null any more.",
        by_use((Breaking, "old clients may send null"), (Safe, "old clients read it")),
        always(Breaking, "it is not an `Option` any more"),
    )
    .cases(&[&NULL_NEVER_SENT, &NULL_AS_MISSING, &SAME_HOLDER, &WAS_MAYBE]);
    BECAME_ENUM = rule(
        "became-enum",
        "enum-dropped",
        "A value is limited to a list of values.",
        by_use((Breaking, "old clients may send other values"), (Safe, "old clients read any value")),
        always(Breaking, "it has another type in Rust"),
    );
    ENUM_DROPPED = rule(
        "enum-dropped",
        "became-enum",
        "A value is not limited to a list of values any more.",
        by_use(
            (Safe, "values of old clients are still accepted"),
            (Risky, "old clients keep unknown values; a program may not be ready for them"),
        ),
        always(Breaking, "it has another type in Rust"),
    );
    ENUM_VALUE_ADDED = new(
        "enum-value-added",
        "enum-value-removed",
        "A list of values has one more.",
        by_use(
            (Safe, "old clients do not send it"),
            (Risky, "old clients keep it as an unknown value; a program may not be ready for it"),
        ),
        always(Safe, "enums are open: every `match` has an arm for others"),
    )
    .cases(&[&NAME_WAS_THERE]);
    ENUM_VALUE_REMOVED = rule(
        "enum-value-removed",
        "enum-value-added",
        "A list of values has one fewer.",
        by_use((Breaking, "old clients may still send it"), (Safe, "old clients never receive it")),
        always(Breaking, "the variant is gone"),
    )
    .cases(&[&NAME_STAYS]);
    DEFAULT_CHANGED = rule(
        "default-changed",
        "default-changed",
        "The default of a value is another one.",
        by_use(
            (Breaking, "old clients that leave it out ask for something else"),
            (Risky, "a missing value stands for another one"),
        ),
        by_use((Risky, "leaving it out means something else"), (Safe, "only the documentation of the crate changes")),
    )
    .cases(&[&NEVER_LEFT_OUT]);
    DEFAULT_ADDED = rule(
        "default-added",
        "default-removed",
        "A value has a default.",
        by_use(
            (Risky, "leaving it out may have meant something else"),
            (Safe, "old clients see that it is missing"),
        ),
        DOCS,
    )
    .cases(&[&NEVER_LEFT_OUT]);
    DEFAULT_REMOVED = rule(
        "default-removed",
        "default-added",
        "A value has no default any more.",
        by_use((Risky, "leaving it out may mean something else"), (Safe, "old clients see that it is missing")),
        DOCS,
    )
    .cases(&[&NEVER_LEFT_OUT]);
    BOUND_SET = rule(
        "bound-set",
        "bound-unset",
        "A value has a bound (`minimum`, `maxLength`, `multipleOf` ..) that it did not have.",
        by_use((Risky, "old clients may send values beyond it"), (Safe, "every new value was possible before")),
        UNCHECKED,
    );
    BOUND_UNSET = rule(
        "bound-unset",
        "bound-set",
        "A value has no such bound any more.",
        by_use(
            (Safe, "values of old clients are still accepted"),
            (Risky, "clients check no bounds, but a program may rely on it"),
        ),
        UNCHECKED,
    )
    .cases(&[&BOUND_PROMISED]);
    BOUND_TIGHTENED = rule(
        "bound-tightened",
        "bound-loosened",
        "A bound of a value admits less.",
        by_use((Breaking, "old clients may send values beyond it"), (Safe, "every new value was possible before")),
        UNCHECKED,
    );
    BOUND_LOOSENED = rule(
        "bound-loosened",
        "bound-tightened",
        "A bound of a value admits more.",
        by_use(
            (Safe, "values of old clients are still accepted"),
            (Risky, "clients check no bounds, but a program may rely on it"),
        ),
        UNCHECKED,
    )
    .cases(&[&BOUND_PROMISED]);
    BOUND_CHANGED = rule(
        "bound-changed",
        "bound-changed",
        "A bound of a value changes, and is neither tighter nor looser.",
        by_use(
            (Risky, "old clients may send values beyond it"),
            (Risky, "clients check no bounds, but a program may rely on it"),
        ),
        UNCHECKED,
    );
    PATTERN_SET = rule(
        "pattern-set",
        "pattern-unset",
        "A string has to match a pattern.",
        by_use((Breaking, "old clients may send other values"), (Safe, "every new value was possible before")),
        UNCHECKED,
    );
    PATTERN_UNSET = rule(
        "pattern-unset",
        "pattern-set",
        "A string does not have to match a pattern any more.",
        by_use((Safe, "values of old clients are still accepted"), (Safe, "clients check no patterns")),
        UNCHECKED,
    );
    PATTERN_CHANGED = rule(
        "pattern-changed",
        "pattern-changed",
        "A string has to match another pattern.",
        by_use((Risky, "the two patterns cannot be compared"), (Safe, "clients check no patterns")),
        UNCHECKED,
    );
}
