//! The resolved view of a document, which the check, the lowering and the comparison read.
//!
//! A value of the view is a [`Located`]: a node with its JSON pointer, from which its position
//! follows. [`References`] follows `$ref`s. The readers in `schema`, `openapi`, `openrpc` and
//! `extensions` convert values to types of their own.

use super::document::Document;
use super::located::Located;
use super::references::{ComponentKind, References, Resolved};
use super::refusal::Refusal;
use super::standard::Standard;

/// A document of a known standard, with its `$ref`s.
pub struct View<'a> {
    pub(crate) document: &'a Document,
    pub(crate) standard: Standard,
    references: References<'a>,
}

impl<'a> View<'a> {
    pub(crate) fn new(document: &'a Document, standard: Standard) -> Self {
        Self { document, standard, references: References::new(document) }
    }

    /// Returns the whole document.
    pub(crate) fn root(&self) -> Located<'a> {
        Located { pointer: String::new(), node: self.document.root() }
    }

    /// Returns the value at a pointer.
    pub(crate) fn at(&self, pointer: &str) -> Option<Located<'a>> {
        Some(Located { pointer: pointer.to_owned(), node: self.document.node(pointer)? })
    }

    /// Returns the components of a kind, each with its name.
    pub(crate) fn components(&self, kind: ComponentKind) -> impl Iterator<Item = (&'a str, Located<'a>)> + use<'a> {
        let section = self.root().get("components").and_then(|components| components.get(kind.section()));
        section.into_iter().flat_map(|section| section.members())
    }

    /// Follows the `$ref`s at a place, and returns the object that they lead to.
    ///
    /// # Errors
    /// Returns the refusal of a `$ref` that does not lead to a component of this kind.
    pub(crate) fn resolve(&self, place: Located<'a>, kind: ComponentKind) -> Result<Resolved<'a>, Refusal<'a>> {
        self.references.resolve(place, kind)
    }

    /// Returns the same as [`resolve`](Self::resolve), or `None` in place of a refusal. The check
    /// reports such a `$ref`.
    pub(crate) fn resolved(&self, place: Located<'a>, kind: ComponentKind) -> Option<Located<'a>> {
        self.resolve(place, kind).ok().map(|resolved| resolved.at)
    }

    /// Checks that the `$ref` at a place leads to a component of a kind.
    ///
    /// # Errors
    /// Returns the refusal of a `$ref` that does not.
    pub(crate) fn judge(&self, place: &Located<'a>, kind: ComponentKind) -> Result<(), Refusal<'a>> {
        self.references.judge(place, kind)
    }
}

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View").field("file", &self.document.file()).field("standard", &self.standard).finish()
    }
}
