//! Applies `x-decimals`: the names of text fields that are decimals.

use std::collections::HashSet;

use super::visit;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::document::Document;
use crate::source::findings::leave_out;
use crate::source::node::{Kind, Node};
use crate::source::pointer::pointer_join;

/// The name of the extension at the root.
const KEY: &str = "x-decimals";

/// Adds `format: decimal` to the text fields that `x-decimals` names, and removes the key.
///
/// A field is a property of an object, a column of a row, or a parameter. If the field is a list,
/// its elements get the format. Only schemas change. So a member of that name in an example or an
/// extension stays as it is.
///
/// # Errors
/// Returns findings if the value is not a list of texts, or if no text field has one of the names.
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
        let message = format!("no text field has the name `{name}`");
        let help = "leave it out; a field with a `$ref`, an `enum` or a `format` has its own type";
        faults.push(document.finding(at, message, Some(leave_out(help))));
    }
    if faults.is_empty() {
        document.root_mut().remove(KEY);
    }
    let mut findings = Diagnostics::default();
    faults.into_iter().for_each(|fault| findings.push(fault));
    findings.into_result(())
}

/// Adds `format: decimal` to the schema of a plain text, or of a list of plain texts. Returns false
/// for any other schema, which stays as it is.
fn declare(schema: &mut Node) -> bool {
    if schema.get("type").and_then(Node::as_str) == Some("array") {
        return schema.child_mut("items").is_some_and(declare);
    }
    let is_text = match schema.get("type").map(Node::kind) {
        Some(Kind::String(name)) => &**name == "string",
        Some(Kind::Seq(names)) => {
            names.iter().any(|name| name.as_str() == Some("string"))
                && names.iter().all(|name| matches!(name.as_str(), Some("string" | "null")))
        }
        _ => false,
    };
    let has_meaning = ["enum", "const", "x-time"].iter().any(|key| schema.get(key).is_some());
    let format = schema.get("format").and_then(Node::as_str);
    if !is_text || has_meaning || format.is_some_and(|format| format != "decimal") {
        return false;
    }
    let at = schema.position();
    if let Some(members) = schema.as_map_mut() {
        members.insert("format", Node::new(at, Kind::String("decimal".into())));
    }
    true
}
