//! Applies `x-decimals`: the names of texts and numbers that are decimals.

use std::collections::HashSet;

use super::visit;
use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::source::document::Document;
use crate::source::findings::leave_out;
use crate::source::node::{Kind, Node};
use crate::source::pointer::pointer_join;

/// The name of the extension at the root.
const KEY: &str = "x-decimals";

/// A field that `x-decimals` can name.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DecimalField {
    /// Its name on the wire.
    pub name: String,
    /// True for a number, false for a text.
    pub is_number: bool,
    /// The place of its schema.
    pub at: Location,
    /// The examples in its schema.
    pub examples: Vec<Node>,
}

/// Returns the fields that `x-decimals` can name, in the order of the document.
#[must_use]
pub fn decimal_fields(document: &Document) -> Vec<DecimalField> {
    let mut fields = Vec::new();
    // The walk can change what it visits.
    let mut copy = document.clone();
    visit::fields(&mut copy, &mut |name, schema| {
        if let Some(declared) = declared(schema)
            && declared.get("format").is_none_or(|format| format.as_str() != Some("decimal"))
        {
            let listed = declared.get("examples").and_then(Node::as_seq).unwrap_or_default();
            let own = ["example", "default"].into_iter().filter_map(|key| declared.get(key));
            fields.push(DecimalField {
                name: name.to_owned(),
                is_number: has_type(declared, "number"),
                at: document.place("", declared.anchor()),
                examples: own.chain(listed).cloned().collect(),
            });
        }
    });
    fields
}

/// Adds `format: decimal` to the fields that `x-decimals` names, and removes the key.
///
/// A field is a property of an object, a column of a row, or a parameter, that is text or a number.
/// If the field is a list, its elements get the format. Only schemas change. So a member of that
/// name in an example or an extension stays as it is.
///
/// # Errors
/// Returns findings if the value is not a list of texts, or if no such field has one of the names.
pub(in crate::source) fn declare_decimals(document: &mut Document) -> Result<(), Diagnostics> {
    let Some(stated) = document.root().get(KEY).cloned() else { return Ok(()) };
    let place = pointer_join("", KEY);
    let mut faults: Vec<Diagnostic> = Vec::new();
    let mut names: Vec<(String, String)> = Vec::new();
    match stated.kind() {
        Kind::Seq(list) => {
            for (index, name) in list.iter().enumerate() {
                let at = pointer_join(&place, &index.to_string());
                match name.as_str() {
                    Some(name) => names.push((name.to_owned(), at)),
                    None => {
                        let message = format!("a name has to be text, not {}", name.kind_name());
                        let help = "write the name of a property as it is on the wire";
                        faults.push(document.finding(&at, message, Some(help.into())));
                    }
                }
            }
        }
        _ => {
            let message = format!("`{KEY}` has to be a list, not {}", stated.kind_name());
            let help = document.example("x-decimals: [price, qty]");
            faults.push(document.finding(&place, message, Some(format!("write {help}").into())));
        }
    }
    let wanted: HashSet<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    let mut found: HashSet<String> = HashSet::new();
    visit::fields(document, &mut |name, schema| {
        if wanted.contains(name) && declare(schema) {
            found.insert(name.to_owned());
        }
    });
    for (name, at) in names.iter().filter(|(name, _)| !found.contains(name)) {
        let message = format!("no field of text or of numbers has the name `{name}`");
        let help = "leave it out; a field with a `$ref`, an `enum` or a `format` has its own type";
        faults.push(document.finding(at, message, Some(leave_out(help))));
    }
    // Also after a fault, or the check would say that the key is in a wrong place.
    document.root_mut().remove(KEY);
    let mut findings = Diagnostics::default();
    faults.into_iter().for_each(|fault| findings.push(fault));
    findings.into_result(())
}

/// Adds `format: decimal` to the schema of a plain text or number, or of a list of them. Returns
/// false for any other schema, which stays as it is.
fn declare(schema: &mut Node) -> bool {
    if is_list(schema) {
        return schema.child_mut("items").is_some_and(declare);
    }
    if !is_plain(schema) {
        return false;
    }
    let at = schema.position();
    if let Some(members) = schema.as_map_mut() {
        members.insert("format", Node::new(at, Kind::String("decimal".into())));
    }
    true
}

/// Returns the schema that [`declare`] changes.
fn declared(schema: &Node) -> Option<&Node> {
    if is_list(schema) { declared(schema.get("items")?) } else { Some(schema).filter(|schema| is_plain(schema)) }
}

fn is_list(schema: &Node) -> bool {
    schema.get("type").and_then(Node::as_str) == Some("array")
}

/// Returns whether a schema is a text or a number, and says no more about its meaning.
fn is_plain(schema: &Node) -> bool {
    let has_meaning = ["enum", "const", "x-time"].iter().any(|key| schema.get(key).is_some());
    let format = schema.get("format").and_then(Node::as_str);
    let has_format = |formats: &[&str]| format.is_none_or(|format| formats.contains(&format));
    !has_meaning
        && (has_type(schema, "string") && has_format(&["decimal"])
            || has_type(schema, "number") && has_format(&["decimal", "double", "float"]))
}

/// Returns whether a schema has this type, or this type and null.
fn has_type(schema: &Node, wanted: &str) -> bool {
    match schema.get("type").map(Node::kind) {
        Some(Kind::String(name)) => &**name == wanted,
        Some(Kind::Seq(names)) => {
            names.iter().any(|name| name.as_str() == Some(wanted))
                && names.iter().all(|name| name.as_str().is_some_and(|name| name == wanted || name == "null"))
        }
        _ => false,
    }
}
