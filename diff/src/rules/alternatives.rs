//! Alternatives and requirements.

use super::rule::{Case, NO_CODE, Rule, UNCHECKED, always, by_use, case, new, rule, rules};
use super::shared::{MATCHES_SEVERAL, MAY_MATCH_SEVERAL};
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static ONLY_DOCUMENTS: Case = case("only-documents", "The schema has no keyword that limits values.")
    .wire(Safe, "it only documents")
    .source(Safe, "it only documents");

pub(crate) static CONDITION_UNCHECKED: Case = case("generated", "The crate is generated.")
    .wire_in_responses(Risky, "clients check no conditions, but a program may rely on it");

pub(crate) static NOTHING_BEYOND: Case = case("nothing-beyond", "The array has no elements beyond these positions.")
    .wire_in_requests(Safe, "old clients send no such element")
    .wire_in_responses(Breaking, "old clients may refuse one more element");

pub(crate) static NOTHING_WAS_BEYOND: Case =
    case("nothing-beyond", "The array has no elements beyond these positions.")
        .wire_in_requests(Breaking, "old clients may send one more element")
        .wire_in_responses(Safe, "old clients receive fewer elements");

rules! {
    ALTERNATIVE_ADDED = new(
        "alternative-added",
        "alternative-removed",
        "A value can match one more alternative (`oneOf`, `anyOf`).",
        by_use((Safe, "old clients do not send it"), (Breaking, "old clients cannot read it")),
        always(Breaking, "a `match` over the alternatives lacks an arm"),
    )
    .cases(&[&MAY_MATCH_SEVERAL, &MATCHES_SEVERAL]);
    ALTERNATIVE_REMOVED = rule(
        "alternative-removed",
        "alternative-added",
        "A value cannot match this alternative any more.",
        by_use((Breaking, "old clients may still send it"), (Safe, "old clients never receive it")),
        always(Breaking, "the variant is gone"),
    );
    ALTERNATIVES_BECAME_EXCLUSIVE = rule(
        "alternatives-became-exclusive",
        "alternatives-became-inclusive",
        "A value may not match several alternatives any more (`anyOf` became `oneOf`).",
        by_use(
            (Risky, "old clients may send values that match several alternatives"),
            (Safe, "every new value was possible before"),
        ),
        NO_CODE,
    );
    ALTERNATIVES_BECAME_INCLUSIVE = rule(
        "alternatives-became-inclusive",
        "alternatives-became-exclusive",
        "A value may match several alternatives (`oneOf` became `anyOf`).",
        by_use(
            (Safe, "what old clients send still fits"),
            (Risky, "programs may not be ready for values that match several alternatives"),
        ),
        NO_CODE,
    );
    DISCRIMINATOR_CHANGED = rule(
        "discriminator-changed",
        "discriminator-changed",
        "Another property tells the alternatives apart, or none does.",
        always(Risky, "clients may tell the alternatives apart by the old property"),
        always(Risky, "the types of the alternatives may change"),
    );
    DISCRIMINATOR_VALUE_ADDED = rule(
        "discriminator-value-added",
        "discriminator-value-removed",
        "An alternative has one more value that tells it apart (`discriminator`).",
        by_use((Safe, "old clients do not send it"), (Breaking, "old clients do not know the alternative by it")),
        NO_CODE,
    );
    DISCRIMINATOR_VALUE_REMOVED = rule(
        "discriminator-value-removed",
        "discriminator-value-added",
        "A value that told an alternative apart is gone (`discriminator`).",
        by_use((Breaking, "old clients still send it"), (Safe, "old clients never receive it")),
        NO_CODE,
    );
    DISCRIMINATOR_VALUE_MOVED = rule(
        "discriminator-value-moved",
        "discriminator-value-moved",
        "A value tells another alternative apart (`discriminator`).",
        always(Breaking, "old clients take it for the old alternative"),
        NO_CODE,
    );
    CONDITION_ADDED = rule(
        "condition-added",
        "condition-removed",
        "A value has to keep one more condition (`contains`, `dependentRequired`, `if`, `not` ..).",
        by_use((Breaking, "old clients may send values that break it"), (Safe, "every new value was possible before")),
        UNCHECKED,
    );
    CONDITION_REMOVED = rule(
        "condition-removed",
        "condition-added",
        "A value does not have to keep a condition any more.",
        by_use((Safe, "values of old clients are still accepted"), (Breaking, "clients may rely on it")),
        UNCHECKED,
    )
    .cases(&[&CONDITION_UNCHECKED]);
    CONDITION_CHANGED = rule(
        "condition-changed",
        "condition-changed",
        "A value has to keep another condition (`if`, `not`).",
        by_use((Risky, "old clients may send values that break it"), (Risky, "clients may rely on the old one")),
        UNCHECKED,
    );
    ENCODING_CHANGED = rule(
        "encoding-changed",
        "encoding-changed",
        "The content of a string is encoded in another way (`contentEncoding`, `contentMediaType`).",
        by_use((Breaking, "old clients encode it as before"), (Breaking, "old clients decode it as before")),
        UNCHECKED,
    );
    POSITION_ADDED = rule(
        "position-added",
        "position-removed",
        "An array has a schema for one more position (`prefixItems`).",
        by_use((Breaking, "old clients may send anything there"), (Safe, "every new value was possible before")),
        UNCHECKED,
    )
    .cases(&[&NOTHING_BEYOND]);
    POSITION_REMOVED = rule(
        "position-removed",
        "position-added",
        "An array has a schema for one position fewer (`prefixItems`).",
        by_use((Safe, "anything may be sent there"), (Breaking, "old clients rely on the schema")),
        UNCHECKED,
    )
    .cases(&[&NOTHING_WAS_BEYOND]);
    REQUIREMENT_ADDED = rule(
        "requirement-added",
        "requirement-removed",
        "A value has to match one more schema (`allOf`).",
        by_use((Breaking, "requests of old clients may not match it"), (Safe, "every new value was possible before")),
        always(Risky, "its type may change"),
    )
    .cases(&[&ONLY_DOCUMENTS]);
    REQUIREMENT_REMOVED = rule(
        "requirement-removed",
        "requirement-added",
        "A value does not have to match one of the schemas (`allOf`) any more.",
        by_use(
            (Risky, "old clients may send values that are not described any more"),
            (Risky, "old clients may rely on its promises"),
        ),
        always(Risky, "its type may change"),
    )
    .cases(&[&ONLY_DOCUMENTS]);
    KEYWORD_CHANGED = rule(
        "keyword-changed",
        "keyword-changed",
        "A keyword that is not compared has another value.",
        always(Risky, "the effect is not known"),
        always(Risky, "the effect is not known"),
    );
}
