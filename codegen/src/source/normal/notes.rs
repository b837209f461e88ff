//! The changes that were made to a document, as findings.

use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Effect, Help, Level, kind, thousands};
use crate::source::document::Document;

/// The warnings of a reading, and the operations that were left out.
#[derive(Clone, Debug)]
pub struct Notes {
    findings: Diagnostics,
}

impl Default for Notes {
    fn default() -> Self {
        Self { findings: Diagnostics::complete() }
    }
}

impl Notes {
    /// Adds a warning on the value at `pointer`: something that it lacks was made up.
    pub(super) fn synthesised(
        &mut self,
        document: &Document,
        pointer: &str,
        message: impl Into<String>,
        help: impl Into<Help>,
    ) {
        self.warn_of(Effect::Synthesised, document, pointer, message, help);
    }

    /// Adds a warning with this effect on the value at `pointer`.
    pub(super) fn warn_of(
        &mut self,
        effect: Effect,
        document: &Document,
        pointer: &str,
        message: impl Into<String>,
        help: impl Into<Help>,
    ) {
        let finding = document.finding(pointer, message, Some(help.into()));
        self.push(Diagnostic { level: Level::Warning, effect: Some(effect), ..finding });
    }

    /// Adds the note that the operation at `pointer` is left out.
    pub(super) fn leave_out(
        &mut self,
        document: &Document,
        pointer: &str,
        message: impl Into<String>,
        help: impl Into<Help>,
    ) {
        let finding = document.finding(pointer, message, Some(help.into()));
        self.push(Diagnostic { level: Level::LeftOut, ..finding });
    }

    /// Adds a note.
    pub(super) fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// Returns the notes, if there is no error among them.
    ///
    /// # Errors
    /// The errors.
    pub(crate) fn without_errors(self) -> Result<Self, Diagnostics> {
        let mut errors = Diagnostics::default();
        self.of_level(Level::Error).cloned().for_each(|finding| errors.push(finding));
        errors.into_result(self)
    }

    /// Returns the notes.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter()
    }

    /// Returns the notes of a level.
    pub fn of_level(&self, level: Level) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().filter(move |finding| finding.level == level)
    }

    /// Returns all notes as text.
    #[must_use]
    pub fn list(&self) -> String {
        self.iter().map(|finding| format!("{finding}\n")).collect()
    }

    /// Returns the notes as text: the operations that were left out, then the first warning of each
    /// kind with the number of its kind.
    #[must_use]
    pub fn by_kind(&self) -> String {
        let mut text: String = self.of_level(Level::LeftOut).map(|finding| format!("{finding}\n")).collect();
        let mut kinds: IndexMap<u64, (&Diagnostic, usize)> = IndexMap::new();
        for warning in self.of_level(Level::Warning) {
            kinds.entry(kind(&warning.message)).or_insert((warning, 0)).1 += 1;
        }
        for (warning, count) in kinds.values() {
            text.push_str(&format!("{warning}\n"));
            if *count > 1 {
                text.push_str(&format!("  and {} more like this\n", thousands(count - 1)));
            }
        }
        text
    }

    /// Returns all notes, in the order of the document.
    #[must_use]
    pub fn into_findings(self) -> Diagnostics {
        self.findings.into_result(()).err().unwrap_or_default()
    }
}
