//! A report as one self-contained HTML page.
//!
//! The page loads nothing: styles and the script are part of it. Without the script, all changes
//! are shown. The filters are kept in the fragment of the address, so a filtered page can be
//! linked. Templates are compiled by `maud`, which escapes all texts.

mod fragments;

use std::cmp::Reverse;
use std::collections::HashMap;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::comparison::{Change, Comparison, Counts, Revision, Side, Verdict};
use crate::level::Level;

use super::fingerprint::fingerprints;
use super::links::Links;
use super::phrases::{
    NotCompared, acceptance, count, difference, few, grouped, level, not_compared, place, rename, users, verdict,
    which, witness,
};
use super::report::{Origin, Report, first_line};
use super::untrusted::one_line;
use fragments::{Fragments, Line};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The maximum number of changes of a page. More would make it slow to open.
const CHANGES: usize = 3000;
/// The maximum number of characters of a value.
const VALUE: usize = 400;
/// The maximum number of characters of a name.
const NAME: usize = 300;
/// The maximum number of findings of a spec.
const FINDINGS: usize = 20;

/// Returns the report as a page.
#[must_use]
pub fn render(report: &Report, links: &Links) -> String {
    let mut venues: Vec<&Comparison> = report.venues.iter().collect();
    venues.sort_by_key(|venue| Reverse(venue.changes.iter().map(level).max()));
    let mut room = CHANGES;
    let sections: Vec<Markup> = venues
        .iter()
        .enumerate()
        .map(|(index, venue)| {
            let shown: Vec<&Change> = venue.changes.iter().filter(|change| level(change) >= report.least).collect();
            let groups = grouped(&shown);
            let fits = groups.len().min(room);
            room -= fits;
            let hidden = venue.changes.len() - shown.len();
            section(index, venue, report, links, &groups, fits, hidden)
        })
        .collect();
    let (base, head) = (&report.origins.base, &report.origins.head);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
                title { "Spec diff: " (text(base.name())) " to " (text(head.name())) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Spec diff" }
                    p { "From " (origin(base)) " to " (origin(head)) "." }
                    p.verdict { (verdict(report)) }
                    @for note in &report.notes { p.note { (text(note)) } }
                }
                main {
                    @if !report.failed.is_empty() { (failed(report)) }
                    @if !venues.is_empty() { (table(&venues)) (filters(&venues)) }
                    @for section in &sections { (section) }
                    @if !report.unchanged.is_empty() {
                        p.unchanged { "Unchanged: " (text(&report.unchanged.join(", "))) "." }
                    }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// Returns a text without invisible characters.
fn text(text: &str) -> String {
    one_line(text, NAME)
}

fn origin(origin: &Origin) -> Markup {
    let id = origin.id_beside_name();
    html! { code { (text(origin.name())) } @if let Some(id) = id { " (" code { (id) } ")" } }
}

fn failed(report: &Report) -> Markup {
    html! {
        section.failed {
            h2 { "Not compared" }
            @for failed in &report.failed {
                h3 { (text(&failed.venue)) }
                ul {
                    @for finding in failed.findings.iter().take(FINDINGS) { li { code { (one_line(finding, VALUE)) } } }
                    @if let Some(more @ 1..) = failed.findings.len().checked_sub(FINDINGS) {
                        li { "and " (more) " more" }
                    }
                }
            }
        }
    }
}

/// Returns the table with one row per venue.
fn table(venues: &[&Comparison]) -> Markup {
    let counts = |Counts { breaking, risky, safe }: Counts| {
        html! {
            span.count.breaking title="breaking" { (breaking) } " "
            span.count.risky title="risky" { (risky) } " "
            span.count.safe title="safe" { (safe) }
        }
    };
    html! {
        table.venues {
            caption { "Changes by venue: " span.count.breaking { "breaking" } " " span.count.risky { "risky" } " " span.count.safe { "safe" } }
            thead { tr {
                th scope="col" { "Venue" }
                th scope="col" { "Wire" }
                th scope="col" { "Source" }
                th scope="col" { "Docs changed" }
                th scope="col" { "Crate version" }
                th scope="col" { "Step needed" }
            } }
            tbody { @for (index, venue) in venues.iter().enumerate() {
                @let version = venue.version();
                tr {
                    th scope="row" { a href={ "#venue-" (index) } { (text(&venue.venue)) } }
                    td data-label="Wire" { (counts(venue.wire())) }
                    td data-label="Source" { (counts(venue.source())) }
                    td data-label="Docs changed" { (venue.documentation) }
                    td data-label="Crate version" { (versions(venue)) }
                    td data-label="Step needed" {
                        (version.step)
                        @if let (Some(_), Some(needed)) = (&version.fault, &version.needed) {
                            " " strong.breaking { "write " (text(needed)) }
                        }
                    }
                }
            } }
        }
    }
}

fn versions(venue: &Comparison) -> String {
    let number = |side: &Side| text(side.crate_version.as_deref().unwrap_or("none"));
    match (&venue.old, &venue.new) {
        (Some(old), Some(new)) if old.crate_version == new.crate_version => number(new),
        (Some(old), Some(new)) => format!("{} → {}", number(old), number(new)),
        (None, Some(new)) => format!("new, {}", number(new)),
        (Some(old), None) => format!("gone, was {}", number(old)),
        (None, None) => String::new(),
    }
}

/// Returns the filters. The script shows them, because they do nothing without it.
fn filters(venues: &[&Comparison]) -> Markup {
    html! {
        form.filters hidden {
            fieldset {
                legend { "Levels" }
                @for level in [Level::Breaking, Level::Risky, Level::Safe] {
                    label { input type="checkbox" name="level" value=(level.name()) checked; " " span.badge.(level.name()) { (level.name()) } }
                }
            }
            label { "Verdict" select name="axis" {
                option value="" { "either" }
                option value="wire" { "wire" }
                option value="source" { "source" }
            } }
            label { "Venue" select name="venue" {
                option value="" { "all" }
                @for venue in venues { option value=(text(&venue.venue)) { (text(&venue.venue)) } }
            } }
            label { "Text" input type="search" name="text" placeholder="operation, schema, rule"; }
            label { input type="checkbox" name="accepted" checked; " accepted" }
            output {}
        }
    }
}

/// Returns the section of a venue with the first `fits` groups of changes. `hidden` changes are
/// below the level that is shown.
fn section(
    index: usize,
    venue: &Comparison,
    report: &Report,
    links: &Links,
    groups: &[Vec<&Change>],
    fits: usize,
    hidden: usize,
) -> Markup {
    let changes = venue.changes.iter().map(std::ptr::from_ref);
    let fingerprints: HashMap<*const Change, String> = changes.zip(fingerprints(venue)).collect();
    let fingerprint =
        |change: &Change| fingerprints.get(&std::ptr::from_ref(change)).map(String::as_str).unwrap_or_default();
    let left_out = groups.len().saturating_sub(fits);
    let fragments = Fragments::new(venue);
    html! {
        section.venue id={ "venue-" (index) } data-venue=(text(&venue.venue)) {
            h2 { (text(&venue.venue)) }
            @for note in notes(venue, report) { p.note { (note) } }
            @for group in groups.iter().take(fits) {
                @if let Some(first) = group.first() { (change(first, group, fingerprint(first), links, &fragments)) }
            }
            @if left_out > 0 {
                p.note { (count(left_out, "change is", "changes are")) " left out; the page shows at most " (CHANGES) "." }
            }
            @if hidden > 0 { p.note { (count(hidden, "change", "changes")) " below “" (report.least) "” not shown." } }
            @if venue.documentation > 0 {
                p.note { (count(venue.documentation, "description or example", "descriptions or examples")) " changed." }
            }
        }
    }
}

fn notes(venue: &Comparison, report: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    if let (Some(old), Some(new)) = (&venue.old, &venue.new)
        && old.api_version != new.api_version
    {
        let api = |side: &Side| text(side.api_version.as_deref().unwrap_or("none"));
        notes.push(format!("Version of the API: {} → {}", api(old), api(new)));
    }
    notes.extend(venue.version().fault.map(|fault| one_line(&fault, VALUE)));
    for NotCompared { said, faults } in not_compared(venue, &report.origins) {
        notes.push(one_line(&said, VALUE));
        let more = faults.map_or(0, |faults| faults.len().saturating_sub(FINDINGS));
        let faults = faults.into_iter().flat_map(|faults| faults.iter());
        notes.extend(faults.take(FINDINGS).map(|finding| one_line(&first_line(finding), VALUE)));
        notes.extend((more > 0).then(|| format!("and {more} more")));
    }
    notes
}

/// Returns the first change of a group, with the places of the others.
fn change(change: &Change, group: &[&Change], fingerprint: &str, links: &Links, fragments: &Fragments<'_>) -> Markup {
    let worst = level(change).name();
    let subject = text(&change.subject.to_string());
    let other = |other: &&Change| format!("{}{}", text(&other.subject.to_string()), difference(change, other));
    let others: Vec<String> = group.iter().skip(1).map(other).collect();
    let users = users(group);
    let searched = [&subject, change.rule.id, change.rule.meaning].map(str::to_lowercase).join(" ");
    let searched = format!("{searched} {} {}", others.join(" ").to_lowercase(), text(&users.join(" ")).to_lowercase());
    let shown = text(&place(change));
    html! {
        article.change.(worst) id={ "change-" (fingerprint) } data-level=(worst) data-wire=(change.wire.level.name())
            data-source=(change.source.level.name()) data-accepted[change.accepted.is_some()] data-text=(searched) {
            h3 { (change.rule.meaning.trim_end_matches('.')) }
            p.subject {
                code { (subject) }
                @match (&change.was, &change.is) {
                    (Some(was), Some(is)) => { ": " del { (value(was)) } " → " ins { (value(is)) } },
                    (Some(was), None) => { ": was " del { (value(was)) } },
                    (None, Some(is)) => { ": now " ins { (value(is)) } },
                    (None, None) => {},
                }
                @if let Some(question) = rename(change, &text) { " · " (question) }
            }
            ul.verdicts {
                li { "wire " (badge(&change.wire)) " " (one_line(&change.wire.reason, VALUE)) }
                li { "source " (badge(&change.source)) " " (one_line(&change.source.reason, VALUE)) }
                @if let Some(accepted) = acceptance(change) { li.accepted { (one_line(&accepted, VALUE)) } }
            }
            @if !others.is_empty() { p.more { "also " (text(&few(&others))) } }
            @if !users.is_empty() { p.more { "used by " (text(&few(&users))) } }
            p.place {
                @match links.to(&change.place) {
                    Some(url) => a href=(url) { (shown) },
                    None => code { (shown) },
                }
                (which(change)) " · " code { (change.rule.id) } " · " a href={ "#change-" (fingerprint) } { (fingerprint) }
            }
            (sides(change, fragments))
            @if let Some(code) = witness(change) {
                details {
                    summary { "Code that compiles before and not after" }
                    pre.witness { (code) }
                }
            }
        }
    }
}

fn value(value: &str) -> String {
    if value.is_empty() { "(empty)".to_owned() } else { one_line(value, VALUE) }
}

fn badge(verdict: &Verdict) -> Markup {
    html! { span.badge.(verdict.level.name()) { (verdict.level.name()) } }
}

/// Returns the lines of both documents beside each other.
fn sides(change: &Change, fragments: &Fragments<'_>) -> Markup {
    let (own, other) = (Some(&change.place), change.other.as_ref());
    let (old, new) = match change.place.revision {
        Revision::Old => (own, other),
        Revision::New => (other, own),
    };
    let (old, new) = (fragments.of(old, new, change), fragments.of(new, old, change));
    if old.is_none() && new.is_none() {
        return html! {};
    }
    html! {
        details open[level(change) == Level::Breaking] {
            summary { "Both documents" }
            div.sides {
                @for (which, side) in [("old", old), ("new", new)] {
                    figure.(which) {
                        @match side {
                            Some(side) => {
                                figcaption { (which) " · " (text(&side.file)) ":" (side.line) }
                                pre { @for line in &side.lines { (fragment_line(line)) } }
                            },
                            None => figcaption { (which) " · no such document" },
                        }
                    }
                }
            }
        }
    }
}

fn fragment_line(line: &Line) -> Markup {
    html! {
        span.line.changed[line.is_changed] {
            span.number { (line.number) }
            @match &line.marked {
                Some((before, marked, after)) => { (before) mark { (marked) } (after) },
                None => (line.text),
            }
            "\n"
        }
    }
}
