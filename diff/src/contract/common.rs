//! Reads the parts that OpenAPI and OpenRPC have in common.

use std::collections::BTreeMap;

use venuekit_codegen::source::Document;
use venuekit_codegen::source::Located;

use super::parts::{Content, Security, SecurityLevel};
use crate::document::root;
use venuekit_codegen::source::follow;

/// Returns the security of an operation, or the security of the document if the operation has none.
pub(super) fn security(
    document: &Document,
    operation: &Located<'_>,
    key: &str,
    signs: &dyn Fn(&str) -> bool,
) -> Security {
    let found = operation.get(key).or_else(|| root(document).get(key));
    let Some(found) = found else {
        return Security { level: SecurityLevel::Public, schemes: Vec::new() };
    };
    let alternative = |found: Located<'_>| {
        let scopes = |scopes: Located<'_>| {
            let mut scopes: Vec<String> =
                scopes.elements().filter_map(|s| s.node.as_str().map(str::to_owned)).collect();
            scopes.sort();
            scopes
        };
        found.members().map(|(name, found)| (name.to_owned(), scopes(found))).collect::<BTreeMap<_, _>>()
    };
    let mut schemes: Vec<_> = found.elements().map(alternative).collect();
    schemes.sort();
    let level = schemes.iter().map(|all| match all.keys().any(|name| signs(name)) {
        true => SecurityLevel::Signed,
        false if all.is_empty() => SecurityLevel::Public,
        false => SecurityLevel::Key,
    });
    // The caller may choose the lowest level.
    Security { level: level.min().unwrap_or(SecurityLevel::Public), schemes }
}

/// Returns the contents of a body or response by media type.
pub(super) fn content<'d>(document: &'d Document, at: &Located<'d>) -> Vec<Content<'d>> {
    let Some(content) = at.get("content") else { return Vec::new() };
    let content = content.members().map(|(media, at)| {
        let at = follow(document, at);
        Content { media: media.to_owned(), json: is_json(media), schema: at.get("schema"), at }
    });
    content.collect()
}

pub(super) fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    // Patches and sequences of JSON are other formats.
    matches!(essence.as_str(), "application/json" | "*/*" | "application/*")
        || essence.ends_with("+json") && !essence.contains("patch") && !essence.contains("seq")
}
