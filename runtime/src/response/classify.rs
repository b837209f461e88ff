//! Decides between success and error, and which outcome of its attempt an error means.
//!
//! A response is a refusal only if it was read completely and nothing in it means that the request
//! may have been executed.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde_json::value::RawValue;

use super::failed_when::failure;
use super::flaw::Flaw;
use super::raw::RawResponse;
use crate::error::Error;
use crate::error::api_error::ApiError;
use crate::error::outcome::{CodeMeaning, ErrorKind, Outcome};
use crate::json_find;
use crate::json_rpc::{self, Envelope, is_echo};
use crate::operation::operation::{Operation, Route};
use crate::operation::outcome::CodeRule;
use crate::operation::venue::Venue;
use crate::redact::Secrets;
use crate::transport::transport::TransportResponse;

/// The response of a call that succeeded: its body, and the part of the body that is the
/// operation's result.
#[derive(Debug)]
pub(crate) struct SuccessResponse {
    pub(crate) response: RawResponse,
    pub(crate) result: Bytes,
    /// The number of times the request was sent.
    pub(crate) attempts: u32,
    /// The time from sending the request to this response.
    pub(crate) latency: Duration,
    /// The string that was signed.
    pub(crate) explanation: Option<String>,
    /// The texts of the call that must not be printed.
    pub(crate) secrets: Secrets,
}

/// Classifies a response as a success or an error. `rpc_id`: the id that the response of a JSON-RPC
/// call must have.
pub(crate) fn classify(
    venue: &Venue,
    operation: &Operation,
    response: TransportResponse,
    rpc_id: Option<u64>,
) -> Result<SuccessResponse, Error> {
    let TransportResponse { status, headers, body, end } = response;
    let flaw = Flaw::from_response(&headers, end);
    let is_truncated = matches!(flaw, Some(Flaw::Cut(_) | Flaw::Timeout | Flaw::Limit));
    let json = body.slice_ref(json_find::without_mark(&body));
    let response = RawResponse { status, headers, body, is_truncated, excerpt: None };
    let reading = Reading { venue, operation, response, json, flaw };
    match rpc_id {
        Some(id) => rpc_response(reading, id),
        None => http_response(reading),
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
}

fn http_response(reading: Reading<'_>) -> Result<SuccessResponse, Error> {
    if !reading.response.status.is_success() {
        return Err(reading.not_successful());
    }
    if let Some(flaw) = &reading.flaw {
        return Err(flaw.error().with_response(reading.response));
    }
    let conditions = reading.operation.failed_when.iter().chain(reading.venue.failed_when);
    match failure(conditions, &reading.json) {
        None => Ok(SuccessResponse::new(reading.response, reading.json)),
        Some(failure) => {
            let stated = reading.stated();
            let is_open = failure.leaves_open || stated.is_ambiguous || stated.meaning == Some(CodeMeaning::Open);
            let outcome = if is_open { Outcome::Unknown } else { Outcome::Refused };
            let error = stated.error(outcome);
            Err(error.with_response(reading.response))
        }
    }
}

fn rpc_response(reading: Reading<'_>, id: u64) -> Result<SuccessResponse, Error> {
    let json = reading.json.clone();
    let envelope = Envelope::read(&json);
    if !reading.response.status.is_success() {
        // Some statuses come with an envelope, others with any page or without a body.
        let belongs_elsewhere = match &envelope {
            Some(Ok(Envelope { id: Some(echo), .. })) => echo.get() != "null" && !is_echo(echo, id),
            _ => false,
        };
        let says_both = matches!(&envelope, Some(Ok(Envelope { error: Some(_), result: Some(result), .. }))
            if result.get() != "null");
        let error = reading.not_successful();
        return Err(if belongs_elsewhere || says_both { error.with_outcome(Outcome::Unknown) } else { error });
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
        Some(Ok(Envelope { error: Some(error), result, .. })) => {
            let stated = reading.stated();
            if result.is_some_and(|result| result.get() != "null") {
                stated.problem("the response has both a result and an error")
            } else if stated.code.is_none() || stated.is_ambiguous || !error.get().starts_with('{') {
                stated.problem("the error of the response has no code that can be read")
            } else {
                let is_open = stated.meaning == Some(CodeMeaning::Open);
                stated.error(if is_open { Outcome::Unknown } else { Outcome::Refused })
            }
        }
        Some(Ok(Envelope { result: None, .. })) => undecoded("the response has neither a result nor an error"),
        Some(Ok(Envelope { result: Some(result), .. })) => {
            let result = json.slice_ref(result.get().as_bytes());
            return Ok(SuccessResponse::new(reading.response, result));
        }
    };
    Err(problem.with_response(reading.response))
}

impl SuccessResponse {
    fn new(response: RawResponse, result: Bytes) -> Self {
        Self { response, result, attempts: 0, latency: Duration::ZERO, explanation: None, secrets: Secrets::default() }
    }
}

fn undecoded(message: &str) -> Error {
    Error::new(ErrorKind::Decode, Outcome::Unknown).with_message(message)
}

impl Reading<'_> {
    /// Returns the error of a response whose status is not 2xx.
    fn not_successful(self) -> Error {
        let status = self.response.status;
        // A 4xx is a refusal. A 5xx, a 408 or a redirect may come after the request was executed.
        let says_no = status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT;
        let stated = self.stated();
        let is_refused = says_no && self.is_read_whole(&stated) && stated.meaning != Some(CodeMeaning::Open);
        let error = stated.error(if is_refused { Outcome::Refused } else { Outcome::Unknown });
        let error = match &self.flaw {
            Some(flaw) => error.with_message(flaw.to_string()),
            None => error,
        };
        error.with_response(self.response)
    }

    /// Returns whether the body was read so far that a code with an unknown outcome would have been
    /// found.
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
        match self.operation.route {
            Route::Http { .. } => Stated::read(self, self.venue.error_code, self.venue.error_message),
            Route::Rpc { .. } => Stated::read(self, json_rpc::ERROR_CODE, json_rpc::ERROR_MESSAGE),
        }
    }
}

/// Returns whether a body has a coding that no header states: gzip, zstd, or text of two or four
/// bytes per character.
fn is_binary(body: &[u8]) -> bool {
    let starts = [&b"\x1f\x8b"[..], b"\x28\xb5\x2f\xfd", b"\xfe\xff", b"\xff\xfe"];
    starts.iter().any(|start| body.starts_with(start)) || body.iter().take(8).any(|byte| *byte == 0)
}

/// The code and message of an error, and the meaning of the code.
struct Stated {
    code: Option<String>,
    message: Option<String>,
    meaning: Option<CodeMeaning>,
    /// True if the value at a place of codes is not one code: it is an object, for example, or a
    /// property that occurs twice.
    is_ambiguous: bool,
}

/// A value at a place of codes.
struct Code<'a> {
    pointer: &'static str,
    value: &'a RawValue,
}

impl Stated {
    fn read(reading: &Reading<'_>, code_at: &[&'static str], message_at: &[&'static str]) -> Self {
        let body = &reading.json;
        let mut codes = Vec::new();
        let mut is_ambiguous = false;
        for pointer in code_at {
            let mut found = json_find::find(body, pointer).unwrap_or_default();
            found.retain(|value| !matches!(value.get(), "null" | r#""""#));
            is_ambiguous |= found.len() > 1 && !pointer.contains('*');
            is_ambiguous |= found.iter().any(|value| value.get().starts_with(['{', '[', 't', 'f']));
            codes.extend(found.into_iter().map(|value| Code { pointer, value }));
        }
        let message = json_find::first(body, message_at).map(json_find::text);
        let meaning = meaning(reading, &codes, message.as_deref());
        let code = codes.first().map(|code| json_find::text(code.value));
        Self { code, message, meaning, is_ambiguous }
    }

    fn error(self, outcome: Outcome) -> Error {
        let error = Error::new(ErrorKind::Venue, outcome);
        self.tell(error)
    }

    /// Creates the error of a response from which the outcome of the request is not clear.
    fn problem(self, message: &str) -> Error {
        self.tell(undecoded(message))
    }

    fn tell(self, error: Error) -> Error {
        let error = error.with_code_meaning(self.meaning);
        match ApiError::new(self.code, self.message) {
            Some(venue) => error.with_venue(venue),
            None => error,
        }
    }
}

/// Returns the meaning of the codes of an error; `None` if the spec gives them none.
///
/// One code that leaves the outcome open is enough. Every other meaning requires that all codes at
/// the first place with a code have it.
fn meaning(reading: &Reading<'_>, codes: &[Code<'_>], message: Option<&str>) -> Option<CodeMeaning> {
    let matches = |rule: &CodeRule, code: &Code<'_>| {
        rule.status.is_none_or(|status| status == reading.response.status.as_u16())
            && rule.pointer.is_none_or(|pointer| pointer == code.pointer)
            && rule.message.is_none_or(|text| message == Some(text))
            && is_code(code.value, rule.code)
    };
    let any_of = |rules: &[CodeRule], code: &Code<'_>| rules.iter().any(|rule| matches(rule, code));
    let first = codes.first()?.pointer;
    let all_of_lists = |lists: &[&'static [CodeRule]]| {
        // A rule with a pointer is checked at that place, regardless of codes at other places.
        let places = lists.iter().copied().flatten().filter_map(|rule| rule.pointer).chain([first]);
        places.into_iter().any(|place| {
            let mut there = codes.iter().filter(|code| code.pointer == place).peekable();
            there.peek().is_some() && there.all(|code| lists.iter().any(|rules| any_of(rules, code)))
        })
    };
    let all_of = |rules: &'static [CodeRule]| all_of_lists(&[rules]);
    let (venue, operation) = (reading.venue, reading.operation);
    if codes.iter().any(|code| any_of(operation.unknown_codes, code)) {
        return Some(CodeMeaning::Open);
    }
    let own = [(operation.done_codes, CodeMeaning::Done), (operation.gone_codes, CodeMeaning::Gone)];
    if let Some((rules, meaning)) = own.into_iter().find(|(rules, _)| all_of(rules)) {
        // A code at another place may still mean that the outcome is unknown.
        let others = codes.iter().filter(|code| !any_of(rules, code));
        let is_open = others.into_iter().any(|code| any_of(venue.unknown_codes, code));
        return Some(if is_open { CodeMeaning::Open } else { meaning });
    }
    if codes.iter().any(|code| any_of(venue.unknown_codes, code)) {
        return Some(CodeMeaning::Open);
    }
    if all_of(venue.clock_codes) {
        return Some(CodeMeaning::Clock);
    }
    all_of_lists(&[operation.refused_codes, venue.refused_codes]).then_some(CodeMeaning::Refused)
}

/// Returns whether a value is this code. Numbers compare by value (`-1007.0` is `-1007`), strings
/// as text.
fn is_code(value: &RawValue, code: &str) -> bool {
    match serde_json::from_str::<Cow<'_, str>>(value.get()) {
        Ok(text) => text == code,
        Err(_) => json_find::is_same_scalar(value, code),
    }
}
