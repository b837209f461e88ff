//! The cells that state a type.

use crate::document::Lines;
use crate::facts::{Form, Schema};
use crate::inline;

/// Reads the cell of a type, such as `[[Order](#schemaorder)]`, `integer(int64)¦null` or `LONG`.
pub(crate) fn read(cell: &str, at: Lines) -> Schema {
    read_at(cell, at, 0)
}

fn read_at(cell: &str, at: Lines, depth: usize) -> Schema {
    let cell = cell.trim().trim_matches('`').trim();
    if depth > 8 {
        return Schema::new(at, Form::Any);
    }
    if let Some(rest) = cell.strip_suffix("¦null").or_else(|| cell.strip_suffix("|null")) {
        return Schema { nullable: true, ..read_at(rest, at, depth + 1) };
    }
    let has_link = cell.contains("](#");
    if has_link {
        return link(cell, at, depth);
    }
    let text = inline::plain(cell);
    if let Some(rest) = text.strip_suffix(" or null").or_else(|| text.strip_suffix(" | null")) {
        return Schema { nullable: true, ..read_at(rest, at, depth + 1) };
    }
    if let Some(items) = array_of(&text) {
        return Schema::new(at, Form::Array(Box::new(read_at(items, at, depth + 1))));
    }
    scalar(&text, at).unwrap_or_else(|| alternatives(&text, at, depth))
}

/// Reads a cell with a link to a schema.
fn link(cell: &str, at: Lines, depth: usize) -> Schema {
    let inner = cell
        .strip_prefix("array[")
        .or_else(|| cell.strip_prefix("[[").map(|_| cell.get(1..).unwrap_or("")))
        .and_then(|rest| rest.strip_suffix(']'));
    if let Some(items) = inner {
        return Schema::new(at, Form::Array(Box::new(read_at(items, at, depth + 1))));
    }
    let name = cell.trim_start_matches('[').split("](").next().unwrap_or("").to_owned();
    Schema::new(at, Form::Ref(name))
}

/// Returns the type of the elements of an array.
fn array_of(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    let inner = |prefix: &str, suffix: &str| {
        let fits = lower.starts_with(prefix) && lower.ends_with(suffix) && text.len() > prefix.len() + suffix.len();
        fits.then(|| text.get(prefix.len()..text.len() - suffix.len())).flatten()
    };
    inner("array[", "]")
        .or_else(|| inner("list[", "]"))
        .or_else(|| inner("array<", ">"))
        .or_else(|| inner("list<", ">"))
        .or_else(|| inner("array(", ")"))
        .or_else(|| inner("list(", ")"))
        .or_else(|| inner("array of ", ""))
        .or_else(|| inner("list of ", ""))
        .or_else(|| inner("", "[]"))
        .or_else(|| inner("[", "]"))
}

fn scalar(text: &str, at: Lines) -> Option<Schema> {
    let (base, format) = match text.split_once(['(', '<']) {
        Some((base, format)) => (base.trim(), Some(format.trim_end_matches([')', '>']).trim().to_owned())),
        None => (text, None),
    };
    let lower = base.trim().trim_end_matches(['.', ',']).to_lowercase();
    let format =
        format.filter(|format| !format.is_empty() && format.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    let kind = |kind| Some(Schema::new(at, Form::Scalar { kind, format: format.clone() }));
    let formatted = |kind, format: &str| Some(Schema::new(at, Form::Scalar { kind, format: Some(format.to_owned()) }));
    match lower.as_str() {
        "string" | "str" | "text" | "varchar" | "char" | "enum" | "strings" | "字符串" | "character" => {
            kind("string")
        }
        "integer" | "int" | "long" | "int32" | "int64" | "uint" | "uint32" | "uint64" | "short" | "bigint" | "整数"
        | "timestamp" | "unsigned int" | "unsigned integer" => kind("integer"),
        "number" | "float" | "double" | "decimal" | "bigdecimal" | "numeric" | "real" | "数字" => kind("number"),
        "boolean" | "bool" | "布尔" => kind("boolean"),
        "object" | "json" | "json object" | "dict" | "dictionary" | "hash" | "map" | "struct" | "jsonobject" => {
            Some(Schema::new(at, Form::Object(Vec::new())))
        }
        "array" | "list" | "json array" | "json list" | "jsonarray" | "object array" | "object list" | "arrays" => {
            Some(Schema::new(at, Form::Array(Box::new(Schema::new(at, Form::Any)))))
        }
        "date-time" | "datetime" => formatted("string", "date-time"),
        "date" => formatted("string", "date"),
        "uuid" => formatted("string", "uuid"),
        "file" | "binary" => formatted("string", "binary"),
        "any" | "mixed" | "undefined" | "" | "none" | "null" | "-" | "oneof" | "anyof" | "allof" => {
            Some(Schema::new(at, Form::Any))
        }
        _ => None,
    }
}

fn alternatives(text: &str, at: Lines, depth: usize) -> Schema {
    let separators = [" or ", "/", "|", ","];
    for separator in separators {
        let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
        if parts.len() < 2 || parts.len() > 4 {
            continue;
        }
        let nullable = parts.iter().any(|part| part.eq_ignore_ascii_case("null"));
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.eq_ignore_ascii_case("null")).collect();
        if parts.iter().all(|part| scalar(part, at).is_some() || array_of(part).is_some()) {
            let mut of: Vec<Schema> = parts.iter().map(|part| read_at(part, at, depth + 1)).collect();
            if of.len() == 1 {
                return Schema { nullable, ..of.pop().unwrap_or_default() };
            }
            return Schema { nullable, ..Schema::new(at, Form::Choice { how: "oneOf", of }) };
        }
    }
    // The first word of `string, in quote currency`.
    let first = text.split([' ', ',', ';']).next().unwrap_or("");
    if first.len() < text.len() {
        if let Some(schema) = scalar(first, at) {
            return schema;
        }
        return Schema::new(at, Form::Any);
    }
    let is_name = text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().any(|c| c.is_lowercase());
    if is_name { Schema::new(at, Form::Ref(text.to_owned())) } else { Schema::new(at, Form::Any) }
}

/// Returns whether a cell calls its value an enum.
pub(crate) fn is_enum(cell: &str) -> bool {
    inline::plain(cell).eq_ignore_ascii_case("enum")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_as_the_generators_and_people_write_them() {
        let name = |cell| read(cell, Lines::default()).type_name();
        assert_eq!(name("[Order](#schemaorder)"), "Order");
        assert_eq!(name("[[Order](#schemaorder)]"), "array of Order");
        assert_eq!(name("array[string]"), "array of string");
        assert_eq!(name("[string]"), "array of string");
        assert_eq!(name("[[Order](#schemaorder)]¦null"), "array of Order");
        assert_eq!(name("integer(int64)¦null"), "integer");
        assert_eq!(name("LONG"), "integer");
        assert_eq!(name("JSON Object"), "object");
        assert_eq!(name("String/Integer"), "string or integer");
        assert_eq!(name("string[]"), "array of string");
        assert_eq!(name("whatever it is"), "any");
        assert!(read("[Order](#schemaorder)¦null", Lines::default()).nullable);
    }
}
