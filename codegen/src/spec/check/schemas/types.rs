//! Types, their names, and null.

use crate::diagnostic::{Change, Help};
use crate::spec::check::findings::{Findings, HERE, Later, leave_out, write_text};
use crate::spec::check::nearest::nearest;
use crate::spec::check::tree::{Found, Tree};
use crate::spec::check::version::Dialect;
use crate::spec::node::json_text;
use crate::spec::pointer::parent;
use crate::spec::{Kind, Node, pointer_join};

/// A type of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::spec::check) enum JsonType {
    String,
    Number,
    Integer,
    Boolean,
    Object,
    Array,
}

impl JsonType {
    pub(in crate::spec::check) fn parse(name: &str) -> Option<Self> {
        TYPES.iter().find(|(known, _)| *known == name).map(|(_, json_type)| *json_type)
    }

    /// The type that a schema states, if it states one we know; `T` of `[T, 'null']` too.
    pub(in crate::spec::check) fn of(schema: &Found<'_>) -> Option<Self> {
        Self::stated(schema.node.get("type")?)
    }

    /// The type that the value of `type` states.
    pub(in crate::spec::check) fn stated(stated: &Node) -> Option<Self> {
        match stated.as_seq() {
            Some(list) => list.first().and_then(Node::as_str).and_then(Self::parse),
            None => stated.as_str().and_then(Self::parse),
        }
    }

    pub(super) fn name(self) -> &'static str {
        TYPES.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// In messages: `an object`.
    pub(super) fn with_article(self) -> String {
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TypeName {
    Known(JsonType),
    /// Stated, but none of ours; said already.
    Unknown,
    /// Not stated.
    None,
}

pub(super) fn type_name(tree: &Tree<'_>, schema: &Found<'_>, findings: &mut Findings<'_>) -> TypeName {
    let Some(stated) = schema.get("type") else {
        return TypeName::None;
    };
    let name = match stated.node.kind() {
        Kind::String(name) => Some(&**name),
        Kind::Seq(list) => nullable_list(tree, &stated, list, findings),
        _ => None,
    };
    let Some(name) = name else {
        return TypeName::Unknown;
    };
    match JsonType::parse(name) {
        Some(known) => TypeName::Known(known),
        None => {
            let help = Later(|| type_help(name, schema));
            findings.at(&stated.pointer, format!("there is no type `{name}`"), help);
            TypeName::Unknown
        }
    }
}

/// The type that is meant, with the format that it cannot do without.
fn type_help(name: &str, schema: &Found<'_>) -> Help {
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

/// `T` of `[T, 'null']`, where the standard has that.
fn nullable_list<'a>(
    tree: &Tree<'_>,
    stated: &Found<'_>,
    list: &'a [Node],
    findings: &mut Findings<'_>,
) -> Option<&'a str> {
    let names: Vec<&str> = list.iter().filter_map(Node::as_str).collect();
    let (names, null) = match names.as_slice() {
        [rest @ .., "null"] => (rest, true),
        all => (all, false),
    };
    match (tree.dialect, names, null) {
        (_, [name], false) => {
            let help = write_text(format!("write type: {name}"), name);
            findings.at(&stated.pointer, "a type is one word", help);
            Some(name)
        }
        (Dialect::OpenRpc, [name], true) => Some(name),
        (Dialect::OpenApi, [name], true) => {
            let help = write_text(format!("write type: {name} and nullable: true"), name);
            let help = help.with(beside(&stated.pointer, "nullable"), Change::Set("true".to_owned()));
            let null = findings.quoted("null");
            findings.at(&stated.pointer, format!("`type: [{name}, {null}]` is not OpenAPI 3.0's"), help);
            Some(name)
        }
        _ => {
            let help = match tree.dialect {
                Dialect::OpenApi => "write one type; alternatives are `oneOf`, null is `nullable: true`",
                Dialect::OpenRpc => "write one type, or a list of it and null; alternatives are `oneOf`",
            };
            findings.at(&stated.pointer, "several types at once are not supported", help);
            None
        }
    }
}

/// The pointer of another key of the same object.
pub(super) fn beside(pointer: &str, key: &str) -> String {
    pointer_join(parent(pointer).unwrap_or_default(), key)
}

pub(super) fn nullable(tree: &Tree<'_>, schema: &Found<'_>, findings: &mut Findings<'_>) {
    let Some(nullable) = schema.get("nullable") else { return };
    if tree.dialect == Dialect::OpenRpc {
        let null = findings.quoted("null");
        let help = match (nullable.node.as_bool(), schema.text("type")) {
            (Some(true), Some(name)) if JsonType::parse(name).is_some() => {
                let list = format!("[{}, \"null\"]", json_text(name));
                leave_out(format!("write type: [{name}, {null}]"))
                    .with(beside(&nullable.pointer, "type"), Change::Set(list))
            }
            (Some(true), _) if schema.node.get("oneOf").is_some() => {
                format!("leave it out, and write {{type: {null}}} as one more alternative").into()
            }
            (Some(true), None) => leave_out("leave it out; a schema without a type is any JSON value, null too"),
            _ => leave_out("leave it out"),
        };
        findings.at_key(&nullable.pointer, "`nullable` is OpenAPI's", help);
    } else if schema.node.get("type").is_none() && schema.node.get("oneOf").is_none() {
        let help =
            leave_out("leave it out: a schema without a `type` is any JSON value, null too; or write its `type`");
        findings.at_key(&nullable.pointer, "`nullable` without a `type` says nothing", help);
    }
}
