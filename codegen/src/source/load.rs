//! Reads the files of a spec into one document.

use std::collections::HashSet;

use super::bundle::{self, Files, directory, referenced_files};
use super::document::Document;
use super::findings::Findings;
use super::lines;
use super::normal::{declare_decimals, in_version_three};
use super::overlay::apply;
use super::unwritten;
use super::yaml_numbers;
use crate::diagnostic::{Diagnostic, Diagnostics, Location};

/// The maximum number of files to which the `$ref`s of a document lead. A position has 8 bits for
/// its file, so all files, with the overlays, are at most 256.
const MAX_OTHERS: usize = 200;

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
    /// Creates a file from its name and its text.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Creates a file from its name and its bytes.
    ///
    /// # Errors
    /// Returns a finding if the bytes are not UTF-8.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Box<Diagnostic>> {
        let name = name.into();
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => {
                let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
                let at = lines::end(&String::from_utf8_lossy(valid));
                let location = Location { file: name, line: at.line, column: at.column, pointer: String::new() };
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
    /// The files that the `$ref`s of the document lead to. The name of each begins with the
    /// directory of the document.
    pub others: Vec<SpecFile>,
    /// True if warnings are errors, whatever the document says.
    deny_warnings: bool,
}

impl Spec {
    /// Creates a spec of one file.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { document: SpecFile::new(name, text), overlays: Vec::new(), others: Vec::new(), deny_warnings: false }
    }

    /// Adds an overlay, which is applied after the others.
    #[must_use]
    pub fn with_overlay(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.overlays.push(SpecFile::new(name, text));
        self
    }

    /// Adds a file that a `$ref` leads to. Its name begins with the directory of the document.
    #[must_use]
    pub fn with_file(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.others.push(SpecFile::new(name, text));
        self
    }

    /// Adds the files that the `$ref`s of all files lead to. `read` returns the text of a file, or
    /// `None` if there is no such file; then each `$ref` to it is a finding. There are at most 200
    /// such files; a `$ref` to any further file is a finding too.
    #[must_use]
    pub fn with_files_beside(mut self, mut read: impl FnMut(&str) -> Option<String>) -> Self {
        let directory = directory(&self.document.name).to_owned();
        let path = |name: &str| name.strip_prefix(&directory).unwrap_or(name).to_owned();
        let mut seen: HashSet<String> = self.files().map(|file| path(&file.name)).collect();
        let mut next: Vec<(String, String)> = self.files().map(|file| (path(&file.name), file.text.clone())).collect();
        while let Some((path, text)) = next.pop() {
            for path in referenced_files(&path, &text) {
                if self.others.len() >= MAX_OTHERS || !seen.insert(path.clone()) {
                    continue;
                }
                let name = format!("{directory}{path}");
                if let Some(text) = read(&name) {
                    self.others.push(SpecFile::new(name, text.clone()));
                    next.push((path, text));
                }
            }
        }
        self.others.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }

    /// Turns warnings into errors, as `x-strict` does.
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
        [&self.document].into_iter().chain(&self.overlays).chain(&self.others)
    }
}

/// Reads the document of a spec with the files that it refers to, and applies its overlays.
///
/// # Errors
/// Returns the findings on the text of the files, and on the actions of the overlays.
pub fn load(spec: &Spec) -> Result<Document, Diagnostics> {
    let document = load_with_notes(spec)?;
    let mut findings = Diagnostics::default();
    document.text_notes().losses().cloned().for_each(|finding| findings.push(finding));
    findings.into_result(document)
}

/// Reads the document of a spec. The findings on its files are kept as notes on the document, so
/// that its content can be checked as well.
///
/// # Errors
/// If the document itself cannot be read, returns the findings on all files that cannot be read.
pub fn load_with_notes(spec: &Spec) -> Result<Document, Diagnostics> {
    let mut document = match Document::parse(&spec.document.name, &spec.document.text) {
        Ok(document) => document,
        Err(mut findings) => {
            for SpecFile { name, text } in spec.overlays.iter().chain(&spec.others) {
                findings.extend(Document::parse_at(name, 1, text).err().unwrap_or_default());
            }
            return Err(findings);
        }
    };
    yaml_numbers::resolve(&mut document);
    let others = spec.others.iter().map(|file| (file.name.as_str(), file.text.as_str()));
    let files = Files::read(&mut document, others, yaml_numbers::resolve);
    bundle::hoist(&mut document, &files);
    for SpecFile { name, text } in &spec.overlays {
        let Some(index) = document.add_overlay(name) else {
            let location = Location { file: name.clone(), line: 1, column: 1, pointer: String::new() };
            let message = "a document has at most 255 overlays and other files";
            let finding = Diagnostic::error(location, message, Some("merge some of them".into()));
            document.text_notes_mut().findings.push(finding);
            break;
        };
        let applied = Document::parse_at(name, index, text).and_then(|overlay| {
            // An overlay is written for this generator, so its text is checked like that of a
            // strict document.
            let mut findings = apply(document.root_mut(), &overlay).err().unwrap_or_default();
            findings.extend(text_findings(&overlay));
            findings.into_result(())
        });
        if let Err(faults) = applied {
            document.text_notes_mut().findings.extend(faults.iter().cloned());
        }
    }
    if !spec.overlays.is_empty() {
        bundle::hoist(&mut document, &files);
    }
    if let Err(faults) = declare_decimals(&mut document) {
        document.text_notes_mut().findings.extend(faults.iter().cloned());
    }
    Ok(document)
}

/// Returns the number of descriptions of a spec that are to be written, and the place of the first.
/// Returns `None` if there are none, or if the spec cannot be read.
#[must_use]
pub fn gaps(spec: &Spec) -> Option<(usize, Location)> {
    // Most specs have none. Reading a spec again takes as long as a part of its generation.
    let may_have = spec.files().any(|file| file.text.contains(unwritten::GAP_WORD));
    if may_have { unwritten::count(&load_with_notes(spec).ok()?) } else { None }
}

/// Reads the document of a spec to compare it: with its overlays applied and its other files read,
/// in OpenAPI 3 or OpenRPC. Nothing is added to the document, and nothing that it states is left
/// out.
///
/// # Errors
/// The findings for which a part of the document is lost.
pub fn load_to_compare(spec: &Spec) -> Result<Document, Diagnostics> {
    Ok(in_version_three(load(spec)?))
}

/// Returns all findings on the text of a document.
fn text_findings(document: &Document) -> Diagnostics {
    let mut findings = Findings::new(document);
    findings.of_text();
    findings.sorted()
}
