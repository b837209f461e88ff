//! A report as a comment on GitHub.

mod lengths;
mod room;

use std::cmp::Reverse;

use venuekit_codegen::Diagnostics;

use crate::comparison::{Change, Comparison, Counts, Side};
use crate::version::Step;

use crate::render::links::Links;
use crate::render::phrases::{
    NotCompared, acceptance, count, difference, few, grouped, level, not_compared, place, reasons, rename, users,
    verdict, which,
};
use crate::render::report::{FailedVenue, Origin, Report, first_line};
use crate::render::untrusted::{cell, code, prose};
use lengths::{FINDINGS, NAME, NAMES, ROOM, SENTENCE, TABLE, VALUE};
use room::{Group, Item, Section};

/// The first line, which identifies the comment.
pub const MARK: &str = "<!-- venuekit spec diff -->";

/// Returns the report as Markdown.
#[must_use]
pub fn render(report: &Report, links: &Links) -> String {
    let (from, to) = (origin_text(&report.origins.base), origin_text(&report.origins.head));
    let mut out = format!("{MARK}\n**{}**\n\nFrom {from} to {to}.\n", verdict(report));
    let mut venues: Vec<&Comparison> = report.venues.iter().collect();
    venues.sort_by_key(|venue| Reverse(venue.changes.iter().map(level).max()));
    out.push_str(&table(&venues));
    if !report.notes.is_empty() {
        out.push('\n');
        for note in report.notes.iter().take(NAMES) {
            out.push_str(&format!("- {}\n", prose(note, SENTENCE)));
        }
        let more = report.notes.len().saturating_sub(NAMES);
        if more > 0 {
            out.push_str(&format!("- and {}\n", count(more, "more note", "more notes")));
        }
    }
    if !report.unchanged.is_empty() {
        let names = report.unchanged.iter().take(NAMES).map(|name| code(name, NAME / 4));
        let names = names.collect::<Vec<_>>().join(", ");
        let more = report.unchanged.len().saturating_sub(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        out.push_str(&format!("\nUnchanged: {names}{more}.\n"));
    }
    let mut sections: Vec<Section> = report.failed.iter().map(not_compared_venue).collect();
    sections.extend(venues.into_iter().map(|venue| section(venue, report, links)));
    let room = ROOM.saturating_sub(out.len());
    out + &room::fill(&sections, room, &report.command)
}

fn origin_text(origin: &Origin) -> String {
    match origin.id_beside_name() {
        Some(id) => format!("{} ({})", code(origin.name(), NAME), code(id, NAME)),
        _ if matches!(origin, Origin::WorkingTree | Origin::StandardInput) => origin.name().to_owned(),
        _ => code(origin.name(), NAME),
    }
}

/// Returns a table with one line per venue.
fn table(venues: &[&Comparison]) -> String {
    if venues.is_empty() {
        return String::new();
    }
    let mut out = "
| Venue | Wire: breaking / risky / safe | Source: breaking / risky / safe | Docs changed | Crate version | Step needed | Version |
| --- | --- | --- | --- | --- | --- | --- |
"
    .to_owned();
    for (shown, venue) in venues.iter().enumerate() {
        let row = row(venue);
        if out.len() + row.len() > TABLE {
            let more = count(venues.len() - shown, "more venue", "more venues");
            return format!("{out}\nAnd {more}.\n");
        }
        out.push_str(&row);
    }
    out
}

fn row(venue: &Comparison) -> String {
    let name = cell(&venue.venue, NAME);
    let levels = |Counts { breaking, risky, safe }: Counts| {
        if breaking > 0 {
            format!("**{breaking}** / {risky} / {safe}")
        } else {
            format!("{breaking} / {risky} / {safe}")
        }
    };
    let version = venue.version();
    let number = |number: &Option<String>| number.as_deref().map_or("none".to_owned(), |number| cell(number, NAME / 4));
    let (numbers, step) = match (&venue.old, &venue.new) {
        (Some(_), Some(_)) if version.old == version.new => (number(&version.new), version.step.name()),
        (Some(_), Some(_)) => (format!("{} → {}", number(&version.old), number(&version.new)), version.step.name()),
        (None, _) => (format!("new, {}", number(&version.new)), Step::None.name()),
        (_, None) => (format!("gone, was {}", number(&version.old)), Step::None.name()),
    };
    let judged = match (&version.fault, &version.needed) {
        (None, _) => "OK".to_owned(),
        (Some(_), Some(needed)) => format!("**write {}**", cell(needed, NAME / 4)),
        (Some(_), None) => "**see below**".to_owned(),
    };
    let (wire, source, documentation) = (levels(venue.wire()), levels(venue.source()), venue.documentation);
    format!("| {name} | {wire} | {source} | {documentation} | {numbers} | {step} | {judged} |\n")
}

fn not_compared_venue(failed: &FailedVenue) -> Section {
    let note = |text: String| Item { group: Group::Note, text };
    let mut items = vec![note("could not be compared".to_owned())];
    items.extend(failed.findings.iter().take(FINDINGS).map(|finding| note(code(finding, SENTENCE))));
    let more = failed.findings.len().saturating_sub(FINDINGS);
    if more > 0 {
        items.push(note(format!("and {more} more")));
    }
    Section { heading: code(&failed.venue, NAME), items }
}

fn section(venue: &Comparison, report: &Report, links: &Links) -> Section {
    let mut items: Vec<Item> = notes(venue, report).into_iter().map(|text| Item { group: Group::Note, text }).collect();
    let shown: Vec<&Change> = venue.changes.iter().filter(|change| level(change) >= report.least).collect();
    items.extend(grouped(&shown).into_iter().filter_map(|group| {
        let first = group.first()?;
        Some(Item { group: level(first).into(), text: item(first, &group, links) })
    }));
    Section { heading: code(&venue.venue, NAME), items }
}

/// Returns the notes on a whole venue.
fn notes(venue: &Comparison, report: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    if let (Some(old), Some(new)) = (&venue.old, &venue.new)
        && old.api_version != new.api_version
    {
        let api = |side: &Side| side.api_version.as_deref().map_or("none".to_owned(), |version| code(version, NAME));
        notes.push(format!("version of the API: {} → {}", api(old), api(new)));
    }
    notes.extend(venue.version().fault.map(|fault| prose(&fault, SENTENCE)));
    for NotCompared { said, faults } in not_compared(venue, &report.origins) {
        notes.push(prose(&said, SENTENCE));
        let more = faults.map_or(0, |faults| faults.len().saturating_sub(FINDINGS));
        let faults = faults.into_iter().flat_map(Diagnostics::iter);
        notes.extend(faults.take(FINDINGS).map(|finding| code(&first_line(finding), SENTENCE)));
        notes.extend((more > 0).then(|| format!("and {more} more")));
    }
    notes
}

/// Returns the first change of a group, with the places of the others.
fn item(change: &Change, group: &[&Change], links: &Links) -> String {
    let mut parts = vec![
        format!("**{}**", prose(change.rule.meaning.trim_end_matches('.'), SENTENCE)),
        code(&change.subject.to_string(), NAME),
    ];
    let value = |value: &String| code(value, VALUE);
    parts.extend(match (change.was.as_ref().map(value), change.is.as_ref().map(value)) {
        (Some(was), Some(is)) => Some(format!("{was} → {is}")),
        (Some(was), None) => Some(format!("was {was}")),
        (None, Some(is)) => Some(format!("now {is}")),
        (None, None) => None,
    });
    parts.extend(rename(change, &|name| code(name, NAME)));
    parts.extend(acceptance(change).map(|accepted| prose(&accepted, SENTENCE)));
    if group.len() > 1 {
        let other =
            |other: &&Change| format!("{}{}", code(&other.subject.to_string(), NAME), difference(change, other));
        let others: Vec<String> = group.iter().skip(1).map(other).collect();
        parts.push(format!("also {}", few(&others)));
    }
    let users: Vec<String> = users(group).into_iter().map(|route| code(route, NAME)).collect();
    if !users.is_empty() {
        parts.push(format!("used by {}", few(&users)));
    }
    let shown = code(&place(change), NAME);
    let shown = links.to(&change.place).map(|url| format!("[{shown}]({url})")).unwrap_or(shown);
    parts.push(format!("{shown}{}", which(change)));
    parts.push(code(change.rule.id, NAME));
    let reasons = reasons(change).into_iter();
    let reasons: Vec<String> =
        reasons.map(|(axis, level, reason)| format!("{axis} **{level}**: {}", prose(reason, SENTENCE))).collect();
    format!("{}<br>{}", parts.join(" · "), reasons.join(" · "))
}
