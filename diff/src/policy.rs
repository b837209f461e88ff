//! The decisions of a project about changes: other levels for rules, and accepted changes.

use std::cmp::Reverse;

use crate::comparison::{Acceptance, Change, Comparison, Verdict};
use crate::level::Level;
use crate::render::Report;
use crate::rules::Rule;

/// The decisions of a project about changes.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The levels that differ from those of the rules. If several apply, the last one decides.
    pub overrides: Vec<Override>,
    /// The accepted changes.
    pub exceptions: Vec<Exception>,
}

/// Another level for the changes of a rule.
#[derive(Clone, Debug)]
pub struct Override {
    /// The rule.
    pub rule: &'static Rule,
    /// The name of a case of the rule, if the override holds only for that case.
    pub case: Option<String>,
    /// The venue, if the override holds for one venue only.
    pub venue: Option<String>,
    /// The level on the wire; `None` leaves it as it is.
    pub wire: Option<Level>,
    /// The level in the source of users; `None` leaves it as it is.
    pub source: Option<Level>,
    /// The reason.
    pub why: String,
    /// The place of the override: `specs/diff.toml:3`.
    pub stated_at: String,
}

/// A change that a project accepts.
#[derive(Clone, Debug)]
pub struct Exception {
    /// The rule.
    pub rule: &'static Rule,
    /// The venue; `None` for any venue.
    pub venue: Option<String>,
    /// The changed part as reports show it (`getOrder: parameter id`), or its JSON pointer.
    pub place: String,
    /// The last day on which the change is accepted, as `2026-08-01`, in UTC.
    pub until: String,
    /// The reason.
    pub why: String,
    /// The place of the exception: `specs/diff.toml:9`.
    pub stated_at: String,
}

impl Policy {
    /// Applies the decisions to a report. `today` is the date in UTC, as `2026-08-01`.
    ///
    /// An expired exception accepts nothing. Each exception that is expired, or that matches no
    /// change, becomes a note of the report.
    pub fn apply(&self, report: &mut Report, today: &str) {
        for venue in &mut report.venues {
            self.override_levels(venue);
        }
        for exception in &self.exceptions {
            if exception.until.as_str() < today {
                let until = &exception.until;
                let text = format!(
                    "{}: the exception expired on {until} and no longer counts; help: delete it, or decide anew",
                    exception.named()
                );
                report.notes.push(text);
            } else if !exception.accept(report) && exception.concerns(report) {
                let text = format!("{}: the exception matches no change; help: delete it", exception.named());
                report.notes.push(text);
            }
        }
    }

    fn override_levels(&self, comparison: &mut Comparison) {
        let venue = comparison.venue.clone();
        for change in &mut comparison.changes {
            let found = self.overrides.iter().rev();
            let found = found.filter(|other| other.matches(&venue, change)).collect::<Vec<_>>();
            // The last override of each axis decides.
            if let Some((level, by)) = found.iter().find_map(|other| Some((other.wire?, other))) {
                by.judge(&mut change.wire, level);
            }
            if let Some((level, by)) = found.iter().find_map(|other| Some((other.source?, other))) {
                by.judge(&mut change.source, level);
            }
        }
        comparison.changes.sort_by_key(|change| {
            let (wire, source) = (change.wire.level, change.source.level);
            (Reverse(wire.max(source)), Reverse(wire))
        });
    }
}

impl Override {
    fn matches(&self, venue: &str, change: &Change) -> bool {
        self.rule.id == change.rule.id
            && self.venue.as_deref().is_none_or(|name| name == venue)
            && self.case.as_deref().is_none_or(|name| change.cases.iter().any(|case| case.name == name))
    }

    fn judge(&self, verdict: &mut Verdict, level: Level) {
        if verdict.level != level {
            let reason = format!("{} ({}; otherwise {}: {})", self.why, self.stated_at, verdict.level, verdict.reason);
            *verdict = Verdict { level, reason };
        }
    }
}

impl Exception {
    /// Marks the changes that the exception accepts. Returns whether there are any.
    fn accept(&self, report: &mut Report) -> bool {
        let venues = report.venues.iter_mut();
        let venues = venues.filter(|venue| self.venue.as_ref().is_none_or(|name| *name == venue.venue));
        let mut accepts = false;
        for change in venues.flat_map(|venue| &mut venue.changes).filter(|change| self.matches(change)) {
            accepts = true;
            change.accepted = Some(Acceptance { until: self.until.clone(), why: self.why.clone() });
        }
        accepts
    }

    fn matches(&self, change: &Change) -> bool {
        self.rule.id == change.rule.id
            && (self.place == change.subject.to_string() || self.place == change.place.location.pointer)
    }

    /// Returns whether the report has all changes that the exception could accept.
    fn concerns(&self, report: &Report) -> bool {
        let Some(name) = &self.venue else { return true };
        report.venues.iter().any(|venue| venue.venue == *name) || report.unchanged.contains(name)
    }

    fn named(&self) -> String {
        let venue = self.venue.as_deref().map(|venue| format!(" of {venue}")).unwrap_or_default();
        format!("{}: `{}` at `{}`{venue}", self.stated_at, self.rule.id, self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Origin, Origins};
    use crate::{Spec, compare, rules};

    const OLD: &str = "\
openapi: 3.0.3
info: {title: Tiny, version: '1'}
paths:
  /time: {get: {operationId: getTime, responses: {'200': {description: The time.}}}}
  /ping: {get: {operationId: ping, responses: {'200': {description: Pong.}}}}
";

    fn report() -> Report {
        let new = OLD.lines().take(3).chain(["  {}\n"]).collect::<Vec<_>>().join("\n");
        let spec = |text: &str| Spec::new("specs/tiny.yaml", text);
        let file = || Origin::File("specs/tiny.yaml".to_owned());
        Report {
            venues: vec![compare(Some(&spec(OLD)), Some(&spec(&new))).expect("they are specs")],
            ..Report::new(Origins { base: file(), head: file() })
        }
    }

    fn exception(venue: Option<&str>, place: &str, until: &str) -> Exception {
        Exception {
            rule: rules::by_id("operation-removed").expect("it is a rule"),
            venue: venue.map(str::to_owned),
            place: place.to_owned(),
            until: until.to_owned(),
            why: "nobody calls it".to_owned(),
            stated_at: "specs/diff.toml:1".to_owned(),
        }
    }

    fn applied(exceptions: Vec<Exception>) -> (usize, Vec<String>) {
        let mut report = report();
        assert_eq!(report.venues.iter().map(|venue| venue.changes.len()).sum::<usize>(), 2);
        Policy { overrides: Vec::new(), exceptions }.apply(&mut report, "2026-08-01");
        let changes = report.venues.iter().flat_map(|venue| &venue.changes);
        (changes.filter(|change| change.accepted.is_some()).count(), report.notes)
    }

    #[test]
    fn an_exception_accepts_the_change_at_its_place_until_its_last_day() {
        for place in ["getTime", "/paths/~1time/get"] {
            assert_eq!(applied(vec![exception(Some("tiny"), place, "2026-08-01")]), (1, Vec::new()), "{place}");
            assert_eq!(applied(vec![exception(None, place, "2026-08-02")]), (1, Vec::new()));
        }
        let (accepted, notes) = applied(vec![exception(None, "getTime", "2026-07-31")]);
        assert_eq!((accepted, notes.len()), (0, 1));
        let said = "specs/diff.toml:1: `operation-removed` at `getTime`: the exception expired on 2026-07-31 and no \
                    longer counts; help: delete it, or decide anew";
        assert_eq!(notes, [said]);
    }

    #[test]
    fn an_exception_that_matches_no_change_is_a_note() {
        let (accepted, notes) = applied(vec![exception(Some("tiny"), "getDate", "2027-01-01")]);
        assert_eq!(accepted, 0);
        let said = "specs/diff.toml:1: `operation-removed` at `getDate` of tiny: the exception matches no change; \
                    help: delete it";
        assert_eq!(notes, [said]);
        // A venue that was not compared may have the change.
        assert_eq!(applied(vec![exception(Some("other"), "getTime", "2027-01-01")]), (0, Vec::new()));
    }

    #[test]
    fn the_last_override_of_an_axis_decides_and_its_reason_names_the_usual_one() {
        let other = |venue: Option<&str>, wire, source| Override {
            rule: rules::by_id("operation-removed").expect("it is a rule"),
            case: None,
            venue: venue.map(str::to_owned),
            wire,
            source,
            why: "old clients are gone".to_owned(),
            stated_at: "specs/diff.toml:4".to_owned(),
        };
        let judged = |overrides| {
            let mut report = report();
            Policy { overrides, exceptions: Vec::new() }.apply(&mut report, "2026-08-01");
            let change = report.venues.remove(0).changes.remove(0);
            (change.wire.level, change.source.level, change.wire.reason)
        };
        let usual = judged(Vec::new());
        assert_eq!((usual.0, usual.1), (Level::Breaking, Level::Breaking));
        let (wire, source, reason) = judged(vec![
            other(None, Some(Level::Safe), None),
            other(Some("tiny"), Some(Level::Risky), None),
            other(None, None, Some(Level::Safe)),
            other(Some("another"), Some(Level::Breaking), None),
        ]);
        assert_eq!((wire, source), (Level::Risky, Level::Safe));
        assert_eq!(reason, format!("old clients are gone (specs/diff.toml:4; otherwise breaking: {})", usual.2));
    }
}
