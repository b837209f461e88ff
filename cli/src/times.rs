//! Times of a response as local time, for `--local-time`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use venuekit::meta::VenueMeta;
use venuekit_json::Tree;

use crate::sections::alternative;
use crate::value::resolve;

/// The maximum depth of nested values. A type that contains itself has no end.
const MAX_DEPTH: usize = 64;

/// The digits after the seconds that a time has at most.
const NANOSECONDS: usize = 9;

/// Replaces the times in a response by local times with their offset. A property is a time if its
/// schema has `x-time`. A text without an offset, whose zone the venue does not state, stays.
pub(crate) fn to_local(venue: &VenueMeta, schema: &Value, tree: &mut Tree, zone: &TimeZone) {
    replace(venue, schema, tree, zone, 0);
}

fn replace(venue: &VenueMeta, schema: &Value, tree: &mut Tree, zone: &TimeZone, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let schema = &alternative(venue, schema, tree);
    match tree {
        Tree::Array(elements) => {
            let columns = schema.get("x-tuple").and_then(Value::as_array);
            for (index, element) in elements.iter_mut().enumerate() {
                let own = match columns {
                    Some(columns) => columns.get(index).and_then(|column| column.get("schema")),
                    None => schema.get("items"),
                };
                replace(venue, own.unwrap_or(&Value::Null), element, zone, depth + 1);
            }
        }
        Tree::Object(members) => {
            for (name, value) in members {
                let own = schema.get("properties").and_then(|all| all.get(name.as_str()));
                let own = own.or_else(|| schema.get("additionalProperties"));
                replace(venue, own.unwrap_or(&Value::Null), value, zone, depth + 1);
            }
        }
        scalar => {
            let alternatives = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
            let schemas = std::iter::once(schema.clone()).chain(alternatives.map(|schema| resolve(venue, schema)));
            let time = schemas.filter_map(|schema| schema.get("x-time").cloned()).next();
            let Some((time, text)) = time.zip(scalar.scalar()) else { return };
            if let Some(time) = timestamp(&time, &text) {
                *scalar = Tree::text(local(time, zone));
            }
        }
    }
}

/// Returns the local time with its offset: `2026-11-28 10:30:00.123 +02:00`.
pub(crate) fn local(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S%.f %:z").to_string()
}

/// Returns the time of a text in the format of an `x-time`; `None` if it is not such a time.
fn timestamp(time: &Value, text: &str) -> Option<Timestamp> {
    let digits_after_point = match time.get("unit").and_then(Value::as_str)? {
        "s" => 0,
        "ms" => 3,
        "us" => 6,
        "ns" => 9,
        "iso8601" => return iso8601(text, time.get("zone").is_some()),
        "dotnet-ticks" => {
            /// The ticks of 100 ns from the year 1 to 1970.
            const TO_1970: i128 = 621_355_968_000_000_000;
            let ticks: i128 = text.parse().ok()?;
            return Timestamp::from_nanosecond(ticks.checked_sub(TO_1970)?.checked_mul(100)?).ok();
        }
        _ => return None,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let wanted = NANOSECONDS - digits_after_point;
    // Further digits are less than a nanosecond.
    let fraction: String = fraction.chars().chain("0".repeat(NANOSECONDS).chars()).take(wanted).collect();
    Timestamp::from_nanosecond(format!("{whole}{fraction}").parse().ok()?).ok()
}

fn iso8601(text: &str, is_utc: bool) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let text = text.trim();
        is_utc.then(|| format!("{text}Z").parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use jiff::tz::Offset;
    use venuekit_venues::VENUES;

    use super::*;

    #[test]
    fn times_of_every_unit_become_local_times_with_their_offset() {
        let zone = TimeZone::fixed(Offset::from_seconds(-9_000).unwrap());
        for (unit, text, expected) in [
            (r#"{"unit":"s"}"#, "1700000000", "2023-11-14 19:43:20 -02:30"),
            (r#"{"unit":"s"}"#, "1700000000.123456", "2023-11-14 19:43:20.123456 -02:30"),
            (r#"{"unit":"ms"}"#, "1700000000123", "2023-11-14 19:43:20.123 -02:30"),
            (r#"{"unit":"us"}"#, "1700000000123456", "2023-11-14 19:43:20.123456 -02:30"),
            (r#"{"unit":"ns"}"#, "1700000000123456789", "2023-11-14 19:43:20.123456789 -02:30"),
            (r#"{"unit":"iso8601"}"#, "\"2023-11-14T22:13:20.5Z\"", "2023-11-14 19:43:20.5 -02:30"),
            (r#"{"unit":"iso8601"}"#, "\"2023-11-14T22:13:20\"", "2023-11-14T22:13:20"),
            (r#"{"unit":"iso8601","zone":"UTC"}"#, "\"2023-11-14 22:13:20\"", "2023-11-14 19:43:20 -02:30"),
            (r#"{"unit":"dotnet-ticks"}"#, "638355968001230000", "2023-11-14 19:43:20.123 -02:30"),
            (r#"{"unit":"ms"}"#, "\"soon\"", "soon"),
            (r#"{"unit":"ms"}"#, "99999999999999999999", "99999999999999999999"),
            (r#"{"unit":"ms"}"#, "1e3", "1e3"),
        ] {
            let schema: Value = serde_json::from_str(&format!(r#"{{"x-time":{unit}}}"#)).unwrap();
            let mut tree = Tree::parse(text).unwrap();
            to_local(VENUES[0], &schema, &mut tree, &zone);
            assert_eq!(tree.scalar().as_deref(), Some(expected), "{unit} {text}");
        }
    }

    #[test]
    fn only_values_whose_schema_is_a_time_are_changed() {
        let schema: Value = serde_json::from_str(
            r#"{"type":"object","properties":{"at":{"oneOf":[{"type":"string"},{"type":"integer","x-time":{"unit":"s"}}]},"rows":{"type":"array","items":{"type":"array","x-tuple":[{"name":"t","schema":{"x-time":{"unit":"s"}}},{"name":"n","schema":{}}]}}},"additionalProperties":{"x-time":{"unit":"ms"}}}"#,
        )
        .unwrap();
        let mut tree = Tree::parse(r#"{"at":0,"rows":[[0,0]],"more":0}"#).unwrap();
        to_local(VENUES[0], &schema, &mut tree, &TimeZone::UTC);
        let time = "1970-01-01 00:00:00 +00:00";
        assert_eq!(tree.to_json(), format!(r#"{{"at":"{time}","rows":[["{time}",0]],"more":"{time}"}}"#));
    }
}
