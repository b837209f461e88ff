//! A response without the bad elements of its lists and maps.

use std::error::Error as StdError;
use std::fmt;

use super::decode::DecodeError;
use super::received::{DecodeFn, Received};
use super::typed::Response;
use crate::json_places::pointers;
use crate::printable::Line;
use crate::redact::{Blotter, Secrets};
use crate::wire::json::Json;
use crate::wire::leniency::{Dropped, Scope};

/// A response without the elements of lists and the entries of maps that could not be read.
/// [`errors`](Self::errors) returns what was dropped.
///
/// It is the result of [`Call::lenient`](crate::Call::lenient).
#[derive(Clone)]
pub struct Lenient<T> {
    pub(crate) response: Response<T>,
    pub(crate) errors: Vec<ElementError>,
}

impl<T> Lenient<T> {
    /// Returns the value. Its lists and maps have the elements that could be read.
    pub fn value(&self) -> &T {
        self.response.value()
    }

    /// Returns the value, owned.
    pub fn into_value(self) -> T {
        self.response.into_value()
    }

    /// Returns the elements that were dropped, in the order of the response. It is empty if the
    /// whole response could be read.
    pub fn errors(&self) -> &[ElementError] {
        &self.errors
    }

    /// Returns the value and the elements that were dropped, owned.
    pub fn into_parts(self) -> (T, Vec<ElementError>) {
        (self.response.into_value(), self.errors)
    }

    /// Returns the whole response: the value with status, headers and raw bytes.
    pub fn response(&self) -> &Response<T> {
        &self.response
    }
}

impl<T: fmt::Debug> fmt::Debug for Lenient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lenient").field("response", &self.response).field("errors", &self.errors).finish()
    }
}

/// An element of a list, or an entry of a map, that could not be read and was dropped.
///
/// `Display` is one line. `Display`, `Debug`, the pointer, the path and the message show `***` for
/// the key, the secret and the signature of the request. Only [`json`](Self::json) is unchanged.
#[derive(Clone)]
pub struct ElementError {
    pointer: String,
    path: Option<String>,
    message: String,
    json: Json,
}

impl ElementError {
    /// Returns the JSON pointer to the element in the body, or in the result of JSON-RPC:
    /// `/records/3`. For an entry of a map, the last segment is its key: `/BTC`. A pointer of more
    /// than a kilobyte is cut.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns the path to the error within the element, such as `price`; `None` if the error
    /// concerns the whole element.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Returns the reason why the element could not be read.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the element as the venue sent it.
    pub fn json(&self) -> &Json {
        &self.json
    }

    fn new(dropped: Dropped, pointer: &str, blotter: &Blotter) -> Self {
        const PATH_BYTES: usize = 1 << 10;
        const MESSAGE_BYTES: usize = 2 << 10;
        let Dropped { json, path, message, .. } = dropped;
        Self {
            pointer: blotter.blot(pointer, PATH_BYTES),
            path: (path != ".").then(|| blotter.blot(&path, PATH_BYTES)),
            message: blotter.blot(&message, MESSAGE_BYTES),
            json,
        }
    }
}

impl fmt::Display for ElementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was dropped", Line(&self.pointer, 120))?;
        if let Some(path) = &self.path {
            write!(f, ", at {}", Line(path, 120))?;
        }
        write!(f, ": {}", Line(&self.message, 280))
    }
}

impl fmt::Debug for ElementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 512;
        f.debug_struct("ElementError")
            .field("pointer", &Line(&self.pointer, SHOWN))
            .field("path", &self.path.as_deref().map(|path| Line(path, SHOWN)))
            .field("message", &Line(&self.message, SHOWN))
            .finish_non_exhaustive()
    }
}

impl StdError for ElementError {}

/// Decodes a value without the bad elements of its lists and maps. Returns the value and the errors
/// of these elements.
pub(crate) fn decode_lenient<T>(
    decode: DecodeFn<T>,
    received: Received<'_>,
    secrets: &Secrets,
) -> Result<(T, Vec<ElementError>), DecodeError> {
    let scope = Scope::record();
    let (value, json) = (decode(received)?, received.result);
    let mut dropped = scope.end();
    if dropped.is_empty() {
        return Ok((value, Vec::new()));
    }
    let base = json.as_ptr().addr();
    dropped.sort_by_key(|dropped| dropped.address);
    let starts: Vec<usize> = dropped.iter().map(|dropped| dropped.address.wrapping_sub(base)).collect();
    let blotter = secrets.blotter();
    let pointers = pointers(json, &starts).into_iter().chain(std::iter::repeat(String::new()));
    let errors = dropped.into_iter().zip(pointers);
    Ok((value, errors.map(|(dropped, pointer)| ElementError::new(dropped, &pointer, &blotter)).collect()))
}
