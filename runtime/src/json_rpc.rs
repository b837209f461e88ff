//! The envelopes of JSON-RPC: encodes calls, and parses responses.
//!
//! Crates such as `jsonrpsee-types` accept only what JSON-RPC 2.0 allows. Some venues leave out
//! `jsonrpc`, and send both `error` and `result`, one of them null. Also, a result has to keep its
//! original text here.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use venuekit_json::reader;

use crate::operation::rpc_call::RpcCall;

/// JSON pointers to the code of an error in an envelope.
pub(crate) const ERROR_CODE: &[&str] = &["/error/code"];

/// JSON pointers to the message of an error in an envelope.
pub(crate) const ERROR_MESSAGE: &[&str] = &["/error/message", "/error"];

/// The JSON pointer to further data on an error in an envelope.
pub(crate) const ERROR_DATA: &str = "/error/data";

/// Returns whether a code of JSON-RPC 2.0 leaves the outcome of a call unknown: an error inside the
/// server, which may come after the call was executed. The other codes that the standard reserves
/// are refusals before that: no JSON, no request, an unknown method, and invalid parameters.
pub(crate) fn is_server_error(code: &str) -> bool {
    code.parse::<i64>().is_ok_and(|code| code == -32603 || (-32099..=-32000).contains(&code))
}

/// The ids of a client's calls: 1, 2, 3 ..
#[derive(Debug)]
pub(crate) struct Ids(AtomicU64);

impl Default for Ids {
    fn default() -> Self {
        Self(AtomicU64::new(1))
    }
}

impl Ids {
    pub(crate) fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// Appends `params` by position. Each element is JSON; an empty one is left out.
pub(crate) fn push_by_position<'p>(out: &mut String, params: impl Iterator<Item = &'p str>) {
    out.push('[');
    let mut is_first = true;
    for json in params.filter(|json| !json.is_empty()) {
        if !std::mem::take(&mut is_first) {
            out.push(',');
        }
        out.push_str(json);
    }
    out.push(']');
}

/// Appends `params` by name. Each value is JSON.
pub(crate) fn push_by_name<'p>(out: &mut String, params: impl Iterator<Item = (&'p str, &'p str)>) {
    out.push('{');
    let mut is_first = true;
    for (name, json) in params {
        if !std::mem::take(&mut is_first) {
            out.push(',');
        }
        push_quoted(out, name);
        out.push(':');
        out.push_str(json);
    }
    out.push('}');
}

/// Returns the envelope of a call. `push_params` appends its parameters as JSON. A notification has
/// no id.
pub(crate) fn request(call: RpcCall, id: Option<u64>, method: &str, push_params: impl FnOnce(&mut String)) -> Bytes {
    // Most calls fit in this, so that the text is not copied while it grows.
    let mut text = String::with_capacity(256);
    text.push('{');
    if call != RpcCall::Bare {
        text.push_str(r#""jsonrpc":"2.0","#);
    }
    if let Some(id) = id {
        text.push_str(r#""id":"#);
        text.push_str(&id.to_string());
        text.push(',');
    }
    text.push_str(r#""method":"#);
    push_quoted(&mut text, method);
    text.push_str(r#","params":"#);
    push_params(&mut text);
    text.push('}');
    text.into()
}

/// Appends a text as a JSON string.
fn push_quoted(out: &mut String, text: &str) {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::Value::from(text).to_string());
    }
}

/// The envelope of a response, of any version. An `id`, `error` or `result` that occurs twice is an
/// error.
#[derive(Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) error: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(crate) result: Option<&'a RawValue>,
}

/// Reads a result. Null is a result too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

impl<'a> Envelope<'a> {
    /// Reads the envelope. Returns `None` if the body is not an object.
    pub(crate) fn read(json: &'a [u8]) -> Option<serde_json::Result<Self>> {
        // serde would read an array as the fields in their order.
        let is_object = json.trim_ascii_start().starts_with(b"{");
        is_object.then(|| match std::str::from_utf8(json) {
            Ok(text) => Ok(reader::from_str(text)?),
            // Bytes that are not UTF-8 may be in a member that is not read.
            Err(_) => serde_json::from_slice(json),
        })
    }
}

/// Returns whether the id of a response equals the id of the call.
pub(crate) fn is_echo(echo: &RawValue, id: u64) -> bool {
    echo.get().parse() == Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_methods_and_parameters_are_escaped() {
        let unusual = "a\"\\\n\u{e9}\u{7f}";
        let params = |out: &mut String| push_by_name(out, [(unusual, "1.50"), ("b", "null")].into_iter());
        let body = request(RpcCall::V2, Some(7), unusual, params);
        let quoted = serde_json::to_string(unusual).unwrap();
        let expected = format!(r#"{{"jsonrpc":"2.0","id":7,"method":{quoted},"params":{{{quoted}:1.50,"b":null}}}}"#);
        assert_eq!(body, expected);
    }
}
