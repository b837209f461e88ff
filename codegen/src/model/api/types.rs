//! The types of requests and responses.

use super::content::ContentKind;
use super::docs::Docs;
use super::venue::TimeFormat;
use crate::model::constraint::Constraint;
use crate::source::Bounds;
use crate::source::market_rules::MarketRule;

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
    /// Bytes in base64, with their exact text: `Base64`.
    Base64,
    /// An id that is an integer or text. An integer and its text are the same id.
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
    /// `Option`; null is read as `None`.
    Nullable(Box<Type>),
    /// `Maybe`: absent, null or a value. Only optional properties of objects have this type.
    Maybe(Box<Type>),
    /// A type of [`Api::types`](super::Api::types), by its Rust name.
    Named(String),
    /// `Box`, for a type that contains itself through this value.
    Boxed(Box<Type>),
    /// `Bytes`: a whole body that is not JSON.
    RawBytes,
    /// `File`: a part of a form.
    File,
}

/// A named type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// The name in Rust: `OrderBook`.
    pub name: String,
    /// Documentation.
    pub docs: Docs,
    /// The kind of the type.
    pub kind: TypeKind,
    /// The properties of an object that have no name in the document, if it can have them.
    pub others: Option<Others>,
    /// The bounds of the values.
    pub bounds: Bounds,
    /// The constraints between its properties.
    pub constraints: Vec<Constraint>,
    /// True if a request contains the type. Objects of such types get builders.
    pub in_request: bool,
    /// True if a response contains the type.
    pub in_response: bool,
    /// The JSON pointer to the type's schema in the spec.
    pub pointer: String,
}

/// The properties of an object that have no name in the document (`additionalProperties` beside
/// `properties`). They are in one map.
#[derive(Clone, Debug)]
pub struct Others {
    /// The name of the field in Rust.
    pub name: String,
    /// The type of the field, which is a map.
    pub map: Type,
    /// The bounds of the map, that is, of its values.
    pub bounds: Bounds,
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
    /// A union whose alternatives have different JSON kinds.
    Either(Vec<Alternative>),
    /// A union whose alternatives cannot be told apart by their JSON kind.
    Union(Union),
    /// One object, or an array of them.
    OneOrMany(Type),
    /// Another name for a type (a component that is a list, a map or a scalar).
    Alias(Type),
    /// The successful responses of an operation, one variant per status.
    ByStatus(Vec<StatusVariant>),
}

/// One of several successful responses of an operation.
#[derive(Clone, Debug)]
pub struct StatusVariant {
    /// The status or the range of statuses: `200`, `2XX`.
    pub status: String,
    /// The name in Rust.
    pub name: String,
    /// The description in the spec.
    pub description: Option<String>,
    /// The content; `None` if the response has no content.
    pub content: Option<(ContentKind, Type)>,
}

/// A property of an object, or a column of a row.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The name in Rust.
    pub name: String,
    /// The name of the type parameter in the builder.
    pub type_parameter: String,
    /// Documentation.
    pub docs: Docs,
    /// The role in the rules of a market (`x-market-rule`).
    pub market_rule: Option<MarketRule>,
    /// True if only sources other than the venue state that role (`x-evidence` without a proof).
    pub market_rule_is_hint: bool,
    /// True if the field is always present (`required` or `x-always`).
    pub required: bool,
    /// The type without the `Option` of an optional property; [`Type::Nullable`] if null is a value
    /// of the property.
    pub ty: Type,
    /// The bounds of the value.
    pub bounds: Bounds,
}

impl Field {
    /// Returns the type of the field in Rust. An optional field is an `Option`; if null is also a
    /// value of the property, it is a `Maybe`.
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
    /// The description in the spec.
    pub description: Option<String>,
    /// The other spellings of the value in responses.
    pub spellings: Vec<Spelling>,
}

/// Another spelling of a value of an enum. It is read as the value and never written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// A JSON string.
    Text(String),
    /// A JSON integer.
    Integer(i64),
}

impl Spelling {
    /// Returns the spelling as a literal in Rust.
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
    /// The kind of JSON value that the alternative has.
    pub kind: JsonKind,
    /// The name in Rust.
    pub name: String,
    /// The type of the alternative.
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

/// A union whose alternatives cannot be told apart by their JSON kind.
#[derive(Clone, Debug)]
pub struct Union {
    /// The way in which the alternatives are told apart.
    pub told: Told,
    /// The alternatives.
    pub alternatives: Vec<UnionAlternative>,
}

/// The way in which the alternatives of a union are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// By the value of the member with this name. An object with an unknown value keeps its JSON.
    Tag(String),
    /// By the members that are present. An object that fits no alternative keeps its JSON.
    Presence,
    /// Not at all: the value keeps its JSON, and can be read as each of the types on demand.
    Nothing,
}

/// An alternative of a union.
#[derive(Clone, Debug)]
pub struct UnionAlternative {
    /// The name in Rust: `LimitOrder`.
    pub name: String,
    /// The part of a method's name that stands for the alternative: `limit_order` in
    /// `as_limit_order`.
    pub method: String,
    /// The type of the alternative.
    pub ty: Type,
    /// The values of the tag, if the union has one.
    pub values: Vec<Spelling>,
    /// The members by which the alternative is recognized; empty unless the union is
    /// [`Told::Presence`].
    pub members: Vec<String>,
}
