//! Makes tiny documents for tests, and lowers them.

use std::fmt::Write as _;

use venuekit_codegen::model::{Api, lower, outline};
use venuekit_codegen::source::{Document, read};

/// Lowers a document. Returns the model, or the findings as text.
fn lowered(text: &str) -> Result<Api, String> {
    let document = Document::parse("specs/acme-spot.yaml", text).map_err(|findings| findings.to_string())?;
    let view = read(&document).map_err(|findings| format!("refused by the check:\n{findings}"))?;
    lower(&view).map_err(|findings| findings.to_string())
}

pub(super) fn accepted(text: &str) -> Api {
    lowered(text).unwrap_or_else(|findings| panic!("{findings}"))
}

pub(super) fn refused(text: &str) -> String {
    match lowered(text) {
        Ok(api) => panic!("nothing was refused:\n{}", outline(&api)),
        Err(findings) => findings,
    }
}

/// Returns the operations and types of the outline, without the parts that all tiny specs share.
pub(super) fn operations_and_types(text: &str) -> String {
    let text = outline(&accepted(text));
    text.split_once("\noperations\n").map(|(_, rest)| rest.to_owned()).unwrap_or(text)
}

/// Returns an OpenAPI document with these paths and component schemas. Both may be indented by any
/// number of spaces.
pub(super) fn openapi(paths: &str, schemas: &str) -> String {
    let schemas =
        if schemas.is_empty() { String::new() } else { format!("components:\n  schemas:\n{}", indented(schemas, 4)) };
    format!(
        "openapi: 3.0.3\ninfo: {{title: Acme Spot, version: '1'}}\nx-crate-version: 0.1.0\npaths:\n{}{schemas}",
        indented(paths, 2)
    )
}

/// Returns an OpenAPI document with these component schemas, and one operation that uses none of
/// them.
pub(super) fn schemas(schemas: &str) -> String {
    openapi("/ping: {get: {operationId: ping, summary: Ping, responses: {'204': {description: Pong}}}}", schemas)
}

/// Returns an OpenRPC document with these methods and component schemas. Both may be indented by
/// any number of spaces.
pub(super) fn openrpc(methods: &str, schemas: &str) -> String {
    let schemas =
        if schemas.is_empty() { String::new() } else { format!("components:\n  schemas:\n{}", indented(schemas, 4)) };
    format!(
        "openrpc: 1.3.2\ninfo: {{title: Acme Core, version: '1'}}\nx-crate-version: 0.1.0\nmethods:\n{}{schemas}",
        indented(methods, 2)
    )
}

/// Removes the indentation of the first line from every line, and then indents every line by `by`
/// spaces.
fn indented(text: &str, by: usize) -> String {
    let text = text.trim_start_matches('\n').trim_end();
    let own = text.len() - text.trim_start_matches(' ').len();
    let mut out = String::new();
    for line in text.lines() {
        let _ = writeln!(out, "{:by$}{}", "", line.get(own..).unwrap_or_default());
    }
    out
}
