//! Completes the root: the version of the crate, and the purpose of each server.

use super::notes::Notes;
use crate::source::document::Document;
use crate::source::node::{Kind, Node, Position};
use crate::source::pointer::pointer_join;

/// The version of a crate if the document states none.
const FIRST_VERSION: &str = "0.1.0";

/// Adds the version of the crate and the environments of the servers.
pub(super) fn complete(document: &mut Document, notes: &mut Notes) {
    if document.node("/x-crate-version").is_none() {
        let help = "write `x-crate-version` into an overlay, so that the next version of the crate can be determined";
        notes.synthesised(document, "", format!("the crate has version {FIRST_VERSION}"), help);
        if let Some(members) = document.root_mut().as_map_mut() {
            members.insert("x-crate-version", Node::new(Position::START, Kind::String(FIRST_VERSION.into())));
        }
    }
    environments(document, notes);
}

/// Adds the environment of each server that states none.
fn environments(document: &mut Document, notes: &mut Notes) {
    let count = document.node("/servers").and_then(Node::as_seq).map_or(0, <[Node]>::len);
    for index in 0..count {
        let pointer = pointer_join("/servers", &index.to_string());
        let Some(server) = document.node(&pointer).filter(|server| server.get("x-environment").is_none()) else {
            continue;
        };
        let Some(environment) = environment_of_server(server) else { continue };
        let url = server.get("url").and_then(Node::as_str).unwrap_or_default();
        let message = format!("`{url}` is assumed to be the {environment} server");
        notes.synthesised(document, &pointer, message, "write its `x-environment` into an overlay");
        let position = document.position(&pointer);
        let server = document.root_mut().child_mut("servers").and_then(|servers| servers.child_mut(&index.to_string()));
        if let Some(members) = server.and_then(Node::as_map_mut) {
            members.insert("x-environment", Node::new(position, Kind::String(environment.into())));
        }
    }
}

/// Returns the environment of a server, by its URL and its description; `None` if it has no URL.
#[must_use]
pub fn environment_of_server(server: &Node) -> Option<&'static str> {
    let url = server.get("url").and_then(Node::as_str)?;
    let said = server.get("description").and_then(Node::as_str).unwrap_or_default();
    Some(if is_test(said) { "test" } else { environment_of_host(url) })
}

/// Returns the environment of a host, by its name or its URL.
#[must_use]
pub fn environment_of_host(host: &str) -> &'static str {
    if is_test(host) { "test" } else { "production" }
}

/// Returns whether a URL or a description names a host for tests.
fn is_test(text: &str) -> bool {
    let words = text.to_ascii_lowercase();
    let mut words = words.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| {
        ["test", "testnet", "sandbox", "demo", "paper", "staging", "dev", "uat", "sim", "localhost"].contains(&word)
    })
}
