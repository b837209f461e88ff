//! When the command fails though it could compare.

use clap::ValueEnum;
use venuekit_diff::Level;

use super::gather::Report;
use super::untrusted::one_line;

/// Which breaks fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// A client built from the old spec goes wrong against a venue that follows the new one
    Wire,
    /// Code that uses the old crate does not compile with the new one
    Source,
    /// Either
    Any,
    /// Neither
    None,
}

/// Why to fail, in a line.
pub(crate) fn reason(report: &Report, fail_on: FailOn, check_versions: bool) -> Option<String> {
    let (wire, source) = (report.wire().breaking, report.source().breaking);
    let changes = report.venues.iter().flat_map(|venue| &venue.changes);
    let either = changes.filter(|change| [change.wire.level, change.source.level].contains(&Level::Breaking)).count();
    let (count, what) = match fail_on {
        FailOn::Wire => (wire, "clients on the wire"),
        FailOn::Source => (source, "code that uses the crates"),
        FailOn::Any => (either, "clients on the wire or code that uses the crates"),
        FailOn::None => (0, ""),
    };
    let mut reasons = Vec::new();
    if count > 0 {
        reasons.push(format!("{count} {} {what}", if count == 1 { "change breaks" } else { "changes break" }));
    }
    if check_versions {
        let faults = report.venues.iter().filter_map(|venue| Some((&venue.venue, venue.version().fault?)));
        reasons.extend(faults.map(|(venue, fault)| format!("{venue}: {fault}")));
        // What was not compared cannot be said to go far enough.
        let unknown = report.venues.iter().filter(|venue| venue.new.as_ref().is_some_and(|new| new.faults.is_some()));
        let why = "no crate can be generated from the new spec, so the step of its version cannot be judged";
        reasons.extend(unknown.map(|venue| format!("{}: {why}", venue.venue)));
    }
    (!reasons.is_empty()).then(|| one_line(&reasons.join("; "), 2000))
}
