//! The types of JSON Schema.

use crate::diagnostic::{Change, Help};
use crate::source::findings::{HERE, Later, write_text};
use crate::source::located::Located;
use crate::source::nearest::nearest;
use crate::source::node::{Kind, Node, json_text};
use crate::source::pointer::{parent, pointer_join};
use crate::source::refusal::Refusal;
use crate::source::shapes::grammar::Form;
use crate::source::standard::Standard;

/// A type of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonType {
    String,
    Number,
    Integer,
    Boolean,
    Object,
    Array,
}

impl JsonType {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        TYPES.iter().find(|(known, _)| *known == name).map(|(_, json_type)| *json_type)
    }

    /// Returns the type that a schema states, if the type is known. For a list, such as `[T,
    /// 'null']`, this is its first type.
    pub(crate) fn from_schema(schema: &Located<'_>) -> Option<Self> {
        Self::stated(schema.node.get("type")?)
    }

    /// Returns the type that a value of the key `type` states, if the type is known.
    pub(crate) fn stated(stated: &Node) -> Option<Self> {
        match stated.as_seq() {
            Some(list) => list.first().and_then(Node::as_str).and_then(Self::parse),
            None => stated.as_str().and_then(Self::parse),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        TYPES.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// Returns the name in messages: `an object`.
    pub(crate) fn with_article(self) -> String {
        let article = if matches!(self, Self::Object | Self::Array | Self::Integer) { "an" } else { "a" };
        format!("{article} {}", self.name())
    }
}

const TYPES: &[(&str, JsonType)] = &[
    ("string", JsonType::String),
    ("number", JsonType::Number),
    ("integer", JsonType::Integer),
    ("boolean", JsonType::Boolean),
    ("object", JsonType::Object),
    ("array", JsonType::Array),
];

/// The type that a schema states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeName {
    Known(JsonType),
    /// A `type` that is stated, but unknown.
    Unknown,
    /// No `type` is stated.
    None,
}

/// Reads the `type` of a schema. Returns the type, and a refusal if the value is refused. The type
/// can be known although the value is refused, as for `[string]`.
pub(crate) fn stated_type<'a>(standard: Standard, schema: &Located<'a>) -> (TypeName, Option<Refusal<'a>>) {
    let Some(stated) = schema.get("type") else { return (TypeName::None, None) };
    let (name, refusal) = match stated.node.kind() {
        Kind::String(name) => (Some(&**name), None),
        Kind::Seq(list) => type_of_list(standard, &stated, list),
        _ => {
            let form = Form::Either(&Form::Text, &Form::List(&Form::Text));
            let message = form.expected(&stated.pointer, stated.node);
            (None, Some(Refusal::new(&*stated.pointer, message, "write one type: string")))
        }
    };
    let Some(name) = name else { return (TypeName::Unknown, refusal) };
    match JsonType::parse(name) {
        Some(known) => (TypeName::Known(known), refusal),
        None => {
            let schema = schema.clone();
            let help = Later(move || type_help(name, &schema));
            (TypeName::Unknown, Some(Refusal::new(stated.pointer, format!("there is no type `{name}`"), help)))
        }
    }
}

/// Returns the help about an unknown type. It suggests the type and the format that the name may
/// mean.
fn type_help(name: &str, schema: &Located<'_>) -> Help {
    let quoted = |text: &str| Change::Set(json_text(text));
    let typed = |help: &str, json_type: &str, format: Option<&str>| {
        let help = Help::from(help).with(HERE, quoted(json_type));
        match format {
            Some(format) => help.with(pointer_join(&schema.pointer, "format"), quoted(format)),
            None => help,
        }
    };
    match name.to_lowercase().as_str() {
        "null" => return "say what it is when it is not null".into(),
        "float" | "double" | "decimal" | "numeric" => {
            return typed("write type: number, format: decimal", "number", Some("decimal"));
        }
        "int" | "long" | "int64" => return typed("write type: integer, format: int64", "integer", Some("int64")),
        "int32" => return typed("write type: integer, format: int32", "integer", Some("int32")),
        "uint64" | "uint" => return typed("write type: integer, format: uint64", "integer", Some("uint64")),
        "uint32" => return typed("write type: integer, format: uint32", "integer", Some("uint32")),
        "bool" => return typed("write type: boolean", "boolean", None),
        "date" => return typed("write type: string, format: date", "string", Some("date")),
        "datetime" | "date-time" => {
            return typed("write type: string, format: date-time", "string", Some("date-time"));
        }
        "file" | "binary" => return "files are not supported".into(),
        "map" | "dict" | "hash" => return "write type: object with `additionalProperties`".into(),
        "any" => return "leave out `type` and all that depends on it: {} is any JSON value".into(),
        _ => {}
    }
    let known = TYPES.iter().map(|(known, _)| *known);
    match nearest(name, known.clone()) {
        Some("number") if schema.text("format") != Some("decimal") => {
            typed("did you mean `number`, with format: decimal?", "number", Some("decimal"))
        }
        Some("array") if schema.node.get("items").is_none() => "did you mean `array`, with `items`?".into(),
        Some(near) => typed(&format!("did you mean `{near}`?"), near, None),
        None => format!("it is one of {}", known.collect::<Vec<_>>().join(", ")).into(),
    }
}

/// Returns the type of `[T]` or `[T, 'null']`, and no type for any other list. Refuses the list,
/// unless it is `[T, 'null']` and the document is OpenRPC.
fn type_of_list<'a>(
    standard: Standard,
    stated: &Located<'a>,
    list: &'a [Node],
) -> (Option<&'a str>, Option<Refusal<'a>>) {
    let names: Vec<&str> = list.iter().filter_map(Node::as_str).collect();
    let (names, null) = match names.as_slice() {
        [rest @ .., "null"] => (rest, true),
        all => (all, false),
    };
    let place = stated.pointer.clone();
    match (standard, names, null) {
        (_, [name], false) => {
            let help = write_text(format!("write type: {name}"), name);
            (Some(*name), Some(Refusal::new(place, "`type` has to be text, not a list of one", help)))
        }
        (Standard::OpenRpc, [name], true) => (Some(*name), None),
        (Standard::OpenApi, [name], true) => {
            let help = write_text(format!("write type: {name} and nullable: true"), name);
            let help = help.with(beside(&place, "nullable"), Change::Set("true".to_owned()));
            let message = format!("`type: [{name}, null]` is not part of OpenAPI 3.0");
            (Some(*name), Some(Refusal::new(place, message, help)))
        }
        _ => {
            let help = match standard {
                Standard::OpenApi => "write one type; alternatives are `oneOf`, null is `nullable: true`",
                Standard::OpenRpc => "write one type, or a list of it and null; alternatives are `oneOf`",
            };
            (None, Some(Refusal::new(place, "several types at once are not supported", help)))
        }
    }
}

/// Returns the JSON pointer to another key of the object that has the key at `pointer`.
pub(crate) fn beside(pointer: &str, key: &str) -> String {
    pointer_join(parent(pointer).unwrap_or_default(), key)
}
