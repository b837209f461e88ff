//! Phrases of the text and of the Markdown.

use crate::comparison::{Change, Comparison, Revision, Side};
use crate::level::Level;
use venuekit_codegen::diagnostic::Diagnostics;

use super::report::{Origin, Origins, Report};
use super::untrusted::is_plain;

/// Returns a number with its noun: `1 change`, `2 changes`.
pub(crate) fn count(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

/// Returns the worse level of the two verdicts.
pub(crate) fn level(change: &Change) -> Level {
    change.wire.level.max(change.source.level)
}

/// Returns the number of changes whose worse verdict has this level.
pub(crate) fn at(report: &Report, wanted: Level) -> usize {
    report.venues.iter().flat_map(|venue| &venue.changes).filter(|change| level(change) == wanted).count()
}

/// Returns the reasons of both verdicts, with their names and levels; only one if the verdicts are
/// equal.
pub(crate) fn reasons(change: &Change) -> Vec<(&'static str, Level, &str)> {
    let (wire, source) = (&change.wire, &change.source);
    if wire == source {
        return vec![("wire and source", wire.level, wire.reason.as_str())];
    }
    [("wire", wire), ("source", source)].map(|(axis, verdict)| (axis, verdict.level, verdict.reason.as_str())).into()
}

/// Returns `specs/btse-spot.yaml:12`.
pub(crate) fn place(change: &Change) -> String {
    format!("{}:{}", change.place.location.file, change.place.location.line)
}

/// Returns the note beside a place in the old spec.
pub(crate) fn which(change: &Change) -> &'static str {
    match change.place.revision {
        Revision::Old => " (old)",
        Revision::New => "",
    }
}

/// Returns the reasons why names in Rust were not compared, each with the findings of its spec.
pub(crate) fn not_compared<'a>(comparison: &'a Comparison, origins: &Origins) -> Vec<(String, &'a Diagnostics)> {
    let faults = |side: &'a Option<Side>| side.as_ref().and_then(|side| side.faults.as_ref());
    let both = [("old", &comparison.old, &origins.base), ("new", &comparison.new, &origins.head)];
    let blamed = both.into_iter().filter_map(|(which, side, end)| Some((which, faults(side)?, end)));
    let said = blamed.map(|(which, faults, end)| {
        let findings = count(faults.len(), "finding", "findings");
        let command = match end {
            Origin::File(_) => String::new(),
            _ if is_plain(&comparison.venue) => format!("; `cargo xtask codegen {}` shows them", comparison.venue),
            _ => "; `cargo xtask codegen` shows them".to_owned(),
        };
        let there = if command.is_empty() || *end == Origin::WorkingTree { "" } else { " where it is checked out" };
        let no_crate = format!("no crate can be generated from the {which} spec ({findings}{command}{there})");
        (format!("names in Rust and `x-` extensions were not compared: {no_crate}"), faults)
    });
    said.collect()
}
