//! Rows.

use super::rule::{Case, Rule, always, by_use, case, new, rule, rules};
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static FIELD_STAYS: Case =
    case("field-stays", "The field keeps its name.").source(Safe, "the field keeps its name");

pub(crate) static COLUMN_NULLABLE: Case =
    case("nullable", "The column could be null.").source_in_responses(Safe, "it is an `Option` before and after");

pub(crate) static BEFORE_OTHERS: Case = case("before-others", "Known columns come after it.")
    .wire(Breaking, "old clients look for the columns after it at their old positions");

rules! {
    REQUIRED_COLUMN_ADDED = new(
        "required-column-added",
        "required-column-removed",
        "A row has one more column, which is always present.",
        by_use(
            (Breaking, "old clients do not send it"),
            (Safe, "old clients ignore unknown columns at the end"),
        ),
        by_use((Breaking, "builders without it do not compile"), (Safe, "structs are not exhaustive")),
    )
    .cases(&[&BEFORE_OTHERS]);
    REQUIRED_COLUMN_REMOVED = rule(
        "required-column-removed",
        "required-column-added",
        "A column of a row that was always present is gone.",
        by_use((Risky, "old clients still send it"), (Breaking, "old clients cannot read the row without it")),
        always(Breaking, "the field is gone"),
    );
    OPTIONAL_COLUMN_ADDED = new(
        "optional-column-added",
        "optional-column-removed",
        "A row can have one more column.",
        by_use((Safe, "old clients leave it out"), (Safe, "old clients ignore unknown columns at the end")),
        by_use((Safe, "a new setter of the builder"), (Safe, "structs are not exhaustive")),
    )
    .cases(&[&BEFORE_OTHERS]);
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
        "Columns of a row have other positions.",
        always(Breaking, "old clients read one column as the other"),
        always(Safe, "fields are accessed by name"),
    );
    COLUMN_RENAMED = rule(
        "column-renamed",
        "column-renamed",
        "A column of a row has another name.",
        always(Risky, "its position stays, but its meaning may differ"),
        always(Breaking, "the field has another name"),
    )
    .cases(&[&FIELD_STAYS]);
    COLUMN_BECAME_REQUIRED = rule(
        "column-became-required",
        "column-became-optional",
        "A column of a row is always present.",
        by_use((Breaking, "old clients may leave it out"), (Safe, "it is present more often")),
        always(Breaking, "the field is not an `Option` any more"),
    )
    .cases(&[&COLUMN_NULLABLE]);
    COLUMN_BECAME_OPTIONAL = rule(
        "column-became-optional",
        "column-became-required",
        "A column of a row may be missing.",
        by_use((Safe, "old clients send it"), (Breaking, "old clients cannot read the row without it")),
        always(Breaking, "the field becomes an `Option`"),
    )
    .cases(&[&COLUMN_NULLABLE]);
}
