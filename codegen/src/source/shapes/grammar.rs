//! The types that describe the objects of a document: their keys, and the forms of the values.

use crate::source::document::Document;
use crate::source::located::Located;
use crate::source::node::{Kind, Members, Node};
use crate::source::pointer::pointer_segments;
use crate::source::references::ComponentKind;
use crate::source::refusal::Refusal;

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::source) enum ObjectKind {
    Document,
    Info,
    Contact,
    License,
    ExternalDocs,
    Tag,
    Server,
    Host,
    Auth,
    Components,
    SecurityScheme,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    MediaType,
    Encoding,
    Example,
    Schema,
    Method,
    ContentDescriptor,
    ErrorObject,
    ExamplePairing,
    Column,
    Always,
    RateLimit,
    ServerTime,
    Time,
    MarketRule,
    RecvWindow,
    ErrorShape,
    Condition,
    Batch,
    Pagination,
    CodeRule,
    ErrorCode,
    Weight,
    Idempotent,
    Constraint,
    Evidence,
    Socket,
    Subscription,
    Elements,
    Entity,
    Recovery,
    Pages,
    Times,
    Overlay,
    OverlayInfo,
    OverlayAction,
}

impl ObjectKind {
    /// Returns whether an object of this kind may have extensions that are not described.
    pub(in crate::source) fn takes_extensions(self) -> bool {
        matches!(self, Self::Overlay | Self::OverlayInfo | Self::OverlayAction)
    }

    /// Returns the name in messages: `an operation`.
    pub(in crate::source) fn name(self) -> &'static str {
        match self {
            Self::Document => "the document",
            Self::Info => "`info`",
            Self::Contact => "a contact",
            Self::License => "a license",
            Self::ExternalDocs => "external documentation",
            Self::Tag => "a tag",
            Self::Server => "a server",
            Self::Host => "a host",
            Self::Auth => "`x-auth`",
            Self::Components => "`components`",
            Self::SecurityScheme => ComponentKind::SecurityScheme.name(),
            Self::PathItem => "a path",
            Self::Operation => "an operation",
            Self::Parameter => ComponentKind::Parameter.name(),
            Self::RequestBody => ComponentKind::RequestBody.name(),
            Self::Response => ComponentKind::Response.name(),
            Self::Header => ComponentKind::Header.name(),
            Self::MediaType => "a media type",
            Self::Encoding => "an encoding",
            Self::Example => ComponentKind::Example.name(),
            Self::Schema => ComponentKind::Schema.name(),
            Self::Method => "a method",
            Self::ContentDescriptor => ComponentKind::ContentDescriptor.name(),
            Self::ErrorObject => ComponentKind::ErrorObject.name(),
            Self::ExamplePairing => ComponentKind::ExamplePairing.name(),
            Self::Column => "a column",
            Self::Always => "`x-always`",
            Self::RateLimit => "a rate limit",
            Self::ServerTime => "`x-server-time`",
            Self::Time => "`x-time`",
            Self::MarketRule => "`x-market-rule`",
            Self::RecvWindow => "`x-recv-window`",
            Self::ErrorShape => "`x-error`",
            Self::Condition => "a condition",
            Self::Batch => "`x-batch`",
            Self::Pagination => "`x-pagination`",
            Self::CodeRule => "a code",
            Self::ErrorCode => "an error code",
            Self::Weight => "`x-weight`",
            Self::Idempotent => "`x-idempotent`",
            Self::Constraint => "a constraint",
            Self::Overlay => "an overlay",
            Self::OverlayInfo => "`info`",
            Self::OverlayAction => "an action",
            Self::Evidence => "evidence",
            Self::Socket => "`x-socket`",
            Self::Subscription => "`x-subscription`",
            Self::Elements => "`elements`",
            Self::Entity => "`entity`",
            Self::Recovery => "`recovery`",
            Self::Pages => "`pages`",
            Self::Times => "`times`",
        }
    }
}

/// The description of an object: its keys.
#[derive(Debug)]
pub(in crate::source) struct Shape {
    pub(in crate::source) kind: ObjectKind,
    pub(in crate::source) keys: &'static [Key],
}

/// A key of an object.
#[derive(Debug)]
pub(in crate::source) struct Key {
    pub(in crate::source) name: &'static str,
    pub(in crate::source) form: Form,
    /// The example that the help shows if the key is missing; `None` if the key is optional.
    pub(in crate::source) missing: Option<&'static str>,
}

/// The form of a value.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) enum Form {
    Text,
    /// Text that is neither empty nor only white space.
    NonEmpty,
    /// One of these texts.
    Choice(&'static [&'static str]),
    Flag,
    Number,
    /// A whole number from 0 to 4294967295.
    Count,
    /// An error code: an integer or text.
    Code,
    /// Another spelling of a value: an integer or text.
    Spelling,
    /// A JSON value of the API. Its content is not checked.
    Data,
    List(&'static Form),
    /// An object with keys of any name, whose values all have this form.
    Map(&'static Form),
    Object(&'static Shape),
    /// An object, or a `$ref` to a component of this kind.
    OrRef(ComponentKind, &'static Shape),
    /// One of two forms. The first form that can have values of this kind applies.
    Either(&'static Form, &'static Form),
    /// A part of the standard that the generator does not support.
    Refused {
        why: &'static str,
        instead: &'static str,
    },
}

/// Returns a key that may be left out.
pub(in crate::source) const fn optional(name: &'static str, form: Form) -> Key {
    Key { name, form, missing: None }
}

/// Returns a required key. `missing` is the example that the help shows if the key is missing.
pub(in crate::source) const fn required(name: &'static str, form: Form, missing: &'static str) -> Key {
    Key { name, form, missing: Some(missing) }
}

/// Returns a key of the standard that is refused. `why` is the message, and `instead` is the help.
pub(in crate::source) const fn refused(name: &'static str, why: &'static str, instead: &'static str) -> Key {
    Key { name, form: Form::Refused { why, instead }, missing: None }
}

pub(in crate::source) const DEVIATION: Key = optional("x-doc-deviation", Form::NonEmpty);
/// Sources other than the venue's document. They are for people and tools, and have no effect on
/// generated code. Only the generated documentation of rate limits names the sources of a limit.
pub(in crate::source) const EVIDENCE: Key = optional("x-evidence", Form::List(&Form::Object(&EVIDENCE_SHAPE)));
pub(in crate::source) const RUST_NAME: Key = optional("x-rust-name", Form::NonEmpty);
pub(in crate::source) const SUMMARY: Key = optional("summary", Form::Text);
pub(in crate::source) const DESCRIPTION: Key = optional("description", Form::Text);

pub(in crate::source) const EVIDENCE_SHAPE: Shape = Shape {
    kind: ObjectKind::Evidence,
    keys: &[
        required("source", Form::NonEmpty, "source: the publication, or the repository, commit and file"),
        required("kind", Form::Choice(&["proof", "hint"]), "kind: proof, or kind: hint"),
        required("says", Form::NonEmpty, "says: what the source says about this object"),
    ],
};

impl Shape {
    /// Returns the description of a key.
    pub(in crate::source) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// Returns the refusal of an object that lacks a required key. If a key that is refused is
    /// written in its place, the refusal is about that key.
    pub(in crate::source) fn lacks<'a>(&self, at: &Located<'a>, name: &str) -> Refusal<'a> {
        for key in stand_ins(name) {
            if let (Some(value), Some(Form::Refused { why, instead })) =
                (at.get(key), self.key(key).map(|key| key.form))
            {
                return Refusal::new(value.pointer, why, instead).on_key();
            }
        }
        let message = format!("{} has no `{name}`", self.kind.name());
        let schema = at.get("schema").filter(|_| name == "example");
        let fitting = schema.and_then(|schema| example_of(schema.node, 0));
        let fitting = fitting.map(|value| format!("example: {value}, or another value that occurs"));
        let example = fitting.or_else(|| self.key(name).and_then(|key| key.missing).map(str::to_owned));
        Refusal::with_help(&*at.pointer, message, move |document: &Document| match &example {
            Some(example) => format!("write {}", document.example(example)).into(),
            None => "write it".into(),
        })
    }
}

/// Returns a value of the type that a schema states; `None` if it states none here.
fn example_of(schema: &Node, depth: usize) -> Option<String> {
    let first = schema.get("enum").and_then(Node::as_seq).and_then(|values| values.first());
    if let Some(first) = first {
        return Some(match first.as_str() {
            Some(text) if text.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.contains([':', '\'', ' ']) => {
                text.to_owned()
            }
            Some(text) => format!("'{}'", text.replace('\'', "''")),
            None => first.to_json(),
        });
    }
    let value = match (schema.get("type")?.as_str()?, schema.get("format").and_then(Node::as_str)) {
        ("integer", _) => "50",
        ("number", _) => "0.5",
        ("boolean", _) => "true",
        ("string", Some("decimal")) => "'0.5'",
        ("string", Some("date-time")) => "'2024-01-31T12:00:00Z'",
        ("string", Some("date")) => "'2024-01-31'",
        ("string", Some("uuid")) => "9f8c2b1e-0000-4000-8000-000000000001",
        ("string", _) => "BTC-USD",
        ("array", _) if depth < 4 => {
            return Some(format!("[{}]", example_of(schema.get("items")?, depth + 1)?));
        }
        _ => return None,
    };
    Some(value.to_owned())
}

/// Returns the keys that are often written in place of a required key.
fn stand_ins(missing: &str) -> &'static [&'static str] {
    match missing {
        "example" => &["examples", "content"],
        "schema" => &["content", "type"],
        "in" | "name" => &["scheme", "flows", "openIdConnectUrl"],
        "value" => &["externalValue"],
        _ => &[],
    }
}

/// Returns whether another key is written in place of a missing key. Then the missing key is not a
/// finding of its own.
pub(in crate::source) fn has_stand_in(members: &Members, missing: &str) -> bool {
    stand_ins(missing).iter().any(|key| members.contains_key(key))
}

impl Form {
    /// Returns whether a value of this kind can have this form.
    pub(in crate::source) fn takes(&self, kind: &Kind) -> bool {
        match self {
            Self::Data | Self::Refused { .. } => true,
            Self::Text | Self::NonEmpty | Self::Choice(_) => matches!(kind, Kind::String(_)),
            Self::Flag => matches!(kind, Kind::Bool(_)),
            Self::Number | Self::Count => matches!(kind, Kind::Number(_)),
            Self::Code | Self::Spelling => matches!(kind, Kind::Number(_) | Kind::String(_)),
            Self::List(_) => matches!(kind, Kind::Seq(_)),
            Self::Map(_) | Self::Object(_) | Self::OrRef(..) => matches!(kind, Kind::Map(_)),
            Self::Either(first, second) => first.takes(kind) || second.takes(kind),
        }
    }

    /// Returns the name in messages: `text`.
    pub(in crate::source) fn name(&self) -> String {
        match self {
            Self::Text | Self::NonEmpty | Self::Choice(_) => "text".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Count => "a whole number".to_owned(),
            Self::Code | Self::Spelling => "a whole number or text".to_owned(),
            Self::Data | Self::Refused { .. } => "a value".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) => "an object".to_owned(),
            Self::Object(shape) => object(shape.kind),
            Self::OrRef(_, shape) => format!("{} or a `$ref`", object(shape.kind)),
            Self::Either(first, second) => format!("{}, or {}", first.name(), second.name()),
        }
    }

    /// Returns the message about a value that is not of the expected kind.
    pub(in crate::source) fn expected(&self, pointer: &str, node: &Node) -> String {
        let wanted = self.name();
        if pointer.is_empty() {
            format!("the document has to be {wanted}, this is {}", node.kind_name())
        } else {
            format!("{} has to be {wanted}, not {}", label(pointer), node.kind_name())
        }
    }
}

/// Returns the name in messages of an object. It names the kind, unless only one key has objects of
/// this kind.
fn object(kind: ObjectKind) -> String {
    match kind {
        ObjectKind::Document
        | ObjectKind::Auth
        | ObjectKind::Always
        | ObjectKind::Weight
        | ObjectKind::Idempotent
        | ObjectKind::ServerTime
        | ObjectKind::Time
        | ObjectKind::MarketRule
        | ObjectKind::RecvWindow
        | ObjectKind::Socket
        | ObjectKind::Subscription
        | ObjectKind::Elements
        | ObjectKind::Entity
        | ObjectKind::Recovery
        | ObjectKind::Pages
        | ObjectKind::Times
        | ObjectKind::ErrorShape => "an object".to_owned(),
        kind => format!("{} (an object)", kind.name()),
    }
}

fn is_index(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the name in messages of the value at a JSON pointer.
pub(in crate::source) fn label(pointer: &str) -> String {
    let segments = pointer_segments(pointer).unwrap_or_default();
    match segments.as_slice() {
        [] => "the document".to_owned(),
        [.., list, index] if is_index(index) && !list.starts_with('/') => {
            match index.parse::<usize>().ok().and_then(|i| i.checked_add(1)) {
                Some(nth) if is_index(list) => {
                    format!("element {nth} of {}", label(pointer.rsplit_once('/').map_or("", |(outer, _)| outer)))
                }
                Some(nth) if list != "responses" => format!("element {nth} of `{list}`"),
                _ => format!("`{index}`"),
            }
        }
        [.., name] => format!("`{name}`"),
    }
}
