//! An element of a batch that failed.

use std::fmt;

use crate::error::api_error::ApiError;
use crate::error::outcome::{CodeMeaning, Outcome};
use crate::redact::Blotter;
use crate::wire::json::Json;

/// An element of a batch that failed, such as one of several orders that were placed together.
///
/// The conditions of the spec decide which elements failed. The same conditions make the
/// whole call an error if every element failed.
///
/// `Display` is one line. `Display`, `Debug`, the code and the message show `***` for the key, the
/// secret and the signature of the request. Only [`json`](Self::json) is unchanged.
#[derive(Clone)]
pub struct FailedElement {
    pub(crate) index: usize,
    pub(crate) pointer: Box<str>,
    pub(crate) outcome: Outcome,
    pub(crate) venue: Option<ApiError>,
    pub(crate) meaning: Option<CodeMeaning>,
    pub(crate) json: Json,
}

impl FailedElement {
    /// Returns the position of the element in its array, from 0. It is the position in the
    /// request if the venue responds in the order of the request.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Returns the JSON pointer to the element in the body: `/responses/1`.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns the outcome of this element over all attempts of the call, by the rules for a whole
    /// call: [`Refused`](Outcome::Refused), or [`Unknown`](Outcome::Unknown) if the element does
    /// not tell whether it was executed.
    ///
    /// After an earlier attempt of unknown outcome it is `Unknown`, unless the code of the element
    /// proves [`Applied`](Outcome::Applied) or [`Gone`](Outcome::Gone). The refusal of an HTTP GET
    /// stays `Refused`.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Returns the venue's error code for this element as text, if there is one.
    pub fn code(&self) -> Option<&str> {
        self.venue.as_ref().and_then(ApiError::code)
    }

    /// Returns the venue's message for this element, if there is one.
    ///
    /// It may have control characters and line breaks; `Display` has neither.
    pub fn message(&self) -> Option<&str> {
        self.venue.as_ref().and_then(ApiError::message)
    }

    /// Returns the element as the venue sent it.
    pub fn json(&self) -> &Json {
        &self.json
    }

    pub(crate) fn set_outcome(&mut self, outcome: Outcome) {
        self.outcome = outcome;
    }

    /// Sets the outcome to the one that holds after an earlier attempt with an unknown outcome.
    pub(crate) fn set_after_unknown(&mut self, is_read: bool) {
        self.outcome = self.outcome.after_unknown(self.meaning, is_read);
    }

    /// Redacts the secrets of the request from all texts that may be printed.
    pub(crate) fn redacted(self, blotter: &Blotter) -> Self {
        Self { venue: self.venue.map(|venue| venue.redacted(blotter)), ..self }
    }
}

impl fmt::Display for FailedElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "element {}: {}", self.index, self.outcome)?;
        match &self.venue {
            Some(venue) => write!(f, ", {venue}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for FailedElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailedElement")
            .field("index", &self.index)
            .field("pointer", &self.pointer)
            .field("outcome", &self.outcome)
            .field("venue_error", &self.venue)
            .finish_non_exhaustive()
    }
}
