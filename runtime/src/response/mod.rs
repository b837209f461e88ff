//! From the bytes of a response to a value or an error.
//!
//! - `raw`: a response as it came
//! - `classify`: distinguishes success from error, and decides the outcome of the request
//! - `flaw`: the reason why the text of a body cannot be interpreted
//! - `failed_when`: decides whether a response of status 2xx states a failure
//! - `retry_after`: the time that the venue asks the client to wait
//! - `decode`: decodes the value
//! - `typed`: a response with its value

pub(crate) mod classify;
pub(crate) mod decode;
mod failed_when;
mod flaw;
pub(crate) mod raw;
pub(crate) mod retry_after;
pub(crate) mod typed;
