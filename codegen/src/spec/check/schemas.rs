//! What the keys of a schema mean together.

mod arrays;
mod choices;
mod enums;
mod objects;
mod types;

use arrays::array;
pub(super) use choices::is_null_alternative;
use choices::one_of;
use enums::enumeration;
use objects::object;
pub(super) use types::JsonType;
use types::{TypeName, nullable, type_name};

use super::findings::Findings;
use super::grammar::Sort;
use super::nearest::did_you_mean;
use super::tree::{Found, Tree};
use super::version::Dialect;
use crate::spec::{Kind, Node, pointer_join};

pub(super) fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for schema in tree.sites(Sort::Schema).filter(|schema| !is_null_alternative(tree, schema)) {
        let type_name = type_name(tree, &schema, findings);
        keys_of_type(&schema, type_name, findings);
        nullable(tree, &schema, findings);
        match type_name {
            TypeName::Known(JsonType::Object) => object(&schema, findings),
            TypeName::Known(JsonType::Array) => array(&schema, findings),
            TypeName::Known(JsonType::Number) => number(&schema, findings),
            TypeName::Known(JsonType::Integer) => integer(&schema, findings),
            TypeName::Known(JsonType::String) => format(&schema, STRING_FORMATS, findings),
            TypeName::Known(JsonType::Boolean) | TypeName::None | TypeName::Unknown => {}
        }
        bounds(tree, &schema, findings);
        enumeration(&schema, type_name, findings);
        one_of(tree, &schema, findings);
    }
}

/// Keys that say something about values of some types alone.
fn types_of_key(key: &str) -> Option<&'static [JsonType]> {
    use JsonType::{Array, Integer, Number, Object, String};
    Some(match key {
        "minLength" | "maxLength" | "pattern" => &[String],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => &[Integer, Number],
        "format" => &[String, Integer, Number],
        "enum" | "x-enum-varnames" | "x-enum-descriptions" => &[String, Integer],
        "properties" | "required" | "additionalProperties" | "x-always" => &[Object],
        "items" | "minItems" | "maxItems" | "x-tuple" => &[Array],
        "oneOf" => &[],
        _ => return None,
    })
}

fn keys_of_type(schema: &Found<'_>, type_name: TypeName, findings: &mut Findings<'_>) {
    if type_name == TypeName::Unknown {
        return;
    }
    let choice = schema.node.get("oneOf").is_some();
    let mut untyped = None;
    for (key, member) in schema.members() {
        let Some(types) = types_of_key(key) else { continue };
        match type_name {
            TypeName::Known(json_type) if types.contains(&json_type) => {}
            TypeName::Known(json_type) => {
                let (message, help) = out_of_place(key, json_type, types);
                findings.at_key(&member.pointer, message, help);
            }
            _ if key == "oneOf" => {}
            _ if choice => {
                let message = format!("`{key}` beside `oneOf` is not supported");
                findings.at_key(&member.pointer, message, "write it into the alternatives");
            }
            _ => untyped = untyped.or(Some((key, types))),
        }
    }
    if let Some((key, types)) = untyped {
        let likely = types.first().map_or("string", |json_type| json_type.name());
        let message = format!("a schema with `{key}` has to say its `type`");
        findings.at(&schema.pointer, message, format!("write type: {likely}"));
    }
}

fn out_of_place(key: &str, json_type: JsonType, types: &[JsonType]) -> (String, String) {
    let it = json_type.with_article();
    match (key, json_type) {
        ("oneOf", _) => (
            "`oneOf` beside `type` is not supported".to_owned(),
            "leave `type` out: the alternatives have theirs".to_owned(),
        ),
        ("enum", JsonType::Number) => {
            let help = "leave `enum` out and say the values in the description".to_owned();
            ("an `enum` of numbers is not supported".to_owned(), help)
        }
        ("enum", JsonType::Boolean) => (
            "an `enum` of a boolean is not supported".to_owned(),
            "leave it out and say the value in the description".to_owned(),
        ),
        _ => {
            let wanted = types.iter().map(|json_type| json_type.name()).collect::<Vec<_>>().join(" or ");
            (format!("`{key}` says nothing about {it}"), format!("leave it out, or write type: {wanted}"))
        }
    }
}

const STRING_FORMATS: &[&str] = &["decimal", "date-time", "date", "uuid", "byte"];
const INTEGER_FORMATS: &[&str] = &["int32", "int64", "uint32", "uint64"];

fn format(schema: &Found<'_>, known: &[&str], findings: &mut Findings<'_>) {
    let Some(format) = schema.get("format") else { return };
    let Some(name) = format.node.as_str() else { return };
    if !known.contains(&name) {
        let otherwise = match name {
            "float" | "double" | "number" | "bigdecimal" => "write format: decimal".to_owned(),
            "int" | "long" | "timestamp" | "unix-time" if known == INTEGER_FORMATS => {
                "write format: int64, or leave it out".to_owned()
            }
            "binary" => "write format: byte for base64; files are not supported".to_owned(),
            "datetime" | "dateTime" => "write format: date-time".to_owned(),
            _ => format!("leave it out and say it in the description, or write one of {}", known.join(", ")),
        };
        let help = did_you_mean(name, known.iter().copied(), otherwise);
        findings.at(&format.pointer, format!("there is no format `{name}` here"), help);
    }
}

fn number(schema: &Found<'_>, findings: &mut Findings<'_>) {
    match schema.node.get("format") {
        Some(_) => format(schema, &["decimal"], findings),
        None => {
            let help = "write format: decimal, or type: integer where it has no fraction";
            findings.at(&pointer_join(&schema.pointer, "type"), "a plain number would become a float", help);
        }
    }
}

fn integer(schema: &Found<'_>, findings: &mut Findings<'_>) {
    format(schema, INTEGER_FORMATS, findings);
    for key in ["minimum", "maximum"] {
        let Some(bound) = schema.get(key) else { continue };
        let fits = |text: &&str| text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok();
        if let Some(text) = bound.node.as_number().filter(|text| !fits(text)) {
            findings.at(&bound.pointer, format!("`{text}` cannot bound an integer"), "write a whole number of 64 bits");
        }
    }
}

/// OpenAPI 3.0 has `exclusiveMinimum: true` beside `minimum`, JSON Schema has the bound itself.
fn bounds(tree: &Tree<'_>, schema: &Found<'_>, findings: &mut Findings<'_>) {
    for (key, beside) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let Some(bound) = schema.get(key) else { continue };
        match (tree.dialect, bound.node.kind()) {
            (Dialect::OpenApi, Kind::Number(text)) => {
                let help = format!("write {beside}: {text} and {key}: true");
                findings.at(&bound.pointer, format!("`{key}` with a number is JSON Schema's"), help);
            }
            (Dialect::OpenApi, Kind::Bool(_)) if schema.node.get(beside).is_none() => {
                findings.at_key(
                    &bound.pointer,
                    format!("`{key}` without `{beside}` says nothing"),
                    format!("write {beside}"),
                );
            }
            (Dialect::OpenRpc, Kind::Bool(_)) => {
                let number = schema.node.get(beside).and_then(Node::as_number).unwrap_or("0");
                let help = format!("write {key}: {number} in place of `{beside}`");
                findings.at(&bound.pointer, format!("`{key}` with true or false is OpenAPI's"), help);
            }
            _ => {}
        }
    }
    for (least, most) in [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")] {
        let bound =
            |key: &str| schema.node.get(key).and_then(Node::as_number).and_then(|text| text.parse::<f64>().ok());
        if let (Some(low), Some(high)) = (bound(least), bound(most))
            && low > high
        {
            let message = format!("`{least}` is above `{most}`");
            findings.at(&pointer_join(&schema.pointer, least), message, "exchange the two");
        }
    }
}
