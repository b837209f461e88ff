//! The second floor: one small description of an API, that OpenAPI and OpenRPC documents both lower into.
//!
//! Every name that generated code will carry and every decision about its shape is made here, once. Emitters read
//! nothing else.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

pub mod lower;
pub mod names;
mod outline;

pub use lower::lower;
pub use outline::outline;

pub use crate::spec::words::CodeRule;

/// The API of one venue.
#[derive(Clone, Debug)]
pub struct Api {
    /// The venue and its crate.
    pub venue: Venue,
    /// How calls travel.
    pub protocol: Protocol,
    /// What signs: `venuekit-auth-` and this.
    pub auth: Option<String>,
    /// Whether that takes an RSA private key as well: `Credentials::rsa`.
    pub private_key: bool,
    /// Requests can say how long after their time the venue may accept them; milliseconds.
    pub recv_window: Option<RecvWindow>,
    /// Public hosts, in the order of the spec.
    pub servers: Vec<Server>,
    /// The path of base URLs, where there is no public host.
    pub base_path: Option<String>,
    /// Schemes that operations name.
    pub security_schemes: Vec<SecurityScheme>,
    /// The venue's limits.
    pub limits: Vec<Limit>,
    /// The operation that tells the venue's time.
    pub server_time: Option<ServerTime>,
    /// Where errors have their code and message.
    pub error_shape: ErrorShape,
    /// Error codes that the document states.
    pub error_codes: Vec<ErrorCode>,
    /// Codes after which nobody knows what became of a request.
    pub unknown_codes: Vec<CodeRule>,
    /// Codes by which the venue says that the time of a request is off.
    pub clock_codes: Vec<CodeRule>,
    /// Codes of refusals that have another reason than a rate limit.
    pub refused_codes: Vec<CodeRule>,
    /// Whether the venue refuses parameters in another order.
    pub parameter_order_significant: bool,
    /// In the order of the spec.
    pub operations: Vec<Operation>,
    /// Named types in the order of the spec: components first, then inline ones by first use.
    pub types: Types,
    /// Every example in the spec that has a type.
    pub examples: Vec<Example>,
    /// The component schemas as the spec has them: name and exact JSON text.
    pub component_schemas: Vec<(String, String)>,
    /// Names of all required parameters, bodies and builder members, sorted, each once: what `missing::` and `given::` declare.
    pub required_names: Vec<String>,
}

impl Api {
    /// A named type.
    #[must_use]
    pub fn type_def(&self, name: &str) -> Option<&TypeDef> {
        self.types.index.get(name).and_then(|at| self.types.defs.get(*at))
    }

    /// The type behind aliases: what stands there is no alias any more (lists, maps and nullables may still hold some).
    #[must_use]
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut ty = ty;
        // Aliases do not go round in circles (lowering refuses that), so there are at most as many steps as types.
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

    /// The named type behind aliases.
    #[must_use]
    pub fn resolve_def<'a>(&'a self, ty: &'a Type) -> Option<&'a TypeDef> {
        match self.resolve(ty) {
            Type::Named(name) => self.type_def(name),
            _ => None,
        }
    }

    /// An operation, by [`Operation::id`].
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }
}

/// Named types in an order, found by name as well.
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
    /// `btse-spot`: the stem of the spec's file.
    pub name: String,
    /// `venuekit-btse-spot`.
    pub package: String,
    /// `venuekit_btse_spot`.
    pub krate: String,
    /// `BTSE Spot API`.
    pub title: String,
    /// What the spec says of the venue (Markdown).
    pub description: Option<String>,
    /// The venue's version of its API.
    pub api_version: String,
    /// The version of the crate (`x-crate-version`).
    pub crate_version: String,
    /// `specs/btse-spot.yaml`.
    pub spec_file: String,
}

/// How long after its time the venue may accept a request, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecvWindow {
    /// When the request does not say.
    pub default: Option<u64>,
    /// At most.
    pub max: Option<u64>,
}

/// How calls travel.
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
    /// Without a trailing slash.
    pub url: String,
    /// What it is for.
    pub environment: Environment,
    /// What the spec says of it.
    pub description: Option<String>,
}

/// What a host is for.
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
    /// Whether it carries the signature.
    pub signature: bool,
    /// What the spec says of it.
    pub description: Option<String>,
}

/// What a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Nothing.
    Public,
    /// The key.
    Key,
    /// The key and a signature.
    Signed,
}

/// A limit of the venue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Its name in the spec.
    pub name: String,
    /// Whether it is counted per key (else per address).
    pub per_key: bool,
    /// Seconds.
    pub window: u64,
    /// How much fits into a window.
    pub limit: u64,
    /// Whether it counts weight (else requests).
    pub counts_weight: bool,
    /// The header by which a reply tells what is used up.
    pub header: Option<String>,
}

/// The operation that tells the venue's time.
#[derive(Clone, Debug)]
pub struct ServerTime {
    /// [`Operation::id`].
    pub operation: String,
    /// Where its reply has the time.
    pub pointer: String,
    /// In which unit.
    pub unit: TimeUnit,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Milliseconds since 1970.
    Milliseconds,
    /// Seconds since 1970.
    Seconds,
    /// ISO 8601 text.
    Iso8601,
    /// 100 ns since year 1.
    DotnetTicks,
}

/// Where errors have their code and message.
#[derive(Clone, Debug, Default)]
pub struct ErrorShape {
    /// JSON pointers, first hit wins.
    pub code: Vec<String>,
    /// JSON pointers, first hit wins.
    pub message: Vec<String>,
    /// A reply of status 2xx is an error when one of these holds.
    pub failed_when: Vec<Condition>,
}

/// A condition under which a reply of status 2xx is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// A JSON pointer; a segment `*` stands for each element of an array.
    pub pointer: String,
    /// The test on the value there.
    pub test: ConditionTest,
    /// Whether such a reply leaves open what became of the request; else it was refused.
    pub leaves_open: bool,
}

impl Condition {
    /// Returns whether both ask the same of the same value, whatever they conclude from it.
    #[must_use]
    pub fn is_same_test(&self, other: &Self) -> bool {
        self.pointer == other.pointer && self.test == other.test
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
    /// The value is there, and neither null nor empty nor zero.
    Present,
}

/// An error that the document states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// As text; integers in decimal.
    pub code: String,
    /// The venue's message.
    pub message: String,
    /// What the spec says of it.
    pub description: Option<String>,
}

/// What documentation an item carries (Markdown).
#[derive(Clone, Debug, Default)]
pub struct Docs {
    /// One line.
    pub summary: Option<String>,
    /// The rest.
    pub description: Option<String>,
    /// Whether the spec calls it deprecated.
    pub deprecated: bool,
    /// `x-doc-deviation`: where the spec says other than the venue's document, and why.
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
    /// The first of its tags.
    pub tag: Option<String>,
    /// How it travels.
    pub route: Route,
    /// In the order of the spec.
    pub parameters: Vec<Parameter>,
    /// The request body (HTTP only).
    pub body: Option<Body>,
    /// The type of a reply that succeeds; `None`: nothing to read, `()`.
    pub reply: Option<Type>,
    /// What the spec says of that reply.
    pub reply_docs: Option<String>,
    /// The reply's schema as the spec has it: exact JSON text, references kept.
    pub reply_schema: Option<String>,
    /// Documented statuses that are no success, with their descriptions.
    pub error_statuses: Vec<(String, String)>,
    /// Documented errors of this operation.
    pub error_codes: Vec<ErrorCode>,
    /// What it needs.
    pub security: Security,
    /// What a call counts.
    pub weight: Weight,
    /// The limits it counts against, by index into [`Api::limits`].
    pub limits: Vec<usize>,
    /// Does it move funds other than by an order?
    pub moves_funds: bool,
    /// May it be sent again?
    pub idempotent: Idempotent,
    /// Codes that prove to a retry that an earlier attempt was carried out.
    pub done_codes: Vec<CodeRule>,
    /// Codes by which a retry of a cancel learns that there is nothing to cancel.
    pub gone_codes: Vec<CodeRule>,
    /// Codes after which nobody knows, beside those of the API.
    pub unknown_codes: Vec<CodeRule>,
    /// Codes of refusals that have another reason than a rate limit, beside those of the API.
    pub refused_codes: Vec<CodeRule>,
    /// Conditions under which a reply of status 2xx is an error, judged before those of the API.
    pub failed_when: Vec<Condition>,
    /// Where it stands in the spec (JSON pointer).
    pub pointer: String,
}

/// How an operation travels.
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

/// What a call counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Always the same.
    Fixed(u32),
    /// By the heaviest parameter that is present, by index into [`Operation::parameters`].
    ByParameter {
        /// Index and weight.
        when_present: Vec<(usize, u32)>,
        /// When none is.
        otherwise: u32,
    },
}

/// May an operation be sent again when nobody knows what became of it?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idempotent {
    /// Yes.
    Always,
    /// No.
    Never,
    /// When this parameter or top-level member of the body is present (wire name).
    WhenPresent(String),
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
    /// Where it travels.
    pub location: ParameterLocation,
    /// Must it be given?
    pub required: bool,
    /// Its type.
    pub ty: Type,
    /// Its example as exact JSON text.
    pub example: Option<String>,
    /// Its schema as the spec has it: exact JSON text, references kept.
    pub schema: String,
}

/// Where a parameter travels.
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
    /// Its type parameter in the operation.
    pub type_parameter: String,
    /// Must it be given?
    pub required: bool,
    /// Documentation.
    pub docs: Docs,
    /// How it is encoded.
    pub encoding: BodyEncoding,
    /// Its example as exact JSON text.
    pub example: Option<String>,
    /// Its schema as the spec has it: exact JSON text, references kept.
    pub schema: String,
}

/// How a body is encoded.
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
    /// An id that is an integer or text: one value in either spelling.
    IntegerOrText,
    /// An exact decimal, written as a JSON string.
    DecimalText,
    /// An exact decimal, written as a JSON number.
    DecimalNumber,
    /// Any JSON, null too: `Json`.
    Json,
    /// Any JSON object: `Json`.
    Object,
    /// `Vec`.
    List(Box<Type>),
    /// `BTreeMap<String, _>`.
    Map(Box<Type>),
    /// `Option`: null stands for none.
    Nullable(Box<Type>),
    /// `Maybe`: absent, null or a value. Only members of objects are held so.
    Maybe(Box<Type>),
    /// One of [`Api::types`], by its Rust name.
    Named(String),
}

/// A named type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// In Rust: `OrderBook`.
    pub name: String,
    /// Documentation.
    pub docs: Docs,
    /// What it is.
    pub kind: TypeKind,
    /// Is it (part of) what a request sends? Such types get builders.
    pub in_request: bool,
    /// Is it (part of) what a reply says?
    pub in_reply: bool,
    /// Where it stands in the spec (JSON pointer).
    pub pointer: String,
}

/// What a named type is.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An object.
    Struct(Vec<Field>),
    /// An array whose positions have meanings.
    Row {
        /// The columns.
        columns: Vec<Field>,
        /// How many are always there.
        required: usize,
    },
    /// Values known today; others are kept.
    Enum {
        /// Whether the values are integers (else text).
        integer: bool,
        /// The values.
        variants: Vec<EnumVariant>,
    },
    /// Decided on the JSON kind.
    Either(Vec<Alternative>),
    /// One object, or an array of them.
    OneOrMany(Type),
    /// Another name for a type (a component that is a list, a map or a scalar).
    Alias(Type),
}

/// A member of an object, or a column of a row.
#[derive(Clone, Debug)]
pub struct Field {
    /// On the wire.
    pub wire: String,
    /// In Rust.
    pub name: String,
    /// Its type parameter in a builder.
    pub type_parameter: String,
    /// Documentation.
    pub docs: Docs,
    /// Is it always there (`required` or `x-always`)?
    pub required: bool,
    /// Its type without the `Option` that a missing `required` brings; [`Type::Nullable`] when null is a value of its own.
    pub ty: Type,
}

impl Field {
    /// Returns the type of the field: an `Option` where it can be missing or null, a `Maybe` where it can be both.
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
    /// On the wire (integers in decimal).
    pub wire: String,
    /// In Rust.
    pub name: String,
    /// What it means.
    pub description: Option<String>,
}

/// An alternative of an either.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// The JSON kind that decides.
    pub kind: JsonKind,
    /// In Rust.
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
    /// A number without fraction.
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
    /// Its exact JSON text, in one line, digits as written.
    pub json: String,
    /// The operation it belongs to ([`Operation::id`]), and in which role.
    pub of: ExampleOf,
}

/// What an example is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExampleOf {
    /// A reply of an operation.
    Reply {
        /// [`Operation::id`].
        operation: String,
        /// `200`; for JSON-RPC the name of the example pairing.
        status: String,
    },
    /// A request body.
    Body {
        /// [`Operation::id`].
        operation: String,
    },
    /// A parameter.
    Parameter {
        /// [`Operation::id`].
        operation: String,
        /// On the wire.
        parameter: String,
    },
    /// A component, used by several.
    Component(String),
    /// A schema inside another: a member, an item, a column.
    Schema,
}
