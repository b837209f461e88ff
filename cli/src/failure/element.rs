//! Describes the failed elements of a batch, as JSON and as text.

use serde::Serialize;
use venuekit::{ElementCounts, FailedElement};

use super::effect::outcome;

/// A failed element of a batch, as JSON.
#[derive(Debug, Serialize)]
pub(super) struct ElementReport {
    index: usize,
    pointer: String,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl From<&FailedElement> for ElementReport {
    fn from(element: &FailedElement) -> Self {
        Self {
            index: element.index(),
            pointer: element.pointer().to_owned(),
            outcome: outcome(element.outcome()),
            code: element.code().map(str::to_owned),
            message: element.message().map(str::to_owned),
        }
    }
}

/// Returns the message for a batch with these failed elements. `different`: the numbers of
/// elements, if they differ.
pub(super) fn message(failed: &[FailedElement], different: Option<&ElementCounts>) -> String {
    let failed = match failed.len() {
        0 => None,
        1 => Some("1 element of the batch failed".to_owned()),
        count => Some(format!("{count} elements of the batch failed")),
    };
    let parts: Vec<String> = failed.into_iter().chain(different.map(ToString::to_string)).collect();
    parts.join("; ")
}

/// Returns a line for each element.
pub(super) fn lines(failed: &[FailedElement]) -> String {
    failed.iter().map(|element| format!("\n  {element}")).collect()
}
