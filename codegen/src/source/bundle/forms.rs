//! The values of a document that have another form than their place requires.

use super::roles::{Role, member};
use crate::diagnostic::Diagnostics;
use crate::source::document::Document;
use crate::source::node::{Kind, Node};
use crate::source::pointer::pointer_join;

/// Returns a finding on each object or list that is another kind of value, and on each object
/// without a key by which it is found. Nothing inside such a value can be read.
///
/// A value of null counts as a value that is not there.
#[must_use]
pub fn misshapen(document: &Document) -> Diagnostics {
    let mut findings = Diagnostics::complete();
    walk(document, "", document.root(), Role::Root, &mut findings);
    for (standard, key) in [("openapi", "paths"), ("openrpc", "methods")] {
        let version = document.root().get(standard).and_then(|node| node.as_str().or_else(|| node.as_number()));
        // A document of OpenAPI 3.1 may describe webhooks or components alone.
        let needs = version.is_some_and(|version| standard == "openrpc" || version.starts_with("3.0"));
        if needs && document.root().get(key).is_none_or(Node::is_null) {
            let help = format!("write `{key}`; if there are none, write it empty");
            findings.push(document.finding("", format!("`{key}` is missing"), Some(help.into())));
        }
    }
    findings
}

/// The form of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Object,
    Array,
    /// A schema: an object, `true` or `false`. `items` of older versions can be an array.
    Schema,
    Any,
}

impl Form {
    fn of(role: Role) -> Self {
        match role {
            Role::List(_) => Self::Array,
            Role::Schema => Self::Schema,
            Role::Example | Role::ExamplePairing | Role::Mapping => Self::Any,
            _ => Self::Object,
        }
    }

    fn fits(self, node: &Node) -> bool {
        let is_any = self == Self::Any || node.is_null();
        let fits = match node.kind() {
            Kind::Map(_) => matches!(self, Self::Object | Self::Schema),
            Kind::Seq(_) => matches!(self, Self::Array | Self::Schema),
            Kind::Bool(_) => self == Self::Schema,
            _ => false,
        };
        is_any || fits
    }

    fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "a list",
            Self::Schema => "a schema",
            Self::Any => "a value",
        }
    }
}

/// The arrays that have no role, because no `$ref` is inside them.
const ARRAYS: [(Role, &str); 6] = [
    (Role::Root, "servers"),
    (Role::PathItem, "servers"),
    (Role::Operation, "servers"),
    (Role::Root, "security"),
    (Role::Operation, "security"),
    (Role::Schema, "enum"),
];

fn walk(document: &Document, pointer: &str, node: &Node, role: Role, findings: &mut Diagnostics) {
    if !expect(document, pointer, node, Form::of(role), findings) {
        return;
    }
    match node.kind() {
        Kind::Map(members) => {
            keys(document, pointer, node, role, findings);
            for (name, node) in members.iter() {
                let pointer = pointer_join(pointer, name);
                if ARRAYS.contains(&(role, name)) && expect(document, &pointer, node, Form::Array, findings) {
                    continue;
                }
                // A path item and a map of responses can have extensions of any form.
                let is_map_of_extensions = matches!(role, Role::Map(Role::PathItem | Role::Response));
                if is_map_of_extensions && name.starts_with("x-") {
                    continue;
                }
                if let Some(role) = member(role, name) {
                    walk(document, &pointer, node, role, findings);
                }
            }
        }
        Kind::Seq(nodes) => {
            let element = match role {
                Role::List(role) => *role,
                _ => role,
            };
            for (index, node) in nodes.iter().enumerate() {
                walk(document, &pointer_join(pointer, &index.to_string()), node, element, findings);
            }
        }
        _ => {}
    }
}

/// Returns whether a value has this form.
fn expect(document: &Document, pointer: &str, node: &Node, form: Form, findings: &mut Diagnostics) -> bool {
    let fits = form.fits(node);
    if !fits {
        let message = format!("expected {}, not {}", form.name(), node.kind_name());
        findings.push(document.finding(pointer, message, Some("correct the value, or leave it out".into())));
    }
    fits
}

/// Adds a finding for each key without which the object cannot be compared.
fn keys(document: &Document, pointer: &str, node: &Node, role: Role, findings: &mut Diagnostics) {
    let needed: &[&str] = match role {
        Role::Parameter => &["name", "in"],
        Role::Method => &["name"],
        _ => &[],
    };
    if node.get("$ref").is_some() {
        return;
    }
    for key in needed.iter().filter(|key| node.get(key).and_then(Node::as_str).is_none()) {
        let message = format!("`{key}` is missing, or it is not text");
        findings.push(document.finding(pointer, message, Some(format!("write its `{key}`").into())));
    }
}
