//! Takes documents in, or refuses them.

use crate::document::Document;
use crate::facts::Facts;
use crate::read;

/// The reason why there is no draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    message: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// Reads the facts of documents, or refuses documents without any.
pub(crate) fn facts_of(documents: &[Document]) -> Result<Facts, Refusal> {
    let names: Vec<&str> = documents.iter().map(|document| document.name.as_str()).collect();
    let names = if names.is_empty() { "no document".to_owned() } else { names.join(", ") };
    let is_markdown = |document: &Document| !looks_like_another_format(&document.text);
    if let Some(other) = documents.iter().find(|document| !is_markdown(document)) {
        return Err(Refusal {
            message: format!(
                "{} is not a document in Markdown (expected prose with tables and samples)\n  help: take a published \
                 OpenAPI or OpenRPC file in with `cargo xtask new`, and save a web page as Markdown",
                other.name
            ),
        });
    }
    let facts = read::read(documents);
    if facts.operations.is_empty() && facts.methods.is_empty() {
        return Err(Refusal {
            message: format!(
                "{names}: no operation was found (expected lines such as `GET /api/orders`, or samples of JSON-RPC \
                 calls with a `method`)\n  help: give the page that describes the operations"
            ),
        });
    }
    Ok(facts)
}

/// Returns whether a text is a specification in YAML. Comments and `---` may stand before its first
/// key.
fn is_yaml_specification(text: &str) -> bool {
    let first = text.lines().map(str::trim_end).find(|line| !line.is_empty() && !line.starts_with(['#', '-']));
    ["openapi:", "swagger:", "openrpc:", "asyncapi:"].iter().any(|key| first.is_some_and(|line| line.starts_with(key)))
}

/// Returns whether a text is HTML, JSON or a specification, and not prose in Markdown.
fn looks_like_another_format(text: &str) -> bool {
    if text.contains('\0') {
        return true;
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let lower: String = text.chars().take(200).collect::<String>().to_ascii_lowercase();
    lower.starts_with("<!doctype html")
        || lower.starts_with("<html")
        || lower.starts_with("<?xml")
        || lower.starts_with("%pdf")
        || is_yaml_specification(text)
        || lower.starts_with(['{', '[']) && venuekit_json::Tree::parse(text).is_ok()
}
