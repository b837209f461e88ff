//! Collects what was found.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::comparison::{Change, Level, Place, Revision, Subject, Verdict};
use super::contract::Contract;
use super::rules::{Effect, Rule};
use super::schemas::{Nulls, Pair};
use venuekit_codegen::model::{self, Api};

/// Where a value travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Use {
    /// In what is sent.
    pub(super) request: bool,
    /// In what is read after a success.
    pub(super) reply: bool,
    /// In what is read after a failure.
    pub(super) error: bool,
    /// Nowhere: a component that nothing reaches.
    pub(super) unused: bool,
    /// Sent as JSON at least once.
    pub(super) json: bool,
    /// In headers, which are read as text.
    pub(super) header: bool,
    /// Sent as text at least once: in a path, a query or a header.
    pub(super) text: bool,
    /// It has a type in Rust.
    pub(super) typed: bool,
    /// Something in the crate is of this type: a field, the argument of a setter, what a call gives.
    pub(super) held: bool,
}

impl Use {
    pub(super) fn request(json: bool) -> Self {
        Self { request: true, json, text: !json, typed: true, held: true, ..Self::default() }
    }

    pub(super) fn reply(_json: bool) -> Self {
        Self { reply: true, typed: true, held: true, ..Self::default() }
    }

    /// The body of an error: it is kept as it is, beside a type that it can be read into.
    pub(super) fn error(_json: bool) -> Self {
        Self { error: true, typed: true, ..Self::default() }
    }

    pub(super) fn unused() -> Self {
        Self { unused: true, typed: true, ..Self::default() }
    }

    /// A header of a reply, which is text and has no type.
    pub(super) fn header() -> Self {
        Self { header: true, ..Self::default() }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            request: self.request || other.request,
            reply: self.reply || other.reply,
            error: self.error || other.error,
            unused: self.unused || other.unused,
            json: self.json || other.json,
            header: self.header || other.header,
            text: self.text || other.text,
            typed: self.typed || other.typed,
            held: self.held || other.held,
        }
    }

    /// Whether it is there at all.
    pub(super) fn any(self) -> bool {
        self.request || self.reply || self.error || self.unused || self.header
    }

    /// Where it is read.
    pub(super) fn read(self) -> bool {
        self.reply || self.error || self.unused
    }

    /// Whether it is sent, and as text only, where a number and its digits in quotes are the same.
    pub(super) fn sent_as_text(self) -> bool {
        self.request && !self.json
    }
}

/// A change, as it is found.
pub(super) struct Finding {
    pub(super) rule: &'static Rule,
    pub(super) subject: Subject,
    pub(super) revision: Revision,
    pub(super) pointer: String,
    pub(super) was: Option<String>,
    pub(super) is: Option<String>,
    pub(super) used: Option<Use>,
    /// In place of the rule's verdicts, for what is sent and for what is read.
    pub(super) wire: (Option<Said>, Option<Said>),
    pub(super) source: (Option<Said>, Option<Said>),
    /// In place of the rule's.
    pub(super) adds: Option<bool>,
}

impl Finding {
    /// Of what stands in the new document.
    pub(super) fn new(rule: &'static Rule, subject: Subject, pointer: impl Into<String>) -> Self {
        Self {
            rule,
            subject,
            revision: Revision::New,
            pointer: pointer.into(),
            was: None,
            is: None,
            used: None,
            wire: (None, None),
            source: (None, None),
            adds: None,
        }
    }

    /// Of what stood in the old one.
    pub(super) fn old(rule: &'static Rule, subject: Subject, pointer: impl Into<String>) -> Self {
        Self { revision: Revision::Old, ..Self::new(rule, subject, pointer) }
    }

    pub(super) fn was(self, was: impl Into<String>) -> Self {
        Self { was: Some(was.into()).filter(|was| !was.is_empty()), ..self }
    }

    pub(super) fn is(self, is: impl Into<String>) -> Self {
        Self { is: Some(is.into()).filter(|is| !is.is_empty()), ..self }
    }

    /// By where it travels.
    pub(super) fn used(self, used: Use) -> Self {
        Self { used: Some(used), ..self }
    }

    pub(super) fn wire(self, level: Level, reason: impl Into<Cow<'static, str>>) -> Self {
        let said = (level, reason.into());
        Self { wire: (Some(said.clone()), Some(said)), ..self }
    }

    pub(super) fn wire_sent(self, level: Level, reason: &'static str) -> Self {
        Self { wire: (Some((level, reason.into())), self.wire.1), ..self }
    }

    pub(super) fn wire_read(self, level: Level, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { wire: (self.wire.0, Some((level, reason.into()))), ..self }
    }

    pub(super) fn source(self, level: Level, reason: impl Into<Cow<'static, str>>) -> Self {
        let said = (level, reason.into());
        Self { source: (Some(said.clone()), Some(said)), ..self }
    }

    pub(super) fn source_sent(self, level: Level, reason: &'static str) -> Self {
        Self { source: (Some((level, reason.into())), self.source.1), ..self }
    }

    pub(super) fn source_read(self, level: Level, reason: &'static str) -> Self {
        Self { source: (self.source.0, Some((level, reason.into()))), ..self }
    }

    /// Whether users find something new in the crate.
    pub(super) fn adds(self, adds: bool) -> Self {
        Self { adds: Some(adds), ..self }
    }
}

/// Two documents, and what was found so far.
pub(super) struct Differ<'d> {
    pub(super) old: &'d Contract<'d>,
    pub(super) new: &'d Contract<'d>,
    /// Both, where crates are generated from both.
    pub(super) apis: Option<(&'d Api, &'d Api)>,
    /// Schemas that stand for each other, by their places in the old and the new document.
    pub(super) pairs: IndexMap<(String, String), Pair<'d>>,
    /// Where null came or went.
    pub(super) nulls: IndexMap<(bool, String), Nulls>,
    pub(super) changes: Vec<Change>,
    pub(super) documentation: usize,
    /// Operations that stand for each other, by their places in the old and the new document.
    pub(super) matched: HashMap<String, String>,
    /// What limits are called now that only had their names changed.
    pub(super) renamed_limits: HashMap<String, String>,
    /// Whether there were more schemas than are compared.
    pub(super) too_much: bool,
    /// The operations of the old and of the new API, by their places.
    operations_at: [HashMap<&'d str, &'d model::Operation>; 2],
    /// The methods of the new API.
    new_methods: HashSet<&'d str>,
    /// Changes that were found, by rule, place and values.
    found: HashMap<(&'static str, Revision, String, Option<String>, Option<String>), usize>,
}

impl<'d> Differ<'d> {
    pub(super) fn new(old: &'d Contract<'d>, new: &'d Contract<'d>, apis: Option<(&'d Api, &'d Api)>) -> Self {
        let operations =
            |api: fn((&'d Api, &'d Api)) -> &'d Api| apis.into_iter().flat_map(move |both| &api(both).operations);
        let by_place = |api| operations(api).map(|operation| (operation.pointer.as_str(), operation)).collect();
        let operations_at = [by_place(|(old, _)| old), by_place(|(_, new)| new)];
        let new_methods = operations(|(_, new)| new).map(|operation| operation.method_name.as_str()).collect();
        Self {
            old,
            new,
            apis,
            pairs: IndexMap::new(),
            nulls: IndexMap::new(),
            changes: Vec::new(),
            documentation: 0,
            matched: HashMap::new(),
            renamed_limits: HashMap::new(),
            too_much: false,
            operations_at,
            new_methods,
            found: HashMap::new(),
        }
    }

    /// Returns an operation as the old or the new API has it, where crates are generated.
    pub(super) fn old_operation(&self, pointer: &str) -> Option<&'d model::Operation> {
        let [old, _] = &self.operations_at;
        old.get(pointer).copied()
    }

    pub(super) fn new_operation(&self, pointer: &str) -> Option<&'d model::Operation> {
        let [_, new] = &self.operations_at;
        new.get(pointer).copied()
    }

    /// Returns whether the client of the new API has a method.
    pub(super) fn has_method(&self, name: &str) -> bool {
        self.new_methods.contains(name)
    }

    /// Whether clients are those that are generated here. What others promise is not known: they are judged by the contract alone.
    pub(super) fn ours(&self) -> bool {
        self.apis.is_some()
    }

    /// Notes a change. One that was found at the same place before is the same: the operations that it touches are added to it, and
    /// the worse verdicts count.
    pub(super) fn report(&mut self, finding: Finding) {
        let Finding { rule, subject, revision, pointer, was, is, used, wire, source, adds } = finding;
        let document = match revision {
            Revision::Old => self.old.document,
            Revision::New => self.new.document,
        };
        // Who does not say where it travels is judged for both.
        let used = used.unwrap_or(Use { request: true, reply: true, typed: true, held: true, ..Use::default() });
        let adds = adds.unwrap_or(rule.adds) && used.typed && (used.request || used.read());
        let wire = wire_of(used, said(&rule.wire, wire));
        let source = source_of(used, said(&rule.source, source));
        let key = (rule.id, revision, pointer.clone(), was.clone(), is.clone());
        if let Some(change) = self.found.get(&key).and_then(|at| self.changes.get_mut(*at)) {
            subject.operations.iter().for_each(|operation| change.subject.also(Some(operation)));
            worsen(&mut change.wire, wire);
            worsen(&mut change.source, source);
            change.adds |= adds;
            return;
        }
        self.found.insert(key, self.changes.len());
        let place = Place { revision, location: document.location(&pointer) };
        self.changes.push(Change { rule, subject, place, was, is, wire, source, adds });
    }
}

fn worsen(verdict: &mut Verdict, other: Verdict) {
    if other.level > verdict.level {
        *verdict = other;
    }
}

/// A level and its reason.
pub(super) type Said = (Level, Cow<'static, str>);

/// What is said of what is sent, and of what is read.
fn said(effect: &Effect, (sent, read): (Option<Said>, Option<Said>)) -> (Said, Said) {
    let own = |(level, reason): (Level, &'static str)| (level, Cow::Borrowed(reason));
    let (request, reply) = match effect {
        Effect::Always(level, reason) => ((*level, *reason), (*level, *reason)),
        Effect::ByUse { request, reply } => (*request, *reply),
    };
    (sent.unwrap_or_else(|| own(request)), read.unwrap_or_else(|| own(reply)))
}

fn worst(said: impl IntoIterator<Item = (bool, Said)>) -> Option<Verdict> {
    let mut worst: Option<Said> = None;
    for (_, (level, reason)) in said.into_iter().filter(|(applies, _)| *applies) {
        if worst.as_ref().is_none_or(|(before, _)| level > *before) {
            worst = Some((level, reason));
        }
    }
    worst.map(|(level, reason)| Verdict { level, reason: reason.into_owned() })
}

fn wire_of(used: Use, (request, reply): (Said, Said)) -> Verdict {
    let at_most = |reason: &'static str| match &reply {
        (Level::Breaking | Level::Risky, _) => (Level::Risky, Cow::Borrowed(reason)),
        safe => safe.clone(),
    };
    let error = at_most("the body of an error is kept as it is; a program may read it");
    let header = at_most("headers are kept as text; a program may read it");
    let verdicts = [(used.request, request), (used.reply, reply), (used.error, error), (used.header, header)];
    worst(verdicts).unwrap_or_else(|| safe("nothing that travels uses it"))
}

fn source_of(used: Use, (request, reply): (Said, Said)) -> Verdict {
    if !used.typed {
        return safe("it has no type in Rust");
    }
    worst([(used.request, request), (used.read(), reply)]).unwrap_or_else(|| safe("nothing in the crate uses it"))
}

fn safe(reason: &str) -> Verdict {
    Verdict { level: Level::Safe, reason: reason.to_owned() }
}
