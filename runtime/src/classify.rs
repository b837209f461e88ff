//! Tells replies from errors, and decides what an error says about the outcome of its attempt.
//!
//! A response is a refusal only if it was read whole and nothing in it says that the request may have been carried out.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{ApiError, CodeMeaning, Error, ErrorKind, Outcome, RawResponse};
use crate::json_find;
use crate::operation::{CodeRule, Condition, ConditionTest, Operation, Venue};
use crate::redact::Secrets;
use crate::transport::{BodyEnd, TransportResponse};

/// A response that is a reply: its body, and the part of it that is the operation's result.
#[derive(Debug)]
pub(crate) struct RawReply {
    pub(crate) response: RawResponse,
    pub(crate) result: Bytes,
    /// How many times the request was sent.
    pub(crate) attempts: u32,
    /// How long the attempt took that this answers.
    pub(crate) latency: Duration,
    /// The string that was signed.
    pub(crate) explanation: Option<String>,
    /// What must not be printed about the call.
    pub(crate) secrets: Secrets,
}

/// Tells replies from errors. `rpc_id`: the id that a JSON-RPC reply has to carry.
pub(crate) fn classify(
    venue: &Venue,
    operation: &Operation,
    response: TransportResponse,
    rpc_id: Option<u64>,
) -> Result<RawReply, Error> {
    let TransportResponse { status, headers, body, end } = response;
    let flaw = Flaw::of(&headers, end);
    let is_truncated = matches!(flaw, Some(Flaw::Cut(_) | Flaw::Timeout | Flaw::Limit));
    let json = body.slice_ref(json_find::without_mark(&body));
    let response = RawResponse { status, headers, body, is_truncated, excerpt: None };
    let reading = Reading { venue, operation, response, json, flaw };
    match rpc_id {
        Some(id) => rpc_reply(reading, id),
        None => http_reply(reading),
    }
}

/// The reason why a body cannot be judged by what it says.
enum Flaw {
    Limit,
    Timeout,
    Cut(String),
    /// It comes in a content coding that was not asked for.
    Coded(String),
}

impl Flaw {
    fn of(headers: &HeaderMap, end: BodyEnd) -> Option<Self> {
        let coding = headers.get(CONTENT_ENCODING).map(|coding| String::from_utf8_lossy(coding.as_bytes()));
        match end {
            BodyEnd::Limit => Some(Self::Limit),
            BodyEnd::Timeout => Some(Self::Timeout),
            BodyEnd::Cut(cause) => Some(Self::Cut(cause.to_string())),
            BodyEnd::Complete => {
                let coding = coding.filter(|coding| !coding.trim().eq_ignore_ascii_case("identity"))?;
                Some(Self::Coded(coding.trim().to_owned()))
            }
        }
    }

    /// The error of a reply of status 2xx that has this flaw.
    fn error(&self) -> Error {
        let error = |kind| Error::new(kind, Outcome::Unknown);
        match self {
            Self::Limit => error(ErrorKind::TooLarge),
            Self::Timeout => error(ErrorKind::Timeout),
            Self::Cut(cause) => error(ErrorKind::Cut).with_message(cause),
            Self::Coded(_) => error(ErrorKind::Decode).with_message(self.to_string()),
        }
    }
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Limit => f.write_str("the body is longer than the limit"),
            Self::Timeout => f.write_str("the time ran out within the body"),
            Self::Cut(cause) => write!(f, "the body broke off: {cause}"),
            Self::Coded(coding) => {
                write!(f, "the body comes in the content coding `{coding}`, which was not asked for")
            }
        }
    }
}

/// A response under judgement.
struct Reading<'a> {
    venue: &'a Venue,
    operation: &'a Operation,
    response: RawResponse,
    /// The body without a byte order mark.
    json: Bytes,
    flaw: Option<Flaw>,
}

fn http_reply(reading: Reading<'_>) -> Result<RawReply, Error> {
    if !reading.response.status.is_success() {
        return Err(reading.not_successful());
    }
    if let Some(flaw) = &reading.flaw {
        return Err(flaw.error().with_response(reading.response));
    }
    let conditions = reading.operation.failed_when.iter().chain(reading.venue.failed_when);
    match failure(conditions, &reading.json) {
        None => Ok(RawReply::new(reading.response, reading.json)),
        Some(failure) => {
            let stated = reading.stated();
            let is_open = failure.leaves_open || stated.is_ambiguous || stated.meaning == Some(CodeMeaning::Open);
            let outcome = if is_open { Outcome::Unknown } else { Outcome::Refused };
            let error = stated.error(outcome);
            Err(error.with_response(reading.response))
        }
    }
}

/// The envelope of a JSON-RPC reply, whatever its version.
///
/// A member that is there twice is an error.
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

fn rpc_reply(reading: Reading<'_>, id: u64) -> Result<RawReply, Error> {
    let json = reading.json.clone();
    // serde would read an array as the members in their order.
    let is_object = json.trim_ascii_start().starts_with(b"{");
    let envelope = is_object.then(|| serde_json::from_slice::<Envelope<'_>>(&json));
    if !reading.response.status.is_success() {
        // Some statuses come with an envelope, others with any page or none.
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
        Some(Ok(Envelope { id: None, error: None, .. })) => undecoded("the response does not say to which request"),
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
            return Ok(RawReply::new(reading.response, result));
        }
    };
    Err(problem.with_response(reading.response))
}

impl RawReply {
    fn new(response: RawResponse, result: Bytes) -> Self {
        Self { response, result, attempts: 0, latency: Duration::ZERO, explanation: None, secrets: Secrets::default() }
    }
}

fn is_echo(echo: &RawValue, id: u64) -> bool {
    echo.get().parse() == Ok(id)
}

fn undecoded(message: &str) -> Error {
    Error::new(ErrorKind::Decode, Outcome::Unknown).with_message(message)
}

impl Reading<'_> {
    /// Returns the error of a response whose status is not 2xx.
    fn not_successful(self) -> Error {
        let status = self.response.status;
        // A 4xx says no. Nobody knows what a 5xx, a 408 or a redirect did first.
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

    /// Returns whether the body was read so far that a code that leaves the outcome open would have been seen.
    fn is_read_whole(&self, stated: &Stated) -> bool {
        let body = &self.json;
        if self.flaw.is_some() || stated.is_ambiguous {
            false
        } else if json_find::begins_like_json(body) {
            // Not JSON after all: text behind it, or a proxy that cut it and closed the connection in good order.
            serde_json::from_slice::<&RawValue>(body).is_ok()
        } else {
            !is_binary(body)
        }
    }

    /// Returns what the body says at the places of codes and messages.
    fn stated(&self) -> Stated {
        match self.operation.route {
            crate::operation::Route::Http { .. } => Stated::read(self, self.venue.error_code, self.venue.error_message),
            crate::operation::Route::Rpc { .. } => Stated::read(self, &["/error/code"], &["/error/message", "/error"]),
        }
    }
}

/// Returns whether a body is in a coding that no header tells of: gzip, zstd, or text of two or four bytes each.
fn is_binary(body: &[u8]) -> bool {
    let starts = [&b"\x1f\x8b"[..], b"\x28\xb5\x2f\xfd", b"\xfe\xff", b"\xff\xfe"];
    starts.iter().any(|start| body.starts_with(start)) || body.iter().take(8).any(|byte| *byte == 0)
}

/// The code and message of an error, and what the code means.
struct Stated {
    code: Option<String>,
    message: Option<String>,
    meaning: Option<CodeMeaning>,
    /// There is something at a place of codes, but it is not one code: an object, or a member that is there twice.
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

    /// An error of a response that does not say clearly what became of the request.
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

/// Returns what the codes of an error mean.
///
/// One code that leaves the outcome open is enough. For all else, each code at the first place that has one has to say the same.
/// A plain refusal is what is left when no code has another meaning.
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
        // A rule that names its place is judged there, whatever stands elsewhere.
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
        // Another place may still say that nobody knows.
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

/// Returns whether a value is this code: a number by its value (`-1007.0` is `-1007`), a text as text.
fn is_code(value: &RawValue, code: &str) -> bool {
    match serde_json::from_str::<Cow<'_, str>>(value.get()) {
        Ok(text) => text == code,
        Err(_) => json_find::is_same_scalar(value, code),
    }
}

/// A reply that says that it is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Failure {
    leaves_open: bool,
}

/// Returns the failure that a reply of status 2xx states.
///
/// The first condition on the whole body that holds decides. Conditions on the elements of an array (`*`) are judged by element:
/// the reply failed only if every element did.
fn failure<'c>(conditions: impl Iterator<Item = &'c Condition> + Clone, body: &[u8]) -> Option<Failure> {
    let whole = conditions
        .clone()
        .find(|condition| !condition.pointer.contains("/*") && holds(condition.test, body, condition.pointer));
    if let Some(condition) = whole {
        return Some(Failure { leaves_open: condition.leaves_open });
    }
    let by_element = conditions.filter_map(|condition| Some((condition, condition.pointer.split_once("/*")?)));
    let mut arrays: Vec<&str> = Vec::new();
    for (_, (array, _)) in by_element.clone() {
        if !arrays.contains(&array) {
            arrays.push(array);
        }
    }
    arrays.into_iter().find_map(|array| {
        let values = json_find::find(body, array)?;
        let elements: Vec<&RawValue> = serde_json::from_str(values.first()?.get()).ok()?;
        let mut leaves_open = false;
        for element in &elements {
            let element = element.get().as_bytes();
            let mut own = by_element.clone().filter(|(_, (other, _))| *other == array);
            let (condition, _) = own.find(|(condition, (_, rest))| holds(condition.test, element, rest))?;
            leaves_open |= condition.leaves_open;
        }
        (!elements.is_empty()).then_some(Failure { leaves_open })
    })
}

/// Returns whether there is a value at `pointer`, and each one there passes the test.
fn holds(test: ConditionTest, body: &[u8], pointer: &str) -> bool {
    let found = json_find::find(body, pointer).unwrap_or_default();
    !found.is_empty()
        && found.iter().all(|value| match test {
            ConditionTest::Equals(json) => json_find::is_same_scalar(value, json),
            ConditionTest::Present => {
                !matches!(value.get(), "null" | r#""""# | "[]" | "{}" | "false") && !is_zero(value)
            }
        })
}

fn is_zero(value: &RawValue) -> bool {
    json_find::number(value.get()).is_some_and(|number| number.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(conditions: &[Condition], body: &str) -> Option<bool> {
        failure(conditions.iter(), body.as_bytes()).map(|failure| failure.leaves_open)
    }

    #[test]
    fn conditions_on_elements_hold_if_each_element_failed_by_one_of_them() {
        let conditions = [Condition::equals("/*/ok", "false"), Condition::equals("/*/code", "-1").leaves_open()];
        assert_eq!(failed(&conditions, r#"[{"ok":false},{"ok":false}]"#), Some(false));
        assert_eq!(failed(&conditions, r#"[{"ok":false},{"code":-1.0}]"#), Some(true));
        assert_eq!(failed(&conditions, r#"[{"ok":false},{"ok":true}]"#), None);
        assert_eq!(failed(&conditions, "[]"), None);
        assert_eq!(failed(&conditions, r#"{"ok":false}"#), None);
    }

    #[test]
    fn the_first_condition_on_the_whole_that_holds_decides() {
        let conditions =
            [Condition::equals("/status", r#""REJECTED""#), Condition::present("/errorCode").leaves_open()];
        assert_eq!(failed(&conditions, r#"{"status":"REJECTED","errorCode":"X"}"#), Some(false));
        assert_eq!(failed(&conditions, r#"{"status":"PENDING_NEW","errorCode":"X"}"#), Some(true));
        for nothing in ["null", "\"\"", "0", "0.0", "-0", "false", "[]", "{}"] {
            assert_eq!(failed(&conditions, &format!(r#"{{"status":"NEW","errorCode":{nothing}}}"#)), None, "{nothing}");
        }
    }
}
