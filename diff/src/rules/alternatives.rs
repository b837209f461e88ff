//! Alternatives and requirements.

use super::rule::{Case, Rule, always, by_use, case, new, rule, rules};
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static ONLY_DOCUMENTS: Case = case("only-documents", "The schema has no keyword that limits values.")
    .wire(Safe, "it only documents")
    .source(Safe, "it only documents");

rules! {
    ALTERNATIVE_ADDED = new(
        "alternative-added",
        "alternative-removed",
        "A value can match one more alternative (`oneOf`, `anyOf`).",
        by_use((Safe, "old clients do not send it"), (Breaking, "old clients cannot read it")),
        always(Breaking, "a `match` over the alternatives lacks an arm"),
    );
    ALTERNATIVE_REMOVED = rule(
        "alternative-removed",
        "alternative-added",
        "A value cannot match this alternative any more.",
        by_use((Breaking, "old clients may still send it"), (Safe, "old clients never receive it")),
        always(Breaking, "the variant is gone"),
    );
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
