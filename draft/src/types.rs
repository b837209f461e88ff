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
    if let Some(values) = map_of(&text) {
        return Schema::new(at, Form::Map(Box::new(read_at(values, at, depth + 1))));
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
    let listed = lower.strip_suffix(" array").or_else(|| lower.strip_suffix(" list"));
    let is_listed = |own: &str| {
        matches!(own, "string" | "strings" | "integer" | "int" | "long" | "number" | "decimal" | "float" | "boolean")
    };
    if let Some(own) = listed.filter(|own| is_listed(own)) {
        return text.get(..own.len());
    }
    inner("array[", "]")
        .or_else(|| inner("vec<", ">"))
        .or_else(|| inner("set<", ">"))
        .or_else(|| inner("[]", ""))
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

/// Returns the type of the values of a map: `map[string]string`, `Record<string, number>`.
fn map_of(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    let of = |prefix: &str, joint: &str, suffix: &str| {
        let rest = lower.strip_prefix(prefix)?.strip_suffix(suffix)?;
        let (key, values) = rest.split_once(joint)?;
        let is_key = matches!(key.trim(), "string" | "str" | "text");
        let start = text.len() - suffix.len() - values.len();
        text.get(start..text.len() - suffix.len()).map(str::trim).filter(|own| is_key && !own.is_empty())
    };
    ["map<", "record<", "dict<", "object<", "hashmap<", "dictionary<"]
        .iter()
        .find_map(|prefix| of(prefix, ",", ">"))
        .or_else(|| of("dict[", ",", "]"))
        .or_else(|| of("map[", ",", "]"))
        .or_else(|| of("map[", "]", ""))
}

/// Returns whether a cell describes a number that is sent as a text: `decimal string`,
/// `number (as string)`.
fn is_digits(text: &str) -> bool {
    let words = inline::words(text);
    let is_text = |word: &String| matches!(word.as_str(), "string" | "str" | "stringified");
    let is_number = |word: &String| {
        matches!(
            word.as_str(),
            "number" | "decimal" | "float" | "double" | "integer" | "int" | "numeric" | "int64" | "uint64" | "long"
        )
    };
    let is_joint = |word: &String| matches!(word.as_str(), "as" | "a" | "in" | "encoded" | "formatted" | "format");
    let is_known = |word: &String| is_text(word) || is_number(word) || is_joint(word);
    !text.contains(['/', '|', ',', '[', '<'])
        && words.iter().any(is_text)
        && words.iter().any(is_number)
        && words.iter().all(is_known)
}

fn scalar(text: &str, at: Lines) -> Option<Schema> {
    if is_digits(text) {
        let is_whole = |word: &String| matches!(word.as_str(), "integer" | "int" | "int64" | "uint64" | "long");
        let format = (!inline::words(text).iter().any(is_whole)).then(|| "decimal".to_owned());
        return Some(Schema::new(at, Form::Scalar { kind: "string", format }));
    }
    // `string?` can be left out.
    let text = text.strip_suffix('?').unwrap_or(text);
    let (base, format) = match text.split_once(['(', '<']) {
        Some((base, format)) => (base.trim(), Some(format.trim_end_matches([')', '>']).trim().to_owned())),
        None => (text, None),
    };
    let lower = base.trim().trim_end_matches(['.', ',']).to_lowercase();
    let format = format.filter(|format| {
        format.starts_with(|c: char| c.is_ascii_alphabetic())
            && format.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    let kind = |kind| Some(Schema::new(at, Form::Scalar { kind, format: format.clone() }));
    let formatted = |kind, format: &str| Some(Schema::new(at, Form::Scalar { kind, format: Some(format.to_owned()) }));
    match lower.as_str() {
        "string" | "str" | "text" | "varchar" | "char" | "enum" | "strings" | "字符串" | "character" => {
            kind("string")
        }
        "iso8601"
        | "iso 8601"
        | "iso-8601"
        | "comma-separated list"
        | "comma separated list"
        | "comma-separated string" => kind("string"),
        "u8" | "u16" | "u32" | "u64" | "i8" | "i16" | "i32" | "i64" | "uint8" | "uint16" | "int8" | "int16" => {
            kind("integer")
        }
        "f32" | "f64" | "float32" | "float64" | "double precision" => kind("number"),
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

/// Returns the values that a cell of a type lists: `enum(BUY, SELL)`, `"GTC" | "IOC"`, `string (A /
/// B)`.
pub(crate) fn values(cell: &str) -> Vec<String> {
    let plain = inline::entities(cell).replace("\\|", "|");
    let mut values = inline::code_spans(&plain);
    if values.len() < 2 {
        values =
            plain.replace(['“', '”'], "\"").split('"').skip(1).step_by(2).map(|own| own.trim().to_owned()).collect();
    }
    if values.len() > 1 {
        // The marked parts can be types: "`string` or `integer`".
        let is_type = |own: &String| scalar(own, Lines::default()).is_some() || array_of(own).is_some();
        let fits = |own: &String| is_value(own) && !is_type(own);
        return if values.iter().all(fits) { values } else { Vec::new() };
    }
    let text = inline::plain(&plain);
    let lower = text.to_ascii_lowercase();
    let open = text.find(['(', '[', '{', ':', ',']).unwrap_or(text.len());
    let base = lower.get(..open).unwrap_or_default().trim();
    let mut inner = text.get(open..).unwrap_or_default().trim_matches(['(', ')', '[', ']', '{', '}', ':', ',', ' ']);
    let mut is_sure = matches!(base, "enum" | "string enum" | "enum string");
    for lead in ["enum:", "enum", "one of:", "one of"] {
        if let Some(rest) = inner.get(..lead.len()).filter(|own| own.eq_ignore_ascii_case(lead)) {
            inner = inner.get(rest.len()..).unwrap_or_default().trim();
            is_sure = true;
        }
    }
    if !is_sure && !matches!(base, "string" | "str" | "text") {
        return Vec::new();
    }
    let is_slashed = inner.contains(['/', '|']);
    let words = inner.replace(" or ", ",");
    let values: Vec<String> = words.split(['/', '|', ',']).map(|own| own.trim().to_owned()).collect();
    let is_constant = |own: &String| !own.chars().any(|c| c.is_ascii_lowercase());
    let is_mark = |own: &String| matches!(own.to_lowercase().as_str(), "required" | "optional" | "mandatory");
    let fits = |own: &String| is_value(own) && !is_mark(own) && (is_sure || is_slashed || is_constant(own));
    if values.len() > 1 && values.iter().all(fits) { values } else { Vec::new() }
}

fn is_value(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 40
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+'))
}

/// Returns whether a cell says that its value has any type, or says nothing.
pub(crate) fn is_open(cell: &str) -> bool {
    let plain = inline::plain(cell).to_lowercase();
    matches!(
        plain.trim(),
        "" | "any"
            | "mixed"
            | "undefined"
            | "none"
            | "null"
            | "-"
            | "–"
            | "—"
            | "oneof"
            | "anyof"
            | "allof"
            | "n/a"
            | "enum"
            | "any value"
            | "json value"
            | "varies"
            | "variant"
    )
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
        for (cell, wanted) in [
            ("float64", "number"),
            ("f64", "number"),
            ("double precision", "number"),
            ("u64", "integer"),
            ("[]string", "array of string"),
            ("Vec<String>", "array of string"),
            ("string array", "array of string"),
            ("map[string]string", "object"),
            ("Record<string, number>", "object"),
            ("decimal string", "string"),
            ("number (as string)", "string"),
            ("int64 (string)", "string"),
            ("number/string", "number or string"),
            ("string?", "string"),
            ("ISO8601", "string"),
            ("foo bar", "any"),
        ] {
            assert_eq!(name(cell), wanted, "{cell}");
        }
        assert!(read("[Order](#schemaorder)¦null", Lines::default()).nullable);
    }

    #[test]
    fn a_type_can_list_the_values() {
        for (cell, wanted) in [
            ("enum(BUY, SELL)", "BUY SELL"),
            ("`LIMIT` \\| `MARKET`", "LIMIT MARKET"),
            ("\"GTC\" | \"IOC\"", "GTC IOC"),
            ("string (A / B)", "A B"),
            ("string (buy/sell)", "buy sell"),
            ("string, one of A, B", "A B"),
            ("Enum: limit, market", "limit market"),
            ("string (required, unique)", ""),
            ("string (hex, lowercase)", ""),
            ("`string` or `integer`", ""),
            ("String/Integer", ""),
            ("array[string]", ""),
            ("string(date)", ""),
            ("integer (1, 2)", ""),
        ] {
            assert_eq!(values(cell).join(" "), wanted, "{cell}");
        }
    }
}
