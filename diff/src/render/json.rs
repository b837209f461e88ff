//! A report as JSON for programs.
//!
//! One object. [`SCHEMA`] describes it. Properties keep their names, their order and their meaning;
//! new ones may be added. Any other change raises [`VERSION`]. A value that is not known is `null`.
//!
//! - `version`: the version of this form.
//! - `base`, `head`: the origins of the old and of the new specs. `kind` is `commit`,
//!   `working-tree`, `file`, `directory` or `standard-input`; `name` is the name that the user
//!   gave; `commit` is the full id.
//! - `venues`: the venues with something to show, by name; see below.
//! - `unchanged`: the names of the other venues.
//! - `failed`: the venues that could not be compared: `venue`, and `findings`, one line each.
//! - `wire`, `source`: the number of `breaking`, `risky` and `safe` changes of all venues, on the
//!   wire and in code that uses the crates.
//! - `documentation`: the number of descriptions, examples and the like that changed.
//! - `notes`: sentences about the whole report, such as expired exceptions.
//!
//! A venue:
//!
//! - `venue`: the name.
//! - `old`, `new`: the spec, or `null` if there is none: `file`, `api_version` (`info.version`),
//!   `crate_version` (`x-crate-version`), and `faults`, the number of findings that prevent the
//!   generation of a crate. If there are any, names in Rust and extensions (`x-`) are not compared.
//! - `version`: the `old` and the `new` version of the crate; `step`, the step that it has to take
//!   (`none`, `patch`, `minor` or `major`); `needed`, the lowest version that is high enough;
//!   `fault`, the fault of the new version.
//! - `wire`, `source`, `documentation`: as above, of this venue.
//! - `changes`: the worst first; see below.
//!
//! A change:
//!
//! - `fingerprint`: 16 hexadecimal digits that stay as long as the venue, the rule, the changed
//!   part and its values stay, wherever the lines move.
//! - `id`, `meaning`: the rule, by a name that stays, and its sentence.
//! - `cases`: the names of the cases of the rule that apply; none for the usual one.
//! - `operations`: the operations, by `operationId` or method; none for the whole API.
//! - `routes`: the routes of the operations: method and path, or the method of JSON-RPC.
//! - `schema`: the component schema, if it is inside one.
//! - `within`: the place in the operation or schema; empty for the whole of it.
//! - `revision`: the spec of the place: `new`, or `old` if the part is gone.
//! - `file`, `line`, `column`, `pointer`: the place; line and column from 1, a JSON pointer.
//! - `was`, `is`: the old and the new value.
//! - `renamed`: the other name, if the part may have been renamed.
//! - `witness`: if the change breaks the source, user code that compiles before it and not after.
//! - `accepted`: `null`, or `until` and `why` if the project accepts the change.
//! - `wire`, `source`: the `verdict` (`breaking`, `risky` or `safe`), and its `reason`.

use crate::comparison::{Change, Comparison, Counts, Revision, Side, Verdict};
use serde::Serialize;

use super::fingerprint::fingerprints;
use super::phrases::{level, witness};
use super::report::{Origin, Report};
use crate::level::Level;

/// The version of the form. It is raised if a property changes its name or its meaning.
pub const VERSION: u32 = 1;

/// The JSON Schema of a report.
pub const SCHEMA: &str = include_str!("../../report.schema.json");

/// Returns the report as JSON.
///
/// # Errors
///
/// The errors of `serde_json`.
pub fn render(report: &Report) -> Result<String, serde_json::Error> {
    let all = All {
        version: VERSION,
        base: Revised::from(&report.origins.base),
        head: Revised::from(&report.origins.head),
        venues: report.venues.iter().map(|venue| Venue::new(venue, report.least)).collect(),
        unchanged: &report.unchanged,
        failed: report
            .failed
            .iter()
            .map(|failed| FailedVenueEntry { venue: &failed.venue, findings: &failed.findings })
            .collect(),
        wire: report.wire().into(),
        source: report.source().into(),
        documentation: report.documentation(),
        notes: &report.notes,
    };
    Ok(serde_json::to_string_pretty(&all)? + "\n")
}

#[derive(Serialize)]
struct All<'a> {
    version: u32,
    base: Revised<'a>,
    head: Revised<'a>,
    venues: Vec<Venue<'a>>,
    unchanged: &'a [String],
    failed: Vec<FailedVenueEntry<'a>>,
    wire: Levels,
    source: Levels,
    documentation: usize,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Revised<'a> {
    kind: &'static str,
    name: &'a str,
    commit: Option<&'a str>,
}

impl<'a> From<&'a Origin> for Revised<'a> {
    fn from(end: &'a Origin) -> Self {
        let kind = match end {
            Origin::Commit { .. } => "commit",
            Origin::WorkingTree => "working-tree",
            Origin::File(_) => "file",
            Origin::Directory(_) => "directory",
            Origin::StandardInput => "standard-input",
        };
        Self { kind, name: end.name(), commit: end.id() }
    }
}

#[derive(Serialize)]
struct Venue<'a> {
    venue: &'a str,
    old: Option<Spec<'a>>,
    new: Option<Spec<'a>>,
    version: Version,
    wire: Levels,
    source: Levels,
    documentation: usize,
    changes: Vec<Changed<'a>>,
}

impl<'a> Venue<'a> {
    fn new(comparison: &'a Comparison, least: Level) -> Self {
        let version = comparison.version();
        Self {
            venue: &comparison.venue,
            old: comparison.old.as_ref().map(Spec::from),
            new: comparison.new.as_ref().map(Spec::from),
            version: Version {
                old: version.old,
                new: version.new,
                step: version.step.name(),
                needed: version.needed,
                fault: version.fault,
            },
            wire: comparison.wire().into(),
            source: comparison.source().into(),
            documentation: comparison.documentation,
            changes: comparison
                .changes
                .iter()
                .zip(fingerprints(comparison))
                .filter(|(change, _)| level(change) >= least)
                .map(|(change, fingerprint)| Changed::new(change, fingerprint))
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct Spec<'a> {
    file: &'a str,
    api_version: Option<&'a str>,
    crate_version: Option<&'a str>,
    faults: Option<usize>,
}

impl<'a> From<&'a Side> for Spec<'a> {
    fn from(side: &'a Side) -> Self {
        Self {
            file: &side.file,
            api_version: side.api_version.as_deref(),
            crate_version: side.crate_version.as_deref(),
            faults: side.faults.as_ref().map(|faults| faults.len()),
        }
    }
}

#[derive(Serialize)]
struct Version {
    old: Option<String>,
    new: Option<String>,
    step: &'static str,
    needed: Option<String>,
    fault: Option<String>,
}

#[derive(Serialize)]
struct Levels {
    breaking: usize,
    risky: usize,
    safe: usize,
}

impl From<Counts> for Levels {
    fn from(Counts { breaking, risky, safe }: Counts) -> Self {
        Self { breaking, risky, safe }
    }
}

#[derive(Serialize)]
struct Changed<'a> {
    fingerprint: String,
    id: &'static str,
    meaning: &'static str,
    cases: Vec<&'static str>,
    operations: &'a [String],
    routes: &'a [String],
    schema: Option<&'a str>,
    within: &'a str,
    revision: &'static str,
    file: &'a str,
    line: usize,
    column: usize,
    pointer: &'a str,
    was: Option<&'a str>,
    is: Option<&'a str>,
    renamed: Option<&'a str>,
    witness: Option<&'static str>,
    accepted: Option<AcceptedEntry<'a>>,
    wire: VerdictEntry<'a>,
    source: VerdictEntry<'a>,
}

impl<'a> Changed<'a> {
    fn new(change: &'a Change, fingerprint: String) -> Self {
        let location = &change.place.location;
        Self {
            fingerprint,
            id: change.rule.id,
            meaning: change.rule.meaning,
            cases: change.cases.iter().map(|case| case.name).collect(),
            operations: &change.subject.operations,
            routes: &change.routes,
            schema: change.subject.schema.as_deref(),
            within: &change.subject.within,
            revision: match change.place.revision {
                Revision::Old => "old",
                Revision::New => "new",
            },
            file: &location.file,
            line: location.line,
            column: location.column,
            pointer: &location.pointer,
            was: change.was.as_deref(),
            is: change.is.as_deref(),
            renamed: change.renamed.as_deref(),
            witness: witness(change),
            accepted: change
                .accepted
                .as_ref()
                .map(|accepted| AcceptedEntry { until: &accepted.until, why: &accepted.why }),
            wire: VerdictEntry::from(&change.wire),
            source: VerdictEntry::from(&change.source),
        }
    }
}

#[derive(Serialize)]
struct AcceptedEntry<'a> {
    until: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct VerdictEntry<'a> {
    verdict: &'static str,
    reason: &'a str,
}

impl<'a> From<&'a Verdict> for VerdictEntry<'a> {
    fn from(verdict: &'a Verdict) -> Self {
        Self { verdict: verdict.level.name(), reason: &verdict.reason }
    }
}

#[derive(Serialize)]
struct FailedVenueEntry<'a> {
    venue: &'a str,
    findings: &'a [String],
}
