//! The kinds of types that values have in Rust.

use super::resolved::ResolvedSchema;

/// The kind of type in Rust, without names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RustType {
    Bool,
    I32,
    I64,
    U32,
    U64,
    Text,
    Base64,
    Decimal,
    /// A time.
    Time,
    /// A number that counts time, written as text.
    TimeInText,
    Json,
    List,
    Map,
    Struct,
    Row,
    TextEnum,
    IntegerEnum,
    Alternatives,
    Several,
}

impl RustType {
    pub(crate) fn new(view: &ResolvedSchema<'_>) -> Self {
        if !view.alternatives().is_empty() {
            return Self::Alternatives;
        }
        let values = view.values().is_some();
        if let Some(time) = view.time() {
            let in_text = view.types() == ["string"] && time.text("unit") != Some("iso8601");
            return if in_text { Self::TimeInText } else { Self::Time };
        }
        match view.types().as_slice() {
            [] => Self::Json,
            ["boolean"] => Self::Bool,
            ["integer"] if values => Self::IntegerEnum,
            ["integer"] => match view.format() {
                Some("int32") => Self::I32,
                Some("uint32") => Self::U32,
                Some("uint64") => Self::U64,
                _ => Self::I64,
            },
            ["number"] => Self::Decimal,
            ["string"] if values => Self::TextEnum,
            ["string"] if view.format() == Some("decimal") => Self::Decimal,
            ["string"] if view.format() == Some("byte") => Self::Base64,
            ["string"] => Self::Text,
            ["array"] if view.columns().is_some() => Self::Row,
            ["array"] => Self::List,
            ["object"] if !view.properties().is_empty() => Self::Struct,
            ["object"] if !view.other_properties().is_empty() => Self::Map,
            ["object"] if view.is_closed() => Self::Struct,
            ["object"] => Self::Json,
            _ => Self::Several,
        }
    }

    pub(crate) fn is_scalar(self) -> bool {
        matches!(
            self,
            Self::Bool
                | Self::I32
                | Self::I64
                | Self::U32
                | Self::U64
                | Self::Text
                | Self::Base64
                | Self::Decimal
                | Self::Time
                | Self::TimeInText
                | Self::TextEnum
                | Self::IntegerEnum
        )
    }

    /// Returns whether it is a time.
    pub(crate) fn is_time(self) -> bool {
        matches!(self, Self::Time | Self::TimeInText)
    }

    /// Returns whether both are the same type in Rust.
    pub(crate) fn is_same_as(self, other: Self) -> bool {
        self == other || (self.is_time() && other.is_time())
    }

    /// Returns whether it is a named type.
    pub(crate) fn is_named(self) -> bool {
        matches!(self, Self::Struct | Self::Row | Self::TextEnum | Self::IntegerEnum | Self::Alternatives)
    }

    /// Returns whether a required value that can be null is also read if it is missing. Types that
    /// are read through an adaptor are not.
    pub(crate) fn reads_missing_as_null(self) -> bool {
        matches!(
            self,
            Self::Bool
                | Self::I32
                | Self::I64
                | Self::U32
                | Self::U64
                | Self::Text
                | Self::Base64
                | Self::Time
                | Self::Struct
                | Self::TextEnum
                | Self::IntegerEnum
        )
    }

    /// Returns the name for messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bool => "`bool`",
            Self::I32 => "`i32`",
            Self::I64 => "`i64`",
            Self::U32 => "`u32`",
            Self::U64 => "`u64`",
            Self::Text => "`String`",
            Self::Base64 => "`Base64`",
            Self::Decimal => "`Decimal`",
            Self::Time | Self::TimeInText => "a `Timestamp`",
            Self::Json => "`Json`",
            Self::List => "a `Vec`",
            Self::Map => "a map",
            Self::Struct => "a struct",
            Self::Row => "a row",
            Self::TextEnum | Self::IntegerEnum => "an enum",
            Self::Alternatives => "an enum of alternatives",
            Self::Several => "any of several",
        }
    }
}
