//! The values of an `enum`.

use std::collections::HashSet;

use super::types::{JsonType, TypeName};
use crate::source::findings::{leave_out, write_json, write_text};
use crate::source::located::Located;
use crate::source::node::{Kind, Node, json_text};
use crate::source::number::is_json_number;
use crate::source::refusal::Refusal;

/// A value that is neither a list nor an object. Two numbers are equal only if their texts are.
#[derive(PartialEq, Eq, Hash)]
pub(crate) enum Scalar<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(&'a str),
}

impl<'a> Scalar<'a> {
    pub(crate) fn new(node: &'a Node) -> Option<Self> {
        match node.kind() {
            Kind::Null => Some(Self::Null),
            Kind::Bool(value) => Some(Self::Bool(*value)),
            Kind::Number(text) => Some(Self::Number(text)),
            Kind::String(text) => Some(Self::Text(text)),
            Kind::Seq(_) | Kind::Map(_) => None,
        }
    }
}

/// The values of an `enum`, with the type that they must have.
pub(crate) struct EnumValues<'a> {
    json_type: Option<JsonType>,
    all: HashSet<Scalar<'a>>,
}

impl<'a> EnumValues<'a> {
    pub(crate) fn new(list: &Located<'a>, type_name: TypeName) -> Self {
        // Schemas of other types cannot have an `enum`. Another check refuses it there.
        let json_type = match type_name {
            TypeName::Known(known @ (JsonType::String | JsonType::Integer)) => Some(known),
            _ => None,
        };
        let all = list.elements().filter_map(|value| Scalar::new(value.node)).collect();
        Self { json_type, all }
    }

    /// Returns a value of the `enum` as it is on the wire. An integer is in decimal.
    ///
    /// # Errors
    /// Returns a refusal if the value has another type.
    pub(crate) fn read(&self, value: &Located<'a>) -> Result<String, Refusal<'a>> {
        let json = value.node.to_json();
        let refuse = |message: String, help| Err(Refusal::new(&*value.pointer, message, help));
        match (self.json_type, value.node.kind()) {
            (_, Kind::Null) => {
                let message = "null is not a value of an `enum`";
                Err(Refusal::with_help(&*value.pointer, message, |document| {
                    let null = document.quoted("null");
                    format!("leave it out; the type says null (OpenAPI: `nullable: true`, OpenRPC: [type, {null}])")
                        .into()
                }))
            }
            (Some(JsonType::String), Kind::String(text)) => Ok(text.to_string()),
            (Some(JsonType::String), Kind::Bool(_) | Kind::Number(_)) => {
                let is_listed = self.all.contains(&Scalar::Text(&json));
                let message = format!("`{json}` is not text");
                Err(Refusal::with_help(&*value.pointer, message, move |document| {
                    let quoted = document.quoted(&json);
                    if is_listed {
                        leave_out(format!(
                            "leave it out, and its name in `x-enum-varnames`, because {quoted} is listed"
                        ))
                    } else {
                        write_text(format!("put it in quotes: {quoted}"), &json)
                    }
                }))
            }
            (Some(JsonType::Integer), Kind::Number(text)) if text.parse::<i64>().is_ok() => {
                Ok(text.parse::<i64>().map_or_else(|_| text.to_string(), |value| value.to_string()))
            }
            (Some(JsonType::Integer), Kind::String(text)) if text.parse::<i64>().is_ok() && is_json_number(text) => {
                let help = if self.all.contains(&Scalar::Number(text)) {
                    leave_out(format!("leave it out, and its name in `x-enum-varnames`, because {text} is listed"))
                } else {
                    write_json("write it without quotes, or type: string", text.to_string())
                };
                refuse(format!("`{}` is text, not an integer", json_text(text)), help)
            }
            (Some(JsonType::Integer), _) => {
                refuse(format!("`{json}` is not an integer"), "write 64-bit integers".into())
            }
            (Some(json_type), _) => {
                refuse(format!("`{json}` is not {}", json_type.with_article()), "write values of the type".into())
            }
            (None, _) => Ok(json),
        }
    }
}
