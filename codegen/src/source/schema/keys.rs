//! The keys that a schema can have beside its type.

use super::formats::formats;
use super::types::{JsonType, TypeName};
use crate::diagnostic::{Change, Help};
use crate::source::located::Located;
use crate::source::node::json_text;
use crate::source::number::bounds_an_integer;
use crate::source::pointer::pointer_join;
use crate::source::refusal::Refusal;

/// Returns the types on which a key has an effect; `None` if it is not limited to certain types.
pub(crate) fn types_of_key(key: &str) -> Option<&'static [JsonType]> {
    use JsonType::{Array, Integer, Number, Object, String};
    Some(match key {
        "minLength" | "maxLength" | "x-max-bytes" | "pattern" => &[String],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => &[Integer, Number],
        "format" | "x-time" | "x-market-rule" => &[String, Integer, Number],
        "enum" | "x-enum-varnames" | "x-enum-descriptions" | "x-enum-spellings" => &[String, Integer],
        "properties" | "required" | "additionalProperties" | "x-always" | "x-constraints" => &[Object],
        "items" | "minItems" | "maxItems" | "x-tuple" => &[Array],
        "oneOf" => &[],
        _ => return None,
    })
}

/// Returns refusals of the keys that have no effect on values of the type. If a schema has no type,
/// returns a refusal if a key needs one.
pub(crate) fn misplaced_keys<'a>(schema: &Located<'a>, type_name: TypeName) -> Vec<Refusal<'a>> {
    let mut refusals = Vec::new();
    if type_name == TypeName::Unknown {
        return refusals;
    }
    let choice = schema.node.get("oneOf").is_some();
    let mut untyped = None;
    for (key, member) in schema.members() {
        let Some(types) = types_of_key(key) else { continue };
        match type_name {
            TypeName::Known(json_type) if types.contains(&json_type) => {}
            TypeName::Known(json_type) => {
                let (message, help) = out_of_place(key, json_type, types);
                refusals.push(Refusal::new(member.pointer, message, help).on_key());
            }
            _ if key == "oneOf" => {}
            _ if choice => {
                let message = format!("`{key}` beside `oneOf` is not supported");
                let help = "write it into the alternatives";
                refusals.push(Refusal::new(member.pointer, message, help).on_key());
            }
            _ => untyped = untyped.or(Some((key, types))),
        }
    }
    if let Some((key, _)) = untyped {
        let message = format!("a schema with `{key}` needs a `type`");
        let help = match likely_type(schema) {
            Some(likely) => {
                let place = pointer_join(&schema.pointer, "type");
                let format = if likely == JsonType::Number { ", format: decimal" } else { "" };
                let help = Help::from(format!("write type: {}{format}", likely.name()));
                let help = help.with(place, Change::Set(json_text(likely.name())));
                if format.is_empty() {
                    help
                } else {
                    help.with(pointer_join(&schema.pointer, "format"), Change::Set(json_text("decimal")))
                }
            }
            None if key.contains("Items") => "write type: array, with `items`".into(),
            None => "write its `type`".into(),
        };
        refusals.push(Refusal::new(&*schema.pointer, message, help));
    }
    refusals
}

/// Returns a type that all keys of a schema fit; `None` if there is none.
fn likely_type(schema: &Located<'_>) -> Option<JsonType> {
    let fits = |json_type: &JsonType| {
        let keys = schema.members().filter_map(|(key, _)| types_of_key(key));
        let mut keys = keys.peekable();
        keys.all(|types| types.contains(json_type))
            && schema.text("format").is_none_or(|format| formats(*json_type).contains(&format))
            && match json_type {
                JsonType::Integer => {
                    let bounds = ["minimum", "maximum", "multipleOf"];
                    let bounds = bounds.into_iter().filter_map(|key| schema.node.get(key)?.as_number());
                    let values = schema.list("enum").all(|value| value.node.as_number().is_some());
                    let named = schema.node.get("enum").is_none() || schema.node.get("x-enum-varnames").is_some();
                    bounds.into_iter().all(bounds_an_integer) && values && named
                }
                JsonType::Array => schema.node.get("items").is_some(),
                JsonType::String => schema.list("enum").all(|value| value.node.as_str().is_some()),
                _ => true,
            }
    };
    use JsonType::{Array, Integer, Number, Object, String};
    [Object, Array, String, Integer, Number].into_iter().find(fits)
}

fn out_of_place(key: &str, json_type: JsonType, types: &[JsonType]) -> (String, String) {
    let it = json_type.with_article();
    match (key, json_type) {
        ("oneOf", _) => (
            "`oneOf` beside `type` is not supported".to_owned(),
            "leave `type` out: each alternative has its own".to_owned(),
        ),
        ("enum", JsonType::Number) => {
            let help = "leave `enum` out and list the values in the description".to_owned();
            ("an `enum` of numbers is not supported".to_owned(), help)
        }
        ("enum", JsonType::Boolean) => (
            "an `enum` of a boolean is not supported".to_owned(),
            "leave it out and state the value in the description".to_owned(),
        ),
        _ => {
            let name = |json_type: &JsonType| match json_type {
                JsonType::Number => "number with format: decimal",
                other => other.name(),
            };
            let wanted = types.iter().map(name).collect::<Vec<_>>().join(" or ");
            (format!("`{key}` has no effect on {it}"), format!("leave it out, or write type: {wanted}"))
        }
    }
}
