//! Turns the values of an operation into the bytes of its request.
//!
//! - `values`: the values that were set, each in the form that its part of the request requires
//! - `text`: encodes a value for a path, a query, a header or a cookie
//! - `styled`: writes values in the styles of OpenAPI
//! - `http`: path, query, headers and cookies of an HTTP request
//! - `encode`: percent-encoding
//! - `bounds`: checks the values against the bounds of the spec
//! - `digits`: compares numbers
//! - `constraints`: checks the values against the constraints between them
//! - `form`: the fields of a form
//! - `multipart`: multipart forms
//! - `form_body`: the form that is the body
//! - `build`: the whole request, for HTTP and JSON-RPC
//! - `options`: the options of one call
//! - `signable`: the request as a signer sees it
//!
//! This module does not depend on the client or the pipeline.

pub(crate) mod bounds;
pub(crate) mod build;
pub(crate) mod constraints;
pub(crate) mod digits;
pub(crate) mod encode;
mod form;
mod form_body;
pub(crate) mod http;
mod multipart;
pub(crate) mod options;
pub(crate) mod signable;
pub(crate) mod styled;
pub(crate) mod text;
pub(crate) mod values;
