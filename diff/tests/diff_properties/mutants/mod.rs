//! Changes of real specs at every place where they apply, each with the expected changes in both
//! directions.

mod bodies;
mod extensions;
mod operations;
mod parameters;
mod properties;
mod rows;
mod schemas;
mod silent;

use std::collections::BTreeSet;

use venuekit_json::Tree;

pub(crate) use self::operations::named_by_socket;
use crate::expect::{Expected, expected, expected_for, mirror};
use crate::sites::{Site, is_rpc, sites};
use crate::tree::{TreeExt, split};
use crate::usages::{Map, Usage};

/// A change of a document. It returns `None` if it does not apply, or no longer applies.
pub(crate) type Edit = Box<dyn Fn(&mut Tree) -> Option<()>>;

/// The expected changes of descriptions and examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Documentation {
    Stays,
    Changes,
    /// Both are allowed: examples change together with their values.
    Any,
}

/// A change at one place.
pub(crate) struct Mutant {
    pub(crate) kind: &'static str,
    /// The place, as a JSON pointer.
    pub(crate) place: String,
    /// A change that is made to both documents before the comparison.
    prepare: Vec<Edit>,
    edit: Edit,
    /// The expected changes, each exactly once.
    pub(crate) there: Vec<Expected>,
    /// The expected changes in the other direction.
    pub(crate) back: Vec<Expected>,
    /// Rules that may also apply, because of other uses of the place.
    pub(crate) also: Vec<&'static str>,
    /// The operations of all expected changes.
    pub(crate) operations: Option<BTreeSet<String>>,
    pub(crate) documentation: Documentation,
    /// True if crates can be generated from both sides.
    pub(crate) generated: bool,
    /// True if the expected changes are at the places that refer to this place.
    pub(crate) elsewhere: bool,
    /// True if the test must not adapt the examples to the schemas.
    pub(crate) fits: bool,
}

impl Mutant {
    /// Returns a mutant without expected changes.
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

    /// Expects this rule, and its mirror in the other direction.
    fn expects(mut self, rule: &str) -> Self {
        self.there.push(expected(rule));
        self.back.push(expected(mirror(rule)));
        self
    }

    /// Expects this rule for a schema with these usages, and its mirror in the other direction.
    fn expects_for<'w>(mut self, rule: &str, usages: impl IntoIterator<Item = &'w Usage> + Clone) -> Self {
        self.there.push(expected_for(rule, usages.clone()));
        self.back.push(expected_for(mirror(rule), usages));
        self
    }

    /// Expects exactly these changes, and their opposites in the other direction.
    fn expects_exactly(self, there: Vec<Expected>, back: Vec<Expected>) -> Self {
        Self { there, back, ..self }
    }

    /// Changes the verdict of the last expected change.
    fn but_there(mut self, change: impl Fn(&mut Expected)) -> Self {
        self.there.last_mut().into_iter().for_each(change);
        self
    }

    /// Changes the verdict of the last expected change in the other direction.
    fn but_back(mut self, change: impl Fn(&mut Expected)) -> Self {
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

    fn found_elsewhere(self) -> Self {
        Self { elsewhere: true, ..self }
    }

    fn fitting(self) -> Self {
        Self { fits: true, ..self }
    }

    fn not_generated(self) -> Self {
        Self { generated: false, ..self }
    }

    /// Makes the changes that come before the mutation.
    pub(crate) fn prepare(&self, document: &mut Tree) -> Option<()> {
        self.prepare.iter().try_for_each(|edit| edit(document))
    }

    /// Makes the mutation.
    pub(crate) fn edit(&self, document: &mut Tree) -> Option<()> {
        (self.edit)(document)
    }
}

/// Returns all mutants of a document.
pub(crate) fn mutants(document: &Tree) -> Vec<Mutant> {
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
    properties::all(&mut found);
    rows::all(&mut found);
    extensions::all(&mut found);
    silent::all(&mut found);
    found.changes
}

/// A document, and its mutants so far.
struct Located<'d> {
    document: &'d Tree,
    rpc: bool,
    sites: Vec<Site>,
    map: Map,
    changes: Vec<Mutant>,
    /// Schemas of bodies with a property that `x-idempotent` names.
    named: BTreeSet<String>,
}

impl Located<'_> {
    fn push(&mut self, mutant: Mutant) {
        self.changes.push(mutant);
    }

    fn at(&self, pointer: &str) -> &Tree {
        self.document.at(pointer).unwrap_or_else(|| panic!("nothing is at {pointer}"))
    }
}

fn named_bodies(document: &Tree) -> BTreeSet<String> {
    let map = Map::of(document);
    let by_member = |pointer: &str| {
        let idempotent = document.at(pointer).and_then(|operation| operation.get("x-idempotent"));
        idempotent.is_some_and(|idempotent| idempotent.has("when-present"))
    };
    map.operations.iter().filter(|operation| by_member(&operation.pointer)).filter_map(|o| o.body.clone()).collect()
}

/// Returns one of several values; `None` if there are none.
pub(crate) fn at_random<'t, T>(all: &'t [T], rng: &mut fastrand::Rng) -> Option<&'t T> {
    let index = (!all.is_empty()).then(|| rng.usize(..all.len()))?;
    all.get(index)
}

/// Returns an edit of the value at a place.
fn at(pointer: &str, edit: impl Fn(&mut Tree) -> Option<()> + 'static) -> Edit {
    let pointer = pointer.to_owned();
    Box::new(move |document| edit(document.at_mut(&pointer)?))
}

/// Returns an edit that sets a property of the object at a place.
fn set(pointer: &str, key: &'static str, value: Tree) -> Edit {
    at(pointer, move |object| object.set(key, value.clone()))
}

/// Returns whether an operation counts as a cancel: by its extension, or else by its method or id.
fn counts_as_cancel(operation: &Tree, pointer: &str) -> bool {
    let id = operation.text("operationId").or(operation.text("name")).unwrap_or_default();
    match operation.get("x-cancels") {
        Some(_) => operation.flag("x-cancels"),
        None => pointer.ends_with("/delete") || id.to_lowercase().contains("cancel"),
    }
}

/// Returns an edit that removes a property of the object at a place.
fn unset(pointer: &str, key: &'static str) -> Edit {
    at(pointer, move |object| object.remove(key).map(|_| ()))
}

/// Returns an edit that removes the value at a place.
fn remove(pointer: &str) -> Edit {
    let (parent, key) = split(pointer).unwrap_or_else(|| panic!("{pointer} has no parent"));
    at(parent, move |holder| holder.remove_segment(&key).map(|_| ()))
}

/// Returns an edit that appends a value to the list at a place.
fn push(pointer: &str, value: Tree) -> Edit {
    at(pointer, move |list| {
        list.elements_mut()?.push(value.clone());
        Some(())
    })
}

/// Returns an edit that makes two edits, one after the other.
fn both(first: Edit, second: Edit) -> Edit {
    Box::new(move |document| first(document).and_then(|()| second(document)))
}
