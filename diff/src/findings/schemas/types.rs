//! Types and formats.

use venuekit_codegen::source::Document;

use super::alternatives::of_split;
use super::at;
use crate::alignment::schemas::SchemaPair;
use crate::contract::Sides;
use crate::contract::parts::Joined;
use crate::finding::Finding;
use crate::rules::{self, Rule};
use crate::schema::bounds::{self, BoundShift};
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
    if !old.alternatives().is_empty() {
        return Types::SAME;
    }
    // A change between any value and listed values is reported as a change of the listed values.
    let is_untyped = old.types().is_empty() || new.types().is_empty();
    if is_untyped && old.values().is_some() != new.values().is_some() {
        return Types::SAME;
    }
    // An array without `items` is an array of anything.
    let has_items = |schema: &ResolvedSchema<'_>| !schema.items().is_empty();
    if old.types() == ["array"] && new.types() == ["array"] && (before, after) == (RustType::List, RustType::List) {
        let rule = match (has_items(old), has_items(new)) {
            (false, true) if !is_list_of_any(sides.new.document, new) => &rules::TYPE_NARROWED,
            (true, false) if !is_list_of_any(sides.old.document, old) => &rules::TYPE_WIDENED,
            _ => return Types::SAME,
        };
        return Types { finding: Some(at::whole(sides, rule, pair)), is_comparable: true, bounds_only: false };
    }
    let is_only_text = (usage.is_sent_as_text() || usage.header) && !usage.is_read();
    let rule = match relation(old, new, !is_only_text) {
        Relation::Same => return Types { finding: int64(sides, pair), ..Types::SAME },
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

/// Compares whether the format `int64` of an integer is stated. An integer without a format is
/// taken for one of 64 bits. It is `i64` in generated crates, so nothing changes there.
fn int64(sides: &Sides<'_>, pair: &SchemaPair<'_>) -> Option<Finding> {
    let is_integer = |schema: &ResolvedSchema<'_>| schema.types() == ["integer"] && schema.values().is_none();
    if sides.is_generated() || !is_integer(&pair.old) || !is_integer(&pair.new) {
        return None;
    }
    match (pair.old.format(), pair.new.format()) {
        (None, Some("int64")) => Some(at::key(&rules::INT64_STATED, pair, "format").is("int64")),
        (Some("int64"), None) => Some(at::key(&rules::INT64_OMITTED, pair, "format").was("int64")),
        _ => None,
    }
}

fn shape<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>, has_alternatives: bool) -> Finding {
    let finding = at::whole(sides, &rules::SHAPE_CHANGED, pair);
    if has_alternatives {
        let finding = finding.case(&rules::ALTERNATIVES_COMPARED);
        return match of_split(sides, pair) {
            Some(case) => finding.case(case),
            None => finding,
        };
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
    let finding = match usage.joined.filter(|_| usage.is_sent_as_text() && is_list_of(sides, pair)) {
        Some(Joined::Repeated) => finding.case(&rules::FITS_AS_LIST),
        Some(Joined::ByComma) if old.types() == ["string"] && old.values().is_none() => {
            finding.case(&rules::FITS_AS_LIST_UNLESS_SPLIT)
        }
        Some(Joined::ByComma) => finding.case(&rules::FITS_AS_LIST),
        None => finding,
    };
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
        let is_text = |ty| matches!(ty, RustType::Text | RustType::Base64);
        let finding = finding.case_if(can_be_read && is_text(before) && is_text(after), &rules::TEXT_IN_BOTH);
        let was_enum = matches!(before, RustType::TextEnum | RustType::IntegerEnum) && after.is_scalar();
        finding.case_if(can_be_read && was_enum, &rules::OPEN_ENUM)
    }
}

/// Returns whether the new schema is a list whose elements can be the old scalar, and that can have
/// one element.
fn is_list_of<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>) -> bool {
    let SchemaPair { old, new, .. } = pair;
    let lowest = new.get("minItems").and_then(|count| count.node.as_number()?.parse::<u64>().ok()).unwrap_or(0);
    if !RustType::new(old).is_scalar() || new.types() != ["array"] || lowest > 1 || new.columns().is_some() {
        return false;
    }
    let mut items = new.items().into_iter();
    items.all(|found| {
        let item = ResolvedSchema::new(sides.new.document, found);
        let bounds = bounds::changes(old, &item);
        let is_looser = bounds.iter().all(|change| matches!(change.shift, BoundShift::Unset | BoundShift::Loosened));
        let has_values = match (old.values(), item.values()) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(old), Some(new)) => old.iter().all(|(value, _)| new.iter().any(|(other, _)| other == value)),
        };
        let pattern = item.text("pattern").is_none_or(|pattern| old.text("pattern") == Some(pattern));
        let relation = relation(old, &item, false);
        matches!(relation, Relation::Same | Relation::Wider) && is_looser && has_values && pattern
    })
}

/// Returns whether a schema is a list of any JSON.
fn is_list_of_any<'d>(document: &'d Document, schema: &ResolvedSchema<'d>) -> bool {
    let items = schema.items();
    items.into_iter().any(|items| RustType::new(&ResolvedSchema::new(document, items)) == RustType::Json)
}
