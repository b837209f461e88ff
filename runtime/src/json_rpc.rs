//! The envelopes of JSON-RPC: encodes calls, and parses responses.
//!
//! Crates such as `jsonrpsee-types` follow JSON-RPC 2.0. Venues leave out `jsonrpc`, and send both
//! `error` and `result`, one of them null. Here a result keeps its text.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// JSON pointers to the code of an error in an envelope.
pub(crate) const ERROR_CODE: &[&str] = &["/error/code"];

/// JSON pointers to the message of an error in an envelope.
pub(crate) const ERROR_MESSAGE: &[&str] = &["/error/message", "/error"];

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

/// Returns the envelope of a call. Each element of `params` is JSON; an empty one is left out.
pub(crate) fn request<'p>(id: u64, method: &str, params: impl Iterator<Item = &'p str>) -> Bytes {
    let mut list = String::new();
    for json in params {
        if !list.is_empty() && !json.is_empty() {
            list.push(',');
        }
        list.push_str(json);
    }
    // The spec allows only letters, digits, dots and underscores in the name. The name is still
    // escaped.
    let method = serde_json::Value::from(method);
    format!(r#"{{"id":{id},"method":{method},"params":[{list}]}}"#).into()
}

/// The envelope of a response, of any version. A property that occurs twice is an error.
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
        is_object.then(|| serde_json::from_slice(json))
    }
}

/// Returns whether the id of a response equals the id of the call.
pub(crate) fn is_echo(echo: &RawValue, id: u64) -> bool {
    echo.get().parse() == Ok(id)
}
