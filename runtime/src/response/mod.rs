//! From the bytes of a response to a value or an error.
//!
//! - `raw`: a response as it came
//! - `classify`: tells successes from errors, and what became of the request
//! - `flaw`: the reason why a body cannot be judged
//! - `failed_when`: finds out whether a response of status 2xx says that it is an error
//! - `retry_after`: how long the venue asks to wait
//! - `decode`: reads the value
//! - `typed`: a response with its value

pub(crate) mod classify;
pub(crate) mod decode;
mod failed_when;
mod flaw;
pub(crate) mod raw;
pub(crate) mod retry_after;
pub(crate) mod typed;
