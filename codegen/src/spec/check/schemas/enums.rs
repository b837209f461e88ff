//! Enums and the names of their values.

use std::collections::HashSet;

use super::types::{JsonType, TypeName};
use crate::spec::check::findings::{Findings, leave_out, write_json, write_text};
use crate::spec::check::names::rust_name;
use crate::spec::check::tree::Found;
use crate::spec::scalar::is_json_number;
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
    let all: HashSet<Scalar<'_>> = values.elements().filter_map(|value| Scalar::new(value.node)).collect();
    let mut seen: HashSet<Scalar<'_>> = HashSet::new();
    for value in values.elements() {
        if Scalar::new(value.node).is_some_and(|scalar| !seen.insert(scalar)) {
            let message = format!("`{}` is listed twice", value.node.to_json());
            findings.at(&value.pointer, message, "remove one of them, and its name");
        } else {
            enum_value(&value, type_name, &all, findings);
        }
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
    let mut names: HashSet<&str> = HashSet::new();
    for name in schema.list("x-enum-varnames") {
        let Some(text) = name.node.as_str() else { continue };
        if !names.insert(text) {
            findings.at(&name.pointer, format!("two values have the name `{text}`"), "give each a name of its own");
        }
        rust_name(&name, text, findings);
    }
    if type_name == TypeName::Known(JsonType::Integer) && schema.node.get("x-enum-varnames").is_none() {
        let help = "write x-enum-varnames: [..], a name for each value";
        findings.at(&values.pointer, "the values of an integer `enum` have no names", help);
    }
}

/// A value that is neither a list nor an object; a number by its text.
#[derive(PartialEq, Eq, Hash)]
pub(in crate::spec::check) enum Scalar<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(&'a str),
}

impl<'a> Scalar<'a> {
    pub(in crate::spec::check) fn new(node: &'a Node) -> Option<Self> {
        match node.kind() {
            Kind::Null => Some(Self::Null),
            Kind::Bool(value) => Some(Self::Bool(*value)),
            Kind::Number(text) => Some(Self::Number(text)),
            Kind::String(text) => Some(Self::Text(text)),
            Kind::Seq(_) | Kind::Map(_) => None,
        }
    }
}

fn enum_value(value: &Found<'_>, type_name: TypeName, all: &HashSet<Scalar<'_>>, findings: &mut Findings<'_>) {
    let json = value.node.to_json();
    match (type_name, value.node.kind()) {
        (_, Kind::Null) => {
            let quoted = findings.quoted("null");
            let help =
                format!("leave it out; the type says null (OpenAPI: `nullable: true`, OpenRPC: [type, {quoted}])");
            findings.at(&value.pointer, "null is no value of an `enum`", help);
        }
        (TypeName::Known(JsonType::String), Kind::String(_)) => {}
        (TypeName::Known(JsonType::String), Kind::Bool(_) | Kind::Number(_)) => {
            let help = if all.contains(&Scalar::Text(&json)) {
                leave_out(format!("leave it out, and its name: {} is listed", findings.quoted(&json)))
            } else {
                write_text(format!("put it in quotes: {}", findings.quoted(&json)), &json)
            };
            findings.at(&value.pointer, format!("`{json}` is no text"), help);
        }
        (TypeName::Known(JsonType::Integer), Kind::Number(text)) if text.parse::<i64>().is_ok() => {}
        (TypeName::Known(JsonType::Integer), Kind::String(text))
            if text.parse::<i64>().is_ok() && is_json_number(text) =>
        {
            let help = if all.contains(&Scalar::Number(text)) {
                leave_out(format!("leave it out, and its name: {text} is listed"))
            } else {
                write_json("write it without quotes, or type: string", text.to_string())
            };
            findings.at(&value.pointer, format!("`{json}` is text, not an integer"), help);
        }
        (TypeName::Known(known @ (JsonType::String | JsonType::Integer)), _) => {
            let help = match known {
                JsonType::Integer => "write whole numbers of 64 bits",
                _ => "write values of the type",
            };
            findings.at(&value.pointer, format!("`{json}` is not {}", known.with_article()), help);
        }
        // Other types have no enum; said with the key.
        _ => {}
    }
}
