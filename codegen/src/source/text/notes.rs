//! The findings on a text that can nevertheless be read.

use crate::diagnostic::{Diagnostic, Effect, Level};

/// The findings on a text that can nevertheless be read. Each is an error in a strict document.
#[derive(Clone, Debug, Default)]
pub(in crate::source) struct TextNotes {
    /// The findings, each with its level in a document that is not strict.
    pub(in crate::source) findings: Vec<Diagnostic>,
    /// The plain scalars that are numbers in YAML, but not in JSON.
    pub(in crate::source) numbers: Vec<YamlNumber>,
}

/// A plain scalar that is a number in YAML, but not in JSON, such as `0x1F`. Its value is text,
/// unless `yaml_numbers` decides otherwise by its place.
#[derive(Clone, Debug)]
pub(in crate::source) struct YamlNumber {
    /// The finding that the scalar is in a strict document.
    pub(in crate::source) finding: Diagnostic,
    /// The number that the scalar means in YAML 1.2, in JSON's grammar; `None` if it means no such
    /// number.
    pub(in crate::source) number: Option<Box<str>>,
    /// True if text is declared at the place of the scalar, and at each place where an alias
    /// repeats it.
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

    /// Returns the findings because of which a part of the document is lost.
    pub(in crate::source) fn losses(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().filter(|finding| finding.level > Level::Warning)
    }
}
