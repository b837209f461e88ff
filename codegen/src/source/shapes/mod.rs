//! Descriptions of all objects of a document: the supported part of the standards, and the
//! specification extensions of `specs/README.md`.

pub(super) mod common;
pub(super) mod extensions;
pub(super) mod grammar;
pub(super) mod openapi;
pub(super) mod openrpc;
pub(super) mod overlay;
pub(super) mod schema;
pub(super) mod subscriptions;
