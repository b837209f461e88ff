//! Units and zones of times.

use super::at;
use crate::alignment::schemas::SchemaPair;
use crate::finding::{Finding, Findings};
use crate::rules;
use crate::schema::resolved::ResolvedSchema;

/// Compares `x-time`. If the type of the schema changed as well, an added or removed `x-time` is
/// not reported.
pub(super) fn time(pair: &SchemaPair<'_>, has_same_type: bool) -> Findings {
    let mut findings = Findings::default();
    let (was, is) = (pair.old.time(), pair.new.time());
    let text = |schema: &ResolvedSchema<'_>, key: &str| schema.time()?.text(key).map(str::to_owned);
    let (old_unit, new_unit) = (text(&pair.old, "unit"), text(&pair.new, "unit"));
    match (was, is) {
        (None, Some(_)) if has_same_type => {
            findings.push(at::key(&rules::TIME_ADDED, pair, "x-time").is(new_unit.unwrap_or_default()));
        }
        (Some(_), None) if has_same_type => {
            findings.push(at::key(&rules::TIME_REMOVED, pair, "x-time").was(old_unit.unwrap_or_default()));
        }
        (Some(_), Some(_)) => {
            let changed = |rule, was: Option<String>, is: Option<String>| -> Option<Finding> {
                (was != is).then(|| at::key(rule, pair, "x-time").values(was, is))
            };
            let zones = (text(&pair.old, "zone"), text(&pair.new, "zone"));
            let unit = changed(&rules::TIME_UNIT_CHANGED, old_unit, new_unit);
            // Zones are comparable only if the unit stays.
            let zone = if unit.is_some() { None } else { changed(&rules::TIME_ZONE_CHANGED, zones.0, zones.1) };
            findings.add(unit.or(zone).into());
        }
        _ => {}
    }
    findings
}
