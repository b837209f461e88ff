//! A finding that has not been reported yet.

use std::fmt;

use super::document::Document;
use crate::diagnostic::Help;

/// The reason why a value cannot be read, with its place and a help.
///
/// The reader of a value returns it. The caller of the reader reports it: the check, or the
/// lowering of a document that the check did not see. So both give the same finding on the same
/// value.
pub struct Refusal<'a> {
    pub(super) pointer: String,
    pub(super) on_key: bool,
    pub(super) message: String,
    pub(super) help: Box<dyn FnOnce(&Document) -> Help + 'a>,
}

impl<'a> Refusal<'a> {
    /// Refuses the value at `pointer`, or the object that should have had it.
    pub(crate) fn new(pointer: impl Into<String>, message: impl Into<String>, help: impl Into<Help> + 'a) -> Self {
        Self::with_help(pointer, message, move |_| help.into())
    }

    /// Refuses a value. `help` is called only if the finding is listed.
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
}

impl fmt::Debug for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal").field("pointer", &self.pointer).field("message", &self.message).finish()
    }
}
