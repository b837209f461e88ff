//! Compares keys that no other module compares.

use indexmap::IndexSet;
use venuekit_codegen::source::Located;
use venuekit_codegen::source::Node;

use crate::comparison::Subject;
use crate::contract::Sides;
use crate::document::below;
use crate::finding::{Finding, Findings};
use crate::json_text;
use crate::keys::{DOCUMENTATION, EXTENSIONS};
use crate::rules;

/// Keys of a document that are compared elsewhere.
const ROOT_KEYS: [&str; 11] = [
    "webhooks",
    "openapi",
    "openrpc",
    "info",
    "servers",
    "paths",
    "methods",
    "components",
    "security",
    "jsonSchemaDialect",
    "$schema",
];

/// Keys of a path that are compared elsewhere.
const PATH_KEYS: [&str; 10] =
    ["get", "put", "post", "delete", "patch", "head", "options", "trace", "parameters", "$ref"];

/// Compares the other keys of the document and of its paths.
pub(super) fn of_api(sides: &Sides<'_>) -> Findings {
    let (old, new) = (sides.old.root(), sides.new.root());
    let mut findings = others(&old, &new, &ROOT_KEYS, &Subject::default());
    let (Some(old), Some(new)) = (old.get("paths"), new.get("paths")) else { return findings };
    for (path, before) in old.members() {
        if let Some(after) = new.get(path) {
            let subject = Subject { within: path.to_owned(), ..Subject::default() };
            findings.add(others(&before, &after, &PATH_KEYS, &subject));
        }
    }
    findings
}

/// Compares all keys that are not `known`, so that no change is missed. Changes of extensions that
/// are not ours are only counted.
pub(super) fn others(old: &Located<'_>, new: &Located<'_>, known: &[&str], subject: &Subject) -> Findings {
    of_parts(std::slice::from_ref(old), std::slice::from_ref(new), known, subject)
}

/// Compares all keys of several objects that are read as one.
pub(super) fn of_parts(old: &[Located<'_>], new: &[Located<'_>], known: &[&str], subject: &Subject) -> Findings {
    let mut findings = Findings::default();
    let keys = |parts: &[Located<'_>]| {
        let keys = parts.iter().filter_map(|part| part.node.as_map()).flat_map(|members| members.keys());
        keys.map(str::to_owned).collect::<Vec<_>>()
    };
    let keys: IndexSet<String> = keys(old).into_iter().chain(keys(new)).collect();
    for key in keys {
        if [known, &DOCUMENTATION, &EXTENSIONS].iter().any(|known| known.contains(&key.as_str())) {
            continue;
        }
        let value = |parts: &[Located<'_>]| {
            let values: Vec<String> =
                parts.iter().filter_map(|part| part.node.get(&key)).map(json_text::text).collect();
            Some(values.join(", ")).filter(|_| !values.is_empty())
        };
        let (was, is) = (value(old), value(new));
        if was == is {
            continue;
        }
        if key.starts_with("x-") {
            findings.document(1);
            continue;
        }
        let text = |value: Option<String>| value.map(|value| format!("{key} {value}"));
        let has = |part: &&Located<'_>| part.node.get(&key).is_some_and(|node: &Node| !node.is_null());
        let place = |parts: &[Located<'_>]| parts.iter().find(has).map(|part| below(part, &key));
        let finding = match (place(new), place(old)) {
            (Some(place), _) => Finding::in_new(&rules::KEYWORD_CHANGED, subject.clone(), place),
            (None, place) => Finding::in_old(&rules::KEYWORD_CHANGED, subject.clone(), place.unwrap_or_default()),
        };
        findings.push(finding.values(text(was), text(is)));
    }
    findings
}
