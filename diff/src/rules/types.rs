//! Types, values and bounds.

use super::rule::{Case, DOCS, NO_CODE, NO_WIRE, Rule, UNCHECKED, always, by_use, case, new, rule, rules};
use super::shared::{BECOMES_MAYBE, NAME_STAYS, NAME_WAS_THERE, NOT_HELD, WAS_MAYBE};
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static FITS_AS_TEXT: Case =
    case("fits-as-text", "It is only sent as text, and every old value is valid as text.")
        .wire_in_requests(Safe, "what old clients send still fits, as text");

pub(crate) static FITS_AS_LIST: Case =
    case("fits-as-list", "It is sent as text, and the new type is a list of the old one.")
        .wire_in_requests(Safe, "what old clients send is a list of one element");

pub(crate) static FITS_AS_LIST_UNLESS_SPLIT: Case = case(
    "fits-as-list-unless-split",
    "It is sent as text, and the new type is a list of the old one, split by commas.",
)
.wire_in_requests(Risky, "a value with a comma is read as several");

pub(crate) static SAME_RUST_TYPE: Case =
    case("same-rust-type", "The type in Rust stays.").source(Safe, "it stays {} in Rust");

pub(crate) static DECIMAL: Case = case("decimal", "The crate is generated, and the type in Rust stays `Decimal`.")
    .wire_in_responses(Safe, "decimals are read from numbers and strings alike");

pub(crate) static TIME_IN_BOTH_FORMS: Case =
    case("time-in-both-forms", "The crate is generated, and the value is a time before and after.")
        .wire_in_responses(Safe, "times are read from numbers and strings alike");

pub(crate) static READABLE: Case =
    case("readable", "The crate is generated, the type in Rust stays, and more values are valid.")
        .wire_in_responses(Risky, "clients read it as {}, but a program may not be ready for it");

pub(crate) static TEXT_IN_BOTH: Case =
    case("text-in-both", "The crate is generated, and the value is a text or bytes in base64 before and after.")
        .wire_in_responses(Risky, "clients read any text, but a program may not be ready for it");

pub(crate) static OPEN_ENUM: Case = case("open-enum", "The crate is generated, and the value was an enum.")
    .wire_in_responses(Risky, "old clients read every value as an unknown one of the enum");

pub(crate) static BECAME_SPELLING: Case = case("became-spelling", "It is another spelling of another value now.")
    .wire_in_responses(Safe, "old clients read it as a value of its own, if the venue sends it")
    .source(Breaking, "the variant is gone; the value is read as `{}`");

pub(crate) static WAS_SPELLING: Case = case("was-spelling", "It was another spelling of another value.")
    .wire_in_responses(Breaking, "old clients read it as `{}`")
    .source_in_responses(Breaking, "code compiles, but the value was read as `{}` before");

pub(crate) static WAS_SPELLING_OF_SAME_NAME: Case =
    case("was-own-spelling", "It was another spelling of the value with the same name in Rust.")
        .wire_in_responses(Safe, "old clients read it as `{}`, which has the same name in Rust");

pub(crate) static NULL_NEVER_SENT: Case =
    case("null-never-sent", "The crate is generated, and the value may be missing in requests.")
        .wire_in_requests(Safe, "it may be missing: clients send no null for it");

pub(crate) static NULL_AS_MISSING: Case =
    case("null-as-missing", "The crate is generated, and the value may be missing in responses.")
        .wire_in_responses(Safe, "it may be missing: clients read null as missing");

pub(crate) static FIRST_RULE: Case = case("first-rule", "No other property of the object was a rule of a market.")
    .source(Safe, "the type gets the method `order_rules`")
    .adds(true);
pub(crate) static LAST_RULE: Case =
    case("last-rule", "No other property of the object is a rule of a market any more.")
        .source(Breaking, "the type has no method `order_rules` any more");
pub(crate) static SAME_HOLDER: Case = case("same-holder", "The field or setter has the same type before and after.")
    .source(Safe, "its field or setter has the same type before and after");

pub(crate) static NEVER_LEFT_OUT: Case = case("never-left-out", "The value was always given.")
    .wire(Safe, "it is never left out")
    .source(Safe, "it is never left out");

pub(crate) static BOUND_PROMISED: Case = case("other-clients", "The crate is not generated.")
    .wire_in_responses(Breaking, "clients may rely on the old bound");

pub(crate) static PATTERN_PROMISED: Case = case("other-clients", "The crate is not generated.")
    .wire_in_responses(Risky, "clients may rely on the old pattern");

rules! {
    TYPE_CHANGED = rule(
        "type-changed",
        "type-changed",
        "A value has another type or format.",
        by_use((Breaking, "old clients send the old type"), (Breaking, "old clients cannot read it")),
        always(Breaking, "it has another type in Rust"),
    )
    .cases(&[
        &NOT_HELD,
        &FITS_AS_TEXT,
        &FITS_AS_LIST,
        &FITS_AS_LIST_UNLESS_SPLIT,
        &SAME_RUST_TYPE,
        &DECIMAL,
        &TIME_IN_BOTH_FORMS,
        &READABLE,
        &OPEN_ENUM,
        &TEXT_IN_BOTH,
    ]);
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
    INT64_STATED = rule(
        "int64-stated",
        "int64-omitted",
        "The format `int64` of an integer is stated.",
        always(Safe, "an integer without a format is taken for 64 bits"),
        NO_CODE,
    );
    INT64_OMITTED = rule(
        "int64-omitted",
        "int64-stated",
        "The format `int64` of an integer is not stated any more.",
        always(Safe, "an integer without a format is taken for 64 bits"),
        NO_CODE,
    );
    TIME_ADDED = rule(
        "time-added",
        "time-removed",
        "A value is marked as a time (`x-time`).",
        NO_WIRE,
        always(Breaking, "it has another type in Rust"),
    );
    TIME_REMOVED = rule(
        "time-removed",
        "time-added",
        "A value is not marked as a time any more.",
        NO_WIRE,
        always(Breaking, "it has another type in Rust"),
    );
    TIME_UNIT_CHANGED = rule(
        "time-unit-changed",
        "time-unit-changed",
        "A time has another unit.",
        by_use(
            (Breaking, "old clients send it in the old unit, and no error may tell"),
            (Breaking, "old clients read it in the old unit, and no error tells"),
        ),
        always(Breaking, "it has another type in Rust"),
    );
    TIME_ZONE_CHANGED = rule(
        "time-zone-changed",
        "time-zone-changed",
        "The zone of a time without an offset is another one, or becomes known or unknown.",
        by_use(
            (Risky, "old clients may send a text without an offset in another zone"),
            (Risky, "old clients may read a text without an offset in another zone"),
        ),
        always(Breaking, "it has another type in Rust"),
    );
    MARKET_RULE_ADDED = rule(
        "market-rule-added",
        "market-rule-removed",
        "A property is marked as a rule of a market (`x-market-rule`).",
        NO_WIRE,
        always(Safe, "the method `order_rules` returns it too"),
    )
    .cases(&[&FIRST_RULE]);
    MARKET_RULE_REMOVED = rule(
        "market-rule-removed",
        "market-rule-added",
        "A property is not marked as a rule of a market any more.",
        NO_WIRE,
        always(Safe, "the method `order_rules` leaves it out"),
    )
    .cases(&[&LAST_RULE]);
    MARKET_RULE_CHANGED = rule(
        "market-rule-changed",
        "market-rule-changed",
        "A property is another rule of a market.",
        by_use(
            (Safe, "the venue knows its own rules"),
            (Breaking, "old clients take it for another rule, and no error tells"),
        ),
        always(Safe, "the method `order_rules` returns it as the other rule"),
    );
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
    .cases(&[&WAS_SPELLING, &WAS_SPELLING_OF_SAME_NAME, &NAME_WAS_THERE]);
    ENUM_VALUE_REMOVED = rule(
        "enum-value-removed",
        "enum-value-added",
        "A list of values has one fewer.",
        by_use((Breaking, "old clients may still send it"), (Safe, "old clients never receive it")),
        always(Breaking, "the variant is gone"),
    )
    .cases(&[&BECAME_SPELLING, &NAME_STAYS]);
    SPELLING_ADDED = rule(
        "spelling-added",
        "spelling-removed",
        "A listed value has one more spelling in responses.",
        by_use((Safe, "it is never sent"), (Safe, "old clients keep it as an unknown value, as before")),
        always(Safe, "it is read as a variant that was there"),
    );
    SPELLING_REMOVED = rule(
        "spelling-removed",
        "spelling-added",
        "A listed value has one spelling fewer in responses.",
        by_use((Safe, "it was never sent"), (Safe, "old clients read it as before")),
        by_use((Safe, "it was never sent"), (Breaking, "code compiles, but reads it as an unknown value")),
    );
    SPELLING_MOVED = rule(
        "spelling-moved",
        "spelling-moved",
        "A spelling stands for another listed value.",
        by_use((Safe, "it is never sent"), (Breaking, "old clients read it as another value")),
        by_use((Safe, "it is never sent"), (Breaking, "code compiles, but reads it as another value")),
    );
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
    )
    .cases(&[&PATTERN_PROMISED]);
    PATTERN_CHANGED = rule(
        "pattern-changed",
        "pattern-changed",
        "A string has to match another pattern.",
        by_use((Risky, "the two patterns cannot be compared"), (Safe, "clients check no patterns")),
        UNCHECKED,
    )
    .cases(&[&PATTERN_PROMISED]);
}
