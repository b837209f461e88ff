//! The response of a success, from which a value is decoded.

use bytes::Bytes;
use http::StatusCode;

use super::byte_stream::{ByteStream, StreamCell};
use super::decode::DecodeError;
use crate::operation::operation::Operation;

/// The response of a success, from which a value is decoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Received<'r> {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    /// The whole body.
    pub(crate) body: &'r Bytes,
    /// The part of the body that is the operation's result, without a byte order mark.
    pub(crate) result: &'r Bytes,
    /// The body as a stream, if the call asked for one.
    pub(crate) stream: &'r StreamCell,
}

/// A function that decodes the value of a response.
pub(crate) type DecodeFn<T> = fn(Received<'_>) -> Result<T, DecodeError>;

pub(crate) fn decode_unit(_: Received<'_>) -> Result<(), DecodeError> {
    Ok(())
}

/// Returns the whole body.
pub(crate) fn decode_bytes(received: Received<'_>) -> Result<Bytes, DecodeError> {
    Ok(received.body.clone())
}

/// Returns the body as text.
pub(crate) fn decode_text(received: Received<'_>) -> Result<String, DecodeError> {
    String::from_utf8(received.result.to_vec()).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        DecodeError::new(format!("the text is not UTF-8 from byte {valid} on"))
    })
}

/// Returns the body as a stream.
pub(crate) fn decode_stream(received: Received<'_>) -> Result<ByteStream, DecodeError> {
    received.stream.take().ok_or_else(|| DecodeError::new("the response is not streamed".to_owned()))
}
