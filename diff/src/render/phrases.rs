//! Phrases of the text and of the Markdown.

use indexmap::{IndexMap, IndexSet};

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

/// Returns the verdict on the whole report, in sentences.
pub(crate) fn verdict(report: &Report) -> String {
    let (wire, source) = (report.wire().breaking, report.source().breaking);
    let unnamed = report.venues.iter().filter(|venue| !venue.names_compared()).count();
    let whole = if unnamed > 0 || !report.failed.is_empty() { "change that could be compared" } else { "change" };
    let changes = |number: usize| count(number, "change breaks", "changes break");
    let mut said = Vec::new();
    match (wire, source) {
        (0, 0) if report.venues.is_empty() && report.failed.is_empty() => said.push("Nothing changed.".to_owned()),
        (0, 0) if report.venues.is_empty() => {}
        (0, 0) => said.push(match at(report, Level::Risky) {
            0 => format!("No {whole} breaks anything."),
            risky => format!("No {whole} surely breaks anything; {risky} may."),
        }),
        (wire, 0) => {
            said.push(format!("{} clients on the wire, none breaks code that uses the crates.", changes(wire)))
        }
        (0, source) => {
            said.push(format!("{} code that uses the crates, none breaks clients on the wire.", changes(source)))
        }
        (wire, source) => {
            let breaks = if source == 1 { "breaks" } else { "break" };
            said.push(format!("{} clients on the wire, {source} {breaks} code that uses the crates.", changes(wire)));
        }
    }
    if report.accepted() > 0 {
        let accepted = count(report.accepted(), "change is", "changes are");
        said.push(format!("{accepted} accepted by the project."));
    }
    let higher = report.venues.iter().filter(|venue| venue.version().fault.is_some()).count();
    if higher > 0 {
        said.push(format!("{} another version.", count(higher, "crate needs", "crates need")));
    }
    if unnamed > 0 {
        said.push(format!("In {} names in Rust were not compared.", count(unnamed, "venue,", "venues,")));
    }
    if !report.failed.is_empty() {
        said.push(format!("{} could not be compared at all.", count(report.failed.len(), "spec", "specs")));
    }
    said.join(" ")
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

/// The maximum number of operations and places that are listed.
const LISTED: usize = 3;

/// Returns the first texts of a list, and the number of the others: `a, b, c and 12 more`.
pub(crate) fn few<T: AsRef<str>>(texts: &[T]) -> String {
    let few = texts.iter().take(LISTED).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match texts.len().saturating_sub(LISTED) {
        0 => few,
        more => format!("{few} and {more} more"),
    }
}

/// Returns the operations that use the parts of equal changes, if their subjects do not name them
/// all.
pub(crate) fn users<'c>(group: &[&'c Change]) -> Vec<&'c str> {
    let is_named = |change: &&Change| change.subject.schema.is_none() && change.routes.len() < 2;
    if group.iter().all(is_named) {
        return Vec::new();
    }
    let routes = group.iter().flat_map(|change| &change.routes);
    routes.map(String::as_str).collect::<IndexSet<_>>().into_iter().collect()
}

/// Returns the question whether the part was renamed.
pub(crate) fn rename(change: &Change, name: &dyn Fn(&str) -> String) -> Option<String> {
    let other = name(change.renamed.as_deref()?);
    Some(match change.place.revision {
        Revision::Old => format!("renamed to {other}?"),
        Revision::New => format!("renamed from {other}?"),
    })
}

/// Returns the sentence that a change is accepted.
pub(crate) fn acceptance(change: &Change) -> Option<String> {
    let accepted = change.accepted.as_ref()?;
    Some(format!("accepted until {}: {}", accepted.until, accepted.why))
}

/// Returns user code that the change breaks.
pub(crate) fn witness(change: &Change) -> Option<&'static str> {
    if change.source.level == Level::Breaking { change.rule.witness() } else { None }
}

/// Groups equal changes at several places: of one rule, with the same values and verdicts, of parts
/// with the same name.
pub(crate) fn equal<'c>(changes: &[&'c Change]) -> Vec<Vec<&'c Change>> {
    let mut groups: IndexMap<_, Vec<&'c Change>> = IndexMap::new();
    for (index, change) in changes.iter().enumerate() {
        let within = change.subject.within.as_str();
        let part = within.rsplit([' ', '.']).next().unwrap_or_default();
        // A change without a name and without values is equal to no other one.
        let is_alone = part.is_empty() || change.was.is_none() && change.is.is_none();
        let alone = is_alone.then_some(index);
        let key = (alone, change.rule.id, part, &change.was, &change.is, verdicts(change), &change.accepted);
        groups.entry(key).or_default().push(change);
    }
    groups.into_values().collect()
}

/// Groups equal changes, and the changes by which one part may have been renamed: it is gone under
/// its old name and new under its other one, at each of its places. The first change of a group is
/// its worst one, if the changes are sorted.
pub(crate) fn grouped<'c>(changes: &[&'c Change]) -> Vec<Vec<&'c Change>> {
    let mut groups: IndexMap<_, Vec<&'c Change>> = IndexMap::new();
    for (index, group) in equal(changes).into_iter().enumerate() {
        let renamed = group.first().and_then(|change| Some((names(change)?, &change.accepted)));
        let alone = renamed.is_none().then_some(index);
        groups.entry((renamed, alone)).or_default().extend(group);
    }
    groups.into_values().collect()
}

/// Returns the old name and the new name of a part that may have been renamed.
fn names(change: &Change) -> Option<(&str, &str)> {
    let other = change.renamed.as_deref()?;
    let own = change.subject.within.rsplit([' ', '.']).next().unwrap_or_default();
    Some(match change.place.revision {
        Revision::Old => (own, other),
        Revision::New => (other, own),
    })
}

/// Returns the difference of a change of a group from the first one: the rule and the levels. Empty
/// if there is none.
pub(crate) fn difference(first: &Change, other: &Change) -> String {
    let levels = |change: &Change| (change.wire.level, change.source.level);
    let rule = (first.rule.id != other.rule.id).then(|| other.rule.id.to_owned());
    let (wire, source) = levels(other);
    let levels = (levels(first) != levels(other)).then(|| format!("wire {wire}, source {source}"));
    let parts: Vec<String> = [rule, levels].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!(", {}", parts.join(": ")) }
}

fn verdicts(change: &Change) -> [(&'static str, &str); 2] {
    [&change.wire, &change.source].map(|verdict| (verdict.level.name(), verdict.reason.as_str()))
}

/// The reason why names in Rust were not compared.
pub(crate) struct NotCompared<'a> {
    pub(crate) said: String,
    /// The findings of the spec; `None` if no crate is generated from it.
    pub(crate) faults: Option<&'a Diagnostics>,
}

/// Returns the reasons why names in Rust were not compared, each with the findings of its spec.
pub(crate) fn not_compared<'a>(comparison: &'a Comparison, origins: &Origins) -> Vec<NotCompared<'a>> {
    const NAMES: &str = "names in Rust and `x-` extensions were not compared";
    let faults =
        |side: &'a Option<Side>| Some((side.as_ref()?.faults.as_ref()?, side.as_ref()?.crate_version.is_some()));
    let both = [("old", &comparison.old, &origins.base), ("new", &comparison.new, &origins.head)];
    let blamed = both.into_iter().filter_map(|(which, side, end)| Some((which, faults(side)?, end)));
    let (mut said, mut foreign) = (Vec::new(), Vec::new());
    for (which, (faults, has_version), end) in blamed {
        if !has_version {
            foreign.push(which);
            continue;
        }
        let findings = count(faults.len(), "finding", "findings");
        let command = match end {
            Origin::File(_) | Origin::Directory(_) | Origin::StandardInput => String::new(),
            _ if is_plain(&comparison.venue) => format!("; `cargo xtask codegen {}` shows them", comparison.venue),
            _ => "; `cargo xtask codegen` shows them".to_owned(),
        };
        let there = if command.is_empty() || *end == Origin::WorkingTree { "" } else { " where it is checked out" };
        let no_crate = format!("no crate can be generated from the {which} spec ({findings}{command}{there})");
        said.push(NotCompared { said: format!("{NAMES}: {no_crate}"), faults: Some(faults) });
    }
    if !foreign.is_empty() {
        let which = foreign.join(" and the ");
        let because = format!("no crate is generated from the {which} spec, which states no `x-crate-version`");
        said.push(NotCompared { said: format!("{NAMES}: {because}"), faults: None });
    }
    said
}
