//! Reads values whose kind is not the declared one: a number as text, text as a flag or a number.
//! Removes keys without a value, and keys that only describe or constrain and cannot be read.

use super::notes::Notes;
use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::number::is_json_number;
use crate::source::pointer::pointer_join;
use crate::source::references::ComponentKind;
use crate::source::shapes::grammar::{Form, ObjectKind, Shape};
use crate::source::shapes::schema::SCHEMA;
use crate::source::shapes::{openapi::OPENAPI, openrpc::OPENRPC};

/// Keys with a meaning if they are null. Without `result`, a method is a notification. An operation
/// whose `security` cannot be read is left out.
const KEPT_IF_NULL: [&str; 6] = ["const", "result", "security", "type", "x-security", "$ref"];

/// Keys that only describe. They have no effect on a request or a response.
const DOCUMENTATION: [&str; 8] =
    ["description", "summary", "title", "deprecated", "externalDocs", "tags", "contact", "license"];

/// Keys of a schema that only constrain its values.
const CONSTRAINTS: [&str; 14] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
    "enum",
    "required",
    "format",
    "nullable",
];

/// Gives values the kind that is declared, if they can be read as a value of that kind.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let shape = if document.node("/openrpc").is_some() { &OPENRPC } else { &OPENAPI };
    let first_overlay = document.first_overlay();
    let mut reader = Reader { remarks: Remarks::default(), first_overlay };
    reader.object("", document.root_mut(), shape);
    reader.remarks.note(document, notes);
}

/// Reads `'true'` and `'false'` in `required` of the parameters of OpenAPI 2.0, before they are
/// converted to request bodies.
pub(super) fn flags_of_parameters(document: &mut Document, notes: &mut Notes) {
    let mut reader = Reader { remarks: Remarks::default(), first_overlay: document.first_overlay() };
    reader.flags("", document.root_mut());
    reader.remarks.note(document, notes);
}

struct Reader {
    remarks: Remarks,
    /// The index of the first file that is an overlay.
    first_overlay: Option<u8>,
}

impl Reader {
    fn flags(&mut self, pointer: &str, node: &mut Node) {
        match node.kind_mut() {
            Kind::Seq(nodes) => {
                for (index, node) in nodes.iter_mut().enumerate() {
                    self.flags(&pointer_join(pointer, &index.to_string()), node);
                }
            }
            Kind::Map(members) => {
                let is_parameter = members.get("in").is_some_and(|place| place.as_str().is_some());
                for (name, child) in members.iter_mut() {
                    let place = pointer_join(pointer, name);
                    if is_parameter && name == "required" {
                        self.value(&place, child, &Form::Flag);
                    } else if !matches!(name, "example" | "examples" | "default" | "enum") {
                        self.flags(&place, child);
                    }
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, pointer: &str, node: &mut Node, shape: &'static Shape) {
        let Some(members) = node.as_map_mut() else { return };
        let mut gone: Vec<String> = Vec::new();
        if shape.kind == ObjectKind::Schema && members.get("prefixItems").is_some_and(|all| all.as_seq().is_some()) {
            // A longer row is read.
            for (key, is_end) in
                [("items", members.get("items").and_then(Node::as_bool) == Some(false)), ("maxItems", true)]
            {
                if let Some(value) = members.get(key).filter(|_| is_end) {
                    let message = format!("`{key}` of a row is ignored");
                    let help = "a longer row is read, and its further columns are ignored";
                    self.remarks.ignored(&pointer_join(pointer, key), value, message, help);
                    gone.push(key.to_owned());
                }
            }
        }
        for (name, child) in members.iter_mut() {
            let place = pointer_join(pointer, name);
            let is_gone = match shape.key(name) {
                Some(key) => self.member(&place, name, child, &key.form, shape.kind),
                None => false,
            };
            if is_gone {
                gone.push(name.to_owned());
            } else if shape.kind == ObjectKind::Schema {
                self.parts(&place, name, child);
            }
        }
        if !gone.is_empty() {
            node.remove_all(|name| gone.iter().any(|known| known == name));
        }
    }

    /// Reads the schemas below a key that only a document which is not strict can have.
    fn parts(&mut self, pointer: &str, name: &str, node: &mut Node) {
        match (name, node.kind_mut()) {
            ("allOf" | "anyOf" | "prefixItems", Kind::Seq(nodes)) => {
                for (index, node) in nodes.iter_mut().enumerate() {
                    self.object(&pointer_join(pointer, &index.to_string()), node, &SCHEMA);
                }
            }
            ("patternProperties" | "$defs" | "definitions", Kind::Map(members)) => {
                for (name, node) in members.iter_mut() {
                    self.object(&pointer_join(pointer, name), node, &SCHEMA);
                }
            }
            _ => {}
        }
    }

    /// Reads the value of a key. Returns whether the key is removed.
    fn member(&mut self, pointer: &str, name: &str, node: &mut Node, form: &Form, kind: ObjectKind) -> bool {
        let is_data = matches!(form, Form::Data);
        if node.is_null() && !is_data && !KEPT_IF_NULL.contains(&name) {
            let message = format!("`{name}` is null, so it is left out");
            self.remarks.ignored(pointer, node, message, "write its value into an overlay");
            return true;
        }
        let is_ours = self.first_overlay.is_some_and(|first| node.position().file >= first);
        if name.starts_with("x-") && !is_ours && !form.takes(node.kind()) {
            let message = format!("`{name}` is ignored: it has another form than the specification extension");
            let help = format!("the extension is {}; write it into an overlay", form.name());
            self.remarks.ignored(pointer, node, message, help);
            return true;
        }
        // An extension is written for this generator, so it has to have its exact form.
        if name.starts_with("x-") {
            return false;
        }
        self.value(pointer, node, form);
        let is_passed_over = DOCUMENTATION.contains(&name) || kind == ObjectKind::Schema && CONSTRAINTS.contains(&name);
        if is_passed_over && !is_readable(form, node) {
            let message = format!("`{name}` is ignored: {}", form.expected(pointer, node));
            self.remarks.ignored(pointer, node, message, "correct it in an overlay");
            return true;
        }
        false
    }

    fn value(&mut self, pointer: &str, node: &mut Node, form: &Form) {
        match (form, node.kind_mut()) {
            (Form::Text | Form::NonEmpty | Form::Choice(_), Kind::Number(text)) => {
                let text = text.clone();
                self.text(pointer, node, text);
            }
            (Form::Text | Form::NonEmpty | Form::Choice(_), Kind::Bool(flag)) => {
                let text = flag.to_string().into_boxed_str();
                self.text(pointer, node, text);
            }
            (Form::Flag, Kind::String(text)) => {
                if let Ok(flag) = text.to_ascii_lowercase().parse::<bool>() {
                    let message = format!("the text `{text}` is read as {flag}");
                    self.remarks.relaxed(pointer, node, message, "write it without quotes in an overlay");
                    node.set_kind(Kind::Bool(flag));
                }
            }
            (Form::Number | Form::Count, Kind::String(text)) if is_json_number(text) => {
                let text = text.clone();
                let message = format!("the text `{text}` is read as a number");
                self.remarks.relaxed(pointer, node, message, "write it without quotes in an overlay");
                node.set_kind(Kind::Number(text));
            }
            (Form::List(element), Kind::Seq(nodes)) => {
                for (index, node) in nodes.iter_mut().enumerate() {
                    self.value(&pointer_join(pointer, &index.to_string()), node, element);
                }
            }
            (Form::Map(member), Kind::Map(members)) => self.map(pointer, members, member),
            (Form::Object(shape), Kind::Map(_)) => self.object(pointer, node, shape),
            (Form::OrRef(kind, shape), Kind::Map(members))
                if *kind == ComponentKind::Schema || !members.contains_key("$ref") =>
            {
                self.object(pointer, node, shape);
            }
            (Form::Either(first, second), kind) => {
                let form = if first.takes(kind) || !second.takes(kind) { first } else { second };
                self.value(pointer, node, form);
                if !first.takes(node.kind()) && !second.takes(node.kind()) {
                    self.value(pointer, node, second);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, pointer: &str, node: &mut Node, text: Box<str>) {
        let message = format!("{} `{text}` is read as text", node.kind_name());
        self.remarks.relaxed(pointer, node, message, "write it in quotes in an overlay");
        node.set_kind(Kind::String(text));
    }

    /// Reads the values of an object whose keys are names, such as `schemas`. A value that cannot
    /// be read as a schema becomes a schema of any JSON value. A response that is null has no
    /// content.
    fn map(&mut self, pointer: &str, members: &mut Members, form: &Form) {
        let mut gone: Vec<String> = Vec::new();
        for (name, node) in members.iter_mut() {
            let place = pointer_join(pointer, name);
            let is_flag = node.as_bool().is_some();
            match form {
                Form::OrRef(ComponentKind::Schema, _) if !form.takes(node.kind()) && !is_flag => {
                    let message = format!("any JSON value, without a type: {}", form.expected(&place, node));
                    self.remarks.untyped(&place, node, message, "write the schema into an overlay");
                    node.set_kind(Kind::Map(Box::default()));
                }
                Form::OrRef(ComponentKind::Response, _) if node.is_null() => {
                    let message = format!("the response `{name}` is null: it has no value");
                    self.remarks.relaxed(&place, node, message, "describe the response in an overlay");
                    node.set_kind(Kind::Map(Box::default()));
                }
                Form::Object(shape) if node.is_null() && shape.kind == ObjectKind::PathItem => {
                    let message = format!("the path `{name}` is null, so it is left out");
                    self.remarks.ignored(&place, node, message, "write its operations into an overlay");
                    gone.push(name.to_owned());
                }
                _ => self.value(&place, node, form),
            }
        }
        if !gone.is_empty() {
            let kept = members.take().into_iter().filter(|(name, _)| !gone.iter().any(|known| **known == **name));
            *members = Members::from(kept.collect::<Vec<_>>());
        }
    }
}

/// Returns whether a value has a form, as far as its own kind tells.
fn is_readable(form: &Form, node: &Node) -> bool {
    match (form, node.kind()) {
        (Form::Count, Kind::Number(text)) => text.parse::<u32>().is_ok(),
        (Form::Either(first, second), _) => is_readable(first, node) || is_readable(second, node),
        (form, kind) => form.takes(kind),
    }
}
