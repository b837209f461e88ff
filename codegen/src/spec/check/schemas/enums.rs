//! Enums and the names of their values.

use super::types::{JsonType, TypeName};
use crate::spec::check::findings::Findings;
use crate::spec::check::names::rust_name;
use crate::spec::check::tree::Found;
use crate::spec::{Kind, Node, pointer_join};

pub(super) fn enumeration(schema: &Found<'_>, type_name: TypeName, findings: &mut Findings<'_>) {
    let Some(values) = schema.get("enum") else {
        for key in ["x-enum-varnames", "x-enum-descriptions"] {
            if let Some(names) = schema.get(key) {
                findings.at_key(
                    &names.pointer,
                    format!("`{key}` without an `enum`"),
                    "write the `enum`, or leave it out",
                );
            }
        }
        return;
    };
    let count = values.node.as_seq().map_or(0, <[Node]>::len);
    if count == 0 && values.node.as_seq().is_some() {
        findings.at(&values.pointer, "an `enum` has no values", "list the values known today, or leave it out");
    }
    let mut seen: Vec<&Kind> = Vec::new();
    for value in values.elements() {
        if seen.contains(&value.node.kind()) {
            findings.at(&value.pointer, format!("{} is listed twice", value.node.to_json()), "remove one of them");
        } else {
            enum_value(&value, type_name, findings);
        }
        seen.push(value.node.kind());
    }
    if type_name == TypeName::Known(JsonType::String) && schema.node.get("format").is_some() {
        let help = "leave `format` out";
        findings.at_key(&pointer_join(&schema.pointer, "format"), "`format` beside an `enum` is not supported", help);
    }
    for key in ["x-enum-varnames", "x-enum-descriptions"] {
        let Some(names) = schema.get(key) else { continue };
        let Some(length) = names.node.as_seq().map(<[Node]>::len) else { continue };
        if length != count {
            let message = format!("`{key}` is not as long as the `enum`: {length} of {count}");
            findings.at(&names.pointer, message, "write one for each value, in the same order");
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for name in schema.list("x-enum-varnames") {
        let Some(text) = name.node.as_str() else { continue };
        if names.contains(&text) {
            findings.at(&name.pointer, format!("two values have the name `{text}`"), "give each a name of its own");
        }
        names.push(text);
        rust_name(&name, text, findings);
    }
    if type_name == TypeName::Known(JsonType::Integer) && schema.node.get("x-enum-varnames").is_none() {
        let help = "write x-enum-varnames: [..], a name for each value";
        findings.at(&values.pointer, "the values of an integer `enum` have no names", help);
    }
}

fn enum_value(value: &Found<'_>, type_name: TypeName, findings: &mut Findings<'_>) {
    let json = value.node.to_json();
    match (type_name, value.node.kind()) {
        (_, Kind::Null) => {
            let help = "leave it out; null is said by the type (OpenAPI: `nullable: true`, OpenRPC: [type, 'null'])";
            findings.at(&value.pointer, "null is no value of an `enum`", help);
        }
        (TypeName::Known(JsonType::String), Kind::String(_)) => {}
        (TypeName::Known(JsonType::String), Kind::Bool(_) | Kind::Number(_)) => {
            findings.at(&value.pointer, format!("{json} is no text"), format!("put it in quotes: '{json}'"));
        }
        (TypeName::Known(JsonType::Integer), Kind::Number(text)) if text.parse::<i64>().is_ok() => {}
        (TypeName::Known(JsonType::Integer), Kind::String(text)) if text.parse::<i64>().is_ok() => {
            findings.at(
                &value.pointer,
                format!("'{text}' is text, not an integer"),
                "write it without quotes, or type: string",
            );
        }
        (TypeName::Known(known @ (JsonType::String | JsonType::Integer)), _) => {
            findings.at(&value.pointer, format!("{json} is not {}", known.with_article()), "write values of the type");
        }
        // Other types have no enum; said with the key.
        _ => {}
    }
}
