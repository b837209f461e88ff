//! Holds a document against the description of its objects: unknown keys, wrong kinds of values, missing ones; and
//! lists the objects and references it met, for the checks that follow.

use indexmap::IndexMap;

use super::findings::Findings;
use super::grammar::{Form, Key, Shape, Sort};
use super::nearest::{did_you_mean, nearest};
use super::tables::PLACES;
use crate::spec::scalar::is_json_number;
use crate::spec::{Kind, Node, pointer_join, pointer_segments};

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

/// Walks the whole document.
pub(super) fn walk<'a>(
    root: &'a Node,
    shape: &'static Shape,
    findings: &mut Findings<'_>,
) -> (Vec<Site<'a>>, Vec<Reference<'a>>) {
    let mut walk = Walk { findings, sites: Vec::new(), references: Vec::new() };
    walk.value("", root, &Form::Object(shape));
    (walk.sites, walk.references)
}

struct Walk<'a, 'f, 'd> {
    findings: &'f mut Findings<'d>,
    sites: Vec<Site<'a>>,
    references: Vec<Reference<'a>>,
}

impl<'a> Walk<'a, '_, '_> {
    fn value(&mut self, pointer: &str, node: &'a Node, form: &Form) {
        match (form, node.kind()) {
            (Form::Data, _) => {}
            (Form::Refused { why, instead }, _) => self.findings.at_key(pointer, *why, *instead),
            (Form::Text, Kind::String(_)) | (Form::Flag, Kind::Bool(_)) | (Form::Number, Kind::Number(_)) => {}
            (Form::Words, Kind::String(text)) => self.words(pointer, text),
            (Form::Choice(choices), Kind::String(text)) => self.choice(pointer, text, choices),
            (Form::Count, Kind::Number(text)) => {
                if text.parse::<u32>().is_err() {
                    self.findings.at(pointer, format!("`{text}` is no count"), "write a whole number from 0");
                }
            }
            (Form::Code, Kind::String(_)) => {}
            (Form::Code, Kind::Number(text)) => {
                if text.parse::<i64>().is_err() {
                    self.findings.at(
                        pointer,
                        format!("`{text}` is no code"),
                        "write a whole number, or text in quotes",
                    );
                }
            }
            (Form::List(element), Kind::Seq(nodes)) => {
                for (i, node) in nodes.iter().enumerate() {
                    self.value(&pointer_join(pointer, &i.to_string()), node, element);
                }
            }
            (Form::Map(member), Kind::Map(members)) => {
                for (name, node) in members {
                    self.value(&pointer_join(pointer, name), node, member);
                }
            }
            (Form::Object(shape), Kind::Map(members)) => self.object(pointer, node, members, shape),
            (Form::OrRef(shape), Kind::Map(members)) => match members.get("$ref") {
                Some(target) => self.reference(pointer, members, target, shape.sort),
                None => self.object(pointer, node, members, shape),
            },
            (Form::Either(first, _), kind) if first.takes(kind) => self.value(pointer, node, first),
            (Form::Either(_, second), kind) if second.takes(kind) => self.value(pointer, node, second),
            _ => self.wrong_kind(pointer, node, form),
        }
    }

    fn words(&mut self, pointer: &str, text: &str) {
        if text.trim().is_empty() {
            self.findings.at(pointer, format!("{} is empty", label(pointer)), "write some text");
        }
    }

    fn choice(&mut self, pointer: &str, text: &str, choices: &[&'static str]) {
        if !choices.contains(&text) {
            let message = format!("{} cannot be `{text}`", label(pointer));
            let all = choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(" or ");
            let help = match nearest(text, choices.iter().copied()) {
                Some(near) => format!("did you mean `{near}`? it is {all}"),
                None => format!("write {all}"),
            };
            self.findings.at(pointer, message, help);
        }
    }

    fn object(&mut self, pointer: &str, node: &'a Node, members: &'a IndexMap<String, Node>, shape: &'static Shape) {
        self.sites.push(Site { sort: shape.sort, pointer: pointer.to_owned(), node });
        for (name, node) in members {
            let member = pointer_join(pointer, name);
            match shape.keys.iter().find(|key| key.name == name) {
                Some(key) => self.value(&member, node, &key.form),
                None => self.unknown_key(&member, name, shape),
            }
        }
        for Key { name, missing, .. } in shape.keys {
            if let Some(write) = missing.filter(|_| !members.contains_key(*name) && !has_stand_in(members, name)) {
                let message = format!("{} has no `{name}`", shape.sort.name());
                self.findings.at(pointer, message, format!("write {write}"));
            }
        }
    }

    fn unknown_key(&mut self, pointer: &str, name: &str, shape: &'static Shape) {
        let allowed = || shape.keys.iter().filter(|key| !matches!(key.form, Form::Refused { .. })).map(|key| key.name);
        let place = PLACES.iter().find(|(word, _)| *word == name).map(|(_, place)| place);
        let (message, help) = match place {
            Some(place) => (format!("`{name}` does not belong on {}", shape.sort.name()), format!("it stands {place}")),
            None => {
                let message = if name.starts_with("x-") {
                    format!("`{name}` is no word of these specs")
                } else {
                    format!("{} has no key `{name}`", shape.sort.name())
                };
                let words = PLACES.iter().map(|(word, _)| *word).filter(|_| name.starts_with("x-"));
                let near = nearest(name, allowed()).or_else(|| nearest(name, words));
                let all = || known_keys(allowed(), name);
                (message, near.map_or_else(all, |near| format!("did you mean `{near}`?")))
            }
        };
        self.findings.at_key(pointer, message, help);
    }

    fn reference(&mut self, pointer: &str, members: &'a IndexMap<String, Node>, target: &'a Node, sort: Sort) {
        for name in members.keys().filter(|name| *name != "$ref") {
            let message = format!("`{name}` beside a `$ref` has no effect: OpenAPI passes over what stands there");
            let help = match name.as_str() {
                "x-doc-deviation" => "write it on the component, or say it in the description of what holds the `$ref`",
                _ => "write it on the component, or leave it out",
            };
            self.findings.at_key(&pointer_join(pointer, name), message, help);
        }
        match target.as_str() {
            Some(target) => self.references.push(Reference { sort, pointer: pointer.to_owned(), target }),
            None => self.wrong_kind(&pointer_join(pointer, "$ref"), target, &Form::Text),
        }
    }

    fn wrong_kind(&mut self, pointer: &str, node: &Node, form: &Form) {
        let wanted = form.name();
        let message = if pointer.is_empty() {
            format!("the document has to be {wanted}, this is {}", node.kind_name())
        } else {
            format!("{} has to be {wanted}, not {}", label(pointer), node.kind_name())
        };
        self.findings.at(pointer, message, form.help(node));
    }
}

/// Whether a key that is refused stands in for a missing one: one message is enough.
fn has_stand_in(members: &IndexMap<String, Node>, missing: &str) -> bool {
    let stand_ins: &[&str] = match missing {
        "example" => &["examples", "content"],
        "schema" => &["content", "type"],
        "in" | "name" => &["scheme", "flows", "openIdConnectUrl"],
        "value" => &["externalValue"],
        _ => &[],
    };
    stand_ins.iter().any(|key| members.contains_key(*key))
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

    /// What to write in place of `node`.
    fn help(&self, node: &Node) -> String {
        match (self, node.kind()) {
            (_, Kind::Null) => format!("write {}, or leave it out", self.name()),
            (Self::Text | Self::Words | Self::Choice(_), Kind::Number(text)) => format!("put it in quotes: '{text}'"),
            (Self::Text | Self::Words | Self::Choice(_), Kind::Bool(value)) => format!("put it in quotes: '{value}'"),
            (Self::Number | Self::Count, Kind::String(text)) if is_json_number(text) => {
                "write it without quotes".to_owned()
            }
            (Self::Flag, _) => "write true or false, without quotes".to_owned(),
            (Self::List(_), Kind::Map(_)) => "begin each element with `- `".to_owned(),
            (Self::List(_), Kind::String(text)) => format!("write [{text}]"),
            (Self::List(_), Kind::Number(text)) => format!("write [{text}]"),
            (Self::Either(first, second), _) => format!("write {}, or {}", first.name(), second.name()),
            (Self::Map(_) | Self::Object(_) | Self::OrRef(_), _) => {
                "write its members below it, each as `key: value`".to_owned()
            }
            _ => format!("write {}", self.name()),
        }
    }
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
        (true, true) => "leave it out; there are no `x-` words here".to_owned(),
        (true, false) => format!("the `x-` words here are {}", keys.join(", ")),
        (false, _) => format!("its keys are {}", keys.join(", ")),
    }
}

/// "did you mean" over the names of an object.
pub(super) fn among(name: &str, members: Option<&IndexMap<String, Node>>, otherwise: &str) -> String {
    did_you_mean(name, members.into_iter().flat_map(|members| members.keys().map(String::as_str)), otherwise)
}
