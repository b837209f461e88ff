//! Reads the code and the message that a body states, and the meaning of the code.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::error::api_error::ApiError;
use crate::error::outcome::{CodeMeaning, ErrorKind, Outcome};
use crate::json_find;
use crate::json_rpc;
use crate::operation::operation::{Operation, Route};
use crate::operation::outcome::{CodeRule, Condition};
use crate::operation::rpc_call::RpcCall;
use crate::operation::venue::Venue;

/// The rules of the spec by which a response is judged.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) venue: &'a Venue,
    pub(crate) operation: &'a Operation,
    pub(crate) status: StatusCode,
}

impl<'a> Rules<'a> {
    /// Returns the conditions under which a response of status 2xx is an error, in the order in
    /// which they are checked.
    pub(super) fn conditions(self) -> impl Iterator<Item = &'a Condition> + Clone {
        let (own, of_venue) = match self.operation.route {
            Route::Http { .. } => (self.operation.failed_when, self.venue.failed_when),
            // A JSON-RPC envelope has its own place for errors.
            Route::Rpc { .. } => (&[][..], &[][..]),
        };
        own.iter().chain(of_venue)
    }

    /// Returns the JSON pointers to codes, and those to messages.
    fn places(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self.operation.route {
            Route::Http { .. } => (self.venue.error_code, self.venue.error_message),
            Route::Rpc { .. } => (json_rpc::ERROR_CODE, json_rpc::ERROR_MESSAGE),
        }
    }

    /// Returns the JSON pointer to further data on an error.
    fn data_place(self) -> Option<&'static str> {
        self.operation.route.rpc_method().map(|_| json_rpc::ERROR_DATA)
    }

    /// Returns whether JSON-RPC 2.0 leaves the outcome of this code unknown. In an envelope before
    /// version 2.0, all codes are the venue's own.
    fn is_server_error(self, code: &Code<'_>) -> bool {
        let is_standard = matches!(self.operation.route, Route::Rpc { call: RpcCall::V2 | RpcCall::Notification, .. });
        is_standard && json_rpc::is_server_error(code.value.get())
    }
}

/// Creates the error of a response that does not match the spec.
pub(super) fn undecoded(message: &str) -> Error {
    Error::new(ErrorKind::Decode, Outcome::Unknown).with_message(message)
}

/// The code and message of an error, and the meaning of the code.
pub(super) struct Stated {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) meaning: Option<CodeMeaning>,
    /// The further data of an error in a JSON-RPC envelope, as JSON.
    data: Option<String>,
    /// True if the value at a place of codes is not one code: it is an object, for example, or a
    /// property that occurs twice.
    pub(super) is_ambiguous: bool,
}

/// A value at a place of codes.
struct Code<'a> {
    pointer: &'static str,
    value: &'a RawValue,
}

impl Stated {
    /// Reads the code and message of a whole body.
    pub(super) fn of_body(rules: Rules<'_>, body: &[u8]) -> Self {
        let stated = Self::read(rules, body, Some);
        let data = rules.data_place().and_then(|place| json_find::first(body, &[place]));
        Self { data: data.map(|data| data.get().to_owned()), ..stated }
    }

    /// Reads the code and message of one element of the array at the pointer `array`.
    pub(super) fn of_element(rules: Rules<'_>, array: &str, element: &[u8]) -> Self {
        Self::read(rules, element, |pointer| pointer.strip_prefix(array)?.strip_prefix("/*"))
    }

    /// Reads the code and message at the pointers of the spec. `within` returns the place in `json`
    /// to which such a pointer leads, if there is one.
    fn read(rules: Rules<'_>, json: &[u8], within: impl Fn(&'static str) -> Option<&'static str>) -> Self {
        let (code_at, message_at) = rules.places();
        let mut codes = Vec::new();
        let mut is_ambiguous = false;
        for pointer in code_at {
            let Some(place) = within(pointer) else { continue };
            let mut found = json_find::find(json, place).unwrap_or_default();
            found.retain(|value| !matches!(value.get(), "null" | r#""""#));
            is_ambiguous |= found.len() > 1 && !place.contains('*');
            is_ambiguous |= found.iter().any(|value| value.get().starts_with(['{', '[', 't', 'f']));
            codes.extend(found.into_iter().map(|value| Code { pointer, value }));
        }
        let message_at: Vec<&str> = message_at.iter().copied().filter_map(within).collect();
        let message = json_find::first(json, &message_at).map(json_find::text);
        let meaning = meaning(rules, &codes, message.as_deref());
        let code = codes.first().map(|code| json_find::text(code.value));
        Self { code, message, meaning, data: None, is_ambiguous }
    }

    /// Returns the outcome of a request that failed by a condition of the spec. `leaves_open`: true
    /// if the condition itself leaves the outcome unknown.
    pub(super) fn outcome(&self, leaves_open: bool) -> Outcome {
        let is_open = leaves_open || self.is_ambiguous || self.meaning == Some(CodeMeaning::Open);
        if is_open { Outcome::Unknown } else { Outcome::Refused }
    }

    pub(super) fn error(self, outcome: Outcome) -> Error {
        let error = Error::new(ErrorKind::Venue, outcome);
        self.tell(error)
    }

    /// Creates the error that an envelope of JSON-RPC states. `error` is the envelope's property of
    /// this name.
    pub(super) fn of_envelope(self, error: &RawValue) -> Error {
        if self.code.is_none() || self.is_ambiguous || !error.get().starts_with('{') {
            return self.problem("the error of the response has no code that can be read");
        }
        let is_open = self.meaning == Some(CodeMeaning::Open);
        self.error(if is_open { Outcome::Unknown } else { Outcome::Refused })
    }

    /// Creates the error of a response that leaves the outcome of the request unknown.
    pub(super) fn problem(self, message: &str) -> Error {
        self.tell(undecoded(message))
    }

    fn tell(self, error: Error) -> Error {
        let error = error.with_code_meaning(self.meaning);
        match ApiError::new(self.code, self.message) {
            Some(venue) => error.with_venue(venue.with_data(self.data)),
            None => error,
        }
    }
}

/// Returns the meaning of the codes of an error; `None` if the spec gives them none.
///
/// A code that leaves the outcome unknown decides, whatever the other codes are. Only a done or
/// gone rule of the operation overrides a rule of the venue for the same code. Any other meaning
/// applies if all codes at one place have it: at the pointer of its rule, or at the first place
/// that has a code. A server error of JSON-RPC 2.0 leaves the outcome unknown only if no rule gives
/// the codes a meaning.
fn meaning(of: Rules<'_>, codes: &[Code<'_>], message: Option<&str>) -> Option<CodeMeaning> {
    let matches = |rule: &CodeRule, code: &Code<'_>| {
        rule.status.is_none_or(|status| status == of.status.as_u16())
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
    let (venue, operation) = (of.venue, of.operation);
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
    if all_of_lists(&[operation.refused_codes, venue.refused_codes]) {
        return Some(CodeMeaning::Refused);
    }
    codes.iter().any(|code| of.is_server_error(code)).then_some(CodeMeaning::Open)
}

/// Returns whether a value is this code. Numbers compare by value (`-1007.0` is `-1007`), strings
/// as text.
fn is_code(value: &RawValue, code: &str) -> bool {
    match serde_json::from_str::<Cow<'_, str>>(value.get()) {
        Ok(text) => text == code,
        Err(_) => json_find::is_same_scalar(value, code),
    }
}
