//! What the keys of a schema mean together.

mod arrays;
mod choices;
mod enums;
mod objects;
mod types;

use arrays::array;
pub(super) use choices::is_null_alternative;
use choices::one_of;
pub(super) use enums::Scalar;
use enums::enumeration;
use objects::object;
pub(super) use types::JsonType;
use types::{TypeName, beside, nullable, type_name};

use super::findings::{Findings, Later, leave_out, write_json, write_text};
use super::grammar::Sort;
use super::nearest::{nearest, question};
use super::tree::{Found, Tree};
use super::version::Dialect;
use crate::diagnostic::{Change, Help};
use crate::spec::node::json_text;
use crate::spec::scalar::fits_decimal;
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
            TypeName::Known(JsonType::String) => format(&schema, JsonType::String, findings),
            TypeName::Known(JsonType::Boolean) | TypeName::None | TypeName::Unknown => {}
        }
        bounds(tree, &schema, findings);
        enumeration(&schema, type_name, findings);
        one_of(tree, &schema, findings);
    }
}

/// Keys that say something about values of some types alone.
pub(super) fn types_of_key(key: &str) -> Option<&'static [JsonType]> {
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
    if let Some((key, _)) = untyped {
        let message = format!("a schema with `{key}` has to say its `type`");
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
        findings.at(&schema.pointer, message, help);
    }
}

/// The type that all keys of a schema go with.
fn likely_type(schema: &Found<'_>) -> Option<JsonType> {
    let fits = |json_type: &JsonType| {
        let keys = schema.members().filter_map(|(key, _)| types_of_key(key));
        let mut keys = keys.peekable();
        keys.all(|types| types.contains(json_type))
            && schema.text("format").is_none_or(|format| formats(*json_type).contains(&format))
            && match json_type {
                JsonType::Integer => {
                    let bounds = ["minimum", "maximum"].into_iter().filter_map(|key| schema.node.get(key)?.as_number());
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
            let name = |json_type: &JsonType| match json_type {
                JsonType::Number => "number with format: decimal",
                other => other.name(),
            };
            let wanted = types.iter().map(name).collect::<Vec<_>>().join(" or ");
            (format!("`{key}` says nothing about {it}"), format!("leave it out, or write type: {wanted}"))
        }
    }
}

/// The formats that a type has.
fn formats(json_type: JsonType) -> &'static [&'static str] {
    match json_type {
        JsonType::String => &["decimal", "date-time", "date", "uuid", "byte"],
        JsonType::Integer => &["int32", "int64", "uint32", "uint64"],
        JsonType::Number => &["decimal"],
        JsonType::Boolean | JsonType::Object | JsonType::Array => &[],
    }
}

fn format(schema: &Found<'_>, json_type: JsonType, findings: &mut Findings<'_>) {
    let Some(format) = schema.get("format") else { return };
    let Some(name) = format.node.as_str() else { return };
    if !formats(json_type).contains(&name) {
        let help = Later(|| format_help(name, json_type, &format.pointer));
        findings.at(&format.pointer, format!("there is no format `{name}` here"), help);
    }
}

/// A format that holds all that the one that was written holds.
fn format_help(name: &str, json_type: JsonType, pointer: &str) -> Help {
    let lower = name.to_lowercase();
    let write = |format: &str| write_text(format!("write format: {format}"), format);
    let decimal_number = || {
        let help = write_text("write type: number with format: decimal", "decimal");
        help.with(beside(pointer, "type"), Change::Set(json_text("number")))
    };
    match json_type {
        JsonType::Number if matches!(bits(&lower), Some((_, 0..=64))) => {
            "write format: decimal, or type: integer where it has no fraction".into()
        }
        JsonType::Number => write("decimal"),
        JsonType::Integer => match (lower.as_str(), bits(&lower)) {
            (_, Some((signed, bits))) => match (signed, bits) {
                (true, 0..=32) => write("int32"),
                (false, 0..=32) => write("uint32"),
                (true, 33..=64) => write("int64"),
                (false, 33..=64) => write("uint64"),
                _ => decimal_number(),
            },
            ("bigint" | "biginteger" | "big-integer" | "bignum" | "decimal" | "bigdecimal", _) => decimal_number(),
            ("int" | "integer" | "long" | "timestamp" | "unix-time" | "epoch", _) => {
                write_text("write format: int64, or leave it out", "int64")
            }
            ("uint" | "ulong" | "unsigned", _) => write("uint64"),
            _ => in_the_description(json_type),
        },
        _ => match lower.as_str() {
            "float" | "double" | "number" | "bigdecimal" | "numeric" | "money" => write("decimal"),
            "binary" => write_text("write format: byte for base64; files are not supported", "byte"),
            "datetime" | "timestamp" => write("date-time"),
            _ => match nearest(name, formats(json_type).iter().copied()) {
                Some(near) => question(near, Change::Set(json_text(near))),
                None => in_the_description(json_type),
            },
        },
    }
}

fn in_the_description(json_type: JsonType) -> Help {
    let known = formats(json_type).join(", ");
    leave_out(format!("leave it out and say it in the description, or write one of {known}"))
}

/// Returns whether a format names a signed integer, and of how many bits: `u64`, `int128`, `uint8`, also with a slip of the pen.
fn bits(format: &str) -> Option<(bool, u32)> {
    let start = format.find(|c: char| c.is_ascii_digit())?;
    let (name, bits) = format.split_at_checked(start)?;
    let bits = bits.trim_end_matches(['_', 't']).parse().ok()?;
    let name = name.trim_end_matches(['-', '_', ' ']);
    match name {
        "i" | "s" => Some((true, bits)),
        "u" | "ui" => Some((false, bits)),
        _ => match nearest(name, ["int", "integer", "uint", "signed", "unsigned", "long"])? {
            "uint" | "unsigned" => Some((false, bits)),
            _ => Some((true, bits)),
        },
    }
}

fn number(schema: &Found<'_>, findings: &mut Findings<'_>) {
    match schema.node.get("format") {
        Some(_) => format(schema, JsonType::Number, findings),
        None => {
            let help = Help::from("write format: decimal, or type: integer where it has no fraction");
            let help = help.with(pointer_join(&schema.pointer, "format"), Change::Set(json_text("decimal")));
            findings.at(&pointer_join(&schema.pointer, "type"), "a plain number would become a float", help);
        }
    }
    for key in BOUNDS {
        let Some(bound) = schema.get(key) else { continue };
        if let Some(text) = bound.node.as_number().filter(|text| !fits_decimal(text)) {
            findings.at(&bound.pointer, too_many_digits(text), FEWER_DIGITS);
        }
    }
}

const BOUNDS: [&str; 4] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/// Says of a number that it does not fit the decimals of the client.
pub(super) fn too_many_digits(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    let more = if shown.len() < text.len() { ".." } else { "" };
    format!("`{shown}{more}` does not fit a decimal of 28 decimal places and 96 bits")
}

pub(super) const FEWER_DIGITS: &str =
    "write at most 28 digits, at most 28 of them behind the point; a client refuses more";

/// Returns whether a number can be the bound of an integer.
fn bounds_an_integer(text: &str) -> bool {
    text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok()
}

fn integer(schema: &Found<'_>, findings: &mut Findings<'_>) {
    format(schema, JsonType::Integer, findings);
    for key in BOUNDS {
        let Some(bound) = schema.get(key) else { continue };
        if let Some(text) = bound.node.as_number().filter(|text| !bounds_an_integer(text)) {
            findings.at(&bound.pointer, format!("`{text}` cannot bound an integer"), "write a whole number of 64 bits");
        }
    }
}

/// OpenAPI 3.0 has `exclusiveMinimum: true` beside `minimum`, JSON Schema has the bound itself.
fn bounds(tree: &Tree<'_>, schema: &Found<'_>, findings: &mut Findings<'_>) {
    for (key, beside) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let Some(bound) = schema.get(key) else { continue };
        let beside_it = schema.node.get(beside).and_then(Node::as_number);
        let place = pointer_join(&schema.pointer, beside);
        match (tree.dialect, bound.node.kind()) {
            (Dialect::OpenApi, Kind::Number(text)) => {
                let help = write_json(format!("write {beside}: {text} and {key}: true"), "true");
                let help = help.with(place, Change::Set(text.to_string()));
                findings.at(&bound.pointer, format!("`{key}` with a number is JSON Schema's"), help);
            }
            (Dialect::OpenApi, Kind::Bool(_)) if schema.node.get(beside).is_none() => {
                let help = leave_out(format!("write {beside}, or leave it out"));
                findings.at_key(&bound.pointer, format!("`{key}` without `{beside}` says nothing"), help);
            }
            (Dialect::OpenRpc, Kind::Bool(exclusive)) => {
                let help = match beside_it {
                    Some(number) if *exclusive => {
                        let help = format!("write {key}: {number} in place of `{beside}`");
                        write_json(help, number).with(place, Change::Remove)
                    }
                    _ => leave_out("leave it out"),
                };
                findings.at(&bound.pointer, format!("`{key}` with true or false is OpenAPI's"), help);
            }
            _ => {}
        }
    }
    for (least, most) in [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")] {
        let bound =
            |key: &str| schema.node.get(key).and_then(Node::as_number).and_then(|text| text.parse::<f64>().ok());
        let text = |key: &str| schema.node.get(key).and_then(Node::as_number).unwrap_or_default().to_owned();
        if let (Some(low), Some(high)) = (bound(least), bound(most))
            && low > high
        {
            let message = format!("`{least}` is above `{most}`");
            let help = write_json("exchange the two", text(most));
            let help = help.with(pointer_join(&schema.pointer, most), Change::Set(text(least)));
            findings.at(&pointer_join(&schema.pointer, least), message, help);
        }
    }
}
