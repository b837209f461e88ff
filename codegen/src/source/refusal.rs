//! The refusal of a value, which becomes a finding when it is reported.

use std::fmt;

use super::document::Document;
use crate::diagnostic::{Diagnostic, Help};

/// The reason why a value cannot be read, with the place of the value and a help text.
///
/// The reader of a value returns the refusal, and the caller of the reader reports it. The caller
/// is the check, or the lowering of a document that was not checked. So both give the same finding
/// about the same value.
pub struct Refusal<'a> {
    pub(super) pointer: String,
    pub(super) on_key: bool,
    pub(super) message: String,
    pub(super) help: Box<dyn FnOnce(&Document) -> Help + 'a>,
}

impl<'a> Refusal<'a> {
    /// Creates the refusal of the value at `pointer`, or of the object that should have the value.
    pub(crate) fn new(pointer: impl Into<String>, message: impl Into<String>, help: impl Into<Help> + 'a) -> Self {
        Self::with_help(pointer, message, move |_| help.into())
    }

    /// Creates the refusal of a value. `help` is called only if the finding is listed.
    pub(crate) fn with_help(
        pointer: impl Into<String>,
        message: impl Into<String>,
        help: impl FnOnce(&Document) -> Help + 'a,
    ) -> Self {
        Self { pointer: pointer.into(), on_key: false, message: message.into(), help: Box::new(help) }
    }

    /// Returns the same refusal with the key of the value as its place.
    #[must_use]
    pub(crate) fn on_key(self) -> Self {
        Self { on_key: true, ..self }
    }

    /// Returns the refusal as a finding on a document.
    pub(super) fn into_finding(self, document: &Document) -> Diagnostic {
        let Self { pointer, on_key, message, help } = self;
        let position = if on_key { document.key_position(&pointer) } else { document.position(&pointer) };
        let help = help(document).on(&pointer);
        Diagnostic::error(document.place(&pointer, position), message, Some(help))
    }
}

impl fmt::Debug for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal").field("pointer", &self.pointer).field("message", &self.message).finish()
    }
}
