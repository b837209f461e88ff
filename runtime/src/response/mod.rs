//! Turns the bytes of a response into a value or an error.
//!
//! - `raw`: a response as it came
//! - `classify`: distinguishes success from error, and decides the outcome of the request
//! - `flaw`: the reason why the text of a body cannot be interpreted
//! - `failed_when`: decides whether a response of status 2xx states a failure
//! - `element_counts`: counts the elements of a batch, in the request and in the response
//! - `failed_element`: an element of a batch that failed
//! - `failed_elements`: finds the failed elements of a batch
//! - `stated`: reads the code and message of an error, and the meaning of the code
//! - `retry_after`: the time that the venue asks the client to wait
//! - `decode`: decodes JSON
//! - `received`: decodes a value of any content
//! - `byte_stream`: the body, read piece by piece
//! - `by_status`: decodes a value that depends on the status
//! - `lenient`: decodes the value without the bad elements of its lists and maps
//! - `typed`: a response with its value

pub(crate) mod by_status;
pub(crate) mod byte_stream;
pub(crate) mod classify;
pub(crate) mod decode;
pub(crate) mod element_counts;
pub(crate) mod failed_element;
pub(crate) mod failed_elements;
mod failed_when;
mod flaw;
pub(crate) mod lenient;
pub(crate) mod raw;
pub(crate) mod received;
pub(crate) mod retry_after;
pub(crate) mod stated;
pub(crate) mod typed;
