//! Fields that can be absent, null or a value.
//!
//! `double_option` of `serde_with` reads the same three states as an `Option<Option<T>>`. A type
//! with three named states is clearer at the call.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_with::ser::SerializeAsWrap;
use serde_with::{DeserializeAs, Same, SerializeAs};

use super::integer_or_text::IntegerOrText;
use crate::codegen::blank::Blank;

/// A field that can be absent, null or a value, where null has another meaning than absence.
///
/// The setter of such a field takes a value, an `Option` (`None` leaves the property out) or a
/// `Maybe` ([`Maybe::Null`] sends null).
///
/// ```
/// use venuekit::wire::Maybe;
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Amend {
///     #[serde(default, skip_serializing_if = "Maybe::is_absent")]
///     tag: Maybe<String>,
/// }
///
/// let tag = |json| serde_json::from_str::<Amend>(json).map(|amend| amend.tag);
/// assert_eq!(tag("{}")?, Maybe::Absent);
/// assert_eq!(tag(r#"{"tag":null}"#)?, Maybe::Null);
/// assert_eq!(tag(r#"{"tag":"a"}"#)?.as_deref(), Maybe::Value("a"));
///
/// assert_eq!(serde_json::to_string(&Amend { tag: Maybe::Absent })?, "{}");
/// assert_eq!(serde_json::to_string(&Amend { tag: Maybe::Null })?, r#"{"tag":null}"#);
/// assert_eq!(serde_json::to_string(&Amend { tag: "a".into() })?, r#"{"tag":"a"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Code that treats null and absence alike takes the value:
///
/// ```
/// # use venuekit::wire::Maybe;
/// let (price, tag) = (Maybe::Value(7), Maybe::<String>::Null);
/// assert_eq!(price.value(), Some(&7));
/// assert_eq!(tag.into_option(), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Maybe<T> {
    /// The property is absent.
    #[default]
    Absent,
    /// The property is null.
    Null,
    /// The property has a value.
    Value(T),
}

impl<T> Maybe<T> {
    /// Returns the value, if there is one.
    pub fn value(&self) -> Option<&T> {
        self.as_ref().into_option()
    }

    /// Takes the value out, if there is one.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Returns whether the property is absent.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Returns whether the property is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns whether there is a value.
    pub fn is_value(&self) -> bool {
        matches!(self, Self::Value(_))
    }

    /// Borrows the value.
    pub fn as_ref(&self) -> Maybe<&T> {
        match self {
            Self::Absent => Maybe::Absent,
            Self::Null => Maybe::Null,
            Self::Value(value) => Maybe::Value(value),
        }
    }

    /// Borrows the target of the value: a `str` of a `String`.
    pub fn as_deref(&self) -> Maybe<&T::Target>
    where
        T: Deref,
    {
        self.as_ref().map(Deref::deref)
    }

    /// Maps the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Maybe<U> {
        match self {
            Self::Absent => Maybe::Absent,
            Self::Null => Maybe::Null,
            Self::Value(value) => Maybe::Value(change(value)),
        }
    }
}

impl<T> Blank for Maybe<T> {
    fn blank() -> Self {
        Self::Absent
    }
}

impl<T> From<T> for Maybe<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// `None` becomes `Absent`.
impl<T> From<Option<T>> for Maybe<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

impl From<&str> for Maybe<String> {
    fn from(text: &str) -> Self {
        Self::Value(text.to_owned())
    }
}

impl From<&String> for Maybe<String> {
    fn from(text: &String) -> Self {
        Self::Value(text.clone())
    }
}

impl From<Option<&str>> for Maybe<String> {
    fn from(text: Option<&str>) -> Self {
        text.map(str::to_owned).into()
    }
}

macro_rules! from_id {
    ($($ty:ty)*) => { $(
        impl From<$ty> for Maybe<IntegerOrText> {
            fn from(id: $ty) -> Self {
                Self::Value(id.into())
            }
        }
    )* };
}

from_id! { i32 u32 i64 u64 &str String &IntegerOrText }

impl<T: Serialize> Serialize for Maybe<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Maybe::<Same>::serialize_as(self, serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Maybe::<Same>::deserialize_as(deserializer)
    }
}

impl<T, U: SerializeAs<T>> SerializeAs<Maybe<T>> for Maybe<U> {
    fn serialize_as<S: Serializer>(source: &Maybe<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match source {
            Maybe::Value(value) => serializer.serialize_some(&SerializeAsWrap::<T, U>::new(value)),
            Maybe::Absent | Maybe::Null => serializer.serialize_none(),
        }
    }
}

impl<'de, T, U: DeserializeAs<'de, T>> DeserializeAs<'de, Maybe<T>> for Maybe<U> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Maybe<T>, D::Error> {
        deserializer.deserialize_option(MaybeVisitor::<T, U>(PhantomData))
    }
}

struct MaybeVisitor<T, U>(PhantomData<(T, U)>);

impl<'de, T, U: DeserializeAs<'de, T>> Visitor<'de> for MaybeVisitor<T, U> {
    type Value = Maybe<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null or a value")
    }

    fn visit_none<E: Error>(self) -> Result<Maybe<T>, E> {
        Ok(Maybe::Null)
    }

    fn visit_unit<E: Error>(self) -> Result<Maybe<T>, E> {
        Ok(Maybe::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Maybe<T>, D::Error> {
        U::deserialize_as(deserializer).map(Maybe::Value)
    }
}

/// An adaptor for an optional property of any JSON value, including null: only an absent property
/// is `None`.
///
/// ```
/// use venuekit::wire::{As, Json, Present};
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Event {
///     #[serde(default, skip_serializing_if = "Option::is_none", with = "As::<Present>")]
///     data: Option<Json>,
/// }
///
/// let event: Event = serde_json::from_str(r#"{"data":null}"#)?;
/// assert_eq!(event.data, Some(Json::null()));
/// assert_eq!(serde_json::to_string(&event)?, r#"{"data":null}"#);
/// assert_eq!(serde_json::from_str::<Event>("{}")?.data, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Present;

impl<T: Serialize> SerializeAs<Option<T>> for Present {
    fn serialize_as<S: Serializer>(source: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        source.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> DeserializeAs<'de, Option<T>> for Present {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        T::deserialize(deserializer).map(Some)
    }
}
