//! Rows: arrays whose positions have meanings.

use super::view::View;
use super::{Pair, Step, within};
use crate::comparison::Level;
use crate::contract::below;
use crate::differ::{Differ, Finding};
use crate::names::rust_name;
use crate::rules;
use venuekit_codegen::spec::found::Found;

/// The columns of two rows.
#[derive(Default)]
struct Aligned<'d> {
    pairs: Vec<Column<'d>>,
    gone: Vec<(usize, Found<'d>)>,
    come: Vec<(usize, Found<'d>)>,
}

/// A column in both.
struct Column<'d> {
    name: &'d str,
    old: Found<'d>,
    new: Found<'d>,
    before: usize,
    after: usize,
}

/// By name first; what is left at the same position has another name.
fn align<'d>(old: &View<'d>, new: &View<'d>) -> Aligned<'d> {
    let (Some(old), Some(new)) = (old.columns(), new.columns()) else { return Aligned::default() };
    let mut gone: Vec<(usize, Found<'d>)> = old.into_iter().enumerate().collect();
    let mut come: Vec<(usize, Found<'d>)> = new.into_iter().enumerate().collect();
    let mut pairs = Vec::new();
    let alike: [&dyn Fn(&(usize, Found<'_>), &(usize, Found<'_>)) -> bool; 2] =
        [&|(_, old), (_, new)| old.text("name") == new.text("name"), &|(before, _), (after, _)| before == after];
    for alike in alike {
        gone.retain(|column| {
            let found = come.iter().position(|other| alike(column, other));
            if let Some(at) = found {
                let (after, new) = come.remove(at);
                let (before, old) = column.clone();
                pairs.push(Column { name: new.text("name").unwrap_or_default(), old, new, before, after });
            }
            found.is_none()
        });
    }
    pairs.sort_by_key(|column| column.after);
    Aligned { pairs, gone, come }
}

/// The schemas of columns that are in both.
pub(super) fn parts<'d>(old: &View<'d>, new: &View<'d>) -> Vec<(Found<'d>, Found<'d>, Step<'d>)> {
    let (old_always, new_always) = (always(old), always(new));
    let columns = align(old, new).pairs.into_iter().filter_map(|Column { name, old, new, before, after }| {
        let optional = (before >= old_always, after >= new_always);
        let step = Step::Member { name, optional, read_only: false, write_only: false, column: true };
        Some((old.get("schema")?, new.get("schema")?, step))
    });
    columns.collect()
}

impl<'d> Differ<'d> {
    pub(super) fn compare_rows(&mut self, pair: &Pair<'d>) {
        let Pair { old, new, used, subject, .. } = pair;
        let (old_always, new_always) = (always(old), always(new));
        let Aligned { pairs, gone, come } = align(old, new);
        let last = pairs.iter().map(|column| column.after).max();
        if pairs.iter().any(|column| column.before != column.after) {
            let names = |view: &View<'_>| {
                let columns = view.columns().unwrap_or_default();
                columns.iter().filter_map(|column| column.text("name")).collect::<Vec<_>>().join(", ")
            };
            let finding = Finding::new(&rules::COLUMNS_MOVED, subject.clone(), below(&new.at, "x-tuple"));
            self.report(finding.was(names(old)).is(names(new)).used(*used));
        }
        for Column { name, old, new, before, after } in pairs {
            self.documentation(&old, &new);
            let was = old.text("name").unwrap_or_default();
            if was != name {
                let finding = Finding::new(&rules::COLUMN_RENAMED, within(subject, name), new.pointer.clone());
                let finding = finding.was(was).is(name).used(*used);
                let kept = rust_name(&old, was) == rust_name(&new, name);
                self.report(if kept { finding.source(Level::Safe, "the field keeps its name") } else { finding });
            }
            let rule = match (before < old_always, after < new_always) {
                (true, false) => &rules::COLUMN_BECAME_OPTIONAL,
                (false, true) => &rules::COLUMN_BECAME_REQUIRED,
                _ => continue,
            };
            let need = |always: bool| if always { "required" } else { "optional" };
            let finding = Finding::new(rule, within(subject, name), new.pointer.clone()).used(*used);
            let finding = finding.was(need(before < old_always)).is(need(after < new_always));
            let schema = old.get("schema").map(|schema| View::of(self.old.document, schema));
            self.report(match schema.is_some_and(|schema| schema.null.is_some()) {
                true => finding.source_read(Level::Safe, "it is an `Option` before and after"),
                false => finding,
            });
        }
        let describe = |document, column: &Found<'d>| {
            column.get("schema").map(|schema| View::of(document, schema).describe(document)).unwrap_or_default()
        };
        for (index, column) in gone {
            let rule =
                if index < old_always { &rules::REQUIRED_COLUMN_REMOVED } else { &rules::OPTIONAL_COLUMN_REMOVED };
            let subject = within(subject, column.text("name").unwrap_or_default());
            let was = describe(self.old.document, &column);
            self.report(Finding::old(rule, subject, column.pointer).was(was).used(*used));
        }
        for (index, column) in come {
            let rule = if index < new_always { &rules::REQUIRED_COLUMN_ADDED } else { &rules::OPTIONAL_COLUMN_ADDED };
            let subject = within(subject, column.text("name").unwrap_or_default());
            let is = describe(self.new.document, &column);
            let finding = Finding::new(rule, subject, column.pointer).is(is).used(*used);
            self.report(match last > Some(index) {
                true => finding.wire(Level::Breaking, "the columns after it are not where old clients look for them"),
                false => finding,
            });
        }
    }
}

/// How many columns are always there.
fn always(view: &View<'_>) -> usize {
    let said = view.at.node.get("minItems").and_then(|count| count.as_number()).and_then(|count| count.parse().ok());
    said.unwrap_or_else(|| view.columns().map_or(0, |columns| columns.len()))
}
