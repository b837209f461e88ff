//! The formats that a type can have.

use super::types::{JsonType, beside};
use crate::diagnostic::{Change, Help};
use crate::source::findings::{Later, leave_out, write_text};
use crate::source::located::Located;
use crate::source::nearest::{nearest, question};
use crate::source::node::json_text;
use crate::source::object::text;
use crate::source::pointer::pointer_join;
use crate::source::refusal::Refusal;

/// The kind of values that a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextFormat {
    /// Any text.
    Plain,
    /// An exact decimal.
    Decimal,
    /// Bytes in base64.
    Bytes,
}

/// The size of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IntegerFormat {
    Int32,
    Int64,
    Uint32,
    Uint64,
}

const TEXT_FORMATS: [(&str, TextFormat); 5] = [
    ("decimal", TextFormat::Decimal),
    ("date-time", TextFormat::Plain),
    ("date", TextFormat::Plain),
    ("uuid", TextFormat::Plain),
    ("byte", TextFormat::Bytes),
];

const INTEGER_FORMATS: [(&str, IntegerFormat); 4] = [
    ("int32", IntegerFormat::Int32),
    ("int64", IntegerFormat::Int64),
    ("uint32", IntegerFormat::Uint32),
    ("uint64", IntegerFormat::Uint64),
];

/// Returns the names of the formats that a type can have.
pub(crate) fn formats(json_type: JsonType) -> Vec<&'static str> {
    match json_type {
        JsonType::String => TEXT_FORMATS.iter().map(|(name, _)| *name).collect(),
        JsonType::Integer => INTEGER_FORMATS.iter().map(|(name, _)| *name).collect(),
        JsonType::Number => vec!["decimal"],
        JsonType::Boolean | JsonType::Object | JsonType::Array => Vec::new(),
    }
}

/// Reads the format of a text.
///
/// # Errors
/// Returns a refusal if a text cannot have the format.
pub(crate) fn text_format<'a>(schema: &Located<'a>) -> Result<TextFormat, Refusal<'a>> {
    let Some(format) = schema.get("format") else { return Ok(TextFormat::Plain) };
    named(&format, JsonType::String, &TEXT_FORMATS)
}

/// Reads the format of an integer.
///
/// # Errors
/// Returns a refusal if an integer cannot have the format.
pub(crate) fn integer_format<'a>(schema: &Located<'a>) -> Result<IntegerFormat, Refusal<'a>> {
    let Some(format) = schema.get("format") else { return Ok(IntegerFormat::Int64) };
    named(&format, JsonType::Integer, &INTEGER_FORMATS)
}

/// Checks that the format of a number is `decimal`.
///
/// # Errors
/// Returns a refusal if there is no format, or another one. Without `decimal`, a client might round
/// the number.
pub(crate) fn decimal_number<'a>(schema: &Located<'a>) -> Result<(), Refusal<'a>> {
    let Some(format) = schema.get("format") else {
        let help = Help::from("write format: decimal, or type: integer where it has no fraction");
        let help = help.with(pointer_join(&schema.pointer, "format"), Change::Set(json_text("decimal")));
        let message = "`type: number` has no exact type";
        return Err(Refusal::new(pointer_join(&schema.pointer, "type"), message, help));
    };
    named(&format, JsonType::Number, &[("decimal", ())])
}

fn named<'a, T: Copy>(format: &Located<'a>, json_type: JsonType, known: &[(&str, T)]) -> Result<T, Refusal<'a>> {
    let name = text(format)?;
    known.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning).ok_or_else(|| {
        let pointer = format.pointer.clone();
        let help = Later(move || format_help(name, json_type, &pointer));
        let message = format!("{} has no format `{name}`", json_type.with_article());
        Refusal::new(&*format.pointer, message, help)
    })
}

/// Returns the help about an unknown format. It suggests a format that can hold all values of the
/// unknown one, if there is one.
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
            "binary" => write_text("write format: byte for base64; other text has no format", "byte"),
            "datetime" | "timestamp" => write("date-time"),
            _ => match nearest(name, formats(json_type)) {
                Some(near) => question(near, Change::Set(json_text(near))),
                None => in_the_description(json_type),
            },
        },
    }
}

fn in_the_description(json_type: JsonType) -> Help {
    let known = formats(json_type).join(", ");
    leave_out(format!("leave it out and state it in the description, or write one of {known}"))
}

/// Returns whether the integer that a format names is signed, and its number of bits. Such formats
/// are `u64`, `int128` and `uint8`; they are recognized even with a typing error. `None` for any
/// other format.
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
