//! Keys that nothing else compares.

use indexmap::IndexSet;

use super::canonical;
use super::contract::{below, root};
use super::differ::{Differ, Finding};
use super::documentation::DOCUMENTATION;
use super::report::Subject;
use super::rules;
use crate::spec::Node;
use crate::spec::found::Found;

/// Keys of a document that are compared.
const ROOT_KEYS: [&str; 10] = [
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
/// Keys of a path that are.
const PATH_KEYS: [&str; 10] =
    ["get", "put", "post", "delete", "patch", "head", "options", "trace", "parameters", "$ref"];

impl Differ<'_> {
    /// Keys of the document, and of its paths.
    pub(super) fn api_keys(&mut self) {
        let (old, new) = (root(self.old.document), root(self.new.document));
        self.other_keys(&old, &new, &ROOT_KEYS, &Subject::default());
        let (Some(old), Some(new)) = (old.get("paths"), new.get("paths")) else { return };
        for (path, before) in old.members() {
            if let Some(after) = new.get(path) {
                let subject = Subject { within: path.to_owned(), ..Subject::default() };
                self.other_keys(&before, &after, &PATH_KEYS, &subject);
            }
        }
    }

    /// Tells what differs under keys that are not `known`, so that nothing is passed over; of extensions that are not ours it is only counted.
    pub(super) fn other_keys(&mut self, old: &Found<'_>, new: &Found<'_>, known: &[&str], subject: &Subject) {
        let keys = |found: &Found<'_>| {
            found.node.as_map().into_iter().flat_map(|members| members.keys()).map(str::to_owned).collect::<Vec<_>>()
        };
        let keys: IndexSet<String> = keys(old).into_iter().chain(keys(new)).collect();
        for key in keys {
            if known.contains(&key.as_str()) || DOCUMENTATION.contains(&key.as_str()) || OURS.contains(&key.as_str()) {
                continue;
            }
            let value = |found: &Found<'_>| found.node.get(&key).map(canonical::text);
            let (was, is) = (value(old), value(new));
            if was == is {
                continue;
            }
            if key.starts_with("x-") {
                self.documentation += 1;
                continue;
            }
            let text = |value: Option<String>| value.map(|value| format!("{key} {value}"));
            let finding = match new.node.get(&key).is_some_and(|node: &Node| !node.is_null()) {
                true => Finding::new(&rules::KEYWORD_CHANGED, subject.clone(), below(new, &key)),
                false => Finding::old(&rules::KEYWORD_CHANGED, subject.clone(), below(old, &key)),
            };
            self.report(Finding { was: text(was), is: text(is), ..finding });
        }
    }
}

/// Words of `specs/README.md`, which are compared on the model.
const OURS: [&str; 34] = [
    "x-crate-version",
    "x-auth",
    "x-private-key",
    "x-base-path",
    "x-recv-window",
    "x-clock-codes",
    "x-security-schemes",
    "x-security",
    "x-rate-limits",
    "x-limits",
    "x-server-time",
    "x-error",
    "x-error-codes",
    "x-unknown-codes",
    "x-refused-codes",
    "x-parameter-order",
    "x-environment",
    "x-weight",
    "x-idempotent",
    "x-moves-funds",
    "x-done-codes",
    "x-gone-codes",
    "x-failed-when",
    "x-method",
    "x-rust-name",
    "x-signature",
    "x-variadic",
    "x-tuple",
    "x-always",
    "x-enum-varnames",
    "x-description",
    "x-doc-deviation",
    "x-enum-descriptions",
    "x-evidence",
];
