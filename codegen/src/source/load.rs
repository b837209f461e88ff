//! Reads the files of a spec into one document.

use super::document::Document;
use super::overlay::apply;
use crate::diagnostic::{Diagnostic, Diagnostics, Location};

/// A file, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecFile {
    /// The name in messages: `specs/btse-spot.yaml`. A file whose name ends with `.json` is read as
    /// JSON, any other file as YAML.
    pub name: String,
    /// The content.
    pub text: String,
}

impl SpecFile {
    /// Returns a file.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Returns a file from its bytes.
    ///
    /// # Errors
    /// Bytes that are not UTF-8.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Box<Diagnostic>> {
        let name = name.into();
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => {
                let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
                let last_line = valid.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
                let location = Location {
                    file: name,
                    line: 1 + valid.iter().filter(|byte| **byte == b'\n').count(),
                    column: 1 + String::from_utf8_lossy(last_line).chars().count(),
                    pointer: String::new(),
                };
                let help = "save the file as UTF-8".into();
                Err(Box::new(Diagnostic::error(location, "this is not UTF-8", Some(help))))
            }
        }
    }
}

/// The files that describe an API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spec {
    /// The document of the API. The stem of its name is the name of the venue.
    pub document: SpecFile,
    /// The overlays, in the order in which they are applied.
    pub overlays: Vec<SpecFile>,
    /// True if warnings are errors, whatever the document says.
    deny_warnings: bool,
}

impl Spec {
    /// Returns a spec of one file.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { document: SpecFile::new(name, text), overlays: Vec::new(), deny_warnings: false }
    }

    /// Adds an overlay, which is applied after the others.
    #[must_use]
    pub fn with_overlay(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.overlays.push(SpecFile::new(name, text));
        self
    }

    /// Makes warnings errors, as `x-strict` does.
    #[must_use]
    pub fn deny_warnings(self) -> Self {
        Self { deny_warnings: true, ..self }
    }

    /// Returns whether warnings are errors, whatever the document says.
    #[must_use]
    pub fn denies_warnings(&self) -> bool {
        self.deny_warnings
    }

    /// Returns all files, the document first.
    pub fn files(&self) -> impl Iterator<Item = &SpecFile> {
        [&self.document].into_iter().chain(&self.overlays)
    }
}

/// Reads the document of a spec, and applies its overlays.
///
/// # Errors
/// All findings on the text of the files, and on the actions of the overlays.
pub fn load(spec: &Spec) -> Result<Document, Diagnostics> {
    let mut findings = Diagnostics::default();
    let mut document = match Document::parse(&spec.document.name, &spec.document.text) {
        Ok(document) => Some(document),
        Err(faults) => {
            findings.extend(faults);
            None
        }
    };
    for SpecFile { name, text } in &spec.overlays {
        let index = document.as_mut().map_or(Some(0), |document| document.add_file(name));
        let Some(index) = index else {
            let location = Location { file: name.clone(), line: 1, column: 1, pointer: String::new() };
            let message = "a document has at most 255 overlays and other files";
            findings.push(Diagnostic::error(location, message, Some("merge some of them".into())));
            break;
        };
        let applied = Document::parse_at(name, index, text).and_then(|overlay| match &mut document {
            Some(document) => apply(document.root_mut(), &overlay),
            None => Ok(()),
        });
        if let Err(faults) = applied {
            findings.extend(faults);
        }
    }
    match document {
        Some(document) => findings.into_result(document),
        None => Err(findings),
    }
}
