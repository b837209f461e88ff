//! Holds a document against the description of its objects: unknown keys, wrong kinds of values, missing ones; and
//! lists the objects and references it met, for the checks that follow.

use super::findings::{Findings, Later, leave_out, write_json, write_text};
use super::grammar::{Form, Key, Shape, Sort};
use super::nearest::{nearest, question};
use super::root::as_crate_version;
use super::schemas::{JsonType, types_of_key};
use super::tables::PLACES;
use super::version::Dialect;
use crate::diagnostic::{Change, Help};
use crate::spec::node::json_text;
use crate::spec::scalar::is_json_number;
use crate::spec::{Kind, Members, Node, pointer_join, pointer_segments};

/// An object of the document.
pub(super) struct Site<'a> {
    pub(super) sort: Sort,
    pub(super) pointer: String,
    pub(super) node: &'a Node,
}

/// A `$ref`.
pub(super) struct Reference<'a> {
    /// What has to stand at its end.
    pub(super) sort: Sort,
    /// The object that holds it.
    pub(super) pointer: String,
    pub(super) target: &'a str,
}

/// The place of a value in the grammar.
#[derive(Clone, Copy)]
struct Place {
    /// The object whose member it is, or whose member's element.
    sort: Sort,
    /// The key of the member.
    key: Option<&'static Key>,
    /// `true` for an element or a named value within the member.
    within: bool,
}

/// Walks the whole document.
pub(super) fn walk<'a>(
    root: &'a Node,
    shape: &'static Shape,
    dialect: Dialect,
    findings: &mut Findings<'_>,
) -> (Vec<Site<'a>>, Vec<Reference<'a>>) {
    let mut walk = Walk { findings, dialect, sites: Vec::new(), references: Vec::new() };
    let place = Place { sort: shape.sort, key: None, within: false };
    walk.value("", root, &Form::Object(shape), place);
    (walk.sites, walk.references)
}

struct Walk<'a, 'f, 'd> {
    findings: &'f mut Findings<'d>,
    dialect: Dialect,
    sites: Vec<Site<'a>>,
    references: Vec<Reference<'a>>,
}

impl<'a> Walk<'a, '_, '_> {
    fn value(&mut self, pointer: &str, node: &'a Node, form: &Form, place: Place) {
        match (form, node.kind()) {
            (Form::Data, _) => {}
            (Form::Refused { why, instead }, _) => self.findings.at_key(pointer, *why, *instead),
            (Form::Text, Kind::String(_)) | (Form::Flag, Kind::Bool(_)) | (Form::Number, Kind::Number(_)) => {}
            (Form::Words, Kind::String(text)) => self.words(pointer, text, place),
            (Form::Choice(choices), Kind::String(text)) => self.choice(pointer, text, choices),
            (Form::Count, Kind::Number(text)) => {
                if text.parse::<u32>().is_err() {
                    self.findings.at(pointer, format!("`{text}` is no count"), place.count());
                }
            }
            (Form::Code, Kind::String(_)) => {}
            (Form::Code, Kind::Number(text)) => {
                if text.parse::<i64>().is_err() {
                    let help = format!("write a whole number of 64 bits, or text: {}", self.findings.quoted(text));
                    self.findings.at(pointer, format!("`{text}` is no code"), write_text(help, text));
                }
            }
            (Form::List(element), Kind::Seq(nodes)) => {
                let place = Place { within: true, ..place };
                for (i, node) in nodes.iter().enumerate() {
                    self.value(&pointer_join(pointer, &i.to_string()), node, element, place);
                }
            }
            (Form::Map(member), Kind::Map(members)) => {
                let place = Place { within: true, ..place };
                for (name, node) in members.iter() {
                    self.value(&pointer_join(pointer, name), node, member, place);
                }
            }
            (Form::Object(shape), Kind::Map(members)) => self.object(pointer, node, members, shape),
            (Form::OrRef(shape), Kind::Map(members)) => match members.get("$ref") {
                Some(target) => self.reference(pointer, members, target, shape.sort),
                None => self.object(pointer, node, members, shape),
            },
            (Form::Either(first, _), kind) if first.takes(kind) => self.value(pointer, node, first, place),
            (Form::Either(_, second), kind) if second.takes(kind) => self.value(pointer, node, second, place),
            _ => self.wrong_kind(pointer, node, form, place),
        }
    }

    fn words(&mut self, pointer: &str, text: &str, place: Place) {
        if text.trim().is_empty() {
            let help = match (place.text(), place.missing()) {
                (Some(text), _) => format!("write {text}"),
                (None, Some(example)) => format!("write {}", self.findings.example(example)),
                (None, None) => "write some text".to_owned(),
            };
            self.findings.at(pointer, format!("{} is empty", label(pointer)), help);
        }
    }

    fn choice(&mut self, pointer: &str, text: &str, choices: &[&'static str]) {
        if !choices.contains(&text) {
            let message = format!("{} cannot be `{text}`", label(pointer));
            let help = Later(|| {
                let all = one_of(choices);
                if let [only] = choices {
                    return write_text(format!("write {all}"), only);
                }
                match nearest(text, choices.iter().copied()) {
                    Some(near) => write_text(format!("did you mean `{near}`? it is {all}"), near),
                    None => format!("write {all}").into(),
                }
            });
            self.findings.at(pointer, message, help);
        }
    }

    fn object(&mut self, pointer: &str, node: &'a Node, members: &'a Members, shape: &'static Shape) {
        self.sites.push(Site { sort: shape.sort, pointer: pointer.to_owned(), node });
        for (name, node) in members.iter() {
            let member = pointer_join(pointer, name);
            match shape.keys.iter().find(|key| key.name == name) {
                Some(key) => {
                    let place = Place { sort: shape.sort, key: Some(key), within: false };
                    self.value(&member, node, &key.form, place);
                }
                None => self.unknown_key(&member, name, node, members, shape),
            }
        }
        for Key { name, missing, .. } in shape.keys {
            if let Some(write) = missing.filter(|_| !members.contains_key(name) && !has_stand_in(members, name)) {
                let message = format!("{} has no `{name}`", shape.sort.name());
                let help = format!("write {}", self.findings.example(write));
                self.findings.at(pointer, message, help);
            }
        }
    }

    fn unknown_key(&mut self, pointer: &str, name: &str, node: &Node, members: &Members, shape: &'static Shape) {
        let place = PLACES.iter().find(|(word, _)| *word == name).map(|(_, place)| place);
        if let Some(place) = place {
            let message = format!("`{name}` does not belong on {}", shape.sort.name());
            self.findings.at_key(pointer, message, format!("it stands {place}"));
            return;
        }
        let message = if name.starts_with("x-") {
            format!("`{name}` is no word of these specs")
        } else {
            format!("{} has no key `{name}`", shape.sort.name())
        };
        let dialect = self.dialect;
        let help = Later(|| {
            // Only what would be accepted beside the other keys, and of those with this value.
            let free = || {
                let keys = shape.keys.iter().filter(|key| !matches!(key.form, Form::Refused { .. }));
                let keys = keys.filter(|key| !members.contains_key(key.name));
                keys.filter(|key| shape.sort != Sort::Schema || fits_schema(key.name, members, dialect))
            };
            let fitting = free().filter(|key| key.form.takes(node.kind()));
            if let Some(near) = nearest(name, fitting.map(|key| key.name)) {
                return question(near, Change::Rename(near.to_owned()));
            }
            let elsewhere = PLACES.iter().filter(|(word, _)| shape.keys.iter().all(|key| key.name != *word));
            let elsewhere = elsewhere.filter(|_| name.starts_with("x-"));
            let near = nearest(name, elsewhere.clone().map(|(word, _)| *word));
            match elsewhere.clone().find(|(word, _)| Some(*word) == near) {
                Some((word, place)) => format!("leave it out; `{word}`, if you mean that, stands {place}").into(),
                None => known_keys(free().map(|key| key.name), name).into(),
            }
        });
        self.findings.at_key(pointer, message, help);
    }

    fn reference(&mut self, pointer: &str, members: &'a Members, target: &'a Node, sort: Sort) {
        for name in members.keys().filter(|name| *name != "$ref") {
            let message = format!("`{name}` beside a `$ref` has no effect: OpenAPI passes over what stands there");
            let help = match name {
                "x-doc-deviation" => "write it on the component, or say it in the description of what holds the `$ref`",
                _ => "write it on the component, or leave it out",
            };
            self.findings.at_key(&pointer_join(pointer, name), message, help);
        }
        match target.as_str() {
            Some(target) => self.references.push(Reference { sort, pointer: pointer.to_owned(), target }),
            None => {
                let section = sort.section().unwrap_or("schemas");
                let message = format!("`$ref` has to be text, not {}", target.kind_name());
                let help = format!("write {}", self.findings.quoted(&format!("#/components/{section}/..")));
                self.findings.at(&pointer_join(pointer, "$ref"), message, help);
            }
        }
    }

    fn wrong_kind(&mut self, pointer: &str, node: &Node, form: &Form, place: Place) {
        let wanted = form.name();
        let message = if pointer.is_empty() {
            format!("the document has to be {wanted}, this is {}", node.kind_name())
        } else {
            format!("{} has to be {wanted}, not {}", label(pointer), node.kind_name())
        };
        let help = form.help(node, place, self.findings);
        self.findings.at(pointer, message, help);
    }
}

impl Place {
    /// The example of what to write where the key is missing.
    fn missing(self) -> Option<&'static str> {
        self.key.filter(|_| !self.within).and_then(|key| key.missing)
    }

    /// Returns an example of a text that has a form of its own: a number in quotes would be refused as well.
    fn text(self) -> Option<&'static str> {
        Some(match (self.sort, self.key?.name) {
            (_, "x-crate-version") => "three numbers: 0.1.0",
            (_, "openapi") => "3.0.3",
            (_, "openrpc") => "1.3.2",
            (_, "operationId") => "a name that begins with a letter: getOrderBook",
            (_, "x-rust-name") => "a name that begins with a letter: orderBook",
            (_, "x-enum-varnames") => "a name that begins with a letter: Buy",
            (Sort::Method, "name") => "a name that begins with a letter: market.list",
            (_, "window") => "a whole number and s, m, h or d: 1s",
            (_, "url") => "an address that begins with https://",
            (_, "x-base-path") => "the path of a URL, with its slashes: /api/v1/",
            (_, "pointer") | (Sort::ErrorShape, "code" | "message") => "a JSON pointer: /code",
            (Sort::ServerTime, "operation") => "the name of an operation of this document",
            (Sort::Idempotent, "when-present") => "the name of a parameter of the operation",
            (Sort::Schema, "required") | (Sort::Always, "members") => "the name of a property",
            (_, "x-limits") => "the name of a limit from `x-rate-limits`",
            (Sort::Schema, "format") => "a format that the type has, such as decimal",
            (Sort::Schema, "type") => "one of string, number, integer, boolean, object, array",
            (Sort::SecurityScheme, "type") => "apiKey",
            (_, "in") => "query, header or, for a parameter, path",
            (_, "style") => "form in a query, simple elsewhere",
            (_, "paramStructure") => "by-position",
            (_, "header") => "the name of a header: X-Used-Weight",
            _ => return None,
        })
    }

    /// Returns what to write where a count is expected.
    fn count(self) -> &'static str {
        match self.key.filter(|_| !self.within).map(|key| key.name) {
            Some("status") => "write a status from 100 to 599",
            Some("limit") => "write a whole number from 1 to 4294967295",
            _ => "write a whole number from 0 to 4294967295",
        }
    }

    /// Returns whether a count is one that the checks of its key accept.
    fn takes_count(self, text: &str) -> bool {
        let Ok(count) = text.parse::<u32>() else { return false };
        match self.key.filter(|_| !self.within).map(|key| key.name) {
            Some("status") => (100..=599).contains(&count),
            Some("limit") => count > 0,
            _ => true,
        }
    }
}

/// Returns whether the checks of a schema accept a key beside the others that it has.
fn fits_schema(key: &str, members: &Members, dialect: Dialect) -> bool {
    let stated = members.get("type").and_then(JsonType::stated);
    let needs = match key {
        "nullable" => return dialect == Dialect::OpenApi && (stated.is_some() || members.contains_key("oneOf")),
        "type" => return !members.contains_key("oneOf"),
        "exclusiveMinimum" if dialect == Dialect::OpenApi => Some("minimum"),
        "exclusiveMaximum" if dialect == Dialect::OpenApi => Some("maximum"),
        "x-enum-varnames" | "x-enum-descriptions" => Some("enum"),
        _ => None,
    };
    if needs.is_some_and(|needed| !members.contains_key(needed)) {
        return false;
    }
    match (types_of_key(key), stated) {
        (None, _) => true,
        (Some([]), _) => !members.contains_key("type"),
        (Some(types), Some(stated)) => types.contains(&stated),
        (Some(_), None) => false,
    }
}

/// Whether a key that is refused stands in for a missing one: one message is enough.
fn has_stand_in(members: &Members, missing: &str) -> bool {
    let stand_ins: &[&str] = match missing {
        "example" => &["examples", "content"],
        "schema" => &["content", "type"],
        "in" | "name" => &["scheme", "flows", "openIdConnectUrl"],
        "value" => &["externalValue"],
        _ => &[],
    };
    stand_ins.iter().any(|key| members.contains_key(key))
}

impl Form {
    /// Whether a value of this kind may be of this form.
    fn takes(&self, kind: &Kind) -> bool {
        match self {
            Self::Data | Self::Refused { .. } => true,
            Self::Text | Self::Words | Self::Choice(_) => matches!(kind, Kind::String(_)),
            Self::Flag => matches!(kind, Kind::Bool(_)),
            Self::Number | Self::Count => matches!(kind, Kind::Number(_)),
            Self::Code => matches!(kind, Kind::Number(_) | Kind::String(_)),
            Self::List(_) => matches!(kind, Kind::Seq(_)),
            Self::Map(_) | Self::Object(_) | Self::OrRef(_) => matches!(kind, Kind::Map(_)),
            Self::Either(first, second) => first.takes(kind) || second.takes(kind),
        }
    }

    /// In messages: `text`.
    fn name(&self) -> String {
        match self {
            Self::Text | Self::Words | Self::Choice(_) => "text".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Count => "a whole number".to_owned(),
            Self::Code => "a whole number or text".to_owned(),
            Self::Data | Self::Refused { .. } => "a value".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) => "an object".to_owned(),
            Self::Object(shape) => object(shape.sort),
            Self::OrRef(shape) => format!("{} or a `$ref`", object(shape.sort)),
            Self::Either(first, second) => format!("{}, or {}", first.name(), second.name()),
        }
    }

    /// Returns what to write in place of `node`. It has a step to follow only if the result is accepted there.
    fn help(&self, node: &Node, place: Place, findings: &Findings<'_>) -> Help {
        let (quoted, is_json) = (|text: &str| findings.quoted(text), findings.is_json());
        let scalar = match node.kind() {
            Kind::Number(text) | Kind::String(text) => Some(text.to_string()),
            Kind::Bool(value) => Some(value.to_string()),
            Kind::Null | Kind::Seq(_) | Kind::Map(_) => None,
        };
        match (self, node.kind(), scalar) {
            (_, Kind::Null, _) => match place.missing() {
                Some(example) => format!("write {}", findings.example(example)).into(),
                None if place.within || place.key.is_none() => format!("write {}", self.name()).into(),
                None => leave_out(format!("write {}, or leave it out", self.name())),
            },
            (Self::Choice(choices), ..) => format!("write {}", one_of(choices)).into(),
            (Self::Text | Self::Words, Kind::Number(_) | Kind::Bool(_), Some(text)) => match place.text() {
                Some(_) if place.key.is_some_and(|key| key.name == "x-crate-version") => {
                    let version = as_crate_version(&text).unwrap_or_else(|| "0.1.0".to_owned());
                    write_text(format!("write three numbers: {}", quoted(&version)), &version)
                }
                Some(example) => format!("write {example}").into(),
                None => write_text(format!("put it in quotes: {}", quoted(&text)), &text),
            },
            (Self::Text | Self::Words, ..) => match place.text() {
                Some(example) => format!("write {example}").into(),
                None => format!("write {}", self.name()).into(),
            },
            (Self::Count, Kind::String(_), Some(text)) if place.takes_count(&text) => {
                write_json("write it without quotes", text)
            }
            (Self::Count, ..) => place.count().into(),
            (Self::Number, Kind::String(_), Some(text)) if is_json_number(&text) => {
                write_json("write it without quotes", text)
            }
            (Self::Flag, Kind::String(_), Some(text)) if matches!(text.as_str(), "true" | "false") => {
                write_json("write it without quotes", text)
            }
            (Self::Flag, ..) => "write true or false, without quotes".into(),
            (Self::List(_), Kind::Map(members), _) if members.is_empty() => "write a list: [..]".into(),
            (Self::List(element), Kind::Map(_), _) if element.takes(node.kind()) => {
                let help = if is_json { "write it into brackets: [{..}]" } else { "begin each element with `- `" };
                write_json(help, format!("[{}]", node.to_json()))
            }
            (Self::List(_), Kind::String(_) | Kind::Number(_), _) if place.text().is_some() => {
                format!("write a list; an element is {}", place.text().unwrap_or_default()).into()
            }
            (Self::List(element), Kind::String(_) | Kind::Number(_), _) if element.takes(node.kind()) => {
                let json = format!("[{}]", node.to_json());
                let shown = match node.as_str() {
                    Some(text) if is_json => json_text(text),
                    Some(text) => text.to_owned(),
                    None => node.to_json(),
                };
                write_json(format!("write [{shown}]"), json)
            }
            (Self::List(Self::Text | Self::Words), Kind::Number(_), Some(text)) => {
                write_json(format!("write [{}]", quoted(&text)), format!("[{}]", json_text(&text)))
            }
            (Self::Either(first, second), ..) => format!("write {}, or {}", first.name(), second.name()).into(),
            (Self::Map(_) | Self::Object(_) | Self::OrRef(_), ..) if is_json => {
                "write an object: {\"key\": value}".into()
            }
            (Self::Map(_) | Self::Object(_) | Self::OrRef(_), ..) => {
                "write its members below it, each as `key: value`".into()
            }
            _ => format!("write {}", self.name()).into(),
        }
    }
}

/// `a` or `b`.
fn one_of(choices: &[&str]) -> String {
    choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(" or ")
}

/// `an object`, with what it is of where that says more.
fn object(sort: Sort) -> String {
    match sort {
        Sort::Document
        | Sort::Always
        | Sort::Weight
        | Sort::Idempotent
        | Sort::ServerTime
        | Sort::RecvWindow
        | Sort::ErrorShape => "an object".to_owned(),
        sort => format!("{} (an object)", sort.name()),
    }
}

/// How messages call the value at a pointer.
pub(super) fn label(pointer: &str) -> String {
    let segments = pointer_segments(pointer).unwrap_or_default();
    match segments.as_slice() {
        [] => "the document".to_owned(),
        [.., list, index] if index.bytes().all(|b| b.is_ascii_digit()) && !list.starts_with('/') => {
            match index.parse::<usize>().ok().and_then(|i| i.checked_add(1)) {
                Some(nth) if list != "responses" => format!("element {nth} of `{list}`"),
                _ => format!("`{index}`"),
            }
        }
        [.., name] => format!("`{name}`"),
    }
}

/// The keys that an unknown one may stand for: words for a word.
fn known_keys<'a>(keys: impl Iterator<Item = &'a str>, unknown: &str) -> String {
    let word = unknown.starts_with("x-");
    let keys: Vec<&str> = keys.filter(|key| !word || key.starts_with("x-")).collect();
    match (word, keys.is_empty()) {
        (true, true) => "leave it out; there are no other `x-` words here".to_owned(),
        (true, false) => format!("leave it out, or write one of {}", keys.join(", ")),
        (false, true) => "leave it out: it has all its keys".to_owned(),
        (false, false) => format!("its other keys are {}", keys.join(", ")),
    }
}
