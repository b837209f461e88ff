//! Compares a document with the descriptions of its objects (`shapes`). This finds unknown keys,
//! missing keys and values of a wrong kind, and lists the objects and the `$ref`s for the other
//! checks.

use super::help::{Place, instead_of, one_of};
use crate::diagnostic::Change;
use crate::source::document::Document;
use crate::source::findings::{Findings, Later, write_text};
use crate::source::located::Located;
use crate::source::nearest::{nearest, question};
use crate::source::node::{Kind, Members, Node};
use crate::source::pointer::pointer_join;
use crate::source::references::ComponentKind;
use crate::source::refusal::Refusal;
use crate::source::schema::keys::types_of_key;
use crate::source::schema::types::JsonType;
use crate::source::shapes::extensions::PLACES;
use crate::source::shapes::grammar::{Form, Key, ObjectKind, Shape, has_stand_in, label};
use crate::source::standard::Standard;

/// An object of the document.
pub(super) struct Site<'a> {
    pub(super) kind: ObjectKind,
    pub(super) pointer: String,
    pub(super) node: &'a Node,
}

/// A `$ref`.
pub(super) struct Reference<'a> {
    /// The kind of component that the `$ref` has to lead to.
    pub(super) kind: ComponentKind,
    /// The JSON pointer of the object that has the `$ref`.
    pub(super) pointer: String,
    pub(super) node: &'a Node,
}

/// The keys that a document in normal form can have beside the `$ref` of a schema. They describe
/// the place of the `$ref`, not the component.
const SIBLINGS: [&str; 9] = [
    "title",
    "description",
    "deprecated",
    "default",
    "example",
    "nullable",
    "readOnly",
    "x-rust-name",
    "x-doc-deviation",
];

/// Walks the whole document.
pub(super) fn walk<'a>(
    root: &'a Node,
    shape: &'static Shape,
    standard: Standard,
    findings: &mut Findings<'_>,
) -> (Vec<Site<'a>>, Vec<Reference<'a>>) {
    let mut walk = Walk { findings, standard, sites: Vec::new(), references: Vec::new() };
    let place = Place { kind: shape.kind, key: None, within: false };
    walk.value("", root, &Form::Object(shape), place);
    (walk.sites, walk.references)
}

struct Walk<'a, 'f, 'd> {
    findings: &'f mut Findings<'d>,
    standard: Standard,
    sites: Vec<Site<'a>>,
    references: Vec<Reference<'a>>,
}

impl<'a> Walk<'a, '_, '_> {
    fn value(&mut self, pointer: &str, node: &'a Node, form: &Form, place: Place) {
        match (form, node.kind()) {
            (Form::Data, _) => {}
            (Form::Refused { why, instead }, _) => {
                match self.findings.document().unresolved(node.position()) {
                    // This is a `$ref` to another file that could not be replaced by its target.
                    Some(reason) => self.findings.at(pointer, reason.message.as_str(), reason.help.as_str()),
                    None => self.findings.at_key(pointer, *why, *instead),
                }
            }
            (Form::Text, Kind::String(_)) | (Form::Flag, Kind::Bool(_)) | (Form::Number, Kind::Number(_)) => {}
            (Form::NonEmpty, Kind::String(text)) => self.non_empty(pointer, text, place),
            (Form::Choice(choices), Kind::String(text)) => self.choice(pointer, text, choices),
            (Form::Count, Kind::Number(text)) => {
                if text.parse::<u32>().is_err() {
                    self.findings.at(
                        pointer,
                        format!("`{text}` is not a whole number from 0 to 4294967295"),
                        place.count(),
                    );
                }
            }
            (Form::Code | Form::Spelling, Kind::String(_)) => {}
            (Form::Code | Form::Spelling, Kind::Number(text)) => {
                if text.parse::<i64>().is_err() {
                    let help = format!(
                        "write a 64-bit integer, or put it in quotes: {}",
                        self.findings.document().quoted(text)
                    );
                    let wanted = if matches!(form, Form::Code) { "an error code" } else { "a spelling" };
                    self.findings.at(pointer, format!("`{text}` is not {wanted}"), write_text(help, text));
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
            (Form::OrRef(kind, shape), Kind::Map(members)) => match members.get("$ref") {
                Some(_) => self.reference(pointer, node, members, *kind),
                None => self.object(pointer, node, members, shape),
            },
            (Form::Either(first, _), kind) if first.takes(kind) => self.value(pointer, node, first, place),
            (Form::Either(_, second), kind) if second.takes(kind) => self.value(pointer, node, second, place),
            _ => self.wrong_kind(pointer, node, form, place),
        }
    }

    fn non_empty(&mut self, pointer: &str, text: &str, place: Place) {
        if text.trim().is_empty() {
            let help = match (place.text(), place.missing()) {
                (Some(text), _) => format!("write {text}"),
                (None, Some(example)) => format!("write {}", self.findings.document().example(example)),
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
                    Some(near) => write_text(format!("did you mean `{near}`? write {all}"), near),
                    None => format!("write {all}").into(),
                }
            });
            self.findings.at(pointer, message, help);
        }
    }

    fn object(&mut self, pointer: &str, node: &'a Node, members: &'a Members, shape: &'static Shape) {
        self.sites.push(Site { kind: shape.kind, pointer: pointer.to_owned(), node });
        for (name, node) in members.iter() {
            let member = pointer_join(pointer, name);
            match shape.key(name) {
                // In a published document, it tells the alternatives of a `oneOf` apart.
                Some(_) if name == "discriminator" && self.findings.document().is_normal() => {}
                Some(key) => {
                    let place = Place { kind: shape.kind, key: Some(key), within: false };
                    self.value(&member, node, &key.form, place);
                }
                None if shape.kind.takes_extensions() && name.starts_with("x-") => {}
                None => self.unknown_key(&member, name, node, members, shape),
            }
        }
        let at = Located { pointer: pointer.to_owned(), node };
        for Key { name, missing, .. } in shape.keys {
            if missing.is_some() && !members.contains_key(name) && !has_stand_in(members, name) {
                self.findings.refuse(shape.lacks(&at, name));
            }
        }
    }

    fn unknown_key(&mut self, pointer: &str, name: &str, node: &Node, members: &Members, shape: &'static Shape) {
        let place = PLACES.iter().find(|(extension, _)| *extension == name).map(|(_, place)| place);
        if let Some(place) = place {
            let message = format!("`{name}` does not belong on {}", shape.kind.name());
            self.findings.at_key(pointer, message, format!("it belongs {place}"));
            return;
        }
        let message = if name.starts_with("x-") {
            format!("`{name}` is not a specification extension")
        } else {
            format!("{} has no key `{name}`", shape.kind.name())
        };
        let standard = self.standard;
        let help = Later(|| {
            // A key is suggested only if the check accepts it beside the other keys and with this
            // value.
            let free = || {
                let keys = shape.keys.iter().filter(|key| !matches!(key.form, Form::Refused { .. }));
                let keys = keys.filter(|key| !members.contains_key(key.name));
                keys.filter(|key| shape.kind != ObjectKind::Schema || fits_schema(key.name, members, standard))
            };
            let fitting = free().filter(|key| key.form.takes(node.kind()));
            if let Some(near) = nearest(name, fitting.map(|key| key.name)) {
                return question(near, Change::Rename(near.to_owned()));
            }
            let elsewhere = PLACES.iter().filter(|(extension, _)| shape.keys.iter().all(|key| key.name != *extension));
            let elsewhere = elsewhere.filter(|_| name.starts_with("x-"));
            let near = nearest(name, elsewhere.clone().map(|(extension, _)| *extension));
            match elsewhere.clone().find(|(extension, _)| Some(*extension) == near) {
                Some((extension, place)) => {
                    format!("leave it out; `{extension}`, if you mean that, belongs {place}").into()
                }
                None => known_keys(free().map(|key| key.name), name).into(),
            }
        });
        self.findings.unknown_key(pointer, message, help);
    }

    fn reference(&mut self, pointer: &str, node: &'a Node, members: &Members, kind: ComponentKind) {
        let is_normal = self.findings.document().is_normal();
        let is_sibling = |name: &str| is_normal && kind == ComponentKind::Schema && SIBLINGS.contains(&name);
        for name in members.keys().filter(|name| *name != "$ref" && !is_sibling(name)) {
            let message = format!("`{name}` beside a `$ref` has no effect: OpenAPI ignores it");
            let help = match name {
                "x-doc-deviation" => {
                    "write it on the component, or state it in the description of the object that has the `$ref`"
                }
                _ => "write it on the component, or leave it out",
            };
            self.findings.unknown_key(&pointer_join(pointer, name), message, help);
        }
        self.references.push(Reference { kind, pointer: pointer.to_owned(), node });
    }

    fn wrong_kind(&mut self, pointer: &str, node: &Node, form: &Form, place: Place) {
        let message = form.expected(pointer, node);
        let (node, form) = (node, *form);
        let help = move |document: &Document| instead_of(node, &form, place, document);
        self.findings.refuse(Refusal::with_help(pointer, message, help));
    }
}

/// Returns whether the checks accept a key beside the other keys of the schema.
fn fits_schema(key: &str, members: &Members, standard: Standard) -> bool {
    let stated = members.get("type").and_then(JsonType::stated);
    let needs = match key {
        "nullable" => return standard == Standard::OpenApi && (stated.is_some() || members.contains_key("oneOf")),
        "type" => return !members.contains_key("oneOf"),
        "exclusiveMinimum" if standard == Standard::OpenApi => Some("minimum"),
        "exclusiveMaximum" if standard == Standard::OpenApi => Some("maximum"),
        "x-enum-varnames" | "x-enum-descriptions" | "x-enum-spellings" => Some("enum"),
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

/// Returns the help that lists the keys to write instead of an unknown key. For an unknown
/// extension, it lists extensions.
fn known_keys<'a>(keys: impl Iterator<Item = &'a str>, unknown: &str) -> String {
    let is_extension = unknown.starts_with("x-");
    let keys: Vec<&str> = keys.filter(|key| !is_extension || key.starts_with("x-")).collect();
    match (is_extension, keys.is_empty()) {
        (true, true) => "leave it out; there are no other extensions here".to_owned(),
        (true, false) => format!("leave it out, or write one of {}", keys.join(", ")),
        (false, true) => "leave it out: the object has all its keys".to_owned(),
        (false, false) => format!("write one of its other keys: {}", keys.join(", ")),
    }
}
