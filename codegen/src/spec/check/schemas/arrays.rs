//! Arrays, and those whose positions have meanings.

use std::collections::HashSet;

use crate::spec::check::findings::{Findings, leave_out, write_json};
use crate::spec::check::tree::Found;
use crate::spec::{Node, pointer_join};

pub(super) fn array(schema: &Found<'_>, findings: &mut Findings<'_>) {
    let Some(tuple) = schema.get("x-tuple") else {
        if schema.node.get("items").is_none() {
            let help = "write items: {type: ..}, or items: {} for any JSON value";
            findings.at(&schema.pointer, "an array has no `items`", help);
        }
        return;
    };
    match schema.get("items") {
        None => findings.at(&schema.pointer, "an array with `x-tuple` has no `items`", "write items: {}"),
        Some(items) if items.node.as_map().is_none_or(|items| items.is_empty()) => {}
        Some(items) => {
            let help = write_json("write items: {}; the columns have a schema each", "{}");
            findings.at(&items.pointer, "`items` says something beside `x-tuple`", help);
        }
    }
    let columns = tuple.node.as_seq().map_or(0, <[Node]>::len);
    if columns == 0 && tuple.node.as_seq().is_some() {
        findings.at(&tuple.pointer, "`x-tuple` has no columns", "write a list of {name, description, schema}");
    }
    let least = schema.get("minItems");
    let count = least.as_ref().and_then(|least| least.node.as_number()).and_then(|text| text.parse::<usize>().ok());
    if let (Some(least), Some(count)) = (least, count.filter(|count| *count > columns)) {
        let message = format!("`minItems` is {count}, and there are {columns} columns");
        findings.at(&least.pointer, message, "describe all columns that are always there");
    }
    if let Some(most) = schema.get("maxItems") {
        findings.at_key(
            &most.pointer,
            "`maxItems` beside `x-tuple` says nothing",
            leave_out("leave it out; rows may be longer than known"),
        );
    }
    let mut seen: HashSet<&str> = HashSet::new();
    for column in tuple.elements() {
        let Some(name) = column.text("name") else { continue };
        if !seen.insert(name) {
            let pointer = pointer_join(&column.pointer, "name");
            findings.at(&pointer, format!("there are two columns `{name}`"), "give each a name of its own");
        }
    }
}
