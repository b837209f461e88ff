//! The roles of properties in the rules of a market.

use std::collections::HashSet;

use super::at;
use crate::alignment::schema_parts::Property;
use crate::alignment::schemas::{SchemaPair, Schemas};
use crate::finding::Finding;
use crate::rules;
use crate::schema::resolved::ResolvedSchema;

/// The key of a rule.
const KEY: &str = "x-market-rule";

/// The properties whose object had no rule before, or has none any more. The type of such an object
/// gets or loses the method `order_rules`.
#[derive(Debug, Default)]
pub(super) struct FirstAndLast<'s> {
    /// The pointers of the old and the new property, if the old object has no rule.
    first: HashSet<(&'s str, &'s str)>,
    /// The same, if the new object has no rule.
    last: HashSet<(&'s str, &'s str)>,
}

impl<'s> FirstAndLast<'s> {
    pub(super) fn new(schemas: &'s Schemas<'_>) -> Self {
        let mut all = Self::default();
        for pair in &schemas.pairs {
            let properties = &pair.properties;
            let is_rule = |property: &Property<'_>| property.schema.annotated(KEY).is_some();
            let old_has = properties.pairs.iter().map(|(old, _)| old).chain(&properties.removed).any(is_rule);
            let new_has = properties.pairs.iter().map(|(_, new)| new).chain(&properties.added).any(is_rule);
            let pointers = || {
                let pairs = properties.pairs.iter();
                pairs.map(|(old, new)| (old.schema.at.pointer.as_str(), new.schema.at.pointer.as_str()))
            };
            match (old_has, new_has) {
                (false, true) => all.first.extend(pointers()),
                (true, false) => all.last.extend(pointers()),
                _ => {}
            }
        }
        all
    }
}

/// Compares `x-market-rule`.
pub(super) fn market_rule(pair: &SchemaPair<'_>, first_and_last: &FirstAndLast<'_>) -> Option<Finding> {
    let text = |schema: &ResolvedSchema<'_>| {
        let rule = schema.annotated(KEY)?.get(KEY)?;
        Some([rule.text("of")?, rule.text("is")?].join(" "))
    };
    let (was, is) = (text(&pair.old), text(&pair.new));
    let pointers = (pair.old.at.pointer.as_str(), pair.new.at.pointer.as_str());
    let finding = |rule| at::key(rule, pair, KEY);
    let finding = match (&was, &is) {
        (None, Some(_)) => {
            finding(&rules::MARKET_RULE_ADDED).case_if(first_and_last.first.contains(&pointers), &rules::FIRST_RULE)
        }
        (Some(_), None) => {
            finding(&rules::MARKET_RULE_REMOVED).case_if(first_and_last.last.contains(&pointers), &rules::LAST_RULE)
        }
        (Some(before), Some(after)) if before != after => finding(&rules::MARKET_RULE_CHANGED),
        _ => return None,
    };
    Some(finding.values(was, is))
}
