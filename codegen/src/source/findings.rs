//! The findings on a document. Each has a help text with the correct form.

use super::document::Document;
use super::node::{Position, json_text};
use super::refusal::Refusal;
use crate::diagnostic::{Change, Diagnostic, Diagnostics, Help, Level, Location, Remedy};

/// The findings of one run of the check or the lowering.
pub(crate) struct Findings<'a> {
    document: &'a Document,
    list: Diagnostics,
}

/// A help text that is made only if its finding is listed. For findings that are not listed, this
/// saves the search through all names.
pub(crate) struct Later<F>(pub(crate) F);

impl<F: FnOnce() -> Help> From<Later<F>> for Help {
    fn from(later: Later<F>) -> Self {
        (later.0)()
    }
}

/// The pointer that, in an edit of a help text, stands for the place of the finding itself.
pub(crate) const HERE: &str = "";

impl<'a> Findings<'a> {
    /// Returns an empty list of findings on a document.
    pub(crate) fn new(document: &'a Document) -> Self {
        let list = if document.is_normal() { Diagnostics::complete() } else { Diagnostics::default() };
        Self { document, list }
    }

    /// Returns the document that the findings are about.
    pub(crate) fn document(&self) -> &'a Document {
        self.document
    }

    /// Adds the findings on the text of the document.
    pub(crate) fn of_text(&mut self) {
        let notes = self.document.text_notes();
        let numbers = notes.numbers.iter().map(|number| &number.finding);
        for finding in notes.findings.iter().chain(numbers) {
            let Location { line, column, pointer, .. } = &finding.location;
            self.list.push_with((*line, *column), pointer, finding.message.clone(), |_| Diagnostic {
                level: Level::Error,
                effect: None,
                ..finding.clone()
            });
        }
    }

    /// Adds a finding on the value at `pointer`, or on the object that should have the value.
    pub(crate) fn at(&mut self, pointer: &str, message: impl Into<String>, help: impl Into<Help>) {
        let position = self.document.position(pointer);
        self.add(pointer, position, message.into(), |_| help.into());
    }

    /// Adds a finding on the key of the value at `pointer`.
    pub(crate) fn at_key(&mut self, pointer: &str, message: impl Into<String>, help: impl Into<Help>) {
        let position = self.document.key_position(pointer);
        self.add(pointer, position, message.into(), |_| help.into());
    }

    /// Adds a finding on an unknown key, at the key of the value at `pointer`.
    pub(crate) fn unknown_key(&mut self, pointer: &str, message: impl Into<String>, help: impl Into<Help>) {
        let position = self.document.key_position(pointer);
        self.add_with(Remedy::DropKey, pointer, position, message.into(), |_| help.into());
    }

    /// Adds the refusal of a reader as a finding.
    pub(crate) fn refuse(&mut self, refusal: Refusal<'_>) {
        let Refusal { pointer, on_key, message, help } = refusal;
        let position = if on_key { self.document.key_position(&pointer) } else { self.document.position(&pointer) };
        self.add(&pointer, position, message, help);
    }

    /// Returns the value that a reader returned. If the reader refused, the refusal becomes a
    /// finding, and the result is `None`.
    pub(crate) fn take<T>(&mut self, read: Result<T, Refusal<'_>>) -> Option<T> {
        read.map_err(|refusal| self.refuse(refusal)).ok()
    }

    fn add(&mut self, pointer: &str, position: Position, message: String, help: impl FnOnce(&Document) -> Help) {
        self.add_with(Remedy::None, pointer, position, message, help);
    }

    fn add_with(
        &mut self,
        remedy: Remedy,
        pointer: &str,
        position: Position,
        message: String,
        help: impl FnOnce(&Document) -> Help,
    ) {
        let document = self.document;
        self.list.push_with((position.line, position.column), pointer, message, |message| {
            let location = document.place(pointer, position);
            let finding = Diagnostic::error(location, message, Some(help(document).on(pointer)));
            Diagnostic { remedy, ..finding }
        });
    }

    /// Returns `value` if there are no findings.
    ///
    /// # Errors
    /// Returns the findings, in the order of the document, if there are any.
    pub(crate) fn into_result<T>(self, value: T) -> Result<T, Diagnostics> {
        self.list.into_result(value)
    }

    /// Returns the findings in the order of the document.
    pub(crate) fn sorted(self) -> Diagnostics {
        self.list.into_result(()).err().unwrap_or_default()
    }
}

/// Returns the help to write a text in place of the value.
pub(crate) fn write_text(help: impl Into<Help>, text: &str) -> Help {
    help.into().with(HERE, Change::Set(json_text(text)))
}

/// Returns the help to write JSON in place of the value.
pub(crate) fn write_json(help: impl Into<Help>, json: impl Into<String>) -> Help {
    help.into().with(HERE, Change::Set(json.into()))
}

/// Returns the help to leave the value out.
pub(crate) fn leave_out(help: impl Into<Help>) -> Help {
    help.into().with(HERE, Change::Remove)
}
