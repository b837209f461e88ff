//! Schemas: which stand for each other, and what differs between them.
//!
//! First everything that travels is walked, old and new side by side, and each two schemas that meet are noted once with all the
//! ways in which they are used. Then each pair is compared by itself. So a component that many operations use gives one
//! change, judged by all its uses.

mod alternatives;
mod bounds;
mod facets;
mod objects;
mod rows;
mod types;
mod values;
pub(super) mod view;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::comparison::{Level, Revision, Subject};
use super::differ::{Differ, Finding, Use};
use super::rules;
use types::Rust;
use venuekit_codegen::spec::found::Found;
use view::View;

/// Two schemas that stand for each other.
#[derive(Clone)]
pub(super) struct Pair<'d> {
    pub(super) old: View<'d>,
    pub(super) new: View<'d>,
    pub(super) used: Use,
    pub(super) subject: Subject,
    /// Where the new one is used: itself, or a reference to it.
    site: String,
    /// Whether old clients can leave it out somewhere.
    left_out: bool,
    /// What is inside both.
    inside: Rc<Vec<(Rc<Meeting<'d>>, Step<'d>)>>,
}

/// Two schemas where they are used.
pub(super) struct Meeting<'d> {
    old: View<'d>,
    new: View<'d>,
    /// Where the new one is used.
    site: String,
}

/// In which way two schemas meet: what a [`Way`] says of them.
type Manner = (Use, (bool, bool), bool, Option<(bool, bool)>);

/// More pairs than any spec has; what goes beyond is not compared, and that is said.
const MOST_PAIRS: usize = 50_000;

impl<'d> Pair<'d> {
    /// Both are the same component, whose name says nothing of what changed.
    fn same_component(&self) -> bool {
        self.old.component().is_some() && self.old.component() == self.new.component()
    }

    /// The whole is another, not its parts: of another type, one of several where it was not, a map where it was a struct.
    fn reshaped(&self) -> bool {
        let (old, new) = (Rust::of(&self.old), Rust::of(&self.new));
        let types = self.old.types();
        if self.old.is_composed() || self.new.is_composed() || (old, new) == (Rust::Alternatives, Rust::Alternatives) {
            return false;
        }
        let compound = matches!(types.as_slice(), ["object"] | ["array"]);
        old == Rust::Alternatives || new == Rust::Alternatives || types != self.new.types() || compound && old != new
    }
}

/// Where null came or went, by the place that says so.
pub(super) struct Nulls {
    revision: Revision,
    subject: Subject,
    used: Use,
    /// Of these, the uses in which null cannot stand for a value that is missing.
    strict: Use,
    /// Whether the type in Rust changes somewhere.
    retyped: bool,
    /// Whether it is, wherever it changes, a `Maybe` before or after.
    maybe: bool,
    was: String,
    is: String,
}

/// The type around the type of a value, for what can be null or missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// None: it is always there.
    Bare,
    /// `Option`: it can be null or missing.
    Option,
    /// `Maybe`: it can be null, and it can be missing.
    Maybe,
}

impl Holder {
    /// `in_object`: in a row null stands for what is missing.
    pub(super) fn of(nullable: bool, optional: bool, in_object: bool) -> Self {
        match (nullable, optional) {
            (false, false) => Self::Bare,
            (true, true) if in_object => Self::Maybe,
            _ => Self::Option,
        }
    }
}

/// How a walk came to where it is.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) operation: Option<String>,
    pub(super) schema: Option<String>,
    pub(super) within: String,
    pub(super) used: Use,
    /// Whether the value may be missing, in the old and in the new document.
    pub(super) optional: (bool, bool),
    /// Whether old clients can leave it out.
    pub(super) left_out: bool,
    /// For what a setter takes as a whole: whether it must be given, in the old and in the new document.
    pub(super) setter: Option<(bool, bool)>,
    /// Whether it is a member of an object, where null is another thing than absence.
    pub(super) in_object: bool,
}

impl Way {
    pub(super) fn of(operation: Option<String>, within: impl Into<String>, used: Use) -> Self {
        Self {
            operation,
            schema: None,
            within: within.into(),
            used,
            optional: (false, false),
            left_out: false,
            setter: None,
            in_object: false,
        }
    }

    pub(super) fn subject(&self) -> Subject {
        Subject {
            operations: self.operation.iter().cloned().collect(),
            schema: self.schema.clone(),
            within: self.within.clone(),
        }
    }

    fn step(&self, step: &Step<'_>) -> Self {
        let within = match step {
            Step::Member { name, .. } => member(&self.within, self.schema.is_some(), name),
            Step::Items => format!("{}[]", self.within),
            Step::Values => format!("{}{{}}", self.within),
            Step::Part => self.within.clone(),
        };
        let optional = match step {
            Step::Member { optional, .. } => *optional,
            Step::Part => self.optional,
            Step::Items | Step::Values => (false, false),
        };
        let mut used = self.used;
        if let Step::Member { read_only, write_only, .. } = step {
            used.request &= !read_only;
            used.reply &= !write_only;
            used.error &= !write_only;
        }
        let left_out = if matches!(step, Step::Part) { self.left_out } else { optional.0 };
        used.held |= matches!(step, Step::Member { .. });
        let setter = self.setter.filter(|_| matches!(step, Step::Part));
        let in_object = match step {
            Step::Member { column, .. } => !column,
            Step::Part => self.in_object,
            Step::Items | Step::Values => false,
        };
        Self { within, optional, left_out, setter, used, in_object, ..self.clone() }
    }
}

/// The path of a member: `fills[].price` in a schema, `reply 200 .fills[].price` in an operation.
fn member(within: &str, in_schema: bool, name: &str) -> String {
    match within {
        "" => name.to_owned(),
        outer if !in_schema && !outer.contains(['.', '[', '{']) => format!("{outer} .{name}"),
        outer => format!("{outer}.{name}"),
    }
}

/// A member of what a change touches.
pub(super) fn within(subject: &Subject, name: &str) -> Subject {
    Subject { within: member(&subject.within, subject.schema.is_some(), name), ..subject.clone() }
}

/// Whether a place is another or inside it.
fn is_inside(pointer: &str, outer: &str) -> bool {
    pointer.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// From a schema to one inside it.
#[derive(Clone)]
pub(super) enum Step<'d> {
    Member {
        name: &'d str,
        optional: (bool, bool),
        read_only: bool,
        write_only: bool,
        /// Whether it is a column of a row.
        column: bool,
    },
    Items,
    Values,
    /// An alternative or requirement of the same value.
    Part,
}

impl<'d> Differ<'d> {
    /// Walks two schemas side by side, and all that is inside them.
    pub(super) fn walk(&mut self, old: Found<'d>, new: Found<'d>, way: &Way) {
        let mut seen = HashSet::new();
        // A list of our own rather than recursion: how deep references lead is up to whoever wrote the spec.
        let mut open = vec![(Rc::new(self.meeting(old, new)), way.clone())];
        while let Some((meeting, way)) = open.pop() {
            let Some((at, way)) = self.meet(&meeting, way, &mut seen) else { continue };
            let Some(inside) = self.pairs.get_index(at).map(|(_, pair)| Rc::clone(&pair.inside)) else { continue };
            let steps = inside.iter().map(|(meeting, step)| (Rc::clone(meeting), way.step(step)));
            open.extend(steps.filter(|(_, way)| way.used.any()).collect::<Vec<_>>().into_iter().rev());
        }
    }

    fn meeting(&self, old: Found<'d>, new: Found<'d>) -> Meeting<'d> {
        let site = new.pointer.clone();
        Meeting { old: View::of(self.old.document, old), new: View::of(self.new.document, new), site }
    }

    /// Notes two schemas that meet; gives the pair and the way into it, unless they have met in the same way on this walk.
    fn meet(
        &mut self,
        meeting: &Meeting<'d>,
        mut way: Way,
        seen: &mut HashSet<(usize, Manner)>,
    ) -> Option<(usize, Way)> {
        let Meeting { old, new, site } = meeting;
        let outer = way.subject();
        if let (Some(_), Some(name)) = (old.component(), new.component()) {
            way = Way { schema: Some(name), within: String::new(), ..way };
        }
        let inside = |view: &View<'_>| view.null.as_deref().is_some_and(|null| is_inside(null, &view.at.pointer));
        self.null(old, new, &way, if inside(old) || inside(new) { way.subject() } else { outer });

        let key = (old.at.pointer.clone(), new.at.pointer.clone());
        let at = match self.pairs.get_index_of(&key) {
            Some(at) => at,
            None if self.pairs.len() >= MOST_PAIRS => {
                self.too_much = true;
                return None;
            }
            None => {
                let pair = Pair {
                    old: old.clone(),
                    new: new.clone(),
                    used: Use::default(),
                    subject: way.subject(),
                    site: site.clone(),
                    left_out: false,
                    inside: Rc::default(),
                };
                let inside = Rc::new(self.parts(&pair));
                self.pairs.insert_full(key, Pair { inside, ..pair }).0
            }
        };
        let (_, pair) = self.pairs.get_index_mut(at)?;
        pair.used = pair.used.or(way.used);
        pair.left_out |= way.left_out;
        pair.subject.also(way.operation.as_deref());
        seen.insert((at, (way.used, way.optional, way.left_out, way.setter))).then_some((at, way))
    }

    /// What is inside two schemas and stands for each other.
    fn parts(&self, pair: &Pair<'d>) -> Vec<(Rc<Meeting<'d>>, Step<'d>)> {
        let Pair { old, new, .. } = pair;
        let mut parts: Vec<(Found<'d>, Found<'d>, Step<'d>)> = Vec::new();
        for (before, after) in alternatives::matched(self.old.document, self.new.document, old, new) {
            parts.push((before, after, Step::Part));
        }
        if !pair.reshaped() {
            let (old_members, mut new_members) = objects::members(self.old.document, self.new.document, old, new);
            for (name, before) in old_members {
                let Some(after) = new_members.swap_remove(name) else { continue };
                // What is sent, or read, in one of the two only came or went there.
                let either = |key: &str| before.view.at.flag(key) || after.view.at.flag(key);
                let step = Step::Member {
                    name,
                    optional: (!before.required, !after.required),
                    read_only: either("readOnly"),
                    write_only: either("writeOnly"),
                    column: false,
                };
                parts.push((before.found, after.found, step));
            }
            let inner = |key: &str| Some((old.at.get(key)?, new.at.get(key)?));
            let rows = old.columns().is_some() || new.columns().is_some();
            if let Some((before, after)) = inner("items").filter(|_| !rows) {
                parts.push((before, after, Step::Items));
            }
            if let Some((before, after)) = inner("additionalProperties")
                && before.node.as_map().is_some()
                && after.node.as_map().is_some()
            {
                parts.push((before, after, Step::Values));
            }
            parts.extend(rows::parts(old, new));
        }
        parts.into_iter().map(|(old, new, step)| (Rc::new(self.meeting(old, new)), step)).collect()
    }

    fn null(&mut self, old: &View<'d>, new: &View<'d>, way: &Way, subject: Subject) {
        // Any JSON may be null as it is.
        let any = |view: &View<'_>| Rust::of(view) == Rust::Json && view.values().is_none();
        let (came, pointer, revision) = match (&old.null, &new.null) {
            (None, Some(pointer)) if !any(old) => (true, pointer, Revision::New),
            (Some(pointer), None) if !any(new) => (false, pointer, Revision::Old),
            _ => return,
        };
        let text = |text: String, null: bool| if null { format!("{text}, or null") } else { text };
        let nulls = self.nulls.entry((came, pointer.clone())).or_insert_with(|| Nulls {
            revision,
            subject,
            used: Use::default(),
            strict: Use::default(),
            retyped: false,
            maybe: true,
            was: text(old.describe(self.old.document), !came),
            is: text(new.describe(self.new.document), came),
        });
        let optional = way.optional;
        nulls.used = nulls.used.or(way.used);
        // An old client can send null for a member that can be missing, if it could be null there.
        if !optional.0 || (!came && way.in_object) {
            nulls.strict = nulls.strict.or(way.used);
        }
        // A setter takes an `Option` only for what must be given and may be null.
        let argument = |null: &Option<String>, required: bool| null.is_some() && required;
        let holder = |null: &Option<String>, optional: bool| Holder::of(null.is_some(), optional, way.in_object);
        let (before, after) = (holder(&old.null, optional.0), holder(&new.null, optional.1));
        let retyped = way.used.held
            && match way.setter {
                Some((before, after)) => argument(&old.null, before) != argument(&new.null, after),
                None => before != after,
            };
        nulls.retyped |= retyped;
        nulls.maybe &= !retyped || way.setter.is_none() && [before, after].contains(&Holder::Maybe);
        nulls.subject.also(way.operation.as_deref());
    }

    /// Walks the components that no operation reaches, then compares all that stands for each other.
    pub(super) fn schemas(&mut self) {
        let new: HashMap<&str, Found<'d>> = self.new.components("schemas").into_iter().collect();
        for (name, before) in self.old.components("schemas") {
            let Some(after) = new.get(name) else { continue };
            if !self.pairs.contains_key(&(before.pointer.clone(), after.pointer.clone())) {
                let way = Way { schema: Some(name.to_owned()), ..Way::of(None, "", Use::unused()) };
                self.walk(before, after.clone(), &way);
            }
        }
        if self.too_much {
            let finding = Finding::new(&rules::KEYWORD_CHANGED, Subject::default(), "");
            self.report(finding.is(format!("more than {MOST_PAIRS} pairs of schemas: the others are not compared")));
        }
        let pairs: Vec<Pair<'d>> = self.pairs.values().cloned().collect();
        for pair in &pairs {
            self.documentation(&pair.old.at, &pair.new.at);
            self.compare_alternatives(pair);
            self.compare_deprecation(pair);
            self.compare_keywords(pair);
            // Of something else there is nothing to compare inside.
            if self.compare_types(pair) {
                self.compare_values(pair);
                self.compare_members(pair);
                self.compare_rows(pair);
                self.compare_bounds(pair);
                self.compare_defaults(pair);
            }
        }
        for ((came, pointer), nulls) in std::mem::take(&mut self.nulls) {
            let Nulls { revision, subject, used, strict, retyped, maybe, was, is } = nulls;
            let rule = if came { &rules::BECAME_NULLABLE } else { &rules::BECAME_NOT_NULLABLE };
            let finding = Finding { revision, ..Finding::new(rule, subject, pointer).was(was).is(is).used(used) };
            let finding = match strict.request || !self.ours() {
                true => finding,
                false => finding.wire_sent(Level::Safe, "it may be missing: clients send no null for it"),
            };
            let finding = match strict.reply || strict.error || !self.ours() {
                true => finding,
                false => finding.wire_read(Level::Safe, "it may be missing: clients read null as nothing"),
            };
            self.report(match (retyped, maybe, came) {
                (false, ..) => finding.source(Level::Safe, "what holds it is of the same type before and after"),
                (true, true, true) => finding.source(Level::Breaking, "it becomes a `Maybe`"),
                (true, true, false) => finding.source(Level::Breaking, "it is no `Maybe` any more"),
                (true, false, _) => finding,
            });
        }
    }
}
