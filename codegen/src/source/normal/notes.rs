//! The changes that were made to a document, as findings.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Effect, Help, LeftOut, Level, kind, thousands};
use crate::source::document::Document;

/// The warnings about the changes to a document, and the operations that were left out.
#[derive(Clone, Debug)]
pub struct Notes {
    findings: Diagnostics,
    /// The places of the examples that were left out.
    dropped_examples: HashSet<String>,
}

impl Default for Notes {
    fn default() -> Self {
        Self { findings: Diagnostics::complete(), dropped_examples: HashSet::new() }
    }
}

impl Notes {
    /// Adds a warning on the value at `pointer`: it lacked something, which was made up.
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

    /// Adds the note that an operation is left out, at `pointer`.
    pub(super) fn leave_out(
        &mut self,
        document: &Document,
        pointer: &str,
        route: String,
        reason: &str,
        help: impl Into<Help>,
    ) {
        let finding = document.finding(pointer, format!("`{route}` is left out: {reason}"), Some(help.into()));
        self.push(Diagnostic { level: Level::LeftOut, left_out: Some(LeftOut::Operation(route)), ..finding });
    }

    /// Remembers that an example is left out. Returns false if it was left out before, and came
    /// back.
    pub(super) fn drop_example(&mut self, pointer: &str) -> bool {
        self.dropped_examples.insert(pointer.to_owned())
    }

    /// Adds a note.
    pub(super) fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// Returns the notes if there is no error among them.
    ///
    /// # Errors
    /// Returns the errors if there are any.
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

    /// Returns the notes as text, grouped by their effect. Of each kind of note, the text has the
    /// first note and the number of the others. It names all operations that are left out.
    #[must_use]
    pub fn by_kind(&self) -> String {
        let mut text = String::new();
        let mut is_cut = group(&mut text, "left out", self.of_level(Level::LeftOut));
        for effect in BY_WEIGHT {
            let is_of = |finding: &&Diagnostic| finding.effect.unwrap_or(Effect::Relaxed) == effect;
            is_cut |= group(&mut text, effect.name(), self.of_level(Level::Warning).filter(is_of));
        }
        if is_cut {
            text.push_str("(--verbose lists all findings)\n");
        }
        text
    }

    /// Returns all notes, in the order of the document.
    #[must_use]
    pub fn into_findings(self) -> Diagnostics {
        self.findings.into_result(()).err().unwrap_or_default()
    }
}

/// The effects of warnings. Those that matter most to a user come first.
const BY_WEIGHT: [Effect; 4] = [Effect::Untyped, Effect::Relaxed, Effect::Ignored, Effect::Synthesised];

/// Adds a group of notes to a text: a heading with the number of notes and kinds, then the first
/// note of each kind. Returns whether there are notes that are not shown.
fn group<'a>(text: &mut String, name: &str, findings: impl Iterator<Item = &'a Diagnostic>) -> bool {
    let mut kinds: IndexMap<u64, Vec<&Diagnostic>> = IndexMap::new();
    for finding in findings {
        kinds.entry(kind(&finding.message)).or_default().push(finding);
    }
    let count: usize = kinds.values().map(Vec::len).sum();
    if count == 0 {
        return false;
    }
    let plural = |count: usize, noun: &str| format!("{} {noun}{}", thousands(count), if count == 1 { "" } else { "s" });
    text.push_str(&format!("{name}: {} of {}\n", plural(count, "finding"), plural(kinds.len(), "kind")));
    for findings in kinds.values() {
        let Some((first, others)) = findings.split_first() else { continue };
        text.push_str(&format!("{first}\n"));
        if !others.is_empty() {
            let routes: Vec<String> = others.iter().filter_map(|other| other.left_out.as_ref()).map(route).collect();
            let colon = if routes.is_empty() { "" } else { ": " };
            text.push_str(&format!("  and {} more like this{colon}{}\n", thousands(others.len()), routes.join(", ")));
        }
    }
    count > kinds.len()
}

/// Returns the name that messages use for an operation that is left out.
fn route(left_out: &LeftOut) -> String {
    match left_out {
        LeftOut::Operation(name) | LeftOut::Path(name) => format!("`{name}`"),
    }
}
