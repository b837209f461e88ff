//! The decisions that are left to a person, in groups.

use std::collections::HashSet;
use std::fmt;

use super::money::{Decimal, Doubtful};
use crate::Reading;
use crate::diagnostic::{Diagnostic, Effect, Level, Location, kind, thousands};
use crate::model::{Idempotent, Operation, Route, Security};

/// The maximum number of places that are shown of a decision.
const SHOWN: usize = 3;

/// The decisions that a document leaves to a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions(Vec<Decision>);

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// The subject: `money`.
    pub subject: &'static str,
    /// The question.
    pub question: String,
    /// The places that it is about.
    pub places: Vec<String>,
    /// How to state the answer: the key to write, and where.
    pub help: &'static str,
}

impl Decisions {
    pub(super) fn new(reading: &Reading, left_out: &[Diagnostic], decimals: &[Decimal], doubtful: &[Doubtful]) -> Self {
        let mut all = Self::default();
        all.left_out(left_out, reading);
        all.security(reading);
        all.money(decimals, doubtful);
        all.changes(reading);
        all.errors(reading);
        all.limits(reading);
        all.findings(reading);
        all
    }

    /// Returns the decisions.
    pub fn iter(&self) -> impl Iterator<Item = &Decision> {
        self.0.iter()
    }

    fn add(&mut self, subject: &'static str, question: String, places: Vec<String>, help: &'static str) {
        self.0.push(Decision { subject, question, places, help });
    }

    fn left_out(&mut self, left_out: &[Diagnostic], reading: &Reading) {
        if !left_out.is_empty() {
            let places = left_out.iter().map(place).collect();
            let question =
                format!("{} removed, because the client would be wrong on the wire", operations_are(left_out.len()));
            let help = "each `remove` in the overlay has its reason; correct the document there to have the operation";
            self.add("left out", question, places, help);
        }
        let lost: Vec<String> = reading.notes.of_level(Level::LeftOut).map(place).collect();
        if !lost.is_empty() {
            let question =
                format!("{} lost", counted(lost.len(), "value of the document is", "values of the document are"));
            let help = "ask the venue which value counts; until then, generate with --skip-unsupported";
            self.add("lost", question, lost, help);
        }
    }

    fn security(&mut self, reading: &Reading) {
        let api = &reading.api;
        let of = |security: Security| {
            let of_kind = api.operations.iter().filter(move |operation| operation.security == security);
            of_kind.map(route).collect::<Vec<_>>()
        };
        let public = of(Security::Public);
        if public.len() == api.operations.len() && !public.is_empty() {
            let question = "no operation needs credentials, by the document".to_owned();
            let help = "if some do, write their schemes and `security` (specs/README.md, Security)";
            self.add("security", question, Vec::new(), help);
        } else if !public.is_empty() {
            let question = format!("{} public, by the document", operations_are(public.len()));
            self.add("security", question, public, "write `security` on those that need credentials");
        }
        let signed = of(Security::Signed);
        if !signed.is_empty() && api.auth.is_none() {
            let question = format!("{} signed, and no crate signs them", operations_are(signed.len()));
            let help =
                "write a signing crate and name it by `x-auth`, or give each client a `Signer` (docs/signing.md)";
            self.add("signing", question, signed, help);
        }
        if !reading.api.operations.iter().all(|operation| operation.security == Security::Public)
            && api.server_time.is_none()
        {
            let help = "write `x-server-time`, with the operation that returns the venue's time, if there is one";
            self.add("time", "clients use their own clock".to_owned(), Vec::new(), help);
        }
    }

    fn money(&mut self, decimals: &[Decimal], doubtful: &[Doubtful]) {
        let by_name = decimals.iter().filter(|decimal| decimal.example.is_none());
        let by_name: Vec<String> = by_name.map(|Decimal { name, at, .. }| named(name, at, "no example")).collect();
        if !by_name.is_empty() {
            let question =
                format!("{} by the name only", counted(by_name.len(), "field is a decimal", "fields are decimals"));
            let help = "leave those out of `x-decimals` that are something else";
            self.add("money", question, by_name, help);
        }
        let others = doubtful.iter().map(|Doubtful { name, because, at }| match because {
            Some(value) => named(name, at, &format!("an example is `{value}`")),
            None => named(name, at, "a number"),
        });
        let others: Vec<String> = others.collect();
        if !others.is_empty() {
            let question = counted(others.len(), "field is no decimal", "fields are no decimals");
            let help = "add those to `x-decimals` that are; until then a number keeps its exact text";
            self.add("money", question, others, help);
        }
    }

    /// Asks about the operations that can change something.
    fn changes(&mut self, reading: &Reading) {
        let changes = reading.api.operations.iter().filter(|operation| operation.idempotent == Idempotent::Never);
        let changes: Vec<String> = changes.map(route).collect();
        if !changes.is_empty() {
            let question = format!("{} never sent again after an unknown outcome", operations_are(changes.len()));
            let help = "write `x-idempotent` on those that may be, `x-reads-only` on those that only read, \
                        `x-moves-funds` on withdrawals and transfers, and `x-cancels` on cancels";
            self.add("repeating", question, changes, help);
        }
    }

    fn errors(&mut self, reading: &Reading) {
        let api = &reading.api;
        let is_http = api.operations.iter().any(|operation| matches!(operation.route, Route::Http { .. }));
        if is_http && api.error_shape.code.is_empty() {
            let question = "the client does not know where an error has its code".to_owned();
            let help = "write `x-error`, and `failed-when` if a response of status 200 can be an error";
            self.add("errors", question, Vec::new(), help);
        }
    }

    fn limits(&mut self, reading: &Reading) {
        if reading.api.limits.is_empty() {
            let question = "the client keeps no rate limit".to_owned();
            self.add(
                "limits",
                question,
                Vec::new(),
                "write `x-rate-limits`, and the weights of operations (`x-weight`)",
            );
        }
    }

    /// Asks about the values without a type, and the assumptions of the generator.
    fn findings(&mut self, reading: &Reading) {
        let groups = [
            (
                Effect::Untyped,
                "types",
                "has no type: any JSON value",
                "have no type: any JSON value",
                "write their schemas into the overlay",
            ),
            (
                Effect::Relaxed,
                "relaxed",
                "is read as it was meant, or by an example",
                "are read as they were meant, or by an example",
                "check them by the venue's documentation; write the right schema or example into the overlay",
            ),
            (
                Effect::Synthesised,
                "made up",
                "was missing and is made up",
                "were missing and are made up",
                "write the names that users see (`operationId`, `x-enum-varnames`, columns of rows) into the overlay",
            ),
            (
                Effect::Ignored,
                "ignored",
                "has no effect",
                "have no effect",
                "read the list: cargo xtask codegen VENUE --verbose",
            ),
        ];
        for (effect, subject, one, several, help) in groups {
            let found: Vec<&Diagnostic> =
                reading.notes.of_level(Level::Warning).filter(|finding| finding.effect == Some(effect)).collect();
            if !found.is_empty() {
                let question = counted(found.len(), &format!("value {one}"), &format!("values {several}"));
                self.add(subject, question, firsts(&found), help);
            }
        }
    }
}

/// Returns the places of findings, those of different kinds first.
fn firsts(findings: &[&Diagnostic]) -> Vec<String> {
    let mut kinds = HashSet::new();
    let (first, rest): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        findings.iter().copied().partition(|finding| kinds.insert(kind(&finding.message)));
    first.into_iter().chain(rest).map(place).collect()
}

fn place(finding: &Diagnostic) -> String {
    let at = &finding.location;
    format!("{}:{}:{}: {}", at.file, at.line, at.column, finding.message)
}

fn named(name: &str, at: &Location, why: &str) -> String {
    format!("{}:{}:{}: `{name}` ({why})", at.file, at.line, at.column)
}

fn route(operation: &Operation) -> String {
    match &operation.route {
        Route::Http { method, path } => format!("`{}` ({method} {path})", operation.method_name),
        Route::Rpc { method } => format!("`{}` ({method})", operation.method_name),
    }
}

fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { several })
}

fn operations_are(count: usize) -> String {
    counted(count, "operation is", "operations are")
}

impl fmt::Display for Decisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Decision { subject, question, places, help } in &self.0 {
            writeln!(f, "{subject}: {question}")?;
            for place in places.iter().take(SHOWN) {
                writeln!(f, "  {place}")?;
            }
            if places.len() > SHOWN {
                writeln!(f, "  and {} more", thousands(places.len() - SHOWN))?;
            }
            writeln!(f, "  help: {help}")?;
        }
        Ok(())
    }
}
