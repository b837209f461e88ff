//! Objects and their members.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::types::Rust;
use super::view::View;
use super::{Holder, Pair, within};
use crate::canonical;
use crate::comparison::{Level, Subject};
use crate::contract::{below, resolve};
use crate::differ::{Differ, Finding, Use};
use crate::documentation::DOCUMENTATION;
use crate::names::rust_name;
use crate::rules;
use venuekit_codegen::spec::found::Found;
use venuekit_codegen::spec::{Document, Node};

/// A member of an object.
pub(super) struct Member<'d> {
    pub(super) found: Found<'d>,
    pub(super) view: View<'d>,
    pub(super) required: bool,
}

impl Member<'_> {
    fn only_read(&self) -> bool {
        self.view.at.flag("readOnly")
    }

    fn only_written(&self) -> bool {
        self.view.at.flag("writeOnly")
    }

    fn nullable(&self) -> bool {
        self.view.null.is_some()
    }

    /// Where it travels of all the places that its object does.
    fn used(&self, used: Use) -> Use {
        Use {
            request: used.request && !self.only_read(),
            reply: used.reply && !self.only_written(),
            error: used.error && !self.only_written(),
            ..used
        }
    }
}

type Members<'d> = IndexMap<&'d str, Member<'d>>;

/// The members of both; those of the parts of an `allOf` are among them.
pub(super) fn members<'d>(
    old_document: &'d Document,
    new_document: &'d Document,
    old: &View<'d>,
    new: &View<'d>,
) -> (Members<'d>, Members<'d>) {
    (gather(old_document, old), gather(new_document, new))
}

fn gather<'d>(document: &'d Document, view: &View<'d>) -> Members<'d> {
    let (mut members, mut required) = (Members::new(), HashSet::new());
    let (mut open, mut seen) = (vec![view.at.clone()], HashSet::new());
    while let Some(at) = open.pop() {
        if !seen.insert(at.pointer.clone()) {
            continue;
        }
        let view = View { at, null: None };
        required.extend(view.required());
        for (name, found) in view.members() {
            let view = View::of(document, found.clone());
            members.entry(name).or_insert(Member { view, found, required: false });
        }
        open.extend(view.at.list("allOf").map(|part| resolve(document, part)).collect::<Vec<_>>().into_iter().rev());
    }
    for (name, member) in &mut members {
        // A part can require what another has.
        member.required = required.contains(*name);
    }
    members
}

impl<'d> Differ<'d> {
    pub(super) fn compare_members(&mut self, pair: &Pair<'d>) {
        let Pair { old, new, used, subject, .. } = pair;
        let (old_members, new_members) = members(self.old.document, self.new.document, old, new);
        let (gone, come) = (only(&old_members, &new_members), only(&new_members, &old_members));
        for (name, before) in &old_members {
            match new_members.get(name) {
                Some(after) => {
                    let subject = within(subject, name);
                    self.compare_need(&subject, *used, before, after);
                    self.compare_direction(&subject, *used, before, after);
                }
                None => {
                    let rule =
                        if before.required { &rules::REQUIRED_MEMBER_REMOVED } else { &rules::OPTIONAL_MEMBER_REMOVED };
                    let was = before.view.describe(self.old.document);
                    let finding = Finding::old(rule, within(subject, name), before.found.pointer.clone());
                    let finding = finding.was(was).used(before.used(*used));
                    let finding = match closed(new) {
                        true => {
                            finding.wire_sent(Level::Breaking, "old clients still send it, and others are forbidden")
                        }
                        false => finding,
                    };
                    let finding = match before.required && before.nullable() && reads_missing(before) && self.ours() {
                        true => finding.wire_read(Level::Risky, "old clients read it as nothing"),
                        false => finding,
                    };
                    self.report(match come.get(&in_rust(name, before)) {
                        Some(name) => finding.source(Level::Safe, format!("the field stays, and stands for {name}")),
                        None => finding,
                    });
                }
            }
        }
        for (name, after) in &new_members {
            if old_members.contains_key(name) {
                continue;
            }
            let rule = if after.required { &rules::REQUIRED_MEMBER_ADDED } else { &rules::OPTIONAL_MEMBER_ADDED };
            let is = after.view.describe(self.new.document);
            let finding = Finding::new(rule, within(subject, name), after.found.pointer.clone());
            let finding = finding.is(is).used(after.used(*used));
            self.report(match gone.get(&in_rust(name, after)) {
                Some(name) => {
                    finding.source(Level::Safe, format!("the field is there, and stood for {name}")).adds(false)
                }
                None => finding,
            });
        }
        self.compare_others(pair);
    }

    /// Required or not.
    fn compare_need(&mut self, subject: &Subject, used: Use, before: &Member<'d>, after: &Member<'d>) {
        let need = |member: &Member<'_>| if member.required { "required" } else { "optional" };
        let rule = match (before.required, after.required) {
            (false, true) => &rules::MEMBER_BECAME_REQUIRED,
            (true, false) => &rules::MEMBER_BECAME_OPTIONAL,
            _ => return,
        };
        let used = if after.required { after.used(used) } else { before.used(used) };
        let finding = Finding::new(rule, subject.clone(), after.found.pointer.clone());
        let finding = finding.was(need(before)).is(need(after)).used(used);
        // What may be null is an `Option` as well.
        let holder = |member: &Member<'_>| Holder::of(member.nullable(), !member.required, true);
        let finding = match (holder(before), holder(after)) {
            (before, after) if before == after => {
                let finding = finding.source_read(Level::Safe, "it is an `Option` before and after");
                finding.source_sent(Level::Breaking, "the setter of the builder takes another type, or must be called")
            }
            (_, Holder::Maybe) => finding.source(Level::Breaking, "it becomes a `Maybe`"),
            (Holder::Maybe, _) => finding.source(Level::Breaking, "it is no `Maybe` any more"),
            _ => finding,
        };
        self.report(match before.nullable() && reads_missing(before) && self.ours() {
            true => finding.wire_read(Level::Safe, "old clients read it as nothing"),
            false => finding,
        });
    }

    /// Read, written, or both.
    fn compare_direction(&mut self, subject: &Subject, used: Use, before: &Member<'d>, after: &Member<'d>) {
        let at = |rule, key: &str| {
            let there = after.view.at.node.get(key).is_some();
            let pointer = if there { below(&after.view.at, key) } else { after.found.pointer.clone() };
            Finding::new(rule, subject.clone(), pointer).used(used)
        };
        match (before.only_read(), after.only_read()) {
            (false, true) => self.report(at(&rules::MEMBER_BECAME_READ_ONLY, "readOnly")),
            (true, false) => {
                let finding = at(&rules::MEMBER_BECAME_WRITABLE, "readOnly").adds(used.request);
                self.report(match after.required {
                    true => finding
                        .wire_sent(Level::Breaking, "it must be sent, and old clients do not")
                        .source_sent(Level::Breaking, "builders without it do not compile"),
                    false => finding,
                });
            }
            _ => {}
        }
        match (before.only_written(), after.only_written()) {
            (false, true) => {
                let finding = at(&rules::MEMBER_BECAME_WRITE_ONLY, "writeOnly");
                self.report(match before.required {
                    true => finding.wire_read(Level::Breaking, "old clients cannot read the object without it"),
                    false => finding,
                });
            }
            (true, false) => self.report(at(&rules::MEMBER_BECAME_READABLE, "writeOnly")),
            _ => {}
        }
    }

    /// Members that are not listed.
    fn compare_others(&mut self, pair: &Pair<'d>) {
        let Pair { old, new, used, subject, .. } = pair;
        if old.types() != ["object"] || new.types() != ["object"] {
            return;
        }
        let key = "additionalProperties";
        let finding = match (closed(old), closed(new)) {
            (false, true) => Finding::new(&rules::OTHER_MEMBERS_FORBIDDEN, subject.clone(), below(&new.at, key)),
            (true, false) => Finding::old(&rules::OTHER_MEMBERS_ALLOWED, subject.clone(), below(&old.at, key)),
            _ => return,
        };
        let finding = finding.used(*used);
        let map = old.at.get(key).is_some_and(|values| values.node.as_map().is_some());
        self.report(match (map, self.ours()) {
            (true, _) => finding.wire_sent(Level::Breaking, "old clients send others"),
            (false, true) => finding,
            (false, false) => finding.wire_sent(Level::Risky, "clients may send others"),
        });
    }
}

fn closed(view: &View<'_>) -> bool {
    view.at.node.get("additionalProperties").and_then(Node::as_bool) == Some(false)
}

/// Whether an old client takes a required one that is missing for null.
fn reads_missing(member: &Member<'_>) -> bool {
    Rust::of(&member.view).reads_missing_as_null()
}

/// A member as code knows it: its name in Rust, its schema, and whether it is always there.
type InRust = (String, String, bool);

fn in_rust(name: &str, member: &Member<'_>) -> InRust {
    let found = member.found.node.as_map().into_iter().flat_map(|members| members.iter());
    let said = found.filter(|(key, _)| *key != "x-rust-name" && !DOCUMENTATION.contains(key));
    (rust_name(&member.found, name), canonical::object(said), member.required)
}

/// The members that the other side lacks: one that is the same in Rust takes the place of another.
fn only<'d>(members: &Members<'d>, others: &Members<'d>) -> HashMap<InRust, &'d str> {
    let lacking = members.iter().filter(|(name, _)| !others.contains_key(**name));
    lacking.map(|(name, member)| (in_rust(name, member), *name)).collect()
}
