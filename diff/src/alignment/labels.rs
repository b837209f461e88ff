//! The names of the parts of an operation in messages.

use crate::comparison::Subject;
use crate::contract::parts::{Operation, Parameter, ParameterPlace, Response};

/// Returns `parameter symbol`, or `header parameter X-KEY`.
pub(crate) fn parameter(parameter: &Parameter<'_>) -> String {
    match &parameter.place {
        ParameterPlace::Named(place) if place != "query" => format!("{place} parameter {}", parameter.name),
        _ => format!("parameter {}", parameter.name),
    }
}

/// Returns `response 200`, or `result`.
pub(crate) fn response(response: &Response<'_>) -> String {
    if response.status == "result" { response.status.clone() } else { format!("response {}", response.status) }
}

/// Returns the subject of a whole operation.
pub(crate) fn whole(operation: &Operation<'_>) -> Subject {
    part(operation, "")
}

/// Returns the subject of a part of an operation.
pub(crate) fn part(operation: &Operation<'_>, within: impl Into<String>) -> Subject {
    Subject { operations: vec![operation.name.clone()], schema: None, within: within.into() }
}
