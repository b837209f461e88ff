//! Lowers the resolved view of a document to the model.
//!
//! Two readers, `openapi` and `openrpc`, share the lowering of schemas (`schema`) and of extensions
//! (`extensions`). `finish` decides the parts that need all types: usage, recursion, names. After a
//! finding, each of them continues with a stand-in for the part that cannot be read, so that one
//! run reports all findings.
//!
//! # Names of types from inline schemas
//!
//! A schema that needs a name is an object with properties, an enum, a row or a `oneOf`. It is
//! named after its place, as the table shows. Two uses share a type only if a `$ref` leads from
//! both to the same schema, or if they are successful responses of one operation with equal
//! schemas.
//!
//! | place | name |
//! |---|---|
//! | a component (schema, parameter, response, body) | its own name |
//! | a parameter of an operation, a field of a form | `Operation` + `Parameter` |
//! | the body, the response | `Operation` + `Body`, `Response` |
//! | a further successful response | `Operation` + `Response` + status |
//! | the enum of several successful responses | `Operation` + `Success` |
//! | the body of an error | `Operation` + `Error` + status |
//! | a property of an object, a column of a row | parent + property |
//! | an item of a list, a value of a map | parent + `Item`, `Value` |
//! | an alternative of a `oneOf` | parent + its JSON kind |
//! | an alternative of a union | parent + its component, title, tag value or number |
//!
//! `x-rust-name` on such a schema replaces its name. On a property or a parameter, it replaces the
//! name of the property or the parameter, and the name of its type follows from that name.

mod always;
mod bodies;
mod constraints;
mod cycles;
mod extensions;
mod finish;
mod forms;
mod lowering;
mod open_recovery;
mod openapi;
mod openrpc;
mod root;
mod schema;
mod subscriptions;
mod unions;

use crate::diagnostic::Diagnostics;
use crate::model::api::Api;
use crate::source::standard::Standard;
use crate::source::view::View;

/// Lowers a checked document.
///
/// # Errors
///
/// Returns an error if a part of the document cannot be written as Rust. Examples are names that
/// collide, and types that contain themselves.
pub fn lower(view: &View<'_>) -> Result<Api, Diagnostics> {
    match view.standard {
        Standard::OpenApi => openapi::lower(view),
        Standard::OpenRpc => openrpc::lower(view),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::source::{Document, check};

    /// Parts of the messages that the lowering reports and the check does not: about names and
    /// about whole types.
    const OWN: [&str; 14] = [
        "the example breaks a constraint",
        "so its constraints have no effect",
        "the constraint cannot be checked in all requests",
        "have more than 1000 constraints",
        "contains itself",
        "has neither a letter nor a digit",
        "has characters that a Rust name",
        "is called",
        "is `readOnly`, but",
        "null cannot be sent",
        "`readOnly` has no effect here",
        "success has two shapes",
        "the schema needs no name",
        "cannot be the name",
    ];

    /// Lowers a document that was not checked.
    fn unchecked(document: &Document) -> Result<Api, Diagnostics> {
        let standard = if document.root().get("openrpc").is_some() { Standard::OpenRpc } else { Standard::OpenApi };
        lower(&View::new(document, standard))
    }

    /// Returns the YAML files of a folder with their texts.
    fn specs(folder: &str) -> Vec<(String, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut specs = Vec::new();
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("the folder is readable").path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                let name = path.file_stem().expect("the file has a name").to_string_lossy().into_owned();
                specs.push((name, fs::read_to_string(&path).expect("the spec is readable")));
            }
        }
        specs
    }

    /// Lowers a document that was not checked, and returns the messages except [`OWN`]. Panics if
    /// the check does not report each of them at the same place.
    fn refused_by_readers(name: &str, text: &str) -> Vec<String> {
        let Ok(document) = Document::parse("acme.yaml", text) else { return Vec::new() };
        let Err(found) = unchecked(&document) else { return Vec::new() };
        let checked = check(&document);
        let is_own = |message: &str| OWN.iter().any(|own| message.contains(own));
        let found: Vec<_> = found.iter().filter(|finding| !is_own(&finding.message)).collect();
        for finding in &found {
            let same = |known: &Diagnostic| known.location == finding.location && known.message == finding.message;
            assert!(checked.iter().any(same), "{name}: the check does not have\n{finding}\nbut\n{checked}");
        }
        found.into_iter().map(|finding| finding.message.clone()).collect()
    }

    #[test]
    fn the_check_reports_each_refusal_of_the_lowering_except_those_about_names_and_whole_types() {
        let mut refused = BTreeSet::new();
        for (name, text) in specs("tests/refusals") {
            // Some of these documents have no supported standard. For them the check stops, but
            // `unchecked` does not.
            if !name.starts_with("version-") {
                refused.extend(refused_by_readers(&name, &text));
            }
        }
        assert!(refused.len() > 50, "more than 50 different refusals: {refused:#?}");
    }

    #[test]
    fn the_check_reports_each_such_refusal_for_specs_that_lack_one_line() {
        let every: usize = std::env::var("EVERY").ok().and_then(|text| text.parse().ok()).unwrap_or(101);
        for (name, text) in specs("../specs") {
            let lines: Vec<&str> = text.lines().collect();
            for lost in (0..lines.len()).step_by(every) {
                // Without its line `openapi` or `openrpc`, a document has no version, and the check
                // stops. Without `components`, each `$ref` is a finding, and the check lists only
                // the first findings of a kind.
                let ends_check = |line: &&str| line.starts_with("open") || line.starts_with("components");
                if lines.get(lost).is_some_and(ends_check) {
                    continue;
                }
                let kept = lines.iter().enumerate().filter(|(at, _)| *at != lost).map(|(_, line)| *line);
                let text = kept.collect::<Vec<_>>().join("\n");
                refused_by_readers(&format!("{name} without line {}", lost + 1), &text);
            }
        }
    }
}
