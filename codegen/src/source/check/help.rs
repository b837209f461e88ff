//! The help for a value of a wrong kind: it says what to write instead.

use crate::diagnostic::Help;
use crate::source::document::Document;
use crate::source::findings::{leave_out, write_json, write_text};
use crate::source::node::{Kind, Node, json_text};
use crate::source::number::is_json_number;
use crate::source::shapes::grammar::{Form, Key, ObjectKind};

/// The place of a value in the grammar.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The kind of the object that holds the value, directly or inside the value of a key.
    pub(super) kind: ObjectKind,
    /// The key in this object.
    pub(super) key: Option<&'static Key>,
    /// True for an element of a list, or a named value of a map, at this key.
    pub(super) within: bool,
}

impl Place {
    /// Returns an example of the key's value, for the help text about a missing value.
    pub(super) fn missing(self) -> Option<&'static str> {
        self.key.filter(|_| !self.within).and_then(|key| key.missing)
    }

    /// Returns a description of the text, if the key requires a text of a certain form. For such a
    /// key, putting a number in quotes would not help.
    pub(super) fn text(self) -> Option<&'static str> {
        Some(match (self.kind, self.key?.name) {
            (_, "x-crate-version") => "three numbers: 0.1.0",
            (_, "openapi") => "3.0.3",
            (_, "openrpc") => "1.3.2",
            (_, "operationId") => "a name that begins with a letter: getOrderBook",
            (_, "x-rust-name") => "a name that begins with a letter: orderBook",
            (_, "x-enum-varnames") => "a name that begins with a letter: Buy",
            (ObjectKind::Method, "name") => "a name that begins with a letter: market.list",
            (_, "window") => "a whole number and s, m, h or d: 1s",
            (_, "url") => "an address that begins with https://",
            (_, "x-base-path") => "the path of a URL, with its slashes: /api/v1/",
            (_, "pointer") | (ObjectKind::ErrorShape, "code" | "message") => "a JSON pointer: /code",
            (ObjectKind::ServerTime, "operation") => "the name of an operation of this document",
            (ObjectKind::Idempotent, "when-present") => "the name of a parameter of the operation",
            (ObjectKind::Schema, "required") | (ObjectKind::Always, "members") => "the name of a property",
            (_, "x-limits") => "the name of a limit from `x-rate-limits`",
            (ObjectKind::Schema, "format") => "a format that the type has, such as decimal",
            (ObjectKind::Schema, "type") => "one of string, number, integer, boolean, object, array",
            (ObjectKind::SecurityScheme, "type") => "apiKey",
            (_, "in") => "query, header or, for a parameter, path",
            (_, "style") => "form in a query, simple elsewhere",
            (_, "paramStructure") => "by-position",
            (_, "header") => "the name of a header: X-Used-Weight",
            _ => return None,
        })
    }

    /// Returns the help for a place where a count is expected.
    pub(super) fn count(self) -> &'static str {
        match self.key.filter(|_| !self.within).map(|key| key.name) {
            Some("status") => "write a status from 100 to 599",
            Some("limit") => "write a whole number from 1 to 4294967295",
            _ => "write a whole number from 0 to 4294967295",
        }
    }

    /// Returns whether the text is a count that the checks of the key accept.
    pub(super) fn takes_count(self, text: &str) -> bool {
        let Ok(count) = text.parse::<u32>() else { return false };
        match self.key.filter(|_| !self.within).map(|key| key.name) {
            Some("status") => (100..=599).contains(&count),
            Some("limit") => count > 0,
            _ => true,
        }
    }
}

/// Returns the help for a value, `node`, that does not have the form `form`. The help has an edit
/// only if the check accepts the value after the edit.
pub(super) fn instead_of(node: &Node, form: &Form, place: Place, document: &Document) -> Help {
    let (quoted, is_json) = (|text: &str| document.quoted(text), document.is_json());
    let scalar = match node.kind() {
        Kind::Number(text) | Kind::String(text) => Some(text.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Null | Kind::Seq(_) | Kind::Map(_) => None,
    };
    match (form, node.kind(), scalar) {
        (_, Kind::Null, _) => match place.missing() {
            Some(example) => format!("write {}", document.example(example)).into(),
            None if place.within || place.key.is_none() => format!("write {}", form.name()).into(),
            None => leave_out(format!("write {}, or leave it out", form.name())),
        },
        (Form::Choice(choices), ..) => format!("write {}", one_of(choices)).into(),
        (Form::Text | Form::NonEmpty, Kind::Number(_) | Kind::Bool(_), Some(text)) => match place.text() {
            Some(_) if place.key.is_some_and(|key| key.name == "x-crate-version") => {
                let version = as_crate_version(&text).unwrap_or_else(|| "0.1.0".to_owned());
                write_text(format!("write three numbers: {}", quoted(&version)), &version)
            }
            Some(example) => format!("write {example}").into(),
            None => write_text(format!("put it in quotes: {}", quoted(&text)), &text),
        },
        (Form::Text | Form::NonEmpty, ..) => match place.text() {
            Some(example) => format!("write {example}").into(),
            None => format!("write {}", form.name()).into(),
        },
        (Form::Count, Kind::String(_), Some(text)) if place.takes_count(&text) => {
            write_json("write it without quotes", text)
        }
        (Form::Count, ..) => place.count().into(),
        (Form::Number, Kind::String(_), Some(text)) if is_json_number(&text) => {
            write_json("write it without quotes", text)
        }
        (Form::Flag, Kind::String(_), Some(text)) if matches!(text.as_str(), "true" | "false") => {
            write_json("write it without quotes", text)
        }
        (Form::Flag, ..) => "write true or false, without quotes".into(),
        (Form::List(_), Kind::Map(members), _) if members.is_empty() => "write a list: [..]".into(),
        (Form::List(element), Kind::Map(_), _) if element.takes(node.kind()) => {
            let help = if is_json { "write it into brackets: [{..}]" } else { "begin each element with `- `" };
            write_json(help, format!("[{}]", node.to_json()))
        }
        (Form::List(_), Kind::String(_) | Kind::Number(_), _) if place.text().is_some() => {
            format!("write a list; an element is {}", place.text().unwrap_or_default()).into()
        }
        (Form::List(element), Kind::String(_) | Kind::Number(_), _) if element.takes(node.kind()) => {
            let json = format!("[{}]", node.to_json());
            let shown = match node.as_str() {
                Some(text) if is_json => json_text(text),
                Some(text) => text.to_owned(),
                None => node.to_json(),
            };
            write_json(format!("write [{shown}]"), json)
        }
        (Form::List(Form::Text | Form::NonEmpty), Kind::Number(_), Some(text)) => {
            write_json(format!("write [{}]", quoted(&text)), format!("[{}]", json_text(&text)))
        }
        (Form::Either(first, second), ..) => format!("write {}, or {}", first.name(), second.name()).into(),
        (Form::Map(_) | Form::Object(_) | Form::OrRef(..), ..) if is_json => "write an object: {\"key\": value}".into(),
        (Form::Map(_) | Form::Object(_) | Form::OrRef(..), ..) => {
            "write its keys below it, each as `key: value`".into()
        }
        _ => format!("write {}", form.name()).into(),
    }
}

/// Returns the choices as text for a message: `a` or `b`.
pub(super) fn one_of(choices: &[&str]) -> String {
    choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(" or ")
}

/// Returns the version that an incomplete version may mean: 1.0.0 for `1`.
pub(super) fn as_crate_version(text: &str) -> Option<String> {
    let numbers = text.trim().trim_start_matches(['v', 'V', '=']).split('.').map(|part| part.parse::<u64>().ok());
    let numbers: Vec<u64> = numbers.collect::<Option<_>>()?;
    match numbers.as_slice() {
        [major] => Some(format!("{major}.0.0")),
        [major, minor] => Some(format!("{major}.{minor}.0")),
        [major, minor, patch] => Some(format!("{major}.{minor}.{patch}")),
        _ => None,
    }
}
