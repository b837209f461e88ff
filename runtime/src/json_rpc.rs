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

/// Returns `params` by position. Each element is JSON; an empty one is left out.
pub(crate) fn by_position(params: impl Iterator<Item = String>) -> String {
    let list: Vec<String> = params.filter(|json| !json.is_empty()).collect();
    format!("[{}]", list.join(","))
}

/// Returns `params` by name. Each value is JSON.
pub(crate) fn by_name<'p>(params: impl Iterator<Item = (&'p str, String)>) -> String {
    let members: Vec<String> = params.map(|(name, json)| format!("{}:{json}", serde_json::Value::from(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// Returns the envelope of a call. `params` is JSON. A notification has no id.
pub(crate) fn request(call: RpcCall, id: Option<u64>, method: &str, params: &str) -> Bytes {
    let version = if call == RpcCall::Bare { "" } else { r#""jsonrpc":"2.0","# };
    let id = id.map(|id| format!(r#""id":{id},"#)).unwrap_or_default();
    let method = serde_json::Value::from(method);
    format!(r#"{{{version}{id}"method":{method},"params":{params}}}"#).into()
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
