//! Findings of the checks: each says what to write instead.

use crate::diagnostic::Diagnostics;
use crate::spec::Document;

/// What the checks found so far.
pub(super) struct Findings<'a> {
    document: &'a Document,
    list: Diagnostics,
}

impl<'a> Findings<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self { document, list: Diagnostics::default() }
    }

    /// On the value at `pointer`, or on what should have had it.
    pub(super) fn at(&mut self, pointer: &str, message: impl Into<String>, help: impl Into<String>) {
        self.list.push(self.document.finding(pointer, message, help.into()));
    }

    /// On the key of the value at `pointer`.
    pub(super) fn at_key(&mut self, pointer: &str, message: impl Into<String>, help: impl Into<String>) {
        self.list.push(self.document.key_finding(pointer, message, help.into()));
    }

    /// In the order of the document.
    pub(super) fn sorted(self) -> Diagnostics {
        self.list.into_result(()).err().unwrap_or_default()
    }
}
