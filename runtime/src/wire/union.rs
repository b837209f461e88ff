//! Objects of one of several types, which the members of the object select.
//!
//! serde's `tag` and `untagged` do not fit: they read a value into a buffer first, where numbers
//! are floats, and `untagged` takes the first type that happens to fit.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use venuekit_json::reader::{self, Reader, is_token};

use super::either::Reopened;
use super::json::Json;
use super::leniency::Level;
use super::raw::{Kind, TextSeed, deserialize_raw};

/// The decoder that [`tagged!`](crate::tagged) and [`by_presence!`](crate::by_presence) implement.
#[doc(hidden)]
pub trait Union: Sized {
    /// Reads the object as the type that its members select.
    fn from_object(object: &ObjectText<'_>) -> Result<Self, serde_json::Error>;
}

/// A value of a member that selects the type of its object.
#[doc(hidden)]
pub trait TagValue {
    /// Returns whether a JSON text is this value.
    fn is(&self, json: &str) -> bool;
}

impl TagValue for &str {
    fn is(&self, json: &str) -> bool {
        match json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(plain) if !plain.contains('\\') => plain == *self,
            Some(_) => serde_json::from_str::<String>(json).is_ok_and(|text| text == *self),
            None => false,
        }
    }
}

impl TagValue for i64 {
    /// An integer also matches a string of its digits.
    fn is(&self, json: &str) -> bool {
        let digits = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(json);
        digits == self.to_string()
    }
}

/// The text of an object, and its members.
#[doc(hidden)]
#[derive(Debug)]
pub struct ObjectText<'a> {
    json: &'a str,
    members: Vec<(Cow<'a, str>, &'a str)>,
}

impl<'a> ObjectText<'a> {
    fn parse(json: &'a str) -> Result<Self, serde_json::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Vec<(Cow<'de, str>, &'de str)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(name) = map.next_key_seed(TextSeed)? {
                    members.push((name, map.next_value::<&'de RawValue>()?.get()));
                }
                Ok(members)
            }
        }

        match Kind::of(json) {
            Kind::Object => {}
            found => return Err(serde_json::Error::custom(format_args!("expected an object, found {}", found.name()))),
        }
        let members = Reader::from_str(json).deserialize_map(MembersVisitor)?;
        Ok(Self { json, members })
    }

    /// Returns the JSON of a member; `None` if the object lacks it, or has it more than once.
    fn member(&self, name: &str) -> Option<&'a str> {
        let mut found = self.members.iter().filter(|(known, _)| known == name);
        let (_, json) = found.next()?;
        found.next().is_none().then_some(*json)
    }

    fn has(&self, name: &str) -> bool {
        self.member(name).is_some_and(|json| Kind::of(json) != Kind::Null)
    }

    /// Returns whether a member has one of several values.
    pub fn is(&self, name: &str, values: &[&dyn TagValue]) -> bool {
        self.member(name).is_some_and(|json| values.iter().any(|value| value.is(json)))
    }

    /// Returns whether the object has all members of a set, and no member of the other sets. A
    /// member that is null counts as absent.
    pub fn has_only(&self, set: &[&str], sets: &[&[&str]]) -> bool {
        let has_other = |other: &[&str]| other != set && other.iter().any(|name| self.has(name));
        set.iter().all(|name| self.has(name)) && !sets.iter().any(|other| has_other(other))
    }

    /// Reads the object as a type.
    ///
    /// # Errors
    /// When the object is not a value of the type.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        Ok(reader::from_str(self.json)?)
    }

    /// Returns the object as it came.
    ///
    /// # Errors
    /// Never, because the text is JSON.
    pub fn keep(&self) -> Result<Json, serde_json::Error> {
        Json::parse(self.json)
    }
}

#[doc(hidden)]
pub fn read_union<'de, T: Union, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    // Each union is read by its own reader, so the depth limit of a reader does not apply to all of
    // them together.
    let _level = Level::enter().ok_or_else(|| D::Error::custom("too many objects are inside each other"))?;
    deserialize_raw(deserializer, UnionVisitor(PhantomData))
}

/// Returns the message of an error without its line and column. They would mislead, because the
/// text was embedded in other text.
fn unplaced(error: &serde_json::Error) -> String {
    let mut message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    if message.ends_with(&place) {
        message.truncate(message.len() - place.len());
    }
    message
}

struct UnionVisitor<T>(PhantomData<T>);

impl<T: Union> UnionVisitor<T> {
    fn from_json<E: Error>(json: &str) -> Result<T, E> {
        let value = ObjectText::parse(json).and_then(|object| T::from_object(&object));
        value.map_err(|error| E::custom(unplaced(&error)))
    }
}

impl<'de, T: Union> Visitor<'de> for UnionVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let first = map.next_key_seed(TextSeed)?;
        if first.as_deref().is_some_and(is_token) {
            return Self::from_json(&map.next_value_seed(TextSeed)?);
        }
        // The object was opened already, or is in another format.
        let json = Json::deserialize(MapAccessDeserializer::new(Reopened { first, map }))?;
        Self::from_json(json.get())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserialize_raw(deserializer, self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<T, A::Error> {
        Err(A::Error::custom("expected an object, found an array"))
    }
}

/// Declares an enum of objects whose type is selected by the value of a member.
///
/// Each variant is written as `"value" | "other value" => Variant(Type)`; the values are text or
/// integers. Venues add types without notice. The enum has one more variant, `Unrecognized`. That
/// variant holds an object with another value of the member, or without the member, and writes it
/// back unchanged.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use venuekit::wire::{As, DecimalString};
///
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// pub struct Limit {
///     #[serde(rename = "type")]
///     kind: String,
///     #[serde(with = "As::<DecimalString>")]
///     price: rust_decimal::Decimal,
/// }
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// pub struct Market {
///     #[serde(rename = "type")]
///     kind: String,
/// }
///
/// venuekit::tagged! {
///     /// An order.
///     pub enum Order by "type" {
///         /// At its price or better.
///         "limit" | "post_only" => Limit(Limit),
///         /// At the price of the market.
///         "market" => Market(Market),
///     }
/// }
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let text = r#"[{"type":"limit","price":"1.50"},{"type":"stop","trigger":1.00000000000000000001}]"#;
/// let orders: Vec<Order> = serde_json::from_str(text)?;
/// assert!(matches!(&orders[0], Order::Limit(_)));
/// assert!(matches!(&orders[1], Order::Unrecognized(_)));
/// assert_eq!(serde_json::to_string(&orders)?, text);
/// # Ok(())
/// # }
/// ```
///
/// The enum implements `Clone`, `Debug`, `PartialEq`, `Serialize`, `Deserialize`, `Blank`, and
/// `From` the type of each variant. Write `pub enum Name without From by "type" { .. }` if two
/// variants have the same type.
#[macro_export]
macro_rules! tagged {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident $(without $without:ident)? by $tag:literal {
            $($(#[$variant_meta:meta])* $($value:literal)|+ => $variant:ident($ty:ty)),+ $(,)?
        }
    ) => {
        $crate::__union! {
            [$(#[$meta])*] $vis $name [$($without)?]
            $([$(#[$variant_meta])*] $variant($ty))+
        }

        impl $crate::codegen::Union for $name {
            fn from_object(
                object: &$crate::codegen::ObjectText<'_>,
            ) -> ::core::result::Result<Self, $crate::codegen::serde_json::Error> {
                $(if object.is($tag, &[$(&$value),+]) {
                    return object.decode().map(Self::$variant);
                })+
                object.keep().map(Self::Unrecognized)
            }
        }
    };
}

/// Declares an enum of objects whose type is selected by the members that are present.
///
/// Each variant is written as `["member", "other member"] => Variant(Type)`. The members are those
/// that an object of the type always has, and that no other type has. An object has a type if it
/// has all members of the type and none of the members of the other types. A member that is null
/// counts as absent. Any other object is `Unrecognized`, and is written back unchanged.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// pub struct Filled { trade_id: i64 }
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// pub struct Refused { reason: String }
///
/// venuekit::by_presence! {
///     /// The fate of an order.
///     pub enum Fate {
///         /// It was filled.
///         ["trade_id"] => Filled(Filled),
///         /// It was refused.
///         ["reason"] => Refused(Refused),
///     }
/// }
///
/// # fn main() -> Result<(), serde_json::Error> {
/// assert_eq!(serde_json::from_str::<Fate>(r#"{"trade_id":7}"#)?, Fate::from(Filled { trade_id: 7 }));
/// let both = r#"{"trade_id":7,"reason":"late"}"#;
/// assert!(matches!(serde_json::from_str(both)?, Fate::Unrecognized(json) if json.get() == both));
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! by_presence {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident $(without $without:ident)? {
            $($(#[$variant_meta:meta])* [$($member:literal),+ $(,)?] => $variant:ident($ty:ty)),+ $(,)?
        }
    ) => {
        $crate::__union! {
            [$(#[$meta])*] $vis $name [$($without)?]
            $([$(#[$variant_meta])*] $variant($ty))+
        }

        impl $crate::codegen::Union for $name {
            fn from_object(
                object: &$crate::codegen::ObjectText<'_>,
            ) -> ::core::result::Result<Self, $crate::codegen::serde_json::Error> {
                const SETS: &[&[&str]] = &[$(&[$($member),+]),+];
                $(if object.has_only(&[$($member),+], SETS) {
                    return object.decode().map(Self::$variant);
                })+
                object.keep().map(Self::Unrecognized)
            }
        }
    };
}

/// Generates the parts that the macros of unions have in common.
#[doc(hidden)]
#[macro_export]
macro_rules! __union {
    ([$($meta:tt)*] $vis:vis $name:ident $without:tt $([$($variant_meta:tt)*] $variant:ident($ty:ty))+) => {
        $($meta)*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        $vis enum $name {
            $($($variant_meta)* $variant($ty),)+
            /// An object of another type, as its exact JSON.
            Unrecognized($crate::wire::Json),
        }

        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::codegen::read_union(deserializer)
            }
        }

        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<__S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$variant(value) => $crate::codegen::serde::Serialize::serialize(value, serializer),)+
                    Self::Unrecognized(json) => $crate::codegen::serde::Serialize::serialize(json, serializer),
                }
            }
        }

        impl $crate::codegen::Blank for $name {
            fn blank() -> Self {
                Self::Unrecognized($crate::wire::Json::null())
            }
        }

        $crate::__either_from! { $name $without $($variant($ty))+ }
    };
}

/// Declares a type whose values can be of several types that nothing in the JSON distinguishes.
///
/// The value is its exact JSON, and is written back unchanged. Each line declares two methods: the
/// first reads the value as the type, the second creates the value from the type.
///
/// ```
/// venuekit::raw_union! {
///     /// The parameters of a request.
///     pub struct Parameters {
///         /// A list of names.
///         as_names, from_names: Vec<String>,
///         /// Numbers by name.
///         as_numbers, from_numbers: std::collections::BTreeMap<String, i64>,
///     }
/// }
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let parameters: Parameters = serde_json::from_str(r#"["a", "b"]"#)?;
/// assert_eq!(parameters.as_names()?, ["a", "b"]);
/// assert!(parameters.as_numbers().is_err());
/// assert_eq!(parameters.json().get(), r#"["a", "b"]"#);
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! raw_union {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$method_meta:meta])* $as:ident, $from:ident: $ty:ty $(as $adaptor:ty)?),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        $vis struct $name($crate::wire::Json);

        impl $name {
            /// Returns the JSON of the value.
            pub fn json(&self) -> &$crate::wire::Json {
                &self.0
            }

            $(
                $(#[$method_meta])*
                ///
                /// # Errors
                ///
                /// When the value does not have this type.
                pub fn $as(&self) -> ::core::result::Result<$ty, $crate::codegen::serde_json::Error> {
                    self.0
                        .decode::<$crate::wire::DecodeAs<$ty, $crate::__adaptor!($($adaptor)?)>>()
                        .map(|value| value.into_inner())
                }

                #[doc = ::core::concat!("Creates the value that [`", ::core::stringify!($as), "`](Self::", ::core::stringify!($as), ") reads.")]
                ///
                /// # Errors
                ///
                /// When the value cannot be written as JSON.
                pub fn $from(value: &$ty) -> ::core::result::Result<Self, $crate::codegen::serde_json::Error> {
                    $crate::wire::Json::encode(
                        &$crate::wire::EncodeAs::<$ty, $crate::__adaptor!($($adaptor)?)>::new(value),
                    )
                    .map(Self)
                }
            )+
        }

        impl ::core::convert::From<$crate::wire::Json> for $name {
            fn from(json: $crate::wire::Json) -> Self {
                Self(json)
            }
        }

        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                <$crate::wire::Json as $crate::codegen::serde::Deserialize<'de>>::deserialize(deserializer).map(Self)
            }
        }

        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<__S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                $crate::codegen::serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl $crate::codegen::Blank for $name {
            fn blank() -> Self {
                Self($crate::wire::Json::null())
            }
        }

        $crate::__stands_for!($name: $crate::wire::Json);
    };
}
