//! A report as annotations of GitHub Actions: one workflow command per change.
//!
//! A breaking change is an error, a risky one a warning, and a safe or accepted one a notice.
//! GitHub shows the first ten of each kind of a step, so the worst changes come first.

use std::cmp::Reverse;

use crate::comparison::{Change, Comparison, Revision};
use crate::level::Level;

use super::phrases::{acceptance, level, place, reasons};
use super::report::Report;
use super::untrusted::one_line;

/// The maximum number of characters of a message.
const MESSAGE: usize = 1000;
/// The maximum number of characters of a name.
const NAME: usize = 200;

/// Returns the report as workflow commands.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    for note in &report.notes {
        out.push_str(&command("notice", &[("title", "spec diff")], note));
    }
    for failed in &report.failed {
        out.push_str(&command("error", &[("title", "not compared")], &failed.in_a_line()));
    }
    for comparison in &report.venues {
        if let (Some(fault), Some(new)) = (comparison.version().fault, &comparison.new) {
            let message = format!("{}: {fault}", comparison.venue);
            out.push_str(&command("error", &[("file", &new.file), ("title", "crate version")], &message));
        }
    }
    let changes = report.venues.iter().flat_map(|venue| venue.changes.iter().map(move |change| (venue, change)));
    let mut changes: Vec<(&Comparison, &Change)> = changes.collect();
    changes.retain(|(_, change)| level(change) >= report.least);
    changes.sort_by_key(|(_, change)| (change.accepted.is_some(), Reverse(level(change))));
    out.extend(changes.into_iter().map(|(venue, change)| annotation(venue, change)));
    out
}

fn annotation(venue: &Comparison, change: &Change) -> String {
    let kind = match (level(change), &change.accepted) {
        (Level::Breaking, None) => "error",
        (Level::Risky, None) => "warning",
        _ => "notice",
    };
    let location = &change.place.location;
    let (line, column) = (location.line.to_string(), location.column.to_string());
    let title = format!("{}: {}", venue.venue, change.rule.id);
    let mut properties = Vec::new();
    match change.place.revision {
        Revision::New => properties.extend([("file", location.file.as_str()), ("line", &line), ("col", &column)]),
        // The checked-out file does not have the line any more.
        Revision::Old => properties.extend(venue.new.as_ref().map(|new| ("file", new.file.as_str()))),
    }
    properties.push(("title", &title));
    command(kind, &properties, &message(change))
}

/// Returns a change in a sentence.
pub(super) fn message(change: &Change) -> String {
    let mut said = format!("{}: {}", change.subject, change.rule.meaning.trim_end_matches('.'));
    match (&change.was, &change.is) {
        (Some(was), Some(is)) => said.push_str(&format!(": {was} -> {is}")),
        (Some(was), None) => said.push_str(&format!(": was {was}")),
        (None, Some(is)) => said.push_str(&format!(": now {is}")),
        (None, None) => {}
    }
    for (axis, level, reason) in reasons(change) {
        said.push_str(&format!("; {axis} {level}: {reason}"));
    }
    if let Some(accepted) = acceptance(change) {
        said.push_str(&format!("; {accepted}"));
    }
    if change.place.revision == Revision::Old {
        said.push_str(&format!("; it was at {}", place(change)));
    }
    said
}

/// Returns a workflow command. Line breaks and separators in texts are escaped as GitHub reads
/// them.
fn command(kind: &str, properties: &[(&str, &str)], message: &str) -> String {
    let data = |text: &str, limit| one_line(text, limit).replace('%', "%25");
    let property = |text: &str| data(text, NAME).replace(':', "%3A").replace(',', "%2C");
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    format!("::{kind} {}::{}\n", properties.join(","), data(message, MESSAGE))
}
