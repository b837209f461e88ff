//! Objects and their members.

use indexmap::IndexMap;

use super::types::Rust;
use super::view::View;
use super::{Pair, within};
use crate::diff::contract::{below, resolve};
use crate::diff::differ::{Differ, Finding, Use};
use crate::diff::names::rust_name;
use crate::diff::report::{Level, Subject};
use crate::diff::rules;
use crate::spec::found::Found;
use crate::spec::{Document, Node};

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

/// The members of both. Where only one of them is composed (`allOf`), those of its parts are among its own.
pub(super) fn members<'d>(
    old_document: &'d Document,
    new_document: &'d Document,
    old: &View<'d>,
    new: &View<'d>,
) -> (Members<'d>, Members<'d>) {
    let flat = old.is_composed() != new.is_composed();
    let of = |document: &'d Document, view: &View<'d>| {
        let mut members = Members::new();
        gather(document, view, if flat { MAX_PARTS } else { 0 }, &mut members);
        members
    };
    (of(old_document, old), of(new_document, new))
}

/// How deep `allOf`s may be inside one another.
const MAX_PARTS: usize = 8;

fn gather<'d>(document: &'d Document, view: &View<'d>, depth: usize, members: &mut Members<'d>) {
    for (name, found) in view.members() {
        let member = Member { view: View::of(document, found.clone()), found, required: view.requires(name) };
        members.entry(name).or_insert(member);
    }
    if let Some(depth) = depth.checked_sub(1) {
        for part in view.at.list("allOf") {
            gather(document, &View { at: resolve(document, part), null: None }, depth, members);
        }
    }
    // A part can require what another has.
    for (name, member) in members {
        member.required |= view.requires(name);
    }
}

impl<'d> Differ<'d> {
    pub(super) fn compare_members(&mut self, pair: &Pair<'d>) {
        let Pair { old, new, used, subject, .. } = pair;
        let (old_members, new_members) = members(self.old.document, self.new.document, old, new);
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
                    self.report(match successor(name, before, &old_members, &new_members) {
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
            self.report(match successor(name, after, &new_members, &old_members) {
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
        let option = |member: &Member<'_>| !member.required || member.nullable();
        let finding = if option(before) == option(after) {
            let finding = finding.source_read(Level::Safe, "it is an `Option` before and after");
            finding.source_sent(Level::Breaking, "the setter of the builder takes another type, or must be called")
        } else {
            finding
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
        self.report(finding.used(*used));
    }
}

fn closed(view: &View<'_>) -> bool {
    view.at.node.get("additionalProperties").and_then(Node::as_bool) == Some(false)
}

/// Whether an old client takes a required one that is missing for null.
fn reads_missing(member: &Member<'_>) -> bool {
    Rust::of(&member.view).reads_missing_as_null()
}

/// The member of the other side that has the same name and type in Rust, and is none of this side's.
fn successor<'m, 'd>(
    name: &str,
    member: &Member<'d>,
    own: &Members<'d>,
    others: &'m Members<'d>,
) -> Option<&'m &'d str> {
    let of = |name: &str, member: &Member<'_>| rust_name(&member.found, name);
    let rust = of(name, member);
    let same =
        |other: &Member<'_>| Rust::of(&other.view) == Rust::of(&member.view) && other.required == member.required;
    let mut found = others.iter().filter(|(other, after)| of(other, after) == rust && same(after));
    found.find(|(other, _)| !own.contains_key(**other)).map(|(other, _)| other)
}
