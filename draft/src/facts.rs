//! The facts that a document states, each with its lines.

use crate::document::Lines;
use crate::prose::Bounds;
use crate::sample::Node;

/// The facts of one API.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) names: Vec<String>,
    pub(crate) title: Option<(String, Lines)>,
    /// The version of the API.
    pub(crate) version: Option<(String, Lines)>,
    pub(crate) servers: Vec<(String, Lines)>,
    pub(crate) schemes: Vec<Scheme>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) methods: Vec<Method>,
    pub(crate) schemas: Vec<(String, Schema)>,
    pub(crate) errors: Vec<ErrorCode>,
    pub(crate) limits: Vec<Limit>,
    /// Weights of which the document does not say clearly which operations have them.
    pub(crate) open_weights: Vec<(String, Lines)>,
    /// Limits without a time, in the headers of samples.
    pub(crate) open_limits: Vec<(String, Lines)>,
    /// The names of headers that text about signing lists, beside those of the schemes.
    pub(crate) signing_headers: Vec<(String, Lines)>,
    /// The words that show that requests need credentials, and their places.
    pub(crate) credentials: Vec<(String, Lines)>,
    /// The samples of JSON that the draft does not use.
    pub(crate) unused: Vec<Lines>,
    /// The headings of the documents, in their order.
    pub(crate) headings: Vec<(String, Lines)>,
    /// The samples in programming languages, which are not read, with their languages.
    pub(crate) programs: Vec<(String, Lines)>,
    /// Samples of errors that stand outside operations.
    pub(crate) error_samples: Vec<(Node, Lines)>,
    /// The draft decided that the schemes of a list are needed together.
    pub(crate) guesses_schemes: bool,
    /// The operations of tables that list operations, if no other part describes them: the method
    /// and the path.
    pub(crate) listed: Vec<(String, String, Lines)>,
    /// Contradictions and gaps that were found while reading.
    pub(crate) remarks: Vec<Remark>,
}

/// A security scheme.
#[derive(Clone, Debug)]
pub(crate) struct Scheme {
    pub(crate) id: String,
    pub(crate) at: Lines,
    pub(crate) kind: SchemeKind,
    pub(crate) is_signature: bool,
    /// A text or a sample of the document shows the scheme.
    pub(crate) is_stated: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SchemeKind {
    ApiKey { place: Place, name: String },
    Http(String),
}

/// The place of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

impl Place {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// An operation of an HTTP API.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) at: Lines,
    /// The line of the method and the path.
    pub(crate) route_at: Lines,
    /// Only the call of a sample shows the route.
    pub(crate) route_is_shown: bool,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) id: Option<String>,
    pub(crate) tag: Option<String>,
    /// The title of its section.
    pub(crate) heading: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) responses: Vec<Response>,
    pub(crate) access: Option<(Access, Lines)>,
    /// The title or the route says that requests are signed.
    pub(crate) signs: bool,
    /// The names of the schemes that the document requires: alternatives, each with the schemes
    /// that are needed together. An empty one needs none.
    pub(crate) schemes: Vec<Vec<String>>,
    pub(crate) weight: Option<(Weight, Lines)>,
    /// The values that signing fills in: they are no parameters.
    pub(crate) filled: Vec<(String, Place, Lines)>,
    /// The rows of the values that signing fills in.
    pub(crate) filled_members: Vec<Member>,
    pub(crate) errors: Vec<ErrorCode>,
    /// The text about the operation, by paragraphs.
    pub(crate) prose: Vec<(String, Lines)>,
    /// The values of parameters in the URLs of samples.
    pub(crate) shown: Vec<(String, String, Lines)>,
    /// No text says where the parameters are sent.
    pub(crate) guesses_place: bool,
    /// The limits that the text about the operation states.
    pub(crate) limits: Vec<Limit>,
}

impl Operation {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Public,
    Key,
    Signed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Weight {
    pub(crate) amount: u32,
    /// The weight without a parameter, and the name of the parameter.
    pub(crate) without: Option<(u32, String)>,
    /// The weights of some requests, if `amount` is the largest of them.
    pub(crate) among: Vec<u32>,
}

impl Weight {
    pub(crate) fn fixed(amount: u32) -> Self {
        Self { amount, without: None, among: Vec::new() }
    }
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) place: Place,
    /// The document states the place.
    pub(crate) states_place: bool,
    pub(crate) member: Member,
}

/// A named value: a parameter of a call, or a property of an object.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) at: Lines,
    /// `None` if the document does not state it.
    pub(crate) required: Option<bool>,
    /// A table states `required`. A sample only shows it.
    pub(crate) states_required: bool,
    /// A table states the type.
    pub(crate) states_type: bool,
    pub(crate) schema: Schema,
    /// The value is needed in some requests only.
    pub(crate) is_conditional: bool,
    /// A row of a table describes it.
    pub(crate) in_table: bool,
    /// The type of the table, if a sample shows another one.
    pub(crate) other_type: Option<Box<Schema>>,
    /// The text of the document. It is used to judge, and is not copied.
    pub(crate) note: String,
}

impl Member {
    /// Creates a member that only a sample shows.
    pub(crate) fn of_sample(name: String, at: Lines, schema: Schema) -> Self {
        Self {
            name,
            at,
            required: Some(true),
            states_required: false,
            states_type: false,
            schema,
            is_conditional: false,
            in_table: false,
            other_type: None,
            note: String::new(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) at: Lines,
    pub(crate) media: String,
    pub(crate) required: bool,
    /// A row of a table says whether the body is required.
    pub(crate) required_at: Option<(bool, Lines)>,
    pub(crate) schema: Schema,
    /// Only a sample shows the schema.
    pub(crate) is_sample: bool,
    pub(crate) sample: Option<Node>,
    /// All samples of the body, with their places.
    pub(crate) samples: Vec<(Node, Lines)>,
}

impl Body {
    /// Returns the members of the body, if it is an object.
    pub(crate) fn schema_members(&self) -> &[Member] {
        match &self.schema.form {
            Form::Object(members) => members,
            _ => &[],
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: String,
    pub(crate) at: Lines,
    pub(crate) media: String,
    pub(crate) schema: Option<Schema>,
    pub(crate) samples: Vec<(Node, Lines)>,
    /// A table describes the schema.
    pub(crate) has_table: bool,
    /// A list of responses has it.
    pub(crate) is_stated: bool,
    /// The status is stated, and not assumed.
    pub(crate) states_status: bool,
}

/// A method of a JSON-RPC API.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    pub(crate) at: Lines,
    pub(crate) name: String,
    pub(crate) name_at: Lines,
    pub(crate) tag: Option<String>,
    /// The lists of parameters: one for each way to call the method.
    pub(crate) forms: Vec<(Lines, Vec<Member>)>,
    pub(crate) by_name: bool,
    pub(crate) request: Option<(Node, Lines)>,
    pub(crate) result: Option<Schema>,
    pub(crate) sample: Option<(Node, Lines)>,
    pub(crate) errors: Vec<ErrorCode>,
    /// The name says that the method needs no credentials.
    pub(crate) is_public: bool,
}

/// A code in the body of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ErrorCode {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) at: Lines,
}

/// A rate limit in the text of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) text: String,
    pub(crate) at: Lines,
    pub(crate) number: u64,
    /// The time, such as `1s`.
    pub(crate) window: String,
    /// It counts weights, and not requests.
    pub(crate) is_weight: bool,
    /// `ip` or `key`.
    pub(crate) per: &'static str,
    /// A text says whether it is one per address or per key.
    pub(crate) states_per: bool,
    /// The operations that the limit is for.
    pub(crate) scope: LimitScope,
    pub(crate) confidence: Confidence,
}

/// The operations that a limit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LimitScope {
    All,
    Public,
    Private,
    /// Private ones that only read.
    PrivateReads,
    /// Private ones that can change something.
    PrivateWrites,
    /// Those that place or change orders.
    Orders,
}

/// The schema of a value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    pub(crate) at: Lines,
    pub(crate) form: Form,
    pub(crate) nullable: bool,
    pub(crate) read_only: bool,
    /// The table calls the value an enum, and lists no values.
    pub(crate) is_open_enum: bool,
    pub(crate) values: Vec<(String, Lines)>,
    pub(crate) default: Option<String>,
    /// The bounds and the default that the text states.
    pub(crate) bounds: Bounds,
    /// The rows below a reference: a second description of the same value.
    pub(crate) inline: Option<Box<Schema>>,
}

#[derive(Clone, Debug, Default)]
pub(crate) enum Form {
    /// Any JSON value, or a value without a stated type.
    #[default]
    Any,
    Scalar {
        kind: &'static str,
        format: Option<String>,
    },
    Array(Box<Schema>),
    Map(Box<Schema>),
    Object(Vec<Member>),
    Ref(String),
    Choice {
        how: &'static str,
        of: Vec<Schema>,
    },
    /// An array whose positions have meanings.
    Tuple(Vec<Member>),
}

impl Schema {
    pub(crate) fn new(at: Lines, form: Form) -> Self {
        Self { at, form, ..Self::default() }
    }

    pub(crate) fn scalar(at: Lines, kind: &'static str) -> Self {
        Self::new(at, Form::Scalar { kind, format: None })
    }

    /// Returns the name of the type in messages.
    pub(crate) fn type_name(&self) -> String {
        match &self.form {
            Form::Any => "any".to_owned(),
            Form::Scalar { kind, .. } => (*kind).to_owned(),
            Form::Array(items) => format!("array of {}", items.type_name()),
            Form::Map(_) | Form::Object(_) => "object".to_owned(),
            Form::Ref(name) => name.clone(),
            Form::Choice { of, .. } => {
                let names: Vec<String> = of.iter().map(Self::type_name).collect();
                names.join(" or ")
            }
            Form::Tuple(_) => "array".to_owned(),
        }
    }
}

/// A finding about the document itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remark {
    pub(crate) kind: RemarkKind,
    pub(crate) at: Lines,
    /// The other place, for a contradiction.
    pub(crate) other: Option<Lines>,
    pub(crate) text: String,
}

impl Remark {
    /// Returns the remark that a part is not read.
    pub(crate) fn unread(at: Lines, text: impl Into<String>) -> Self {
        Self { kind: RemarkKind::Unread, at, other: None, text: text.into() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RemarkKind {
    Contradiction,
    /// A guess, with its confidence.
    Guess(Confidence),
    /// A part that is not read.
    Unread,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Confidence {
    Low,
    Medium,
    High,
}

impl Confidence {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}
