//! Findings of the checks: each says what to write instead.

use crate::diagnostic::{Change, Diagnostic, Diagnostics, Help};
use crate::spec::Document;
use crate::spec::node::json_text;

/// What the checks found so far.
pub(super) struct Findings<'a> {
    document: &'a Document,
    list: Diagnostics,
}

/// Help that is made only if its finding is listed: a search among all names is not made for each of many findings.
pub(super) struct Later<F>(pub(super) F);

impl<F: FnOnce() -> Help> From<Later<F>> for Help {
    fn from(later: Later<F>) -> Self {
        (later.0)()
    }
}

/// The value or the key that a finding is on, in the edits of its help.
pub(super) const HERE: &str = "";

impl<'a> Findings<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self { document, list: Diagnostics::default() }
    }

    /// On the value at `pointer`, or on what should have had it.
    pub(super) fn at(&mut self, pointer: &str, message: impl Into<String>, help: impl Into<Help>) {
        let position = self.document.position(pointer);
        self.add(pointer, position, message.into(), help);
    }

    /// On the key of the value at `pointer`.
    pub(super) fn at_key(&mut self, pointer: &str, message: impl Into<String>, help: impl Into<Help>) {
        let position = self.document.key_position(pointer);
        self.add(pointer, position, message.into(), help);
    }

    fn add(&mut self, pointer: &str, position: crate::spec::Position, message: String, help: impl Into<Help>) {
        let document = self.document;
        self.list.push_with((position.line, position.column), pointer, message, |message| {
            let location = document.place(pointer, position);
            Diagnostic { location, message, help: Some(help.into().on(pointer)) }
        });
    }

    /// Text in the quotes of the document's language.
    pub(super) fn quoted(&self, text: &str) -> String {
        if self.document.is_json() { json_text(text) } else { format!("'{}'", text.replace('\'', "''")) }
    }

    /// An example of what to write, with its quotes in the document's language.
    pub(super) fn example(&self, example: &str) -> String {
        if !self.document.is_json() {
            return example.to_owned();
        }
        let mut text = String::with_capacity(example.len());
        let mut is_open = false;
        for c in example.chars() {
            // An apostrophe follows a letter.
            let opens = !is_open && text.ends_with([' ', '[', '{', '(']);
            if c == '\'' && (opens || is_open) {
                is_open = !is_open;
                text.push('"');
            } else {
                text.push(c);
            }
        }
        text
    }

    /// Returns whether the document is JSON by its name.
    pub(super) fn is_json(&self) -> bool {
        self.document.is_json()
    }

    /// In the order of the document.
    pub(super) fn sorted(self) -> Diagnostics {
        self.list.into_result(()).err().unwrap_or_default()
    }
}

/// Help to write a text in place of the value.
pub(super) fn write_text(help: impl Into<Help>, text: &str) -> Help {
    help.into().with(HERE, Change::Set(json_text(text)))
}

/// Help to write JSON in place of the value.
pub(super) fn write_json(help: impl Into<Help>, json: impl Into<String>) -> Help {
    help.into().with(HERE, Change::Set(json.into()))
}

/// Help to leave the value out.
pub(super) fn leave_out(help: impl Into<Help>) -> Help {
    help.into().with(HERE, Change::Remove)
}
