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

/// Gives an integer whose bounds, default or values do not fit its format a type that holds them.
pub(super) fn widen(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    if schema.get("type").and_then(JsonType::stated) != Some(JsonType::Integer) {
        return;
    }
    let format = schema.get("format").and_then(Node::as_str).and_then(IntegerFormat::new).unwrap_or_default();
    let stated = stated_integers(schema);
    let Some((key, large, _)) = stated.iter().find(|(_, _, value)| !value.is_some_and(|value| format.holds(value)))
    else {
        return;
    };
    let all_fit =
        |format: IntegerFormat| stated.iter().all(|(_, _, value)| value.is_some_and(|value| format.holds(value)));
    // Only a bound below which no value is shows that the values are not negative.
    let is_unsigned =
        stated.iter().any(|(key, _, value)| key.ends_with("inimum") && value.is_some_and(|least| least >= 0))
            || stated.iter().any(|(key, _, _)| key == &"enum");
    let place = schema.clone();
    let wide = [IntegerFormat::Int64, IntegerFormat::Uint64]
        .into_iter()
        .find(|format| all_fit(*format) && (*format == IntegerFormat::Int64 || is_unsigned));
    let message = format!("`{key}` is `{large}`, so the integer may need more bits than its format has");
    let help = "write the format that holds all values, or smaller bounds, into an overlay";
    let is_stated = schema.get("format").is_some();
    let Some(members) = schema.as_map_mut() else { return };
    match wide {
        Some(IntegerFormat::Uint64) => {
            members.insert("format", text(&place, "uint64"));
            // Without a format, the bounds alone say how many bits the integer has.
            if is_stated {
                remarks.relaxed(pointer, &place, message, help);
            }
        }
        Some(_) => {
            members.remove("format");
            remarks.relaxed(pointer, &place, message, help);
        }
        None => {
            members.remove("format");
            members.insert("type", text(&place, "number"));
            remarks.relaxed(pointer, &place, message, help);
        }
    }
}

/// The integers that a type in Rust holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum IntegerFormat {
    Int32,
    #[default]
    Int64,
    Uint32,
    Uint64,
}

impl IntegerFormat {
    pub(super) fn new(format: &str) -> Option<Self> {
        match format {
            "int32" => Some(Self::Int32),
            "int64" => Some(Self::Int64),
            "uint32" => Some(Self::Uint32),
            "uint64" => Some(Self::Uint64),
            _ => None,
        }
    }

    /// Returns the smallest and the largest integer.
    pub(super) fn limits(self) -> [i128; 2] {
        match self {
            Self::Int32 => [i32::MIN.into(), i32::MAX.into()],
            Self::Int64 => [i64::MIN.into(), i64::MAX.into()],
            Self::Uint32 => [0, u32::MAX.into()],
            Self::Uint64 => [0, u64::MAX.into()],
        }
    }

    pub(super) fn holds(self, value: i128) -> bool {
        match self {
            Self::Int32 => i32::try_from(value).is_ok(),
            Self::Int64 => i64::try_from(value).is_ok(),
            Self::Uint32 => u32::try_from(value).is_ok(),
            Self::Uint64 => u64::try_from(value).is_ok(),
        }
    }
}

/// Returns the integers that the keys of a schema state, as written and as numbers. `None` is an
/// integer of more than 128 bits. An exclusive bound counts as the value beside it.
fn stated_integers(schema: &Node) -> Vec<(&'static str, String, Option<i128>)> {
    let is_open = |key: &str| schema.get(key).and_then(Node::as_bool) == Some(true);
    let keys = [
        ("minimum", i128::from(is_open("exclusiveMinimum"))),
        ("maximum", -i128::from(is_open("exclusiveMaximum"))),
        ("exclusiveMinimum", 1),
        ("exclusiveMaximum", -1),
        ("default", 0),
    ];
    let mut stated = Vec::new();
    for (key, beside) in keys {
        let Some(written) = schema.get(key).and_then(Node::as_number) else { continue };
        if is_digits(written.trim_start_matches('-')) {
            let value = written.parse::<i128>().ok().and_then(|value| value.checked_add(beside));
            stated.push((key, written.to_owned(), value));
        }
    }
    for value in schema.get("enum").and_then(Node::as_seq).into_iter().flatten() {
        let written = value.as_number().or_else(|| value.as_str()).unwrap_or_default();
        if is_digits(written.trim_start_matches('-')) {
            stated.push(("enum", written.to_owned(), written.parse().ok()));
        }
    }
    stated
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
