//! Error codes that decide the outcome of a call, and error codes that are only listed.

use std::collections::{BTreeSet, HashMap};

use venuekit_codegen::model::{CodeRule, ErrorCode};
use venuekit_codegen::source::Document;
use venuekit_codegen::source::Located;

use crate::comparison::Subject;
use crate::contract::Sides;
use crate::document::{below, element};
use crate::finding::{Finding, Findings};
use crate::json_text;
use crate::rules::{self, Rule};
use venuekit_codegen::source::follow;

/// The lists of codes that decide the outcome of a call, in the API or in an operation.
pub(super) struct OutcomeCodes<'c, 's> {
    pub(super) sides: &'c Sides<'s>,
    pub(super) subject: Subject,
    /// The objects that have the lists.
    pub(super) at: (&'c Located<'s>, &'c Located<'s>),
}

impl OutcomeCodes<'_, '_> {
    /// Compares the lists of a key.
    pub(super) fn compare(
        &self,
        (added, removed): (&'static Rule, &'static Rule),
        key: &str,
        old: &[CodeRule],
        new: &[CodeRule],
    ) -> Findings {
        let mut findings = Findings::default();
        let (before, after) = (below(self.at.0, key), below(self.at.1, key));
        for code in uncovered(old, new) {
            let place = place_of_rule(self.sides.old.document, &before, code);
            let finding = Finding::in_old(removed, self.subject.clone(), place);
            findings.push(finding.was(code.to_string()).is(covered(code, new)));
        }
        for code in uncovered(new, old) {
            let place = place_of_rule(self.sides.new.document, &after, code);
            let finding = Finding::in_new(added, self.subject.clone(), place);
            findings.push(finding.was(covered(code, old)).is(code.to_string()));
        }
        findings
    }
}

/// Returns the codes that no code of another list covers.
pub(super) fn uncovered<'c>(codes: &'c [CodeRule], others: &'c [CodeRule]) -> impl Iterator<Item = &'c CodeRule> {
    // A code is covered only by the same code.
    let mut by_code: HashMap<&str, Vec<&CodeRule>> = HashMap::new();
    others.iter().for_each(|other| by_code.entry(&other.code).or_default().push(other));
    codes.iter().filter(move |code| {
        !by_code.get(code.code.as_str()).is_some_and(|others| others.iter().any(|other| other.covers(code)))
    })
}

/// Returns the codes of a list that this code covers, as text.
fn covered(code: &CodeRule, others: &[CodeRule]) -> String {
    others.iter().filter(|other| code.covers(other)).map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Returns the place of a code in a list, or the place of the list.
fn place_of_rule(document: &Document, list: &str, code: &CodeRule) -> String {
    let rules = document.node(list).map(|node| Located { pointer: list.to_owned(), node });
    let rules = rules.iter().flat_map(Located::elements);
    match rules.map(|rule| CodeRule::read(&rule)).position(|rule| rule.is_ok_and(|rule| rule == *code)) {
        Some(index) => element(list, index),
        None => list.to_owned(),
    }
}

/// The lists of error codes of the API or of an operation.
pub(super) struct ErrorCodes<'c, 's> {
    pub(super) sides: &'c Sides<'s>,
    pub(super) subject: Subject,
    /// The places in which the codes can be listed.
    pub(super) lists: &'c [&'c str],
}

impl ErrorCodes<'_, '_> {
    /// Compares the lists. One code can have several messages, which are documentation.
    pub(super) fn compare(&self, old: &[ErrorCode], new: &[ErrorCode]) -> Findings {
        let mut findings = Findings::default();
        for code in without(old, new) {
            let place = place_of_code(self.sides.old.document, self.lists, code);
            findings.push(Finding::in_old(&rules::ERROR_CODE_REMOVED, self.subject.clone(), place).was(code));
        }
        for code in without(new, old) {
            let place = place_of_code(self.sides.new.document, self.lists, code);
            findings.push(Finding::in_new(&rules::ERROR_CODE_ADDED, self.subject.clone(), place).is(code));
        }
        let differing = |some: &[ErrorCode], others: &[ErrorCode]| {
            let is_known = |error: &&ErrorCode| others.iter().any(|other| other.code == error.code);
            some.iter().filter(is_known).filter(|error| !others.contains(error)).count()
        };
        findings.document(differing(old, new).max(differing(new, old)));
        let codes: BTreeSet<&str> = old.iter().map(|error| error.code.as_str()).collect();
        let is_in_new = |code: &&&str| new.iter().any(|error| error.code == **code);
        let (before, after) = (self.sides.old.document, self.sides.new.document);
        let differs = |code: &&&str| evidence(before, self.lists, code) != evidence(after, self.lists, code);
        findings.document(codes.iter().filter(is_in_new).filter(differs).count());
        findings
    }
}

/// Returns the codes that are not in another list.
fn without<'c>(codes: &'c [ErrorCode], others: &'c [ErrorCode]) -> impl Iterator<Item = &'c str> {
    let is_new = |code: &&ErrorCode| !others.iter().any(|other| other.code == code.code);
    codes.iter().filter(is_new).map(|code| code.code.as_str())
}

/// Returns the place of a code in one of the lists, or the place of the first list.
fn place_of_code(document: &Document, lists: &[&str], code: &str) -> String {
    let found = entries(document, lists, code).next().map(|found| found.pointer);
    found.unwrap_or_else(|| lists.first().map(|list| (*list).to_owned()).unwrap_or_default())
}

/// Returns the evidence of all entries of a code. The model does not have it.
fn evidence(document: &Document, lists: &[&str], code: &str) -> Vec<String> {
    let text = |entry: Located<'_>| Some(json_text::text(entry.get("x-evidence")?.node));
    let mut texts: Vec<String> = entries(document, lists, code).filter_map(text).collect();
    texts.sort();
    texts
}

/// Returns the entries of a code in the lists.
fn entries<'d>(document: &'d Document, lists: &'d [&'d str], code: &'d str) -> impl Iterator<Item = Located<'d>> {
    let is_code = move |found: &Located<'_>| {
        let found = follow(document, found.clone());
        let node = found.node.get("code").unwrap_or(found.node);
        node.as_str().or_else(|| node.as_number()) == Some(code)
    };
    lists.iter().flat_map(move |list| {
        let list = document.node(list).map(|node| Located { pointer: (*list).to_owned(), node });
        let found = |list: Located<'d>| {
            list.elements().chain(list.members().map(|(_, found)| found)).filter(is_code).collect::<Vec<_>>()
        };
        list.map(found).unwrap_or_default()
    })
}
