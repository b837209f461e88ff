//! Types, their names, and null.

use crate::spec::check::findings::Findings;
use crate::spec::check::nearest::nearest;
use crate::spec::check::tree::{Found, Tree};
use crate::spec::check::version::Dialect;
use crate::spec::{Kind, Node};

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
        let stated = schema.node.get("type")?;
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
        Kind::String(name) => Some(name.as_str()),
        Kind::Seq(list) => nullable_list(tree, &stated, list, findings),
        _ => None,
    };
    let Some(name) = name else {
        return TypeName::Unknown;
    };
    match JsonType::parse(name) {
        Some(known) => TypeName::Known(known),
        None => {
            findings.at(&stated.pointer, format!("there is no type `{name}`"), type_help(name));
            TypeName::Unknown
        }
    }
}

fn type_help(name: &str) -> String {
    let known = TYPES.iter().map(|(known, _)| *known);
    let otherwise = match name.to_lowercase().as_str() {
        "null" => "say what it is when it is not null".to_owned(),
        "float" | "double" | "decimal" => "write type: number, format: decimal".to_owned(),
        "int" | "int32" | "int64" | "long" => "write type: integer, format: int64".to_owned(),
        "bool" => "write type: boolean".to_owned(),
        "date" | "datetime" | "date-time" => "write type: string, format: date-time".to_owned(),
        "file" | "binary" => "files are not supported".to_owned(),
        "map" | "dict" | "hash" => "write type: object with `additionalProperties`".to_owned(),
        "any" => "leave `type` out: {} is any JSON value".to_owned(),
        _ => format!("it is one of {}", known.clone().collect::<Vec<_>>().join(", ")),
    };
    match nearest(name, known) {
        Some(near) if !matches!(name.to_lowercase().as_str(), "null" | "int" | "bool") => {
            format!("did you mean `{near}`?")
        }
        _ => otherwise,
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
            findings.at(&stated.pointer, "a type is one word", format!("write type: {name}"));
            Some(name)
        }
        (Dialect::OpenRpc, [name], true) => Some(name),
        (Dialect::OpenApi, [name], true) => {
            let help = format!("write type: {name} and nullable: true");
            findings.at(&stated.pointer, format!("`type: [{name}, 'null']` is not OpenAPI 3.0's"), help);
            Some(name)
        }
        _ => {
            let help = match tree.dialect {
                Dialect::OpenApi => "write one type; alternatives are `oneOf`, null is `nullable: true`",
                Dialect::OpenRpc => "write one type, or [type, 'null']; alternatives are `oneOf`",
            };
            findings.at(&stated.pointer, "several types at once are not supported", help);
            None
        }
    }
}

pub(super) fn nullable(tree: &Tree<'_>, schema: &Found<'_>, findings: &mut Findings<'_>) {
    let Some(nullable) = schema.get("nullable") else { return };
    if tree.dialect == Dialect::OpenRpc {
        let name = schema.text("type").unwrap_or("string");
        findings.at_key(&nullable.pointer, "`nullable` is OpenAPI's", format!("write type: [{name}, 'null']"));
    } else if schema.node.get("type").is_none() && schema.node.get("oneOf").is_none() {
        let help = "write its `type`; a schema without one is any JSON value, null too";
        findings.at_key(&nullable.pointer, "`nullable` without a `type` says nothing", help);
    }
}
