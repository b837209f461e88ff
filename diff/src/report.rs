//! Judges findings: each becomes a change with its verdicts.

use std::cmp::Reverse;
use std::collections::HashMap;

use venuekit_codegen::model::Route;
use venuekit_codegen::model::names::Words;

use crate::alignment::usage::Usage;
use crate::comparison::{Change, Revision, Verdict};
use crate::contract::Sides;
use crate::counterpart::{Counterparts, place};
use crate::finding::{Finding, Findings};
use crate::level::Level;
use crate::rules::{Case, Effect, Exception, Judgement, Rule};

/// Returns the changes. The worst come first; equal ones have the order of the document.
///
/// Findings of one rule with the same place and values form one change. It lists all their
/// operations and has the worse verdicts. Without counterparts, changes have no place in the other
/// document.
pub(crate) fn changes(sides: &Sides<'_>, counterparts: Option<&Counterparts>, findings: Findings) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut known = HashMap::new();
    for finding in findings.changes {
        let change = judge(sides, &finding);
        let Finding { rule, revision, pointer, was, is, .. } = finding;
        let index = *known.entry((rule.id, revision, pointer, was, is)).or_insert(changes.len());
        match changes.get_mut(index) {
            Some(same) => merge(same, change),
            None => {
                let other = counterparts.map(|all| all.place(sides, revision, &change.place.location.pointer));
                changes.push(Change { other, ..change });
            }
        }
    }
    let (routes, methods) = (routes(sides), methods(sides));
    for change in &mut changes {
        let found = change.subject.operations.iter().filter_map(|name| routes.get(name.as_str()));
        change.routes = found.cloned().collect();
        change.methods = change.subject.operations.iter().map(|name| method(&methods, name)).collect();
    }
    changes.sort_by_key(|change| {
        let (wire, source) = (change.wire.level, change.source.level);
        let place = &change.place.location;
        (Reverse(wire.max(source)), Reverse(wire), place.line, place.column)
    });
    changes
}

/// Returns the routes of the operations of both documents by name. Of two, the new one counts.
fn routes<'s>(sides: &'s Sides<'_>) -> HashMap<&'s str, String> {
    let operations = sides.old.contract.operations.iter().chain(&sides.new.contract.operations);
    let route = |route: &Route| match route {
        Route::Http { method, path } => format!("{method} {path}"),
        Route::Rpc { method } => method.clone(),
    };
    operations.map(|operation| (operation.name.as_str(), route(&operation.route))).collect()
}

/// Returns the methods of the operations of both APIs by name. Of two, the new one counts.
fn methods<'s>(sides: &Sides<'s>) -> HashMap<&'s str, &'s str> {
    let operations = sides.apis().into_iter().flat_map(|(old, new)| old.operations.iter().chain(&new.operations));
    operations.map(|operation| (operation.id.as_str(), operation.method_name.as_str())).collect()
}

/// Returns the name of an operation's method. Without a crate, it is the name that a crate would
/// have.
fn method(known: &HashMap<&str, &str>, name: &str) -> String {
    let usual = || Words::parse(name).map_or_else(|_| name.to_owned(), |words| words.snake());
    known.get(name).map_or_else(usual, |method| (*method).to_owned())
}

fn merge(change: &mut Change, other: Change) {
    other.subject.operations.iter().for_each(|operation| change.subject.add_operation(operation));
    for (verdict, other) in [(&mut change.wire, other.wire), (&mut change.source, other.source)] {
        if other.level > verdict.level {
            *verdict = other;
        }
    }
    change.adds |= other.adds;
    other.cases.into_iter().for_each(|case| {
        if !change.cases.contains(&case) {
            change.cases.push(case);
        }
    });
    change.cases.sort_by_key(|case| order(change.rule, case));
}

/// Returns the position of a case in its rule.
fn order(rule: &Rule, case: &Case) -> usize {
    rule.cases.iter().position(|other| *other == case).unwrap_or(rule.cases.len())
}

fn judge(sides: &Sides<'_>, finding: &Finding) -> Change {
    let Finding { rule, cases, subject, revision, pointer, was, is, usage, renamed } = finding;
    let document = match revision {
        Revision::Old => sides.old.document,
        Revision::New => sides.new.document,
    };
    let usage = usage.unwrap_or(Usage::EVERYWHERE);
    let mut applies: Vec<_> = cases.iter().collect();
    applies.sort_by_key(|(case, _)| order(rule, case));
    let adds = applies.iter().rev().find_map(|(case, _)| case.adds).unwrap_or(rule.adds);
    Change {
        rule,
        cases: applies.iter().map(|(case, _)| *case).collect(),
        subject: subject.clone(),
        place: place(document, *revision, pointer, true),
        other: None,
        was: was.clone(),
        is: is.clone(),
        wire: on_the_wire(
            usage,
            sides.is_generated(),
            judgements(&rule.wire, applies.iter().map(|(case, name)| (&case.wire, name))),
        ),
        source: in_source(usage, judgements(&rule.source, applies.iter().map(|(case, name)| (&case.source, name)))),
        adds: adds && usage.typed && (usage.request || usage.is_read()),
        routes: Vec::new(),
        methods: Vec::new(),
        renamed: renamed.clone(),
        accepted: None,
    }
}

/// A level and its reason with all names.
type LevelAndReason = (Level, String);

/// Returns the judgements on values in requests and in responses.
fn judgements<'c>(
    effect: &Effect,
    cases: impl Iterator<Item = (&'c Exception, &'c String)>,
) -> (LevelAndReason, LevelAndReason) {
    let reasoned = |(level, reason): Judgement, name: &str| (level, reason.replacen("{}", name, 1));
    let (request, response) = match effect {
        Effect::Always(level, reason) => ((*level, *reason), (*level, *reason)),
        Effect::ByUse { request, response } => (*request, *response),
    };
    let usual = (reasoned(request, ""), reasoned(response, ""));
    cases.fold(usual, |(request, response), (exception, name)| {
        let replaced = |usual, exception: Option<Judgement>| exception.map_or(usual, |other| reasoned(other, name));
        (replaced(request, exception.request), replaced(response, exception.response))
    })
}

/// Returns the worst judgement that applies. Of equal ones it returns the first.
fn worst(judgements: impl IntoIterator<Item = (bool, LevelAndReason)>) -> Option<Verdict> {
    let applying = judgements.into_iter().filter_map(|(applies, judgement)| applies.then_some(judgement));
    let worst = applying.reduce(|worst, other| if other.0 > worst.0 { other } else { worst });
    worst.map(|(level, reason)| Verdict { level, reason })
}

/// Returns the verdict on the wire. Generated clients read no body of an error and no header; other
/// clients may.
fn on_the_wire(usage: Usage, is_generated: bool, (request, response): (LevelAndReason, LevelAndReason)) -> Verdict {
    let at_most_risky = |reason: &str| match &response {
        (Level::Breaking | Level::Risky, _) if is_generated => (Level::Risky, reason.to_owned()),
        other => other.clone(),
    };
    let error = at_most_risky("the body of an error is kept unchanged; a program may read it");
    let header = at_most_risky("headers are kept as text; a program may read it");
    let judgements =
        [(usage.request, request), (usage.response, response), (usage.error, error), (usage.header, header)];
    worst(judgements).unwrap_or_else(|| safe("no request or response contains it"))
}

fn in_source(usage: Usage, (request, response): (LevelAndReason, LevelAndReason)) -> Verdict {
    if !usage.typed {
        return safe("it has no type in Rust");
    }
    let judgements = [(usage.request, request), (usage.is_read(), response)];
    worst(judgements).unwrap_or_else(|| safe("nothing in the crate uses it"))
}

fn safe(reason: &str) -> Verdict {
    Verdict { level: Level::Safe, reason: reason.to_owned() }
}
