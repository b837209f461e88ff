//! What a single value may be: type, bounds, default.

use super::Pair;
use super::bounds::{self, Turn};
use super::types::{Relation, Rust, relation};
use super::view::View;
use crate::canonical;
use crate::comparison::{Level, Subject};
use crate::contract::below;
use crate::differ::{Differ, Finding};
use crate::rules;
use venuekit_codegen::spec::Document;

/// Keys of a schema that are compared somewhere; what else differs is said as such.
const KNOWN: [&str; 35] = [
    "type",
    "format",
    "enum",
    "const",
    "nullable",
    "readOnly",
    "writeOnly",
    "deprecated",
    "default",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "oneOf",
    "anyOf",
    "allOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "multipleOf",
    "uniqueItems",
    "pattern",
    "xml",
    "x-tuple",
    "x-always",
    "x-enum-varnames",
    "x-rust-name",
    "$comment",
];

impl<'d> Differ<'d> {
    /// Types and formats; gives whether what is inside is worth a look.
    pub(super) fn compare_types(&mut self, pair: &Pair<'d>) -> bool {
        let Pair { old, new, used, .. } = pair;
        let (before, after) = (Rust::of(old), Rust::of(new));
        if pair.reshaped()
            && (old.types() == new.types() || before == Rust::Alternatives || after == Rust::Alternatives)
        {
            let finding = self.of_whole(&rules::SHAPE_CHANGED, pair);
            // Any JSON admits whatever the other is.
            let any = |document, view: &View<'_>| Rust::of(view) == Rust::Json || is_list_of_any(document, view);
            let finding = match (any(self.old.document, old), any(self.new.document, new)) {
                _ if before == Rust::Alternatives || after == Rust::Alternatives => {
                    finding.wire(Level::Safe, "which alternatives came and went is said by themselves")
                }
                (true, false) => finding.wire_read(Level::Safe, "old clients read anything"),
                (false, true) => finding.wire_sent(Level::Safe, "anything may be sent"),
                _ => finding,
            };
            self.report(finding);
            return false;
        }
        // A schema that only puts others together has the types of those.
        let only_all = |view: &View<'_>| view.is_composed() && view.at.node.get("type").is_none();
        if !old.alternatives().is_empty() || only_all(old) || only_all(new) {
            return true;
        }
        // That any value became one of a list is said of the list.
        let untyped = old.types().is_empty() || new.types().is_empty();
        if untyped && old.values().is_some() != new.values().is_some() {
            return true;
        }
        let text_only = (used.sent_as_text() || used.header) && !used.read();
        let rule = match relation(old, new, !text_only) {
            Relation::Same => return true,
            Relation::Wider => &rules::TYPE_WIDENED,
            Relation::Narrower => &rules::TYPE_NARROWED,
            Relation::Other => &rules::TYPE_CHANGED,
        };
        let mut finding = self.of_whole(rule, pair);
        if used.sent_as_text() && matches!(relation(old, new, false), Relation::Same | Relation::Wider) {
            finding = finding.wire_sent(Level::Safe, "what old clients send still fits, as text");
        }
        if before == after && before != Rust::Several {
            finding = finding.source(Level::Safe, format!("it stays {} in Rust", before.name()));
            if !self.ours() {
                // Who reads it otherwise may not.
            } else if before == Rust::Decimal {
                finding = finding.wire_read(Level::Safe, "decimals are read from numbers and strings alike");
            } else if rule != &rules::TYPE_NARROWED {
                let reason = format!("clients read it as {}, but a program may not be ready for it", before.name());
                finding = finding.wire_read(Level::Risky, reason);
            }
        } else if self.ours() && matches!(before, Rust::TextEnum | Rust::IntegerEnum) && after.is_scalar() {
            finding = finding.wire_read(Level::Risky, "old clients take every value for one that they do not know");
        }
        self.report(finding);
        if old.types() != new.types() && rule != &rules::TYPE_CHANGED && before.is_scalar() && after.is_scalar() {
            self.compare_bounds(pair);
        }
        old.types() == new.types()
    }

    /// A finding on a value as a whole: what it was, what it is.
    pub(super) fn of_whole(&self, rule: &'static rules::Rule, pair: &Pair<'d>) -> Finding {
        let Pair { old, new, used, subject, site, .. } = pair;
        let key = if old.types() == new.types() { "format" } else { "type" };
        let pointer = if new.component().is_some() && !pair.same_component() {
            // Another component is referred to, or one where there was none.
            site.clone()
        } else if new.at.node.get(key).is_some() {
            below(&new.at, key)
        } else {
            new.at.pointer.clone()
        };
        let say = |document, view: &View<'d>| {
            if pair.same_component() { view.describe_content(document) } else { view.describe(document) }
        };
        let finding = Finding::new(rule, subject.clone(), pointer).used(*used);
        let named = Rust::of(old).is_named() || Rust::of(new).is_named();
        let finding = match used.held || named || pair.same_component() {
            true => finding,
            false => finding.source(Level::Safe, "nothing in the crate holds it"),
        };
        finding.was(say(self.old.document, old)).is(say(self.new.document, new))
    }

    pub(super) fn compare_bounds(&mut self, pair: &Pair<'d>) {
        let Pair { old, new, .. } = pair;
        for change in bounds::changes(old, new) {
            let rule = match change.turn {
                Turn::Set => &rules::BOUND_SET,
                Turn::Unset => &rules::BOUND_UNSET,
                Turn::Tightened => &rules::BOUND_TIGHTENED,
                Turn::Loosened => &rules::BOUND_LOOSENED,
                Turn::Changed => &rules::BOUND_CHANGED,
            };
            let finding = self.of_key(rule, pair, change.key);
            let finding = Finding { was: change.was, is: change.is, ..finding };
            self.report(match change.turn {
                Turn::Unset | Turn::Loosened if !self.ours() => {
                    finding.wire_read(Level::Breaking, "clients may count on what was promised")
                }
                _ => finding,
            });
        }
        // A pattern that admits everything is none.
        let pattern =
            |view: &View<'_>| view.at.text("pattern").filter(|p| !matches!(*p, "" | ".*" | "^.*$")).map(str::to_owned);
        let (was, is) = (pattern(old), pattern(new));
        let rule = match (&was, &is) {
            (None, Some(_)) => &rules::PATTERN_SET,
            (Some(_), None) => &rules::PATTERN_UNSET,
            (Some(before), Some(after)) if before != after => &rules::PATTERN_CHANGED,
            _ => return,
        };
        let finding = self.of_key(rule, pair, "pattern");
        self.report(Finding { was, is, ..finding });
    }

    pub(super) fn compare_defaults(&mut self, pair: &Pair<'d>) {
        let value = |view: &View<'_>| view.at.node.get("default").map(canonical::text);
        let (was, is) = (value(&pair.old), value(&pair.new));
        let rule = match (&was, &is) {
            (None, Some(_)) => &rules::DEFAULT_ADDED,
            (Some(_), None) => &rules::DEFAULT_REMOVED,
            (Some(before), Some(after)) if before != after && !bounds::same_number(before, after) => {
                &rules::DEFAULT_CHANGED
            }
            _ => return,
        };
        let finding = Finding { was, is, ..self.of_key(rule, pair, "default") };
        self.report(match pair.left_out {
            true => finding,
            false => finding.wire(Level::Safe, "it is never left out").source(Level::Safe, "it is never left out"),
        });
    }

    pub(super) fn compare_deprecation(&mut self, pair: &Pair<'d>) {
        let rule = match (pair.old.at.flag("deprecated"), pair.new.at.flag("deprecated")) {
            (false, true) => &rules::MEMBER_DEPRECATED,
            (true, false) => &rules::MEMBER_REACTIVATED,
            _ => return,
        };
        let finding = self.of_key(rule, pair, "deprecated");
        self.report(finding);
    }

    /// Keys that are compared nowhere else. A reference that is left leads nowhere in this document.
    pub(super) fn compare_keywords(&mut self, pair: &Pair<'d>) {
        self.other_keys(&pair.old.at, &pair.new.at, &KNOWN, &pair.subject);
    }

    /// A finding on a key of a schema, in the new document if it is there.
    pub(super) fn of_key(&self, rule: &'static rules::Rule, pair: &Pair<'d>, key: &str) -> Finding {
        let subject: Subject = pair.subject.clone();
        let finding = if pair.new.at.node.get(key).is_some() {
            Finding::new(rule, subject, below(&pair.new.at, key))
        } else if pair.old.at.node.get(key).is_some() {
            Finding::old(rule, subject, below(&pair.old.at, key))
        } else {
            Finding::new(rule, subject, pair.new.at.pointer.clone())
        };
        finding.used(pair.used)
    }
}

/// A list of any JSON.
fn is_list_of_any(document: &Document, view: &View<'_>) -> bool {
    let items = view.at.get("items").filter(|_| view.columns().is_none());
    items.is_some_and(|items| Rust::of(&View::of(document, items)) == Rust::Json)
}
