//! The first stage: reads a document as a contract, with the requests and responses of each
//! operation.
//!
//! Contracts are read from the tree of the document, so a document from which no crate can be
//! generated is compared as well. Schemas are not copied into the contract.

mod common;
mod openapi;
pub(crate) mod openrpc;
pub(crate) mod parts;
pub(crate) mod path;
pub(crate) mod servers;
mod sides;

pub(crate) use sides::{Contract, Side, Sides, Standard};

use venuekit_codegen::source::Document;

use crate::document::root;

/// Reads the contract of a document; `None` if it is neither OpenAPI nor OpenRPC.
pub(crate) fn read(document: &Document) -> Option<Contract<'_>> {
    let root = root(document);
    let version = |key: &str| {
        let version = root.node.get(key)?;
        version.as_str().or_else(|| version.as_number())
    };
    if version("openapi").is_some_and(|version| version.starts_with("3.")) {
        Some(Contract { standard: Standard::OpenApi, operations: openapi::operations(document) })
    } else if version("openrpc").is_some() {
        Some(Contract { standard: Standard::OpenRpc, operations: openrpc::operations(document) })
    } else {
        None
    }
}
