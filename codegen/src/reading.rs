//! Reads the files of a spec into the model, with a report of the changes to its document.

use crate::diagnostic::{Diagnostics, Level};
use crate::model::{self, Api};
use crate::source::{self, Document, Notes, Spec};

/// The maximum number of rounds in which a document is degraded. A round can cause findings of the
/// next one: a removed component leaves `$ref`s without a target.
const ROUNDS: usize = 8;

/// An API, and the changes to its document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reading {
    /// The API.
    pub api: Api,
    /// The warnings, and the operations that were left out. Empty for a strict document, and if
    /// warnings are errors.
    pub notes: Notes,
}

/// Reads the API that a spec describes.
///
/// A document that is not strict is completed where something is missing. Schemas without an exact
/// type become any JSON value. An operation is left out if its requests or responses would be
/// wrong. The notes of the reading list all of these changes.
///
/// # Errors
/// Returns all findings on a strict document. For any other document, returns only the findings
/// that prevent a client.
pub(crate) fn read(spec: &Spec) -> Result<Reading, Diagnostics> {
    Ok(read_document(source::load_with_notes(spec)?, spec.denies_warnings())?.1)
}

/// Reads the API that a document describes. Returns the document in the form that was lowered.
///
/// # Errors
/// Returns findings in the same cases as [`read`].
pub(crate) fn read_document(document: Document, denies_warnings: bool) -> Result<(Document, Reading), Diagnostics> {
    if denies_warnings || source::is_strict(&document) {
        let api = lower(&document)?;
        return Ok((document, Reading { api, notes: Notes::default() }));
    }
    let mut notes = Notes::default();
    let mut document = source::normalise(document, &mut notes);
    let mut round = 0;
    loop {
        round += 1;
        source::complete_examples(&mut document, &mut notes);
        match lower_noting(&document, &mut notes) {
            Ok(api) => return Ok((document, Reading { api, notes: notes.without_errors()? })),
            Err(mut findings) if round > ROUNDS || !source::degrade(&mut document, &findings, &mut notes) => {
                // The faults of the text did not prevent the other findings, so both are returned.
                if let Err(faults) = notes.without_errors() {
                    findings.extend(faults);
                }
                return Err(findings.into_result(()).err().unwrap_or_default());
            }
            Err(_) => {}
        }
    }
}

fn lower(document: &Document) -> Result<Api, Diagnostics> {
    model::lower(&source::read(document)?)
}

/// Lowers a document in normal form, and notes the parts that none of its operations uses.
fn lower_noting(document: &Document, notes: &mut Notes) -> Result<Api, Diagnostics> {
    let view = source::read(document)?;
    let api = model::lower(&view)?;
    source::note_unused(&view, notes);
    Ok(api)
}

impl Reading {
    /// Returns the API if no operation was left out.
    ///
    /// # Errors
    /// Returns the findings on the operations that were left out.
    pub(crate) fn complete(self) -> Result<Api, Diagnostics> {
        let mut left_out = Diagnostics::default();
        self.notes.of_level(Level::LeftOut).cloned().for_each(|finding| left_out.push(finding));
        left_out.into_result(self.api)
    }
}
