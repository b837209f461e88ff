//! Which standard, and which version of it. What is of another is not looked at any further.

use super::findings::{Findings, write_text};
use crate::spec::build::first_line;
use crate::spec::{Document, Node};

/// The standard of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    OpenApi,
    OpenRpc,
}

/// The document's standard, if it is one that we read.
pub(super) fn check(document: &Document, findings: &mut Findings<'_>) -> Option<Dialect> {
    let root = document.root();
    venue(document, findings);
    let (key, dialect) = match (root.get("openapi"), root.get("openrpc"), root.get("swagger")) {
        (Some(_), Some(_), _) => {
            findings.at_key("/openrpc", "a document cannot be OpenAPI and OpenRPC at once", "keep one of the two");
            return None;
        }
        (Some(_), None, _) => ("openapi", Dialect::OpenApi),
        (None, Some(_), _) => ("openrpc", Dialect::OpenRpc),
        (None, None, Some(_)) => {
            findings.at("/swagger", "OpenAPI 2.0 (Swagger) is not supported", "convert it to `openapi: 3.0.3`");
            return None;
        }
        (None, None, None) => {
            findings.at("", "this is neither OpenAPI nor OpenRPC", first_line(document.is_json()));
            return None;
        }
    };
    let pointer = format!("/{key}");
    let version = root.get(key).and_then(version_text).unwrap_or_default();
    let parts: Option<Vec<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
    match (dialect, parts.as_deref()) {
        (Dialect::OpenApi, Some([3, 0, _])) | (Dialect::OpenRpc, Some([1, _, _])) => return Some(dialect),
        (Dialect::OpenApi, Some([3, minor, ..])) if *minor > 0 => {
            let help = "write it as 3.0.3: `nullable: true` in place of a type of null, one `example`, no `const`";
            findings.at(&pointer, format!("OpenAPI {version} is not supported"), help);
        }
        (Dialect::OpenApi, _) => {
            findings.at(&pointer, format!("`{version}` is no version of OpenAPI"), write_text("write 3.0.3", "3.0.3"))
        }
        (Dialect::OpenRpc, _) => {
            let help = write_text("write 1.3.2, after seeing whether the document follows it", "1.3.2");
            findings.at(&pointer, format!("`{version}` is no version of OpenRPC that is supported"), help);
        }
    }
    None
}

/// As text also where the quotes that `3.0` needs were left out.
fn version_text(node: &Node) -> Option<String> {
    node.as_str().or_else(|| node.as_number()).map(str::to_owned)
}

/// The file's stem becomes part of a crate's name.
fn venue(document: &Document, findings: &mut Findings<'_>) {
    let venue = document.venue();
    let kebab = venue
        .split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    if !kebab || !venue.starts_with(|c: char| c.is_ascii_lowercase()) {
        let message = format!("the file's name makes `{venue}` the name of the venue, which cannot be that of a crate");
        findings.at("", message, "name the file in lower case with hyphens, such as `acme-spot.yaml`");
    }
}
