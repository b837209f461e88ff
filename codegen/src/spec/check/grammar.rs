//! How the description of a document's objects is written down: which keys each has, and of what form.

/// What an object of the document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    Document,
    Info,
    Contact,
    License,
    ExternalDocs,
    Tag,
    Server,
    Components,
    SecurityScheme,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    MediaType,
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
    RecvWindow,
    ErrorShape,
    Condition,
    CodeRule,
    ErrorCode,
    Weight,
    Idempotent,
    Evidence,
}

impl Sort {
    /// In messages: `an operation`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Document => "the document",
            Self::Info => "`info`",
            Self::Contact => "a contact",
            Self::License => "a license",
            Self::ExternalDocs => "external documentation",
            Self::Tag => "a tag",
            Self::Server => "a server",
            Self::Components => "`components`",
            Self::SecurityScheme => "a security scheme",
            Self::PathItem => "a path",
            Self::Operation => "an operation",
            Self::Parameter => "a parameter",
            Self::RequestBody => "a request body",
            Self::Response => "a reply",
            Self::Header => "a header",
            Self::MediaType => "a media type",
            Self::Example => "an example",
            Self::Schema => "a schema",
            Self::Method => "a method",
            Self::ContentDescriptor => "a content descriptor",
            Self::ErrorObject => "an error",
            Self::ExamplePairing => "an example pairing",
            Self::Column => "a column",
            Self::Always => "`x-always`",
            Self::RateLimit => "a rate limit",
            Self::ServerTime => "`x-server-time`",
            Self::RecvWindow => "`x-recv-window`",
            Self::ErrorShape => "`x-error`",
            Self::Condition => "a condition",
            Self::CodeRule => "a code",
            Self::ErrorCode => "an error code",
            Self::Weight => "`x-weight`",
            Self::Idempotent => "`x-idempotent`",
            Self::Evidence => "evidence",
        }
    }

    /// Where `components` keeps what can be referred to.
    pub(super) fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Schema => "schemas",
            Self::Parameter => "parameters",
            Self::RequestBody => "requestBodies",
            Self::Response => "responses",
            Self::Header => "headers",
            Self::Example => "examples",
            Self::SecurityScheme => "securitySchemes",
            Self::ContentDescriptor => "contentDescriptors",
            Self::ErrorObject => "errors",
            Self::ExamplePairing => "examplePairings",
            _ => return None,
        })
    }

    /// What a section of `components` keeps.
    pub(super) fn of_section(section: &str) -> Option<Self> {
        [
            Self::Schema,
            Self::Parameter,
            Self::RequestBody,
            Self::Response,
            Self::Header,
            Self::Example,
            Self::SecurityScheme,
            Self::ContentDescriptor,
            Self::ErrorObject,
            Self::ExamplePairing,
        ]
        .into_iter()
        .find(|sort| sort.section() == Some(section))
    }
}

/// Which keys an object has.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) sort: Sort,
    pub(super) keys: &'static [Key],
}

/// A key of an object.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) form: Form,
    /// What to write when it is missing; `None`: it may be.
    pub(super) missing: Option<&'static str>,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    Text,
    /// Text that is more than spaces.
    Words,
    /// One of these.
    Choice(&'static [&'static str]),
    Flag,
    Number,
    /// A whole number from 0 that fits 32 bits.
    Count,
    /// An error code: an integer or text.
    Code,
    /// A JSON value of the API, not looked into.
    Data,
    List(&'static Form),
    /// An object with names of the spec's choosing.
    Map(&'static Form),
    Object(&'static Shape),
    /// An object, or a `$ref` to one under `components`.
    OrRef(&'static Shape),
    /// Either; the first that has the value's kind decides.
    Either(&'static Form, &'static Form),
    /// Something of the standard that the generator does not do.
    Refused {
        why: &'static str,
        instead: &'static str,
    },
}

/// A key that may be left out.
pub(super) const fn may(name: &'static str, form: Form) -> Key {
    Key { name, form, missing: None }
}

/// A key that has to be there, with an example of what to write.
pub(super) const fn must(name: &'static str, form: Form, missing: &'static str) -> Key {
    Key { name, form, missing: Some(missing) }
}

/// A key of the standard that is refused, and what to write instead.
pub(super) const fn not(name: &'static str, why: &'static str, instead: &'static str) -> Key {
    Key { name, form: Form::Refused { why, instead }, missing: None }
}

pub(super) const DEVIATION: Key = may("x-doc-deviation", Form::Words);
/// Sources beyond the venue's document. For people and tools; the generated code does not depend on it.
pub(super) const EVIDENCE: Key = may("x-evidence", Form::List(&Form::Object(&EVIDENCE_SHAPE)));
pub(super) const RUST_NAME: Key = may("x-rust-name", Form::Words);
pub(super) const SUMMARY: Key = may("summary", Form::Text);
pub(super) const DESCRIPTION: Key = may("description", Form::Text);

const EVIDENCE_SHAPE: Shape = Shape {
    sort: Sort::Evidence,
    keys: &[
        must("source", Form::Words, "source: the publication, or the repository, commit and file"),
        must("kind", Form::Choice(&["proof", "hint"]), "kind: proof, or kind: hint"),
        must("says", Form::Words, "says: what the source says about this object"),
    ],
};
