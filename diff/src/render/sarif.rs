//! A report as SARIF 2.1.0, for code scanning.
//!
//! A breaking change is an error, a risky one a warning, a safe one a note. An accepted change has
//! a suppression. A part that is gone has no line in the new spec, so its place in the old spec is
//! a related location.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::comparison::{Change, Comparison, Revision};
use crate::level::Level;
use crate::rules::Rule;

use super::fingerprint::fingerprints;
use super::github::message;
use super::phrases::level;
use super::report::Report;
use super::untrusted::one_line;

/// The maximum number of characters of a message.
const MESSAGE: usize = 2000;

/// Characters that are escaped in a path.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

/// Returns the report as SARIF.
///
/// # Errors
///
/// The errors of `serde_json`.
pub fn render(report: &Report) -> Result<String, serde_json::Error> {
    let mut rules: BTreeMap<&str, &Rule> = BTreeMap::new();
    for change in report.venues.iter().flat_map(|venue| &venue.changes) {
        rules.insert(change.rule.id, change.rule);
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let results: Vec<Value> = report
        .venues
        .iter()
        .flat_map(|venue| {
            let changes = venue.changes.iter().zip(fingerprints(venue));
            let shown = changes.filter(|(change, _)| level(change) >= report.least);
            shown.map(|(change, fingerprint)| result(venue, change, &fingerprint, &index)).collect::<Vec<_>>()
        })
        .collect();
    let text = |text: &str| json!({ "text": one_line(text, MESSAGE) });
    let failures = report.failed.iter().map(|failed| json!({ "level": "error", "message": text(&failed.in_a_line()) }));
    let notes = report.notes.iter().map(|note| json!({ "level": "note", "message": text(note) }));
    let sarif = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "venuekit-diff",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": "https://github.com/venuekit/venuekit",
                "rules": rules.values().map(|rule| self::rule(rule)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": report.failed.is_empty(),
                "toolExecutionNotifications": failures.chain(notes).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    });
    Ok(serde_json::to_string_pretty(&sarif)? + "\n")
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.meaning },
        "helpUri": format!("https://github.com/venuekit/venuekit/blob/main/docs/spec-changes.md#{}", rule.id),
    })
}

fn result(venue: &Comparison, change: &Change, fingerprint: &str, rules: &BTreeMap<&str, usize>) -> Value {
    let level = match level(change) {
        Level::Breaking => "error",
        Level::Risky => "warning",
        Level::Safe => "note",
    };
    let place = &change.place.location;
    let region = json!({ "startLine": place.line.max(1), "startColumn": place.column.max(1) });
    let physical = |file: &str, region: &Value| {
        let uri = utf8_percent_encode(file, PATH).to_string();
        json!({ "artifactLocation": { "uri": uri }, "region": region })
    };
    let logical = json!([{ "fullyQualifiedName": one_line(&change.subject.to_string(), MESSAGE) }]);
    let mut result = json!({
        "ruleId": change.rule.id,
        "ruleIndex": rules.get(change.rule.id),
        "level": level,
        "message": { "text": one_line(&format!("{}: {}", venue.venue, message(change)), MESSAGE) },
        "partialFingerprints": { "venuekitDiff/v1": fingerprint },
        "properties": {
            "venue": venue.venue,
            "wire": change.wire.level.name(),
            "source": change.source.level.name(),
            "pointer": place.pointer,
        },
    });
    let (locations, related) = match change.place.revision {
        Revision::New => {
            (json!([{ "physicalLocation": physical(&place.file, &region), "logicalLocations": logical }]), None)
        }
        Revision::Old => {
            let file = venue.new.as_ref().map_or(place.file.as_str(), |new| new.file.as_str());
            let first = physical(file, &json!({ "startLine": 1 }));
            let old = json!([{ "id": 1, "physicalLocation": physical(&place.file, &region),
                "message": { "text": "the place in the old spec" } }]);
            (json!([{ "physicalLocation": first, "logicalLocations": logical }]), Some(old))
        }
    };
    if let Value::Object(result) = &mut result {
        result.insert("locations".to_owned(), locations);
        result.extend(related.map(|related| ("relatedLocations".to_owned(), related)));
        if let Some(accepted) = &change.accepted {
            let why = one_line(&format!("until {}: {}", accepted.until, accepted.why), MESSAGE);
            let suppression = json!([{ "kind": "external", "status": "accepted", "justification": why }]);
            result.insert("suppressions".to_owned(), suppression);
        }
    }
    result
}
