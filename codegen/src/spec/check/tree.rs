//! The document with what each of its objects is, and where references lead.

use std::cell::RefCell;
use std::collections::HashMap;

use super::findings::Findings;
use super::grammar::Sort;
use super::tables::{OPENAPI, OPENRPC};
use super::version::Dialect;
use super::walk::{Reference, Site, walk};
pub(super) use crate::spec::found::Found;
use crate::spec::{Document, Node, pointer_segments};

/// A document whose keys are known.
pub(super) struct Tree<'a> {
    pub(super) document: &'a Document,
    pub(super) dialect: Dialect,
    pub(super) references: Vec<Reference<'a>>,
    sites: HashMap<Sort, Vec<Site<'a>>>,
    /// How many `$ref`s lead from a target to what it means; `None` in a circle.
    hops: RefCell<HashMap<String, Option<usize>>>,
    /// What has to stand at the end of the `$ref` in the object at a pointer.
    wanted: HashMap<String, Sort>,
}

impl<'a> Tree<'a> {
    pub(super) fn grow(document: &'a Document, dialect: Dialect, findings: &mut Findings<'_>) -> Self {
        let shape = match dialect {
            Dialect::OpenApi => &OPENAPI,
            Dialect::OpenRpc => &OPENRPC,
        };
        let (sites, references) = walk(document.root(), shape, dialect, findings);
        let wanted = references.iter().map(|reference| (reference.pointer.clone(), reference.sort)).collect();
        let mut by_sort: HashMap<Sort, Vec<Site<'a>>> = HashMap::new();
        for site in sites {
            by_sort.entry(site.sort).or_default().push(site);
        }
        Self { document, dialect, references, sites: by_sort, hops: RefCell::default(), wanted }
    }

    /// The whole document.
    pub(super) fn root(&self) -> Found<'a> {
        Found { pointer: String::new(), node: self.document.root() }
    }

    /// The value at a pointer.
    pub(super) fn at(&self, pointer: &str) -> Option<Found<'a>> {
        Some(Found { pointer: pointer.to_owned(), node: self.document.node(pointer)? })
    }

    /// All objects of a sort, references left out.
    pub(super) fn sites(&self, sort: Sort) -> impl Iterator<Item = Found<'a>> {
        let of_sort = self.sites.get(&sort).into_iter().flatten();
        of_sort.map(|site| Found { pointer: site.pointer.clone(), node: site.node })
    }

    /// The object itself, or the one that its `$ref`s lead to; `None` where they lead nowhere, in a circle, or to
    /// something of another sort.
    pub(super) fn resolve(&self, found: Found<'a>) -> Option<Found<'a>> {
        let mut found = found;
        for _ in 0..=MAX_HOPS {
            match found.node.get("$ref") {
                None => return Some(found),
                Some(target) => {
                    let target = target.as_str()?;
                    let section = self.wanted.get(&found.pointer)?.section()?;
                    found = self.component(target).filter(|_| in_section(target, section))?;
                }
            }
        }
        None
    }

    /// How many `$ref`s lead from a target to what it means, or into the void; `None` where they lead in a circle.
    pub(super) fn hops(&self, target: &str) -> Option<usize> {
        let mut known = self.hops.borrow_mut();
        let mut way = Vec::new();
        let mut next = Some(target);
        let mut hops = Some(0);
        while let Some(target) = next {
            if let Some(found) = known.get(target) {
                hops = *found;
                break;
            }
            // On the way, until it is known better, each leads in a circle.
            known.insert(target.to_owned(), None);
            way.push(target);
            next = self.component(target).and_then(|found| found.node.get("$ref")).and_then(Node::as_str);
        }
        for target in way.into_iter().rev() {
            hops = hops.map(|hops| hops + 1);
            known.insert(target.to_owned(), hops);
        }
        known.get(target).copied().flatten()
    }

    /// What a `$ref` names.
    pub(super) fn component(&self, target: &str) -> Option<Found<'a>> {
        let pointer = target.strip_prefix('#')?;
        match pointer_segments(pointer)?.as_slice() {
            [components, _, _] if components == "components" => self.at(pointer),
            _ => None,
        }
    }
}

fn in_section(target: &str, section: &str) -> bool {
    target
        .strip_prefix("#/components/")
        .and_then(|rest| rest.strip_prefix(section))
        .is_some_and(|rest| rest.starts_with('/'))
}

/// How many `$ref`s may lead from one to the next.
pub(super) const MAX_HOPS: usize = 32;
