//! Checks the standard of a document and its version. A document of an unsupported standard is not
//! checked any further. A document of an unsupported version of OpenAPI or of OpenRPC is checked
//! nevertheless, so that one run gives all findings.

use crate::source::document::Document;
use crate::source::findings::{Findings, write_text};
use crate::source::node::Node;
use crate::source::standard::Standard;
use crate::source::text::first_line;

/// Returns the standard of a document; `None` if it cannot be checked any further. An unsupported
/// version of OpenAPI or of OpenRPC is only a finding. Swagger is not supported at all.
pub(super) fn check(document: &Document, findings: &mut Findings<'_>) -> Option<Standard> {
    let root = document.root();
    venue(document, findings);
    let (key, standard) = match (root.get("openapi"), root.get("openrpc"), root.get("swagger")) {
        (Some(_), Some(_), _) => {
            findings.at_key("/openrpc", "a document cannot be OpenAPI and OpenRPC at once", "keep one of the two");
            return None;
        }
        (Some(_), None, _) => ("openapi", Standard::OpenApi),
        (None, Some(_), _) => ("openrpc", Standard::OpenRpc),
        (None, None, Some(_)) => {
            findings.at("/swagger", "OpenAPI 2.0 (Swagger) is not supported", "convert it to `openapi: 3.0.3`");
            return None;
        }
        (None, None, None) => {
            findings.at("", "this is neither OpenAPI nor OpenRPC", first_line(document.is_json()));
            return None;
        }
    };
    // Without quotes, `3.0` is a number. The walk over the keys of the root reports that.
    let pointer = format!("/{key}");
    let Some(version) = root.get(key).and_then(Node::as_str) else { return Some(standard) };
    let parts: Option<Vec<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
    match (standard, parts.as_deref()) {
        (Standard::OpenApi, Some([3, 0, _])) | (Standard::OpenRpc, Some([1, _, _])) => {}
        (Standard::OpenApi, Some([3, minor, ..])) if *minor > 0 => {
            let help = "write it as 3.0.3: `nullable: true` in place of a type of null, one `example`, no `const`";
            findings.at(&pointer, format!("OpenAPI {version} is not supported"), help);
        }
        (Standard::OpenApi, _) => findings.at(
            &pointer,
            format!("`{version}` is not a version of OpenAPI"),
            write_text("write 3.0.3", "3.0.3"),
        ),
        (Standard::OpenRpc, _) => {
            let help = write_text("write 1.3.2, after checking that the document follows it", "1.3.2");
            findings.at(&pointer, format!("`{version}` is not a supported version of OpenRPC"), help);
        }
    }
    Some(standard)
}

/// Checks the stem of the file's name, which becomes part of a crate's name.
fn venue(document: &Document, findings: &mut Findings<'_>) {
    let venue = document.venue();
    let kebab = venue
        .split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    if !kebab || !venue.starts_with(|c: char| c.is_ascii_lowercase()) {
        let message = format!("`{venue}`, the name of the file and so of the venue, cannot be the name of a crate");
        findings.at("", message, "name the file in lower case with hyphens, such as `acme-spot.yaml`");
    }
}
