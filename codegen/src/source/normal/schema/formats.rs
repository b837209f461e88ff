//! Removes the formats that have no meaning for the type.

use crate::source::node::{Kind, Node};
use crate::source::normal::remarks::Remarks;
use crate::source::number::is_digits;
use crate::source::pointer::pointer_join;
use crate::source::schema::formats::formats;
use crate::source::schema::types::JsonType;

pub(super) fn normalise(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    let Some(format) = schema.get("format") else { return };
    let Some(json_type) = schema.get("type").and_then(JsonType::stated) else { return };
    let name = format.as_str().unwrap_or_default().to_owned();
    if json_type == JsonType::String && schema.get("enum").is_some() {
        let message = format!("the format `{name}` is ignored");
        remarks.ignored(&pointer_join(pointer, "format"), format, message, "the values are those of the `enum`");
        if let Some(members) = schema.as_map_mut() {
            members.remove("format");
        }
        return;
    }
    if formats(json_type).contains(&name.as_str()) {
        return;
    }
    let (at, place) = (format.clone(), pointer_join(pointer, "format"));
    let Some(members) = schema.as_map_mut() else { return };
    match (json_type, name.to_ascii_lowercase().as_str()) {
        // The exact text of a number is kept, however large the number is.
        (JsonType::Number, known) => {
            members.remove("format");
            if !is_larger(known) && !matches!(known, "number" | "long") {
                let message = format!("the format `{name}` of a number is ignored");
                remarks.ignored(&place, &at, message, "the text of the number is kept as it is written");
            }
        }
        (JsonType::Integer, "long" | "int") => {
            members.remove("format");
        }
        (JsonType::Integer, "timestamp" | "unix-time" | "unixtime" | "epoch") => {
            members.remove("format");
            let message = format!("the format `{name}` of an integer is ignored");
            remarks.ignored(&place, &at, message, "write `x-time` with the unit of the time into an overlay");
        }
        (JsonType::Integer, "uint8" | "uint16") => members.insert("format", text(&at, "uint32")),
        (JsonType::Integer, "uint" | "ulong") => members.insert("format", text(&at, "uint64")),
        (JsonType::Integer, larger) if is_larger(larger) => {
            members.remove("format");
            members.insert("type", text(&at, "number"));
        }
        (JsonType::Integer, _) => {
            members.remove("format");
            remarks.ignored(
                &place,
                &at,
                format!("the format `{name}` of an integer is ignored"),
                "an integer has 64 bits",
            );
        }
        (JsonType::String, "binary") => {
            members.remove("format");
            let help = "its bytes are those of the text in UTF-8; only a whole body and a part of a form are bytes";
            remarks.relaxed(&place, &at, "`format: binary` inside JSON is text", help);
        }
        (JsonType::String, "base64") => members.insert("format", text(&at, "byte")),
        // `format: byte` reads both alphabets, but a value from bytes would be written in the other
        // one, and with padding.
        (JsonType::String, "base64url") => {
            members.remove("format");
            let help = "encode and decode it yourself; write `format: byte` into an overlay if it is only received, \
                        because both alphabets are read";
            remarks.ignored(&place, &at, "the format `base64url` is ignored: the value is text", help);
        }
        _ => {
            members.remove("format");
            remarks.ignored(
                &place,
                &at,
                format!("the format `{name}` is ignored"),
                "the value is kept as it is written",
            );
        }
    }
}

/// Gives an integer whose bounds or default need more than an `i64` a type that holds them.
pub(super) fn widen(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    if schema.get("type").and_then(JsonType::stated) != Some(JsonType::Integer) {
        return;
    }
    let keys = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "default"];
    let stated = || keys.iter().filter_map(|key| Some((*key, schema.get(key)?.as_number()?)));
    let Some((key, large)) =
        stated().find(|(_, text)| is_digits(text.trim_start_matches('-')) && text.parse::<i64>().is_err())
    else {
        return;
    };
    let is_unsigned =
        |key: &str| schema.get(key).and_then(Node::as_number).is_some_and(|text| text.parse::<u64>().is_ok());
    let fits_unsigned = stated().all(|(_, text)| text.parse::<u64>().is_ok());
    let is_unsigned = fits_unsigned && (is_unsigned("minimum") || is_unsigned("exclusiveMinimum"));
    let format = schema.get("format").and_then(Node::as_str);
    if is_unsigned && format == Some("uint64") {
        return;
    }
    let place = schema.clone();
    let message = format!("`{key}` is `{large}`, so the integer may need more than 64 bits");
    let Some(members) = schema.as_map_mut() else { return };
    if is_unsigned {
        members.insert("format", text(&place, "uint64"));
        return;
    }
    members.remove("format");
    members.insert("type", text(&place, "number"));
    remarks.relaxed(pointer, &place, message, "write `format: uint64`, or smaller bounds, into an overlay");
}

fn text(at: &Node, text: &str) -> Node {
    Node::new(at.position(), Kind::String(text.into()))
}

/// Returns whether a format allows integers of more than 64 bits.
fn is_larger(format: &str) -> bool {
    matches!(format, "bigint" | "biginteger" | "big-integer" | "bignum" | "decimal" | "double" | "float")
        || ["int", "uint", "i", "u"].iter().any(|kind| {
            format.strip_prefix(kind).and_then(|bits| bits.parse::<u32>().ok()).is_some_and(|bits| bits > 64)
        })
}
