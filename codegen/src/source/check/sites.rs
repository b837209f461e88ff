//! The objects of a document, by kind.

use std::collections::HashMap;

use super::walk::{Reference, Site, walk};
use crate::source::document::Document;
use crate::source::findings::Findings;
use crate::source::located::Located;
use crate::source::references::ComponentKind;
use crate::source::shapes::grammar::ObjectKind;
use crate::source::shapes::{openapi::OPENAPI, openrpc::OPENRPC};
use crate::source::standard::Standard;
use crate::source::view::View;

/// A document whose keys were checked, and its objects by kind.
pub(super) struct Sites<'a> {
    pub(super) view: View<'a>,
    /// All `$ref`s.
    pub(super) references: Vec<Reference<'a>>,
    by_kind: HashMap<ObjectKind, Vec<Site<'a>>>,
}

impl<'a> Sites<'a> {
    /// Walks the document, and adds the findings on its keys.
    pub(super) fn new(document: &'a Document, standard: Standard, findings: &mut Findings<'_>) -> Self {
        let shape = match standard {
            Standard::OpenApi => &OPENAPI,
            Standard::OpenRpc => &OPENRPC,
        };
        let (sites, references) = walk(document.root(), shape, standard, findings);
        let mut by_kind: HashMap<ObjectKind, Vec<Site<'a>>> = HashMap::new();
        for site in sites {
            by_kind.entry(site.kind).or_default().push(site);
        }
        Self { view: View::new(document, standard), references, by_kind }
    }

    /// Returns the whole document.
    pub(super) fn root(&self) -> Located<'a> {
        self.view.root()
    }

    /// Returns the JSON pointer and the kind of each object that is not a `$ref`.
    pub(super) fn kinds(self) -> Vec<(String, ObjectKind)> {
        let all = self.by_kind.into_values().flatten();
        all.map(|site| (site.pointer, site.kind)).collect()
    }

    /// Returns all objects of a kind that are not `$ref`s.
    pub(super) fn all(&self, kind: ObjectKind) -> impl Iterator<Item = Located<'a>> {
        let of_kind = self.by_kind.get(&kind).into_iter().flatten();
        of_kind.map(|site| Located { pointer: site.pointer.clone(), node: site.node })
    }

    /// Returns the object to which the `$ref`s at a place lead; `None` if they lead to none.
    pub(super) fn resolved(&self, place: Located<'a>, kind: ComponentKind) -> Option<Located<'a>> {
        self.view.resolved(place, kind)
    }
}
