//! Reads a `oneOf` whose alternatives the client tells apart by the first character of a value.
//!
//! In OpenRPC, one alternative may be `{type: 'null'}`, which makes the whole value nullable.
//! OpenAPI 3.0 has no such type.

use std::collections::HashSet;

use super::sorts::json_type;
use super::types::{JsonType, stated_type};
use crate::source::located::Located;
use crate::source::node::Node;
use crate::source::pointer::parent;
use crate::source::references::ComponentKind;
use crate::source::refusal::Refusal;
use crate::source::standard::Standard;
use crate::source::view::View;

/// An alternative of a `oneOf` that is not null.
#[derive(Clone)]
pub(crate) struct Alternative<'a> {
    /// The place of the alternative, which may be a `$ref`.
    pub(crate) place: Located<'a>,
    /// The schema itself.
    pub(crate) resolved: Located<'a>,
    pub(crate) json_type: JsonType,
}

/// Returns whether a schema accepts null and nothing else.
pub(crate) fn is_null_type(schema: &Node) -> bool {
    schema.get("type").and_then(Node::as_str) == Some("null")
}

/// Returns whether a schema is an alternative of a `oneOf` and stands for null.
pub(crate) fn is_null_alternative(standard: Standard, schema: &Located<'_>) -> bool {
    standard == Standard::OpenRpc
        && parent(&schema.pointer).is_some_and(|list| list.ends_with("/oneOf"))
        && is_null_type(schema.node)
}

/// Returns whether a schema is that of a result which is always null. It has no type: the call
/// returns no value.
pub(crate) fn is_null_result(standard: Standard, schema: &Located<'_>) -> bool {
    standard == Standard::OpenRpc
        && is_result(&schema.pointer)
        && is_null_type(schema.node)
        && schema.members().all(|(key, _)| matches!(key, "type" | "title" | "description"))
}

/// Returns whether a place is the schema of the result of a method.
pub(crate) fn is_result(pointer: &str) -> bool {
    pointer.starts_with("/methods/") && pointer.ends_with("/result/schema") && pointer.matches('/').count() == 4
}

/// Reads the alternatives of a `oneOf`, except null. Returns them, and the refusals of those that
/// cannot be read.
pub(crate) fn alternatives<'a>(view: &View<'a>, choice: &Located<'a>) -> (Vec<Alternative<'a>>, Vec<Refusal<'a>>) {
    let mut refusals = Vec::new();
    let all: Vec<_> = choice.elements().collect();
    if all.len() < 2 && choice.node.as_seq().is_some() {
        let message = "`oneOf` has fewer than two alternatives";
        refusals.push(Refusal::new(&*choice.pointer, message, "write the schema itself"));
    }
    let (nulls, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|alternative| is_null_alternative(view.standard, alternative));
    if let [_, second, ..] = nulls.as_slice() {
        let message = "two alternatives of a `oneOf` are null";
        refusals.push(Refusal::new(&*second.pointer, message, "write one of them"));
    }
    if let ([null, ..], []) = (nulls.as_slice(), others.as_slice()) {
        let help = "say what the value is when it is not null";
        refusals.push(Refusal::new(&*null.pointer, "the only alternative of a `oneOf` is null", help));
    }
    let mut kinds: HashSet<&str> = HashSet::new();
    let mut found = Vec::new();
    for place in others {
        match alternative(view, &place, &mut kinds) {
            Ok(alternative) => found.push(alternative),
            Err(several) => refusals.extend(several),
        }
    }
    (found, refusals)
}

fn alternative<'a>(
    view: &View<'a>,
    place: &Located<'a>,
    kinds: &mut HashSet<&'static str>,
) -> Result<Alternative<'a>, Vec<Refusal<'a>>> {
    let refuse = |message: String, help: String| Refusal::new(&*place.pointer, message, help);
    let resolved = view.resolve(place.clone(), ComponentKind::Schema).map_err(|refusal| vec![refusal])?.at;
    let json_type = json_type(view, &resolved);
    if resolved.node.get("oneOf").is_some() && json_type.is_none() {
        let message = "a `oneOf` inside a `oneOf` is not supported";
        return Err(vec![refuse(message.to_owned(), "list all alternatives in one".to_owned())]);
    }
    let mut refusals = Vec::new();
    if resolved.flag("nullable") || resolved.node.get("type").is_some_and(|t| t.as_seq().is_some()) {
        let standard = view.standard;
        let message = "an alternative of a `oneOf` cannot be nullable";
        refusals.push(Refusal::with_help(&*place.pointer, message, move |document| match standard {
            Standard::OpenApi => "leave it out there, and say at the `oneOf` that it is nullable".into(),
            Standard::OpenRpc => {
                let null = document.quoted("null");
                format!("leave it out there, and write {{type: {null}}} as one more alternative").into()
            }
        }));
    }
    let Some(json_type) = json_type else {
        match stated_type(view.standard, &resolved).1 {
            Some(refusal) => refusals.push(refusal),
            None => refusals.push(refuse(
                "an alternative of a `oneOf` can be any JSON value".to_owned(),
                "give it a type; the client decides on the first character".to_owned(),
            )),
        }
        return Err(refusals);
    };
    let kind = match json_type {
        JsonType::Object => "objects",
        JsonType::Array => "arrays",
        JsonType::String => "strings",
        JsonType::Integer | JsonType::Number => "numbers",
        JsonType::Boolean => "booleans",
    };
    if !kinds.insert(kind) {
        let help = match kind {
            "objects" => "write one schema that has the properties of all",
            "numbers" => "write one of them: a number (format: decimal) may be an integer",
            _ => "write one of them",
        };
        refusals.push(refuse(format!("two alternatives of a `oneOf` are {kind}"), help.to_owned()));
    }
    if refusals.is_empty() { Ok(Alternative { place: place.clone(), resolved, json_type }) } else { Err(refusals) }
}
