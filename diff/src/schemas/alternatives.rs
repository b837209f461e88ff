//! `oneOf`, `anyOf`, `allOf`.

use super::Pair;
use super::view::View;
use crate::canonical;
use crate::comparison::Level;
use crate::differ::{Differ, Finding};
use crate::documentation::DOCUMENTATION;
use crate::rules;
use venuekit_codegen::spec::found::Found;
use venuekit_codegen::spec::{Document, Node};

/// Alternatives that stand for each other. What an `allOf` puts together is compared as one: see [`members`](super::objects::members).
pub(super) fn matched<'d>(
    old_document: &'d Document,
    new_document: &'d Document,
    old: &View<'d>,
    new: &View<'d>,
) -> Vec<(Found<'d>, Found<'d>)> {
    align(old_document, new_document, choices(old, new), choices(new, old)).pairs
}

/// The alternatives; where only the other has some, what is there is the only one.
fn choices<'d>(of: &View<'d>, other: &View<'_>) -> Vec<Found<'d>> {
    let own = of.alternatives();
    if own.is_empty() && !other.alternatives().is_empty() { vec![of.at.clone()] } else { own }
}

/// The schemas of `allOf`; where only one side has some, their members are compared with those of the other.
fn requirements<'d>(of: &View<'d>, other: &View<'_>) -> Vec<Found<'d>> {
    if other.is_composed() { of.at.list("allOf").collect() } else { Vec::new() }
}

struct Aligned<'d> {
    pairs: Vec<(Found<'d>, Found<'d>)>,
    gone: Vec<Found<'d>>,
    come: Vec<Found<'d>>,
}

/// First what is the same component, then what says the same, then what is of the same JSON type: by that clients decide.
fn align<'d>(
    old_document: &'d Document,
    new_document: &'d Document,
    old: Vec<Found<'d>>,
    new: Vec<Found<'d>>,
) -> Aligned<'d> {
    // What is compared of each is made once.
    let said = |document, found: Found<'d>| {
        let view = View::of(document, found.clone());
        (found, bare(view.at.node), view)
    };
    let mut gone: Vec<_> = old.into_iter().map(|found| said(old_document, found)).collect();
    let mut come: Vec<_> = new.into_iter().map(|found| said(new_document, found)).collect();
    let mut pairs = Vec::new();
    let number = |view: &View<'_>| matches!(view.types().as_slice(), ["integer" | "number"]);
    type Said<'d> = (Found<'d>, String, View<'d>);
    let alike: [&dyn Fn(&Said<'_>, &Said<'_>) -> bool; 4] = [
        &|(.., old), (.., new)| old.component().is_some() && old.component() == new.component(),
        &|(_, old, _), (_, new, _)| old == new,
        &|(.., old), (.., new)| old.types() == new.types(),
        &|(.., old), (.., new)| number(old) && number(new),
    ];
    for alike in alike {
        gone.retain(|before| {
            let found = come.iter().position(|after| alike(before, after));
            if let Some(at) = found {
                pairs.push((before.0.clone(), come.remove(at).0));
            }
            found.is_none()
        });
    }
    let found = |said: Vec<Said<'d>>| said.into_iter().map(|(found, ..)| found).collect();
    Aligned { pairs, gone: found(gone), come: found(come) }
}

/// What a schema says, documentation aside.
fn bare(node: &Node) -> String {
    let members = node.as_map().into_iter().flat_map(|members| members.iter());
    canonical::object(members.filter(|(key, _)| !DOCUMENTATION.contains(key)))
}

impl<'d> Differ<'d> {
    pub(super) fn compare_alternatives(&mut self, pair: &Pair<'d>) {
        let (old_document, new_document) = (self.old.document, self.new.document);
        let Pair { old, new, used, subject, .. } = pair;
        let aligned = align(old_document, new_document, choices(old, new), choices(new, old));
        for found in aligned.gone {
            let was = View::of(old_document, found.clone()).describe(old_document);
            self.report(Finding::old(&rules::ALTERNATIVE_REMOVED, subject.clone(), found.pointer).was(was).used(*used));
        }
        for found in aligned.come {
            let is = View::of(new_document, found.clone()).describe(new_document);
            self.report(Finding::new(&rules::ALTERNATIVE_ADDED, subject.clone(), found.pointer).is(is).used(*used));
        }
        let aligned = align(old_document, new_document, requirements(old, new), requirements(new, old));
        for found in aligned.gone {
            let view = View::of(old_document, found.clone());
            let finding = Finding::old(&rules::REQUIREMENT_REMOVED, subject.clone(), found.pointer.clone());
            let finding = finding.was(view.describe(old_document)).used(*used);
            self.report(if says_nothing(&view) { of_no_effect(finding) } else { finding });
        }
        for found in aligned.come {
            let view = View::of(new_document, found.clone());
            let finding = Finding::new(&rules::REQUIREMENT_ADDED, subject.clone(), found.pointer.clone());
            let finding = finding.is(view.describe(new_document)).used(*used);
            self.report(if says_nothing(&view) { of_no_effect(finding) } else { finding });
        }
    }
}

/// Whether a schema admits everything.
fn says_nothing(view: &View<'_>) -> bool {
    view.at.node.as_map().is_some_and(|members| members.keys().all(|key| DOCUMENTATION.contains(&key)))
}

fn of_no_effect(finding: Finding) -> Finding {
    let reason = "it only documents";
    finding.wire(Level::Safe, reason).source(Level::Safe, reason)
}
