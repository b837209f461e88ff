//! Decides whether a response is a success or an error, and which outcome an error has.
//!
//! A response is a refusal only if it was read completely and nothing in it means that the request
//! may have been executed.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde_json::value::RawValue;

use super::byte_stream::StreamCell;
use super::element_counts::ElementCounts;
use super::failed_elements::failed_elements;
use super::failed_when::failure;
use super::flaw::Flaw;
use super::raw::RawResponse;
use super::stated::{Rules, Stated, undecoded};
use crate::error::Error;
use crate::error::outcome::{CodeMeaning, Outcome};
use crate::json_find;
use crate::json_rpc::{Envelope, is_echo};
use crate::operation::operation::{Operation, Route};
use crate::operation::venue::Venue;
use crate::redact::Secrets;
use crate::transport::body::ByteSource;
use crate::transport::transport::TransportResponse;

/// The response of a call that succeeded: its body, and the part of the body that is the
/// operation's result.
#[derive(Debug)]
pub(crate) struct SuccessResponse {
    pub(crate) response: RawResponse,
    pub(crate) result: Bytes,
    /// The elements of a batch, in the request and in the response.
    pub(crate) element_counts: Option<ElementCounts>,
    /// The body that is still to be read.
    pub(crate) source: Option<OpenBody>,
    /// The body as a stream, if the call asked for one.
    pub(crate) stream: StreamCell,
    /// The number of times the request was sent.
    pub(crate) attempts: u32,
    /// True if an earlier attempt had an unknown outcome.
    pub(crate) is_after_unknown: bool,
    /// The time from sending the request to this response.
    pub(crate) latency: Duration,
    /// The string that was signed.
    pub(crate) explanation: Option<String>,
    /// The texts of the call that must not be printed.
    pub(crate) secrets: Secrets,
}

/// A body that is still to be read.
pub(crate) struct OpenBody(pub(crate) ByteSource);

impl fmt::Debug for OpenBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenBody")
    }
}

/// Classifies a response as a success or an error. `rpc_id`: the id that the response of a JSON-RPC
/// call must have; `None` for a notification. `elements_sent`: the number of elements in the
/// request, if it is a batch.
pub(crate) fn classify(
    venue: &Venue,
    operation: &Operation,
    response: TransportResponse,
    rpc_id: Option<u64>,
    elements_sent: Option<usize>,
) -> Result<SuccessResponse, Error> {
    let TransportResponse { status, headers, body, end, source } = response;
    // The headers of a HEAD describe the body of a GET.
    let flaw = if operation.is_head() { Flaw::from_end(end) } else { Flaw::from_response(&headers, end) };
    let is_truncated = matches!(flaw, Some(Flaw::Cut(_) | Flaw::Timeout | Flaw::Limit));
    let json = body.slice_ref(json_find::without_mark(&body));
    let response = RawResponse { status, headers, body, is_truncated, excerpt: None };
    let reading = Reading { venue, operation, response, json, flaw, elements_sent };
    if let Some(source) = source {
        // Only the body of a success is left open.
        return match &reading.flaw {
            Some(flaw) => Err(flaw.error().with_response(reading.response)),
            None => Ok(SuccessResponse {
                source: Some(OpenBody(source)),
                ..SuccessResponse::new(reading.response, Bytes::new())
            }),
        };
    }
    match (operation.route, rpc_id) {
        (Route::Rpc { .. }, Some(id)) => rpc_response(reading, id),
        (Route::Rpc { .. }, None) => notified(reading),
        (Route::Http { .. }, _) => http_response(reading),
    }
}

/// A response that is being classified.
struct Reading<'a> {
    venue: &'a Venue,
    operation: &'a Operation,
    response: RawResponse,
    /// The body without a byte order mark.
    json: Bytes,
    flaw: Option<Flaw>,
    elements_sent: Option<usize>,
}

fn http_response(reading: Reading<'_>) -> Result<SuccessResponse, Error> {
    let status = reading.response.status;
    if !status.is_success() && reading.operation.success(status).is_none() {
        return Err(reading.not_successful());
    }
    if let Some(flaw) = &reading.flaw {
        return Err(flaw.error().with_response(reading.response));
    }
    let rules = reading.rules();
    let counts = reading.element_counts();
    let Some(failure) = failure(rules.conditions(), &reading.json) else {
        return match counts {
            // The response tells nothing about any element.
            Some(counts) if counts.lacks_all() => {
                let error = undecoded(&counts.to_string()).with_element_counts(Some(counts));
                Err(error.with_response(reading.response))
            }
            _ => {
                let success = SuccessResponse::new(reading.response, reading.json);
                Ok(SuccessResponse { element_counts: counts, ..success })
            }
        };
    };
    let mut stated = reading.stated();
    // A condition on the whole body speaks for the whole request, so there are no counts.
    let is_of_batch = reading.operation.batch.is_some_and(|batch| failure.array == Some(batch.response));
    let counts = counts.filter(|_| is_of_batch);
    let different = counts.filter(|counts| !counts.are_equal());
    if different.is_some() {
        // The elements that came have failed. No code of theirs speaks for the others.
        stated.meaning = Some(CodeMeaning::Open);
    }
    let outcome = stated.outcome(failure.leaves_open);
    let mut error = stated.error(outcome);
    if let Some(counts) = different {
        error = error.with_message(counts.to_string());
    }
    let elements = failed_elements(rules, &reading.json);
    Err(error.with_failed_elements(elements).with_element_counts(counts).with_response(reading.response))
}

fn rpc_response(reading: Reading<'_>, id: u64) -> Result<SuccessResponse, Error> {
    let json = reading.json.clone();
    let envelope = Envelope::read(&json);
    if !reading.response.status.is_success() {
        // The response may have an envelope, any other text, or no body.
        let belongs_elsewhere = match &envelope {
            Some(Ok(Envelope { id: Some(echo), .. })) => echo.get() != "null" && !is_echo(echo, id),
            _ => false,
        };
        // A result contradicts the status, whether there is also an error or not.
        let has_result = matches!(&envelope, Some(Ok(Envelope { result: Some(result), .. }))
            if result.get() != "null");
        let error = reading.not_successful();
        return Err(if belongs_elsewhere || has_result { error.with_outcome(Outcome::Unknown) } else { error });
    }
    if let Some(flaw) = &reading.flaw {
        return Err(flaw.error().with_response(reading.response));
    }
    let problem = match envelope {
        None => undecoded("the response is not a JSON-RPC envelope: expected an object"),
        Some(Err(error)) => undecoded("the response is not a JSON-RPC envelope").with_source(error),
        Some(Ok(Envelope { id: None, error: None, .. })) => undecoded("the response does not name its request"),
        Some(Ok(Envelope { id: Some(echo), error, .. }))
            if !is_echo(echo, id) && (error.is_none() || echo.get() != "null") =>
        {
            undecoded("the response is to a request of another id")
        }
        Some(Ok(Envelope { error: Some(_), result: Some(result), .. })) if result.get() != "null" => {
            reading.stated().problem("the response has both a result and an error")
        }
        Some(Ok(Envelope { error: Some(error), .. })) => reading.stated().of_envelope(error),
        Some(Ok(Envelope { result: None, .. })) => undecoded("the response has neither a result nor an error"),
        Some(Ok(Envelope { result: Some(result), .. })) => {
            let result = json.slice_ref(result.get().as_bytes());
            return Ok(SuccessResponse::new(reading.response, result));
        }
    };
    Err(problem.with_response(reading.response))
}

/// Classifies the response to a notification. It has no result. Some servers still respond with an
/// error, and others with any text.
fn notified(reading: Reading<'_>) -> Result<SuccessResponse, Error> {
    if !reading.response.status.is_success() {
        return Err(reading.not_successful());
    }
    if let Some(flaw) = &reading.flaw {
        return Err(flaw.error().with_response(reading.response));
    }
    let json = reading.json.clone();
    match Envelope::read(&json) {
        Some(Ok(Envelope { error: Some(error), .. })) => {
            Err(reading.stated().of_envelope(error).with_response(reading.response))
        }
        _ => Ok(SuccessResponse::new(reading.response, reading.json)),
    }
}

impl SuccessResponse {
    fn new(response: RawResponse, result: Bytes) -> Self {
        Self {
            response,
            result,
            element_counts: None,
            source: None,
            stream: StreamCell::default(),
            attempts: 0,
            is_after_unknown: false,
            latency: Duration::ZERO,
            explanation: None,
            secrets: Secrets::default(),
        }
    }
}

impl<'a> Reading<'a> {
    /// Returns the error of a response whose status is not a success.
    fn not_successful(self) -> Error {
        let stated = self.stated();
        let is_refused =
            self.says_no(&stated) && self.is_read_whole(&stated) && stated.meaning != Some(CodeMeaning::Open);
        let error = stated.error(if is_refused { Outcome::Refused } else { Outcome::Unknown });
        let error = match &self.flaw {
            Some(flaw) => error.with_message(flaw.to_string()),
            None => error,
        };
        error.with_response(self.response)
    }

    /// Returns whether the status says that the request was not executed.
    ///
    /// A 4xx other than 408 says so. A 5xx, a 408 or a redirect may come after the request was
    /// executed, and so may the statuses that the spec lists for the operation. A code with a
    /// meaning of its own is more exact than a listed status.
    fn says_no(&self, stated: &Stated) -> bool {
        let status = self.response.status;
        let is_exact = matches!(stated.meaning, Some(CodeMeaning::Done | CodeMeaning::Gone | CodeMeaning::Clock));
        let is_open = self.operation.leaves_open(status) && !is_exact;
        status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT && !is_open
    }

    /// Returns whether the body could be read far enough that a code with an unknown outcome would
    /// have been found.
    fn is_read_whole(&self, stated: &Stated) -> bool {
        let body = &self.json;
        if self.flaw.is_some() || stated.is_ambiguous {
            false
        } else if json_find::begins_like_json(body) {
            // The body may still not be JSON: other text may follow, or a proxy cut it and closed
            // the connection normally.
            serde_json::from_slice::<&RawValue>(body).is_ok()
        } else {
            !is_binary(body)
        }
    }

    /// Returns the code and message of the body.
    fn stated(&self) -> Stated {
        Stated::of_body(self.rules(), &self.json)
    }

    /// Returns the number of elements that a batch sent, and the number that came.
    fn element_counts(&self) -> Option<ElementCounts> {
        ElementCounts::new(self.operation.batch?, self.elements_sent?, &self.json)
    }

    fn rules(&self) -> Rules<'a> {
        Rules { venue: self.venue, operation: self.operation, status: self.response.status }
    }
}

/// Returns whether a body has a coding that no header states: gzip, zstd, or text of two or four
/// bytes per character.
fn is_binary(body: &[u8]) -> bool {
    let starts = [&b"\x1f\x8b"[..], b"\x28\xb5\x2f\xfd", b"\xfe\xff", b"\xff\xfe"];
    starts.iter().any(|start| body.starts_with(start)) || body.iter().take(8).any(|byte| *byte == 0)
}
