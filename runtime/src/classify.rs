//! What an answer means: a reply to decode, a refusal, or an unknown outcome.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{Answer, Error, ErrorKind, Outcome, VenueError};
use crate::json_find;
use crate::operation::{Condition, ConditionTest, Operation, Venue};
use crate::transport::BodyEnd;

/// An answer that is a reply: its body, and the part of it that is the operation's result.
#[derive(Debug)]
pub(crate) struct RawReply {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) result: Bytes,
    /// How many times the request was sent.
    pub(crate) attempts: u32,
    /// How long the attempt took that this answers.
    pub(crate) latency: Duration,
    /// The string that was signed.
    pub(crate) explanation: Option<String>,
}

impl RawReply {
    pub(crate) fn into_answer(self) -> Answer {
        Answer { status: self.status, headers: self.headers, body: self.body, end: BodyEnd::Complete }
    }
}

/// Tells replies from errors. `rpc_id`: the id that a JSON-RPC reply has to carry.
pub(crate) fn classify(
    venue: &Venue,
    operation: &Operation,
    answer: Answer,
    rpc_id: Option<u64>,
) -> Result<RawReply, Error> {
    match rpc_id {
        Some(id) => rpc_reply(venue, operation, answer, id),
        None => http_reply(venue, operation, answer),
    }
}

fn http_reply(venue: &Venue, operation: &Operation, answer: Answer) -> Result<RawReply, Error> {
    let text_at = |pointers| json_find::first(&answer.body, pointers).map(json_find::text);
    let stated = || VenueError::new(text_at(venue.error_code), text_at(venue.error_message));
    if !answer.status.is_success() {
        let error = stated();
        return Err(refusal(venue, operation, answer, error));
    }
    if let Some(error) = unfinished(&answer) {
        return Err(error.with_answer(answer));
    }
    if venue.failed_when.iter().any(|condition| holds(condition, &answer.body)) {
        let error = stated();
        return Err(refusal(venue, operation, answer, error));
    }
    let result = answer.body.clone();
    Ok(reply(answer, result))
}

/// The envelope of a JSON-RPC reply, whatever its version.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    result: Option<&'a RawValue>,
}

/// A result of null is a result.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

fn rpc_reply(venue: &Venue, operation: &Operation, answer: Answer, id: u64) -> Result<RawReply, Error> {
    // The envelope says more than the status: business errors come with 200, and some statuses with an envelope.
    let envelope = serde_json::from_slice::<Envelope<'_>>(&answer.body);
    if let Ok(Envelope { error: Some(error), id: echo, .. }) = &envelope
        && (echo.is_none_or(|echo| echo.get() == "null") || is_echo(*echo, id))
    {
        let at = |pointer| json_find::first(error.get().as_bytes(), &[pointer]).map(json_find::text);
        let message = at("/message").or_else(|| Some(json_find::text(error)));
        let error = VenueError::new(at("/code"), message);
        return Err(refusal(venue, operation, answer, error));
    }
    if !answer.status.is_success() {
        return Err(refusal(venue, operation, answer, None));
    }
    if let Some(error) = unfinished(&answer) {
        return Err(error.with_answer(answer));
    }
    let problem = match envelope {
        Err(error) => undecoded("the answer is no JSON-RPC envelope").with_source(error),
        Ok(envelope) if !is_echo(envelope.id, id) => undecoded(match envelope.id {
            Some(_) => "the answer is to a request of another id",
            None => "the answer does not say to which request",
        }),
        Ok(Envelope { result: None, .. }) => undecoded("the answer has neither result nor error"),
        Ok(Envelope { result: Some(result), .. }) => {
            let result = answer.body.slice_ref(result.get().as_bytes());
            return Ok(reply(answer, result));
        }
    };
    Err(problem.with_answer(answer))
}

fn reply(answer: Answer, result: Bytes) -> RawReply {
    let Answer { status, headers, body, .. } = answer;
    RawReply { status, headers, body, result, attempts: 0, latency: Duration::ZERO, explanation: None }
}

fn is_echo(echo: Option<&RawValue>, id: u64) -> bool {
    echo.is_some_and(|echo| echo.get().parse() == Ok(id))
}

fn undecoded(message: &str) -> Error {
    Error::new(ErrorKind::Decode, Outcome::Unknown).with_message(message)
}

/// The error of an answer of status 2xx that is not all there.
fn unfinished(answer: &Answer) -> Option<Error> {
    match &answer.end {
        BodyEnd::Complete => None,
        BodyEnd::Limit => Some(Error::new(ErrorKind::TooLarge, Outcome::Unknown)),
        BodyEnd::Timeout => Some(Error::new(ErrorKind::Timeout, Outcome::Unknown)),
        BodyEnd::Cut(cause) => Some(Error::new(ErrorKind::Cut, Outcome::Unknown).with_message(cause.to_string())),
    }
}

fn refusal(venue: &Venue, operation: &Operation, answer: Answer, error: Option<VenueError>) -> Error {
    let code = error.as_ref().and_then(VenueError::code);
    let unknown_code =
        code.is_some_and(|code| venue.unknown_codes.contains(&code) || operation.unknown_codes.contains(&code));
    // A 4xx says no; a 2xx gets here by a stated refusal. What a 5xx, a 408 or a redirect did first, nobody knows, unless it comes with an envelope.
    let says_no =
        answer.status.is_success() || answer.status.is_client_error() && answer.status != StatusCode::REQUEST_TIMEOUT;
    let outcome = if says_no && !unknown_code { Outcome::Refused } else { Outcome::Unknown };
    let refusal = Error::new(ErrorKind::Venue, outcome).with_answer(answer);
    match error {
        Some(error) => refusal.with_venue(error),
        None => refusal,
    }
}

/// Whether a condition holds; with `*` in its pointer, whether it does for every element and there is one.
fn holds(condition: &Condition, body: &[u8]) -> bool {
    let found = json_find::find(body, condition.pointer).unwrap_or_default();
    !found.is_empty()
        && found.iter().all(|value| match condition.test {
            ConditionTest::Equals(json) => value.get() == json,
            ConditionTest::Present => !matches!(value.get(), "null" | r#""""# | "0" | "[]" | "{}" | "false"),
        })
}
