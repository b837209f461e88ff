//! Findings on a text that can be read in spite of them.

use crate::diagnostic::{Diagnostic, Effect, Level};

/// The findings on a text that can be read in spite of them. Each is an error in a strict document.
#[derive(Clone, Debug, Default)]
pub(in crate::source) struct TextNotes {
    /// The findings, each with its level in a document that is not strict.
    pub(in crate::source) findings: Vec<Diagnostic>,
    /// The plain scalars that are numbers in YAML, but not in JSON.
    pub(in crate::source) numbers: Vec<YamlNumber>,
}

/// A plain scalar that is a number in YAML, but not in JSON, such as `0x1F`. Its value is text
/// until `yaml_numbers` has looked at its place.
#[derive(Clone, Debug)]
pub(in crate::source) struct YamlNumber {
    /// The finding on it in a strict document.
    pub(in crate::source) finding: Diagnostic,
    /// The number that it means in YAML 1.2, in JSON's grammar; `None` if it means none there.
    pub(in crate::source) number: Option<Box<str>>,
    /// True if each place of the scalar declares text.
    pub(in crate::source) is_text: bool,
}

impl TextNotes {
    /// Adds the notes on another text.
    pub(in crate::source) fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.numbers.extend(other.numbers);
    }

    /// Returns all findings, with their levels in a document that is not strict.
    pub(in crate::source) fn iter(&self) -> impl Iterator<Item = Diagnostic> {
        let numbers = self.numbers.iter().filter(|number| !number.is_text);
        let numbers = numbers.map(|number| Diagnostic {
            level: Level::Warning,
            effect: Some(Effect::Relaxed),
            ..number.finding.clone()
        });
        self.findings.iter().cloned().chain(numbers)
    }

    /// Returns the findings for which a part of the document is lost.
    pub(in crate::source) fn losses(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().filter(|finding| finding.level > Level::Warning)
    }
}
