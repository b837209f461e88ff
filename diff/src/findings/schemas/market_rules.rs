//! The roles of properties in the rules of a market.

use super::at;
use crate::alignment::schemas::SchemaPair;
use crate::finding::Finding;
use crate::rules;
use crate::schema::resolved::ResolvedSchema;

/// Compares `x-market-rule`.
pub(super) fn market_rule(pair: &SchemaPair<'_>) -> Option<Finding> {
    let text = |schema: &ResolvedSchema<'_>| {
        let rule = schema.annotated("x-market-rule")?.get("x-market-rule")?;
        Some([rule.text("of")?, rule.text("is")?].join(" "))
    };
    let (was, is) = (text(&pair.old), text(&pair.new));
    let rule = match (&was, &is) {
        (None, Some(_)) => &rules::MARKET_RULE_ADDED,
        (Some(_), None) => &rules::MARKET_RULE_REMOVED,
        (Some(before), Some(after)) if before != after => &rules::MARKET_RULE_CHANGED,
        _ => return None,
    };
    Some(at::key(rule, pair, "x-market-rule").values(was, is))
}
