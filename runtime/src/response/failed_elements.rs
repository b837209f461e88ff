//! Finds the failed elements of a batch.

use serde_json::value::RawValue;

use super::failed_element::FailedElement;
use super::failed_when::by_array;
use super::stated::{Rules, Stated};
use crate::error::api_error::ApiError;
use crate::wire::json::Json;

/// Returns the failed elements in a body of status 2xx. They are not redacted: a venue may repeat
/// secrets of the request in them.
pub(crate) fn failed_elements(rules: Rules<'_>, body: &[u8]) -> Vec<FailedElement> {
    let mut failed = Vec::new();
    for array in by_array(rules.conditions()) {
        for (index, element) in array.elements(body).into_iter().enumerate() {
            let Some(failure) = array.judge(element) else { continue };
            let stated = Stated::of_element(rules, array.pointer, element.get().as_bytes());
            failed.push(FailedElement {
                index,
                pointer: format!("{}/{index}", array.pointer).into(),
                outcome: stated.outcome(failure.leaves_open),
                meaning: stated.meaning,
                venue: ApiError::new(stated.code, stated.message),
                json: Json::from(RawValue::to_owned(element)),
            });
        }
    }
    failed
}
