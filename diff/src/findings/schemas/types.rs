//! Types and formats.

use venuekit_codegen::source::Document;

use super::at;
use crate::alignment::schemas::SchemaPair;
use crate::contract::Sides;
use crate::finding::Finding;
use crate::rules::{self, Rule};
use crate::schema::relation::{Relation, is_reshaped, relation};
use crate::schema::resolved::ResolvedSchema;
use crate::schema::rust_type::RustType;

/// The comparison of two types.
pub(super) struct Types {
    pub(super) finding: Option<Finding>,
    /// True if the values, properties, columns and bounds can be compared.
    pub(super) is_comparable: bool,
    /// True if only the bounds can be compared.
    pub(super) bounds_only: bool,
}

impl Types {
    const SAME: Self = Self { finding: None, is_comparable: true, bounds_only: false };
}

/// Compares types and formats.
pub(super) fn types<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>) -> Types {
    let SchemaPair { old, new, usage, .. } = pair;
    let (before, after) = (RustType::new(old), RustType::new(new));
    let has_alternatives = before == RustType::Alternatives || after == RustType::Alternatives;
    if is_reshaped(old, new) && (old.types() == new.types() || has_alternatives) {
        return Types { finding: Some(shape(sides, pair, has_alternatives)), is_comparable: false, bounds_only: false };
    }
    // A schema with only `allOf` has the types of the schemas in it.
    let only_composes = |schema: &ResolvedSchema<'_>| schema.is_composed() && schema.at.node.get("type").is_none();
    if !old.alternatives().is_empty() || only_composes(old) || only_composes(new) {
        return Types::SAME;
    }
    // A change between any value and listed values is reported as a change of the listed values.
    let is_untyped = old.types().is_empty() || new.types().is_empty();
    if is_untyped && old.values().is_some() != new.values().is_some() {
        return Types::SAME;
    }
    let is_only_text = (usage.is_sent_as_text() || usage.header) && !usage.is_read();
    let rule = match relation(old, new, !is_only_text) {
        Relation::Same => return Types::SAME,
        Relation::Wider => &rules::TYPE_WIDENED,
        Relation::Narrower => &rules::TYPE_NARROWED,
        Relation::Other => &rules::TYPE_CHANGED,
    };
    let has_same_types = old.types() == new.types();
    let is_scalar = before.is_scalar() && after.is_scalar();
    Types {
        finding: Some(with_cases(sides, pair, rule, at::whole(sides, rule, pair))),
        is_comparable: has_same_types,
        bounds_only: !has_same_types && rule != &rules::TYPE_CHANGED && is_scalar,
    }
}

fn shape<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>, has_alternatives: bool) -> Finding {
    let finding = at::whole(sides, &rules::SHAPE_CHANGED, pair);
    if has_alternatives {
        return finding.case(&rules::ALTERNATIVES_COMPARED);
    }
    let is_any = |document, schema: &ResolvedSchema<'s>| {
        RustType::new(schema) == RustType::Json || is_list_of_any(document, schema)
    };
    match (is_any(sides.old.document, &pair.old), is_any(sides.new.document, &pair.new)) {
        (true, false) => finding.case(&rules::WAS_ANY_JSON),
        (false, true) => finding.case(&rules::BECAME_ANY_JSON),
        _ => finding,
    }
}

fn with_cases(sides: &Sides<'_>, pair: &SchemaPair<'_>, rule: &'static Rule, finding: Finding) -> Finding {
    let SchemaPair { old, new, usage, .. } = pair;
    let (before, after) = (RustType::new(old), RustType::new(new));
    let fits = usage.is_sent_as_text() && matches!(relation(old, new, false), Relation::Same | Relation::Wider);
    let finding = finding.case_if(fits, &rules::FITS_AS_TEXT);
    let can_be_read = sides.is_generated() && (usage.is_read() || usage.header);
    if before.is_same_as(after) && before != RustType::Several {
        let finding = finding.case_of(&rules::SAME_RUST_TYPE, before.name());
        if can_be_read && before == RustType::Decimal && rule == &rules::TYPE_CHANGED {
            finding.case(&rules::DECIMAL)
        } else if can_be_read && before.is_time() && rule == &rules::TYPE_CHANGED {
            finding.case(&rules::TIME_IN_BOTH_FORMS)
        } else if can_be_read && rule != &rules::TYPE_NARROWED {
            finding.case_of(&rules::READABLE, before.name())
        } else {
            finding
        }
    } else {
        let was_enum = matches!(before, RustType::TextEnum | RustType::IntegerEnum) && after.is_scalar();
        finding.case_if(can_be_read && was_enum, &rules::OPEN_ENUM)
    }
}

/// Returns whether a schema is a list of any JSON.
fn is_list_of_any<'d>(document: &'d Document, schema: &ResolvedSchema<'d>) -> bool {
    let items = schema.at.get("items").filter(|_| schema.columns().is_none());
    items.is_some_and(|items| RustType::new(&ResolvedSchema::new(document, items)) == RustType::Json)
}
