//! Which keys are allowed where: the standards, less what the generator does not do, plus the words of `specs/README.md`.

mod common;
mod openapi;
mod openrpc;
mod schema;
mod words;

pub(super) use openapi::OPENAPI;
pub(super) use openrpc::OPENRPC;
pub(super) use words::PLACES;
