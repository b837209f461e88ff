//! The description of an API.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

use super::constraint::Constraint;
use crate::source::Bounds;
use crate::source::extensions::CodeRule;
use crate::source::market_rules::MarketRule;

/// The API of one venue.
#[derive(Clone, Debug)]
pub struct Api {
    /// The venue and its crate.
    pub venue: Venue,
    /// The protocol of its calls.
    pub protocol: Protocol,
    /// The suffix of the name of the signing crate, after `venuekit-auth-`.
    pub auth: Option<String>,
    /// True if that crate also takes an RSA private key: `Credentials::rsa`.
    pub private_key: bool,
    /// True if that crate also takes a key without a secret: `Credentials::key_only`.
    pub key_only: bool,
    /// The recv windows that requests can state; `None` if they cannot state a recv window.
    pub recv_window: Option<RecvWindow>,
    /// Public hosts, in the order of the spec.
    pub servers: Vec<Server>,
    /// The path that base URLs have to end with.
    pub base_path: Option<String>,
    /// Hosts that are not servers of the spec.
    pub hosts: Vec<Host>,
    /// The schemes that operations name.
    pub security_schemes: Vec<SecurityScheme>,
    /// The venue's limits.
    pub limits: Vec<Limit>,
    /// The operation that returns the venue's time.
    pub server_time: Option<ServerTime>,
    /// The places of the code and the message in an error.
    pub error_shape: ErrorShape,
    /// The error codes that the document states.
    pub error_codes: Vec<ErrorCode>,
    /// The codes that leave the outcome of a request unknown.
    pub unknown_codes: Vec<CodeRule>,
    /// The codes of refusals for a reason other than a rate limit.
    pub refused_codes: Vec<CodeRule>,
    /// The codes by which the venue refuses the time of a request.
    pub clock_codes: Vec<CodeRule>,
    /// True if the venue refuses parameters in another order.
    pub parameter_order_significant: bool,
    /// The operations, in the order of the spec.
    pub operations: Vec<Operation>,
    /// The named types in the order of the spec: components first, then inline types by first use.
    pub types: Types,
    /// All examples in the spec that have a type.
    pub examples: Vec<Example>,
    /// The component schemas of the spec: name and exact JSON text.
    pub component_schemas: Vec<(String, String)>,
    /// The names of all required parameters, bodies and builder fields, sorted and unique. They are
    /// the marks in `missing::` and `given::`.
    pub required_names: Vec<String>,
}

impl Api {
    /// Returns a named type.
    #[must_use]
    pub fn type_def(&self, name: &str) -> Option<&TypeDef> {
        self.types.index.get(name).and_then(|at| self.types.defs.get(*at))
    }

    /// Returns the type behind aliases. It is not an alias itself; a list, a map or a nullable may
    /// still contain an alias.
    #[must_use]
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut ty = ty;
        // Aliases do not form cycles (lowering rejects them), so there are at most as many steps as
        // types.
        for _ in 0..=self.types.len() {
            match ty {
                Type::Named(name) => match self.type_def(name).map(|def| &def.kind) {
                    Some(TypeKind::Alias(other)) => ty = other,
                    _ => return ty,
                },
                _ => return ty,
            }
        }
        ty
    }

    /// Returns the named type behind aliases.
    #[must_use]
    pub fn resolve_def<'a>(&'a self, ty: &'a Type) -> Option<&'a TypeDef> {
        match self.resolve(ty) {
            Type::Named(name) => self.type_def(name),
            _ => None,
        }
    }

    /// Returns an operation, by [`Operation::id`].
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }
}

/// Named types in their order, with an index by name.
#[derive(Clone, Debug, Default)]
pub struct Types {
    defs: Vec<TypeDef>,
    index: BTreeMap<String, usize>,
}

impl From<Vec<TypeDef>> for Types {
    fn from(defs: Vec<TypeDef>) -> Self {
        let index = defs.iter().enumerate().map(|(at, def)| (def.name.clone(), at)).collect();
        Self { defs, index }
    }
}

impl Deref for Types {
    type Target = [TypeDef];

    fn deref(&self) -> &[TypeDef] {
        &self.defs
    }
}

/// The venue and its crate.
#[derive(Clone, Debug)]
pub struct Venue {
    /// The stem of the spec's file: `btse-spot`.
    pub name: String,
    /// The name of the crate: `venuekit-btse-spot`.
    pub package: String,
    /// The name of the crate in Rust: `venuekit_btse_spot`.
    pub krate: String,
    /// The title of the API: `BTSE Spot API`.
    pub title: String,
    /// The description of the venue in the spec (Markdown).
    pub description: Option<String>,
    /// The venue's version of its API.
    pub api_version: String,
    /// The version of the crate (`x-crate-version`).
    pub crate_version: String,
    /// The file of the spec: `specs/btse-spot.yaml`.
    pub spec_file: String,
}

/// The recv windows of a venue: the time after its stamp in which a request is accepted, in
/// milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecvWindow {
    /// The window of a request that states no window.
    pub default: Option<u64>,
    /// The longest window.
    pub max: Option<u64>,
}

/// A protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Each operation has a method and a path.
    Http,
    /// Every call is POSTed to one URL.
    JsonRpc,
}

/// A public host.
#[derive(Clone, Debug)]
pub struct Server {
    /// The URL, without a trailing slash.
    pub url: String,
    /// Its purpose.
    pub environment: Environment,
    /// The only signing scheme that it accepts.
    pub signing: Option<String>,
    /// Its description in the spec.
    pub description: Option<String>,
}

/// A host that is not a server of the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// The URL.
    pub url: String,
    /// The only signing scheme that it accepts.
    pub signing: String,
}

/// The purpose of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Real money.
    Production,
    /// Play money.
    Test,
}

/// A security scheme that operations name.
#[derive(Clone, Debug)]
pub struct SecurityScheme {
    /// Its name in the spec.
    pub name: String,
    /// `header`, `query` or `cookie`.
    pub location: String,
    /// The header's or parameter's name on the wire.
    pub wire: String,
    /// True if it carries the signature.
    pub signature: bool,
    /// Its description in the spec.
    pub description: Option<String>,
}

/// The credentials that a call requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// No credentials.
    Public,
    /// A key.
    Key,
    /// A key and a signature.
    Signed,
}

/// A limit of the venue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Its name in the spec.
    pub name: String,
    /// True if it is counted per key, false if per address.
    pub per_key: bool,
    /// The length of a window in seconds.
    pub window: u64,
    /// The maximum per window.
    pub limit: u64,
    /// True if it counts weight, false if it counts requests.
    pub counts_weight: bool,
    /// The response header that states the used part.
    pub header: Option<String>,
    /// The longest time in seconds for which the venue closes it after a refusal.
    pub longest_closing: Option<u64>,
    /// The sources of the limit; empty if the venue's document states it.
    pub sources: Vec<Source>,
}

/// A source of a statement that the venue's document does not make (`x-evidence`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The publication, or the repository, commit and file.
    pub name: String,
    /// True if the venue itself states it, for this API.
    pub is_proof: bool,
}

/// The operation that returns the venue's time.
#[derive(Clone, Debug)]
pub struct ServerTime {
    /// The [`Operation::id`].
    pub operation: String,
    /// The JSON pointer to the time in its response.
    pub pointer: String,
    /// The unit of that time.
    pub unit: TimeUnit,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Milliseconds since 1970.
    Milliseconds,
    /// Microseconds since 1970.
    Microseconds,
    /// Nanoseconds since 1970.
    Nanoseconds,
    /// Seconds since 1970.
    Seconds,
    /// ISO 8601 text.
    Iso8601,
    /// 100 ns since year 1.
    DotnetTicks,
}

/// The format of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeFormat {
    /// The unit.
    pub unit: TimeUnit,
    /// True if a text without an offset is in UTC.
    pub is_utc: bool,
    /// True if the venue expects a JSON string.
    pub is_text: bool,
}

impl TimeFormat {
    /// Returns the name of the type in Rust.
    #[must_use]
    pub fn rust_name(self) -> &'static str {
        match self.unit {
            TimeUnit::Milliseconds => "UnixMillis",
            TimeUnit::Microseconds => "UnixMicros",
            TimeUnit::Nanoseconds => "UnixNanos",
            TimeUnit::Seconds => "UnixSeconds",
            TimeUnit::Iso8601 if self.is_utc => "Iso8601Utc",
            TimeUnit::Iso8601 => "Iso8601",
            TimeUnit::DotnetTicks => "DotnetTicks",
        }
    }

    /// Returns whether the value is a number that is written as a JSON string.
    #[must_use]
    pub fn is_number_in_text(self) -> bool {
        self.is_text && self.unit != TimeUnit::Iso8601
    }
}

/// The places of the code and the message in an error.
#[derive(Clone, Debug, Default)]
pub struct ErrorShape {
    /// JSON pointers to the code; the first one with a value applies.
    pub code: Vec<String>,
    /// JSON pointers to the message; the first one with a value applies.
    pub message: Vec<String>,
    /// The conditions under which a response of status 2xx is an error; one that holds is enough.
    pub failed_when: Vec<Condition>,
}

/// A condition under which a response of status 2xx is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// A JSON pointer; a segment `*` stands for each element of an array.
    pub pointer: String,
    /// The test on the value there.
    pub test: ConditionTest,
    /// True if such a response leaves the outcome of the request unknown, false if the request was
    /// refused.
    pub leaves_open: bool,
}

impl Condition {
    /// Returns whether both have the same test on the same value.
    #[must_use]
    pub fn is_same_test(&self, other: &Self) -> bool {
        self.pointer == other.pointer && self.test == other.test
    }

    /// Returns whether it is checked for each element of an array.
    #[must_use]
    pub fn is_on_elements(&self) -> bool {
        self.pointer.split('/').any(|segment| segment == "*")
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            ConditionTest::Equals(json) => write!(f, "{} is {json}", self.pointer)?,
            ConditionTest::Present => write!(f, "{} is there", self.pointer)?,
        }
        if self.leaves_open { f.write_str(" (outcome unknown)") } else { Ok(()) }
    }
}

/// The test of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionTest {
    /// The value is this scalar (JSON text).
    Equals(String),
    /// The value exists, and is not null, empty or zero.
    Present,
}

/// An error code of the venue.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ErrorCode {
    /// The code as text; integers in decimal.
    pub code: String,
    /// The venue's message, if it is known.
    pub message: Option<String>,
    /// Its description in the spec.
    pub description: Option<String>,
}

/// The documentation of an item (Markdown).
#[derive(Clone, Debug, Default)]
pub struct Docs {
    /// The summary in one line.
    pub summary: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// True if the spec marks it as deprecated.
    pub deprecated: bool,
    /// `x-doc-deviation`: the difference between the spec and the venue's document, and its reason.
    pub deviation: Option<String>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`, or the method's name in OpenRPC: `getOrderBook`, `order.put_limit`.
    pub id: String,
    /// The method of the client: `get_order_book`.
    pub method_name: String,
    /// The type of the operation: `GetOrderBook`.
    pub type_name: String,
    /// The static that describes it: `GET_ORDER_BOOK`.
    pub const_name: String,
    /// Documentation.
    pub docs: Docs,
    /// The first tag.
    pub tag: Option<String>,
    /// The route.
    pub route: Route,
    /// The parameters, in the order of the spec.
    pub parameters: Vec<Parameter>,
    /// The request body (HTTP only).
    pub body: Option<Body>,
    /// The type of the response of a success; `None` for a response without a value, `()`.
    pub reply: Option<Type>,
    /// The description of that response in the spec.
    pub reply_docs: Option<String>,
    /// The schema of that response in the spec: exact JSON text with its `$ref`s.
    pub reply_schema: Option<String>,
    /// The documented statuses other than a success, with their descriptions.
    pub error_statuses: Vec<(String, String)>,
    /// The documented errors of this operation.
    pub error_codes: Vec<ErrorCode>,
    /// The credentials that the operation requires.
    pub security: Security,
    /// The weight of a call.
    pub weight: Weight,
    /// The limits that it counts against, by index into [`Api::limits`].
    pub limits: Vec<usize>,
    /// True if the spec says that it only reads, or if it is a GET of which the spec says nothing.
    pub reads_only: bool,
    /// True if it moves funds other than by an order.
    pub moves_funds: bool,
    /// True if it cancels orders, or may do so: the client never checks the bounds of its values.
    pub cancels: bool,
    /// The constraints between its values. Types of its values can have more of them: see
    /// [`NestedConstraints`](crate::model::NestedConstraints).
    pub constraints: Vec<Constraint>,
    /// The cases in which it may be sent again.
    pub idempotent: Idempotent,
    /// The codes that prove to a retry that an earlier attempt was executed.
    pub done_codes: Vec<CodeRule>,
    /// The codes that mean, after a retry of a cancel, that there is nothing to cancel.
    pub gone_codes: Vec<CodeRule>,
    /// The codes that leave the outcome unknown, in addition to the API's codes.
    pub unknown_codes: Vec<CodeRule>,
    /// The codes of refusals for a reason other than a rate limit, in addition to the API's codes.
    pub refused_codes: Vec<CodeRule>,
    /// The conditions under which a response of status 2xx is an error, checked before the
    /// conditions of the API.
    pub failed_when: Vec<Condition>,
    /// Its JSON pointer in the spec.
    pub pointer: String,
}

impl Operation {
    /// Returns whether a call changes nothing at the venue.
    ///
    /// An operation that moves funds, or that must not be sent again, can change something whatever
    /// its method is.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        self.reads_only && self.idempotent == Idempotent::Always && !self.moves_funds
    }

    /// Returns whether the operation has conditions of its own under which an element of its
    /// response failed.
    #[must_use]
    pub fn judges_elements(&self) -> bool {
        self.failed_when.iter().any(Condition::is_on_elements)
    }
}

/// The route of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// An HTTP method and a path template.
    Http {
        /// `GET`.
        method: String,
        /// `/v2/orderbook/{symbol}`.
        path: String,
    },
    /// A JSON-RPC method.
    Rpc {
        /// Its name on the wire.
        method: String,
    },
}

/// The weight of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The same weight for all calls.
    Fixed(u32),
    /// The largest weight of the parameters that are present, by index into
    /// [`Operation::parameters`].
    ByParameter {
        /// The index and the weight of each parameter.
        when_present: Vec<(usize, u32)>,
        /// The weight if none of them is present.
        otherwise: u32,
    },
}

/// The cases in which an operation may be sent again when its outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idempotent {
    /// In all cases.
    Always,
    /// Never.
    Never,
    /// If one of these parameters, or top-level properties of the body, is present (wire names).
    WhenPresent(Vec<String>),
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub wire: String,
    /// Its setter: `limit_asks`.
    pub name: String,
    /// Its type parameter in the operation's type: `LimitAsks`.
    pub type_parameter: String,
    /// Documentation.
    pub docs: Docs,
    /// The part of a request that carries it.
    pub location: ParameterLocation,
    /// True if it is required.
    pub required: bool,
    /// Its type.
    pub ty: Type,
    /// The bounds of its value.
    pub bounds: Bounds,
    /// Its example as exact JSON text.
    pub example: Option<String>,
    /// The schema in the spec: exact JSON text with its references.
    pub schema: String,
}

/// The part of a request that carries a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterLocation {
    /// A segment of the path.
    Path,
    /// The query; an array repeats the name.
    Query,
    /// The query; an array is joined by commas.
    QueryJoined,
    /// A header.
    Header,
    /// A position of a JSON-RPC call.
    Position,
    /// All remaining positions of a JSON-RPC call; the type is a list.
    Rest,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its type.
    pub ty: Type,
    /// The bounds of a list, a map or a scalar.
    pub bounds: Bounds,
    /// Its type parameter in the operation.
    pub type_parameter: String,
    /// True if it is required.
    pub required: bool,
    /// Documentation.
    pub docs: Docs,
    /// The encoding.
    pub encoding: BodyEncoding,
    /// Its example as exact JSON text.
    pub example: Option<String>,
    /// The schema in the spec: exact JSON text with its references.
    pub schema: String,
}

/// The encoding of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyEncoding {
    /// `application/json`.
    Json,
}

/// A type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `bool`.
    Boolean,
    /// `i32`.
    Int32,
    /// `i64`.
    Int64,
    /// `u32`.
    Uint32,
    /// `u64`.
    Uint64,
    /// `String`.
    Text,
    /// An id that is an integer or text: one value in both spellings.
    IntegerOrText,
    /// An exact decimal, written as a JSON string.
    DecimalText,
    /// An exact decimal, written as a JSON number.
    DecimalNumber,
    /// A time, with its exact text.
    Time(TimeFormat),
    /// A number of any size, kept as its text: `Number`.
    Number,
    /// Any JSON, including null: `Json`.
    Json,
    /// Any JSON object: `Json`.
    Object,
    /// `Vec`.
    List(Box<Type>),
    /// `BTreeMap<String, _>`.
    Map(Box<Type>),
    /// `Option`: null is `None`.
    Nullable(Box<Type>),
    /// `Maybe`: absent, null or a value. Only properties of objects have this type.
    Maybe(Box<Type>),
    /// A type of [`Api::types`], by its Rust name.
    Named(String),
    /// `Box`, for a type that contains the type of this field.
    Boxed(Box<Type>),
}

/// A named type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// The name in Rust: `OrderBook`.
    pub name: String,
    /// Documentation.
    pub docs: Docs,
    /// Its kind.
    pub kind: TypeKind,
    /// The bounds of its values.
    pub bounds: Bounds,
    /// The constraints between its properties.
    pub constraints: Vec<Constraint>,
    /// True if a request contains it. Such types get builders.
    pub in_request: bool,
    /// True if a response contains it.
    pub in_reply: bool,
    /// Its JSON pointer in the spec.
    pub pointer: String,
}

/// A kind of named type.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An object.
    Struct(Vec<Field>),
    /// An array whose positions have meanings.
    Row {
        /// The columns.
        columns: Vec<Field>,
        /// The number of columns that are always present.
        required: usize,
    },
    /// An enum of known values; unknown values are kept.
    Enum {
        /// True if the values are integers, false if they are strings.
        integer: bool,
        /// The values.
        variants: Vec<EnumVariant>,
    },
    /// A union that is decided by the JSON kind.
    Either(Vec<Alternative>),
    /// One object, or an array of them.
    OneOrMany(Type),
    /// Another name for a type (a component that is a list, a map or a scalar).
    Alias(Type),
}

/// A property of an object, or a column of a row.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The name in Rust.
    pub name: String,
    /// Its type parameter in a builder.
    pub type_parameter: String,
    /// Documentation.
    pub docs: Docs,
    /// The role in the rules of a market (`x-market-rule`).
    pub market_rule: Option<MarketRule>,
    /// True if it is always present (`required` or `x-always`).
    pub required: bool,
    /// The type without the `Option` of an optional property; [`Type::Nullable`] if null is a value
    /// of the property.
    pub ty: Type,
    /// The bounds of its value.
    pub bounds: Bounds,
}

impl Field {
    /// Returns the type of the field: an `Option` if it can be absent or null, a `Maybe` if absence
    /// and null have different meanings.
    #[must_use]
    pub fn held(&self) -> Type {
        match &self.ty {
            ty if self.required => ty.clone(),
            Type::Nullable(inner) => Type::Maybe(inner.clone()),
            ty => Type::Nullable(Box::new(ty.clone())),
        }
    }
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct EnumVariant {
    /// The value on the wire (integers in decimal).
    pub wire: String,
    /// The name in Rust.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Its other spellings in responses.
    pub spellings: Vec<Spelling>,
}

/// Another spelling of a value of an enum. It is read as the value and never written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// A text.
    Text(String),
    /// An integer.
    Integer(i64),
}

impl Spelling {
    /// Returns the literal in Rust.
    #[must_use]
    pub fn literal(&self) -> String {
        match self {
            Self::Text(text) => format!("{text:?}"),
            Self::Integer(integer) => integer.to_string(),
        }
    }
}

/// An alternative of a union.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// The JSON kind that decides.
    pub kind: JsonKind,
    /// The name in Rust.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

/// A kind of JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonKind {
    /// `{..}`
    Object,
    /// `[..]`
    Array,
    /// `".."`
    String,
    /// A number without a fraction.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
}

/// An example in the spec.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its JSON pointer in the spec.
    pub pointer: String,
    /// Its type.
    pub ty: Type,
    /// The exact JSON text, on one line, with its digits as written.
    pub json: String,
    /// The owner of the example.
    pub of: ExampleOf,
}

/// The owner of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExampleOf {
    /// A response of an operation.
    Reply {
        /// The [`Operation::id`].
        operation: String,
        /// The status, `200`; for JSON-RPC the name of the example pairing.
        status: String,
    },
    /// A request body.
    Body {
        /// The [`Operation::id`].
        operation: String,
    },
    /// A parameter.
    Parameter {
        /// The [`Operation::id`].
        operation: String,
        /// The name on the wire.
        parameter: String,
    },
    /// A component that several operations use.
    Component(String),
    /// A schema inside another: of a property, an item or a column.
    Schema,
}
