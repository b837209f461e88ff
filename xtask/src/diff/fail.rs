//! Decides whether `cargo xtask diff` fails because of the changes that it found.

use clap::ValueEnum;
use venuekit_diff::render::Report;
use venuekit_diff::render::untrusted::one_line;
use venuekit_diff::{Change, Level};

/// The kind of breaking change for which the command fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Changes that break a client of the old spec when the venue follows the new spec
    Wire,
    /// Changes that break code that uses the crates
    Source,
    /// Changes of either kind
    Any,
    /// Changes that are at least risky, of either kind
    Risky,
    /// No change
    None,
}

/// Returns all reasons to fail, in one line of at most 2000 characters; `None` if there are none.
///
/// Accepted changes do not count. They still need a version step.
pub(crate) fn reason(report: &Report, fail_on: FailOn, check_versions: bool) -> Option<String> {
    let changes = report.venues.iter().flat_map(|venue| &venue.changes);
    let changes = changes.filter(|change| change.accepted.is_none());
    let breaking =
        |level: fn(&Change) -> Level| changes.clone().filter(|change| level(change) == Level::Breaking).count();
    let (wire, source) = (breaking(|change| change.wire.level), breaking(|change| change.source.level));
    let risky = changes.clone().filter(|change| change.wire.level.max(change.source.level) > Level::Safe).count();
    let either =
        changes.clone().filter(|change| [change.wire.level, change.source.level].contains(&Level::Breaking)).count();
    let (count, what) = match fail_on {
        FailOn::Wire => (wire, "clients on the wire"),
        FailOn::Source => (source, "code that uses the crates"),
        FailOn::Any => (either, "clients on the wire or code that uses the crates"),
        FailOn::Risky => (risky, ""),
        FailOn::None => (0, ""),
    };
    let mut reasons = Vec::new();
    if fail_on == FailOn::Risky && count > 0 {
        let changes = if count == 1 { "change breaks or may break" } else { "changes break or may break" };
        reasons.push(format!("{count} {changes} clients on the wire or code that uses the crates"));
    } else if count > 0 {
        reasons.push(format!("{count} {} {what}", if count == 1 { "change breaks" } else { "changes break" }));
    }
    if check_versions {
        let faults = report.venues.iter().filter_map(|venue| Some((&venue.venue, venue.version().fault?)));
        reasons.extend(faults.map(|(venue, fault)| format!("{venue}: {fault}")));
        // Without a crate of the new spec, the version that the changes need is unknown.
        let unknown = report.venues.iter().filter(|venue| venue.new.as_ref().is_some_and(|new| new.faults.is_some()));
        let why = "no crate can be generated from the new spec, so the `x-crate-version` that it \
                   needs is unknown; help: correct the spec";
        reasons.extend(unknown.map(|venue| format!("{}: {why}", venue.venue)));
    }
    (!reasons.is_empty()).then(|| one_line(&reasons.join("; "), 2000))
}

#[cfg(test)]
mod tests {
    use venuekit_diff::render::{Origin, Origins};
    use venuekit_diff::{Comparison, Spec, Verdict, compare};

    use super::*;

    const OLD: &str = "\
openapi: 3.0.3
info: {title: Tiny, version: '1'}
x-crate-version: 0.1.0
servers: [{url: 'https://tiny.example', x-environment: production}]
paths:
  /time: {get: {operationId: getTime, summary: The time., security: [], responses: {'200': {description: The time.}}}}
";

    fn removed() -> Comparison {
        let new = OLD.replace("getTime", "getClock").replace("/time", "/clock");
        let spec = |text| Spec::new("specs/tiny.yaml", text);
        compare(Some(&spec(OLD)), Some(&spec(&new))).unwrap()
    }

    /// Returns a report of one change with these two levels.
    fn report(wire: Level, source: Level) -> Report {
        let mut comparison = removed();
        assert!(comparison.names_compared(), "{:?}", comparison.new);
        comparison.changes.truncate(1);
        for change in &mut comparison.changes {
            assert_eq!((change.wire.level, change.source.level), (Level::Breaking, Level::Breaking));
            change.wire = Verdict { level: wire, reason: String::new() };
            change.source = Verdict { level: source, reason: String::new() };
        }
        let file = || Origin::File("specs/tiny.yaml".to_owned());
        Report { venues: vec![comparison], ..Report::new(Origins { base: file(), head: file() }) }
    }

    #[test]
    fn fail_on_selects_the_breaking_changes_for_which_the_command_fails() {
        let wire = report(Level::Breaking, Level::Safe);
        let source = report(Level::Safe, Level::Breaking);
        let risky = report(Level::Risky, Level::Risky);
        for (report, on, fails) in [
            (&wire, FailOn::Wire, true),
            (&wire, FailOn::Any, true),
            (&source, FailOn::Source, true),
            (&source, FailOn::Any, true),
            (&wire, FailOn::Source, false),
            (&source, FailOn::Wire, false),
            (&risky, FailOn::Any, false),
            (&risky, FailOn::Risky, true),
            (&wire, FailOn::Risky, true),
            (&report(Level::Safe, Level::Safe), FailOn::Risky, false),
            (&wire, FailOn::None, false),
        ] {
            assert_eq!(reason(report, on, false).is_some(), fails, "{on:?}");
        }
        assert_eq!(
            reason(&source, FailOn::Any, true).as_deref(),
            Some(
                "1 change breaks clients on the wire or code that uses the crates; \
                 tiny: `x-crate-version` is 0.1.0, but the changes need a major step: write 0.2.0"
            )
        );
    }

    #[test]
    fn the_command_fails_if_the_needed_version_is_unknown() {
        let strict = OLD.replace("x-crate-version", "x-strict: true\nx-crate-version");
        let new = strict.replace("operationId: getTime", "nonsense: 1");
        let spec = |text| Spec::new("specs/tiny.yaml", text);
        let faulty = Report {
            venues: vec![compare(Some(&spec(OLD)), Some(&spec(&new))).unwrap()],
            ..report(Level::Safe, Level::Safe)
        };
        let said = "tiny: no crate can be generated from the new spec, so the `x-crate-version` that it \
                   needs is unknown; help: correct the spec";
        let reason_to_fail = reason(&faulty, FailOn::None, true).unwrap();
        assert!(reason_to_fail.contains(said), "{reason_to_fail}");
        assert!(reason(&faulty, FailOn::None, false).is_none());
    }

    /// The reason stays one line without control characters, whatever the venue's name.
    #[test]
    fn the_name_of_a_venue_adds_no_control_characters_to_the_reason() {
        let mut hostile = report(Level::Breaking, Level::Breaking);
        for comparison in &mut hostile.venues {
            comparison.venue = "\u{1b}[2J\r\n::set-output name=x::y\u{202e}".to_owned();
        }
        let reason = reason(&hostile, FailOn::Any, true).unwrap();
        assert!(reason.contains("set-output"));
        assert!(!reason.chars().any(|c| c.is_control() || c == '\u{202e}'), "{reason}");
    }
}
