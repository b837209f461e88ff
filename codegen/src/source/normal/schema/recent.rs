//! Converts the keys of JSON Schema 2020-12 (OpenAPI 3.1) to OpenAPI 3.0.

use crate::source::node::{Kind, Members, Node};
use crate::source::normal::remarks::Remarks;
use crate::source::pointer::pointer_join;

pub(super) fn normalise(pointer: &str, schema: &mut Node, is_openrpc: bool, remarks: &mut Remarks) {
    if let Some(value) = schema.as_bool() {
        // `true` allows any value. `false` allows no value, which no type can express.
        if !value {
            remarks.untyped(pointer, schema, "a schema of no value becomes any JSON value", "remove it by an overlay");
        }
        schema.set_kind(Kind::Map(Box::default()));
        return;
    }
    constant(pointer, schema, remarks);
    base64(schema);
    first_example(pointer, schema, remarks);
    // OpenRPC has the exclusive bounds of JSON Schema, so they stay.
    if !is_openrpc {
        exclusive_bound(pointer, schema, ["minimum", "exclusiveMinimum"], remarks);
        exclusive_bound(pointer, schema, ["maximum", "exclusiveMaximum"], remarks);
    }
    positions(pointer, schema, remarks);
}

/// Converts `const: a` to `enum: [a]`. Ignores the `const` of an object or a list, because an enum
/// cannot have such values.
fn constant(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    let Some(members) = schema.as_map_mut() else { return };
    if members.contains_key("enum") {
        return;
    }
    if let Some(value) = members.remove("const") {
        if value.as_map().is_some() || value.as_seq().is_some() {
            let message = "the `const` of an object or a list is ignored";
            remarks.ignored(&pointer_join(pointer, "const"), &value, message, "the client does not check it");
            return;
        }
        let at = value.position();
        members.insert("enum", Node::new(at, Kind::Seq(Box::new([value.without_key()]))));
    }
}

/// Converts `contentEncoding: base64` to `format: byte`, and `base64url` to a format of this name.
fn base64(schema: &mut Node) {
    let Some(members) = schema.as_map_mut() else { return };
    let encoding = members.get("contentEncoding").and_then(Node::as_str).map(str::to_ascii_lowercase);
    let format = match encoding.as_deref() {
        Some("base64") => "byte",
        Some("base64url") => "base64url",
        _ => return,
    };
    if !members.contains_key("format")
        && let Some(encoding) = members.remove("contentEncoding")
    {
        members.insert("format", Node::new(encoding.position(), Kind::String(format.into())));
    }
}

/// Makes the first of `examples` the `example`.
fn first_example(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    let Some(members) = schema.as_map_mut() else { return };
    let Some(examples) = members.get("examples").filter(|examples| examples.as_seq().is_some()).cloned() else {
        return;
    };
    members.remove("examples");
    let all = examples.as_seq().unwrap_or_default();
    let has_one = members.contains_key("example");
    if all.len() > 1 || (has_one && !all.is_empty()) {
        let message = "all `examples` but the first are ignored";
        remarks.ignored(&pointer_join(pointer, "examples"), &examples, message, "the documentation shows one example");
    }
    if let Some(first) = all.first().filter(|_| !has_one) {
        members.insert("example", first.clone().without_key());
    }
}

/// Converts `exclusiveMinimum: 5` to `minimum: 5` with `exclusiveMinimum: true`.
fn exclusive_bound(pointer: &str, schema: &mut Node, [bound, exclusive]: [&str; 2], remarks: &mut Remarks) {
    let Some(members) = schema.as_map_mut() else { return };
    let Some(limit) = members.get(exclusive).filter(|limit| limit.as_number().is_some()).cloned() else { return };
    let at = limit.position();
    // In JSON Schema, both bounds apply. OpenAPI 3.0 can state only one.
    if let Some(other) = members.get(bound).filter(|other| other.as_number() != limit.as_number()) {
        let message = format!("`{bound}` beside `{exclusive}` is ignored");
        remarks.ignored(&pointer_join(pointer, bound), other, message, "write the narrower of the two");
    }
    members.insert(bound, limit.without_key());
    members.insert(exclusive, Node::new(at, Kind::Bool(true)));
}

/// Converts `prefixItems`, or a list of schemas in `items`, to the columns of a row (`x-tuple`).
fn positions(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    let list = schema.get("items").and_then(Node::as_seq).is_some();
    let key = if list { "items" } else { "prefixItems" };
    let Some(members) = schema.as_map_mut() else { return };
    if members.contains_key("x-tuple") || members.get(key).and_then(Node::as_seq).is_none_or(<[Node]>::is_empty) {
        return;
    }
    let Some(mut prefix) = members.remove(key) else { return };
    let at = prefix.position();
    let columns = prefix.take_elements();
    remarks.synthesised(
        pointer,
        &prefix,
        "the columns of the row are numbered",
        "write `x-tuple` with their names into an overlay",
    );
    let column = |(index, schema): (usize, Node)| {
        let title = schema.get("title").and_then(Node::as_str).filter(|title| is_name(title));
        let name = title.map_or_else(|| format!("column{}", index + 1), str::to_owned);
        let members: Vec<(Box<str>, Node)> =
            vec![("name".into(), Node::new(at, Kind::String(name.into()))), ("schema".into(), schema.without_key())];
        Node::new(at, Kind::Map(Box::new(Members::from(members))))
    };
    for key in ["items", "additionalItems"] {
        let rest = members.get(key).filter(|rest| rest.as_map().is_some_and(|keys| !keys.is_empty()));
        if let Some(rest) = rest {
            let message = format!("`{key}` beside the columns of the row is ignored");
            remarks.ignored(&pointer_join(pointer, key), rest, message, "further columns are ignored");
        }
    }
    if !members.contains_key("minItems") {
        let message = "the row is assumed to have all of its columns: it states no `minItems`";
        remarks.synthesised(pointer, &prefix, message, "write `minItems` into an overlay");
    }
    let columns: Box<[Node]> = columns.into_iter().enumerate().map(column).collect();
    members.remove("additionalItems");
    // A longer row is read, and its further columns are ignored.
    members.remove("maxItems");
    let count = columns.len();
    let required = members.get("minItems").and_then(Node::as_number).and_then(|text| text.parse::<usize>().ok());
    if required.is_some_and(|required| required > count) {
        members.remove("minItems");
    }
    members.insert("items", Node::new(at, Kind::Map(Box::default())));
    members.insert("x-tuple", Node::new(at, Kind::Seq(columns)));
    if members.get("type").is_none() {
        members.insert("type", Node::new(at, Kind::String("array".into())));
    }
}

fn is_name(title: &str) -> bool {
    title.starts_with(|c: char| c.is_ascii_alphabetic())
        && title.chars().all(|c| c.is_ascii_alphanumeric() || "_ -".contains(c))
}
