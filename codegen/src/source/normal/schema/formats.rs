//! Removes the formats that have no meaning for the type.

use crate::source::node::{Kind, Node};
use crate::source::normal::remarks::Remarks;
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
        (JsonType::Number, _) => {
            members.remove("format");
        }
        (JsonType::Integer, "long" | "timestamp" | "unix-time" | "unixtime" | "epoch" | "int") => {
            members.remove("format");
        }
        (JsonType::Integer, larger) if is_larger(larger) => {
            members.remove("format");
            members.insert("type", Node::new(at.position(), Kind::String("number".into())));
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
        (JsonType::String, "base64") => members.insert("format", Node::new(at.position(), Kind::String("byte".into()))),
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

/// Returns whether a format allows integers of more than 64 bits.
fn is_larger(format: &str) -> bool {
    matches!(format, "bigint" | "biginteger" | "big-integer" | "bignum" | "decimal" | "double" | "float")
        || ["int", "uint", "i", "u"].iter().any(|kind| {
            format.strip_prefix(kind).and_then(|bits| bits.parse::<u32>().ok()).is_some_and(|bits| bits > 64)
        })
}
