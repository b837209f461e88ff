//! Changes of real specs at every place where they apply, each with the expected changes in both
//! directions.

mod bodies;
mod extensions;
mod members;
mod operations;
mod parameters;
mod rows;
mod schemas;
mod silent;

use std::collections::BTreeSet;

use crate::expect::{Told, mirror, told, told_of};
use crate::sites::{Site, is_rpc, sites};
use crate::tree::{Json, split};
use crate::usages::{Map, Usage};

/// A change of a document; `None` where it does not apply (any more).
pub(crate) type Edit = Box<dyn Fn(&mut Json) -> Option<()>>;

/// The expected changes of descriptions and examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Documentation {
    Stays,
    Changes,
    /// Either: examples follow what they are of.
    Any,
}

/// A change at one place.
pub(crate) struct Mutant {
    pub(crate) kind: &'static str,
    /// The place, as a JSON pointer.
    pub(crate) place: String,
    /// A change of both documents before.
    prepare: Vec<Edit>,
    edit: Edit,
    /// The expected changes, each exactly once.
    pub(crate) there: Vec<Told>,
    /// The expected changes in the other direction.
    pub(crate) back: Vec<Told>,
    /// Rules that may apply as well: consequences that depend on other uses of the place.
    pub(crate) also: Vec<&'static str>,
    /// The operations that all that has to be told touches.
    pub(crate) operations: Option<BTreeSet<String>>,
    pub(crate) documentation: Documentation,
    /// Crates are generated from both sides.
    pub(crate) generated: bool,
    /// What is told stands elsewhere: at all that refer to the place.
    pub(crate) elsewhere: bool,
    /// Examples stay as they are on both sides, or are what is changed.
    pub(crate) fits: bool,
}

impl Mutant {
    /// Returns a change without expected changes.
    fn new(kind: &'static str, place: &str, edit: Edit) -> Self {
        Self {
            kind,
            place: place.to_owned(),
            prepare: Vec::new(),
            edit,
            there: Vec::new(),
            back: Vec::new(),
            also: Vec::new(),
            operations: None,
            documentation: Documentation::Any,
            generated: true,
            elsewhere: false,
            fits: false,
        }
    }

    /// This has to be told, and its mirror of the way back.
    fn tells(mut self, rule: &str) -> Self {
        self.there.push(told(rule));
        self.back.push(told(mirror(rule)));
        self
    }

    /// This has to be told of a schema that is used in these ways, and its mirror of the way back.
    fn tells_of<'w>(mut self, rule: &str, ways: impl IntoIterator<Item = &'w Usage> + Clone) -> Self {
        self.there.push(told_of(rule, ways.clone()));
        self.back.push(told_of(mirror(rule), ways));
        self
    }

    /// Exactly these have to be told there, and these of the way back.
    fn tells_exactly(self, there: Vec<Told>, back: Vec<Told>) -> Self {
        Self { there, back, ..self }
    }

    /// The last that was said has another verdict there than its kind.
    fn but_there(mut self, change: impl Fn(&mut Told)) -> Self {
        self.there.last_mut().into_iter().for_each(change);
        self
    }

    /// The last that was said has another verdict on the way back than its kind.
    fn but_back(mut self, change: impl Fn(&mut Told)) -> Self {
        self.back.last_mut().into_iter().for_each(change);
        self
    }

    fn also(mut self, rules: &[&'static str]) -> Self {
        self.also.extend_from_slice(rules);
        self
    }

    fn prepared(mut self, edit: Edit) -> Self {
        self.prepare.push(edit);
        self
    }

    fn touching(self, operations: impl IntoIterator<Item = String>) -> Self {
        Self { operations: Some(operations.into_iter().collect()), ..self }
    }

    fn documented(self, documentation: Documentation) -> Self {
        Self { documentation, ..self }
    }

    fn told_elsewhere(self) -> Self {
        Self { elsewhere: true, ..self }
    }

    fn fitting(self) -> Self {
        Self { fits: true, ..self }
    }

    fn not_generated(self) -> Self {
        Self { generated: false, ..self }
    }

    /// Does to a document what comes before the change.
    pub(crate) fn prepare(&self, document: &mut Json) -> Option<()> {
        self.prepare.iter().try_for_each(|edit| edit(document))
    }

    /// Changes a document.
    pub(crate) fn edit(&self, document: &mut Json) -> Option<()> {
        (self.edit)(document)
    }
}

/// All changes of a document.
pub(crate) fn mutants(document: &Json) -> Vec<Mutant> {
    let found = Located {
        document,
        rpc: is_rpc(document),
        sites: sites(document),
        map: Map::of(document),
        changes: Vec::new(),
        named: named_bodies(document),
    };
    let mut found = found;
    operations::all(&mut found);
    parameters::all(&mut found);
    bodies::all(&mut found);
    schemas::all(&mut found);
    members::all(&mut found);
    rows::all(&mut found);
    extensions::all(&mut found);
    silent::all(&mut found);
    found.changes
}

/// A document, and the changes that were found for it so far.
struct Located<'d> {
    document: &'d Json,
    rpc: bool,
    sites: Vec<Site>,
    map: Map,
    changes: Vec<Mutant>,
    /// Schemas of bodies one of whose members `x-idempotent` names.
    named: BTreeSet<String>,
}

impl Located<'_> {
    fn push(&mut self, mutant: Mutant) {
        self.changes.push(mutant);
    }

    fn at(&self, pointer: &str) -> &Json {
        self.document.at(pointer).unwrap_or_else(|| panic!("there is {pointer}"))
    }
}

fn named_bodies(document: &Json) -> BTreeSet<String> {
    let map = Map::of(document);
    let by_member = |pointer: &str| {
        let idempotent = document.at(pointer).and_then(|operation| operation.get("x-idempotent"));
        idempotent.is_some_and(|idempotent| idempotent.has("when-present"))
    };
    map.operations.iter().filter(|operation| by_member(&operation.pointer)).filter_map(|o| o.body.clone()).collect()
}

/// One of several.
pub(crate) fn at_random<'t, T>(all: &'t [T], rng: &mut fastrand::Rng) -> Option<&'t T> {
    let index = (!all.is_empty()).then(|| rng.usize(..all.len()))?;
    all.get(index)
}

/// An edit of the value at a place.
fn at(pointer: &str, edit: impl Fn(&mut Json) -> Option<()> + 'static) -> Edit {
    let pointer = pointer.to_owned();
    Box::new(move |document| edit(document.at_mut(&pointer)?))
}

/// Sets a member of the object at a place.
fn set(pointer: &str, key: &'static str, value: Json) -> Edit {
    at(pointer, move |object| object.set(key, value.clone()))
}

/// Takes a member of the object at a place out.
fn unset(pointer: &str, key: &'static str) -> Edit {
    at(pointer, move |object| object.remove(key).map(|_| ()))
}

/// Takes the value at a place out.
fn remove(pointer: &str) -> Edit {
    let (parent, key) = split(pointer).unwrap_or_else(|| panic!("{pointer} is in something"));
    at(parent, move |holder| match holder {
        Json::Object(members) => members.shift_remove(&key).map(|_| ()),
        Json::List(elements) => {
            let index = key.parse().ok().filter(|index| *index < elements.len())?;
            elements.remove(index);
            Some(())
        }
        _ => None,
    })
}

/// Appends to the list at a place.
fn push(pointer: &str, value: Json) -> Edit {
    at(pointer, move |list| {
        list.elements_mut()?.push(value.clone());
        Some(())
    })
}

/// One edit after the other.
fn both(first: Edit, second: Edit) -> Edit {
    Box::new(move |document| first(document).and_then(|()| second(document)))
}
