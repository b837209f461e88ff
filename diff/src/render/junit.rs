//! A report as JUnit XML, for the test views of CI systems.
//!
//! A venue is a suite, and a change is a case. A breaking change is a failure, an accepted one is
//! skipped, and any other passes with its reasons as output. A venue that could not be compared is
//! an error.

use crate::comparison::{Change, Comparison};
use crate::level::Level;

use super::github::message;
use super::phrases::{acceptance, level, place};
use super::report::Report;
use super::untrusted::one_line;

/// The maximum number of characters of a text.
const TEXT: usize = 2000;

/// Returns the report as XML.
#[must_use]
pub fn render(report: &Report) -> String {
    let suites: Vec<Suite> = report
        .venues
        .iter()
        .map(|venue| suite(venue, report.least))
        .chain(report.unchanged.iter().map(|venue| unchanged(venue)))
        .chain(report.failed.iter().map(|failed| {
            let error = format!("<error message=\"{}\"/>", escape(&failed.in_a_line()));
            Suite { name: failed.venue.clone(), cases: vec![("comparison".to_owned(), Outcome::Error(error))] }
        }))
        .collect();
    let total = |is: fn(&Outcome) -> bool| suites.iter().map(|suite| suite.count(is)).sum::<usize>();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"venuekit diff\" tests=\"{}\" failures=\"{}\" \
         errors=\"{}\" skipped=\"{}\">\n",
        total(|_| true),
        total(|outcome| matches!(outcome, Outcome::Failure(_))),
        total(|outcome| matches!(outcome, Outcome::Error(_))),
        total(|outcome| matches!(outcome, Outcome::Skipped(_))),
    );
    suites.iter().for_each(|suite| out.push_str(&suite.xml()));
    out + "</testsuites>\n"
}

struct Suite {
    name: String,
    cases: Vec<(String, Outcome)>,
}

/// The result of a case, with its element.
enum Outcome {
    Passed(String),
    Failure(String),
    Error(String),
    Skipped(String),
}

impl Suite {
    fn count(&self, is: fn(&Outcome) -> bool) -> usize {
        self.cases.iter().filter(|(_, outcome)| is(outcome)).count()
    }

    fn xml(&self) -> String {
        let name = escape(&self.name);
        let mut out = format!(
            "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
            self.cases.len(),
            self.count(|outcome| matches!(outcome, Outcome::Failure(_))),
            self.count(|outcome| matches!(outcome, Outcome::Error(_))),
            self.count(|outcome| matches!(outcome, Outcome::Skipped(_))),
        );
        for (case, outcome) in &self.cases {
            let (Outcome::Passed(element)
            | Outcome::Failure(element)
            | Outcome::Error(element)
            | Outcome::Skipped(element)) = outcome;
            out.push_str(&format!(
                "    <testcase classname=\"{name}\" name=\"{}\">{element}</testcase>\n",
                escape(case)
            ));
        }
        out + "  </testsuite>\n"
    }
}

fn suite(venue: &Comparison, least: Level) -> Suite {
    let shown = venue.changes.iter().filter(|change| level(change) >= least);
    let mut cases: Vec<(String, Outcome)> = shown.map(case).collect();
    if let Some(fault) = venue.version().fault {
        cases.push(("version".to_owned(), Outcome::Failure(format!("<failure message=\"{}\"/>", escape(&fault)))));
    }
    if cases.is_empty() {
        cases.push(("comparison".to_owned(), Outcome::Passed(String::new())));
    }
    Suite { name: venue.venue.clone(), cases }
}

fn unchanged(venue: &str) -> Suite {
    Suite { name: venue.to_owned(), cases: vec![("comparison".to_owned(), Outcome::Passed(String::new()))] }
}

fn case(change: &Change) -> (String, Outcome) {
    let name = format!("{} {} ({})", change.rule.id, change.subject, place(change));
    let message = message(change);
    let outcome = match (level(change), acceptance(change)) {
        (_, Some(accepted)) => Outcome::Skipped(format!("<skipped message=\"{}\"/>", escape(&accepted))),
        (Level::Breaking, None) => {
            let (id, message) = (change.rule.id, escape(&message));
            Outcome::Failure(format!("<failure type=\"{id}\" message=\"{message}\"/>"))
        }
        _ => Outcome::Passed(format!("<system-out>{}</system-out>", escape(&message))),
    };
    (name, outcome)
}

/// Returns a text for XML, on one line. Characters that XML 1.0 cannot hold are left out.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text, TEXT).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}
