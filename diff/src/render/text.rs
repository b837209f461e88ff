//! A report as text for a terminal: one line per change, the worst first, for `grep` and `awk`.

use std::cmp::Reverse;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::comparison::{Change, Comparison, Counts, Side};
use crate::level::Level;
use crate::version::Step;

use super::phrases::{
    NotCompared, acceptance, count, difference, few, grouped, level, not_compared, place, reasons, rename, users, which,
};
use super::report::{FailedVenue, Origin, Report, first_line};
use super::untrusted::{is_plain, one_line};

/// The maximum number of findings of a spec.
const FINDINGS: usize = 5;
/// The maximum width of a column. A longer cell does not widen it.
const WIDEST: usize = 40;
/// The maximum number of characters of a value.
const VALUE: usize = 60;
/// The maximum number of characters of a name.
const NAME: usize = 120;
/// The maximum length of a line with both reasons. A longer one becomes two lines.
const LINE: usize = 120;
/// The column after the verdicts.
const INDENT: usize = 22;

/// Returns the report as text. With colours, levels and names of venues have the codes of a
/// terminal.
#[must_use]
pub fn render(report: &Report, colours: Colours) -> String {
    let mut out = format!("from {} to {}\n\n", origin_text(&report.origins.base), origin_text(&report.origins.head));
    out.push_str(&summary(report));
    for note in &report.notes {
        out.push_str(&line(&one_line(note, 4 * NAME)));
    }
    for failed in &report.failed {
        out.push('\n');
        out.push_str(&not_compared_venue(failed));
    }
    for comparison in &report.venues {
        out.push('\n');
        out.push_str(&venue(comparison, report, colours));
    }
    let is_unchanged = report.venues.is_empty() && report.failed.is_empty();
    if !report.unchanged.is_empty() && !is_unchanged {
        let names: Vec<String> = report.unchanged.iter().map(|venue| name(venue)).collect();
        out.push_str(&line(&format!("\nunchanged: {}", names.join(", "))));
    }
    out
}

fn origin_text(origin: &Origin) -> String {
    let id = origin.id_beside_name().map(|id| format!(" ({id})")).unwrap_or_default();
    format!("{}{id}", one_line(origin.name(), NAME))
}

fn not_compared_venue(failed: &FailedVenue) -> String {
    let mut out = format!("{}  could not be compared\n", name(&failed.venue));
    for finding in failed.findings.iter().take(FINDINGS) {
        out.push_str(&line(&format!("  {}", one_line(finding, 2 * NAME))));
    }
    let more = failed.findings.len().saturating_sub(FINDINGS);
    if more > 0 {
        out.push_str(&line(&format!("  and {more} more")));
    }
    out
}

fn venue(comparison: &Comparison, report: &Report, colours: Colours) -> String {
    let mut out = line(&heading(comparison, colours));
    if let Some(fault) = comparison.version().fault {
        out.push_str(&line(&format!("  version: {}", one_line(&fault, 2 * NAME))));
    }
    let not_compared = not_compared(comparison, &report.origins);
    for NotCompared { said, faults } in &not_compared {
        let Some(faults) = faults else { continue };
        out.push_str(&line(&format!("  {}", one_line(said, 4 * NAME))));
        for finding in faults.iter().take(FINDINGS) {
            out.push_str(&line(&format!("    {}", one_line(&first_line(finding), 2 * NAME))));
        }
        let more = faults.len().saturating_sub(FINDINGS);
        if more > 0 {
            out.push_str(&line(&format!("    and {more} more")));
        }
    }
    let shown: Vec<&Change> = comparison.changes.iter().filter(|change| level(change) >= report.least).collect();
    out.push_str(&changes(&shown, colours));
    let hidden = comparison.changes.len() - shown.len();
    if hidden > 0 {
        let hidden = count(hidden, "change", "changes");
        out.push_str(&line(&format!("  {hidden} below `{}` not shown", report.least)));
    }
    if comparison.documentation > 0 {
        let documentation = documentation(comparison.documentation);
        out.push_str(&line(&format!("  {documentation} changed")));
    }
    // What concerns no crate comes last, in one line.
    for NotCompared { said, .. } in not_compared.iter().filter(|reason| reason.faults.is_none()) {
        out.push_str(&line(&format!("  {}", one_line(said, 4 * NAME))));
    }
    out
}

/// Returns the name of a venue without commands for CI. The name begins a line, and CI systems read
/// commands at the beginning of log lines.
fn name(venue: &str) -> String {
    if is_plain(venue) { one_line(venue, NAME) } else { format!("\"{}\"", one_line(venue, NAME)) }
}

fn documentation(number: usize) -> String {
    count(number, "description or example", "descriptions or examples")
}

/// Returns `btse-spot  0.1.0 -> 0.1.1 (needs 0.2.0: major)  API 1 -> 2`.
fn heading(comparison: &Comparison, colours: Colours) -> String {
    let name = colours.paint(Style::new().bold(), &name(&comparison.venue));
    let version = |side: &Side| one_line(side.crate_version.as_deref().unwrap_or("no version"), VALUE);
    let api = |side: &Side| one_line(side.api_version.as_deref().unwrap_or("none"), VALUE);
    match (&comparison.old, &comparison.new) {
        (Some(old), Some(new)) => {
            let step = comparison.version();
            let needed = step.needed.filter(|_| step.step > Step::None || step.fault.is_some());
            let needed = needed.map(|needed| format!(" (needs {needed}: {})", step.step)).unwrap_or_default();
            let changed = change_of(&version(old), &version(new));
            let api = if old.api_version == new.api_version {
                String::new()
            } else {
                format!("  API {} -> {}", api(old), api(new))
            };
            format!("{name}  {changed}{needed}{api}")
        }
        (None, Some(new)) => format!("{name}  new, {}", version(new)),
        (Some(old), None) => format!("{name}  gone, was {}", version(old)),
        (None, None) => name,
    }
}

fn change_of(was: &str, is: &str) -> String {
    if was == is { is.to_owned() } else { format!("{was} -> {is}") }
}

fn changes(changes: &[&Change], colours: Colours) -> String {
    let mut sorted = changes.to_vec();
    sorted.sort_by_key(|change| Reverse(level(change)));
    let groups = grouped(&sorted);
    let first: Vec<&Change> = groups.iter().filter_map(|group| group.first().copied()).collect();
    let rows: Vec<[String; 4]> = first.iter().map(|change| row(change)).collect();
    let width = |of: fn(&[String; 4]) -> &String| {
        rows.iter().map(|row| of(row).chars().count()).filter(|width| *width <= WIDEST).max().unwrap_or_default()
    };
    let (id, subject, wide) =
        (width(|[id, ..]| id), width(|[_, subject, ..]| subject), width(|[_, _, place, _]| place));
    let mut out = String::new();
    if !rows.is_empty() {
        out.push_str("  WIRE      SOURCE\n");
    }
    for ((change, group), [rule, touched, at, values]) in first.into_iter().zip(&groups).zip(&rows) {
        let verdict = |level: Level| colours.paint(style(level), &format!("{level:<8}"));
        let verdicts = format!("{}  {}", verdict(change.wire.level), verdict(change.source.level));
        out.push_str(&line(&format!("  {verdicts}  {rule:<id$}  {touched:<subject$}  {at:<wide$}  {values}")));
        out.push_str(&why(change));
        if let Some(accepted) = acceptance(change) {
            out.push_str(&line(&format!("{:INDENT$}{}", "", one_line(&accepted, 4 * NAME))));
        }
        let places = |other: &&Change| format!("{} ({}{})", other.subject, place(other), difference(change, other));
        let others: Vec<String> = group.iter().skip(1).map(places).collect();
        if !others.is_empty() {
            out.push_str(&line(&format!("{:INDENT$}also: {}", "", one_line(&few(&others), 4 * NAME))));
        }
        let users = users(group);
        if !users.is_empty() {
            out.push_str(&line(&format!("{:INDENT$}used by: {}", "", one_line(&few(&users), 4 * NAME))));
        }
    }
    out
}

/// The use of colours in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// None, for files and for programs.
    Plain,
    /// Colours for a terminal (ANSI escape codes).
    Ansi,
}

impl Colours {
    fn paint(self, style: Style, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi => format!("{style}{text}{style:#}"),
        }
    }
}

fn style(level: Level) -> Style {
    match level {
        Level::Breaking => AnsiColor::Red.on_default().bold(),
        Level::Risky => AnsiColor::Yellow.on_default(),
        Level::Safe => AnsiColor::Green.on_default(),
    }
}

/// Returns the rule, the subject, the place and the values of a change.
fn row(change: &Change) -> [String; 4] {
    let value = |value: &String| if value.is_empty() { "(empty)".to_owned() } else { one_line(value, VALUE) };
    let values = match (change.was.as_ref().map(value), change.is.as_ref().map(value)) {
        (Some(was), Some(is)) => format!("{was} -> {is}"),
        (Some(was), None) => format!("was {was}"),
        (None, Some(is)) => format!("now {is}"),
        (None, None) => String::new(),
    };
    let renamed = rename(change, &|name| one_line(name, VALUE));
    let values = [Some(values), renamed].into_iter().flatten().filter(|text| !text.is_empty());
    let values = values.collect::<Vec<_>>().join("; ");
    let place = format!("{}{}", one_line(&place(change), NAME), which(change));
    [change.rule.id.to_owned(), one_line(&change.subject.to_string(), NAME), place, values]
}

/// Returns the reasons of the verdicts, on one line if they fit.
fn why(change: &Change) -> String {
    let reasons: Vec<String> =
        reasons(change).iter().map(|(axis, _, reason)| format!("{axis}: {}", one_line(reason, 2 * NAME))).collect();
    let together = format!("{:INDENT$}{}", "", reasons.join("; "));
    if together.chars().count() <= LINE {
        return line(&together);
    }
    reasons.iter().map(|reason| line(&format!("{:INDENT$}{reason}", ""))).collect()
}

fn summary(report: &Report) -> String {
    let (changed, unchanged) = (report.venues.len(), report.unchanged.len());
    if changed == 0 && report.failed.is_empty() {
        return "nothing changed\n".to_owned();
    }
    let mut out = String::new();
    let levels = |Counts { breaking, risky, safe }: Counts| {
        let levels = [(Level::Breaking, breaking), (Level::Risky, risky), (Level::Safe, safe)];
        levels.map(|(level, count)| format!("{count} {level}")).join(", ")
    };
    let all = changed + unchanged + report.failed.len();
    let _ = write!(out, "{changed} of {} changed", count(all, "venue", "venues"));
    let _ = write!(out, "; wire: {}; source: {}", levels(report.wire()), levels(report.source()));
    if report.documentation() > 0 {
        let _ = write!(out, "; {}", documentation(report.documentation()));
    }
    if report.accepted() > 0 {
        let _ = write!(out, "; {} accepted", report.accepted());
    }
    if !report.failed.is_empty() {
        let _ = write!(out, "; {} not compared", report.failed.len());
    }
    out + "\n"
}

fn line(text: &str) -> String {
    format!("{}\n", text.trim_end())
}
