//! Values of one of several JSON kinds, such as a number or a boolean.
//!
//! serde's `untagged` does not fit: it reads a value into a buffer first, where numbers are floats.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use venuekit_json::reader::{self, Reader, is_token};

use super::integer::TextIntegers;
use super::raw::{Kind, TextSeed, deserialize_raw};

/// The decoders that [`either!`](crate::either) implements, one per JSON kind. A kind without a
/// decoder is an error.
#[doc(hidden)]
pub trait Alternatives: Sized {
    /// The kinds that are implemented.
    const KINDS: &'static [&'static str];

    /// True to read from the stream, which is fast for large objects and arrays. False to read from
    /// the value's text, which keeps the digits of numbers.
    const STREAMED: bool = !is_numeric(Self::KINDS);

    fn object<'de, D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        unfit(Self::KINDS, Kind::Object)
    }

    fn array<'de, D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        unfit(Self::KINDS, Kind::Array)
    }

    /// Reads a string as a number, for enums without a string variant.
    fn string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if Self::KINDS.contains(&"integer") {
            Self::integer(TextIntegers(deserializer))
        } else if Self::KINDS.contains(&"number") {
            Self::number(deserializer)
        } else {
            unfit(Self::KINDS, Kind::String)
        }
    }

    fn boolean<'de, D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        unfit(Self::KINDS, Kind::Boolean)
    }

    /// Reads an integer as a number, for enums without an integer variant.
    fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if Self::KINDS.contains(&"number") { Self::number(deserializer) } else { unfit(Self::KINDS, Kind::Integer) }
    }

    fn number<'de, D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        unfit(Self::KINDS, Kind::Number)
    }
}

const fn is_numeric(kinds: &[&str]) -> bool {
    match kinds {
        [] => false,
        [kind, rest @ ..] => matches!(kind.as_bytes(), b"integer" | b"number") || is_numeric(rest),
    }
}

fn unfit<T, E: Error>(kinds: &'static [&'static str], found: Kind) -> Result<T, E> {
    Err(E::custom(format_args!("expected {}, found {}", KindList(kinds), found.name())))
}

/// A display of kinds as a list: "an object, an array or a string".
struct KindList(&'static [&'static str]);

impl fmt::Display for KindList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, kind) in self.0.iter().enumerate() {
            f.write_str(match index {
                0 => "",
                _ if index + 1 == self.0.len() => " or ",
                _ => ", ",
            })?;
            let article = if kind.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
            write!(f, "{article} {kind}")?;
        }
        Ok(())
    }
}

#[doc(hidden)]
pub fn read_either<'de, T: Alternatives, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    if T::STREAMED {
        deserializer.deserialize_any(EitherVisitor(PhantomData))
    } else {
        deserialize_raw(deserializer, EitherVisitor(PhantomData))
    }
}

struct EitherVisitor<T>(PhantomData<T>);

impl<T: Alternatives> EitherVisitor<T> {
    fn from_json<E: Error>(json: &str) -> Result<T, E> {
        let mut reader = Reader::from_str(json);
        let deserializer = TextIntegers(&mut reader);
        match Kind::of(json) {
            Kind::Object => T::object(deserializer),
            Kind::Array => T::array(deserializer),
            Kind::String => T::string(deserializer),
            Kind::Boolean => T::boolean(deserializer),
            Kind::Integer => T::integer(deserializer),
            Kind::Number => T::number(deserializer),
            Kind::Null => unfit(T::KINDS, Kind::Null),
        }
        .map_err(|error: reader::Error| E::custom(error.message()))
    }
}

impl<'de, T: Alternatives> Visitor<'de> for EitherVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&KindList(T::KINDS), f)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        if T::STREAMED {
            return T::object(TextIntegers(MapAccessDeserializer::new(map)));
        }
        let first = map.next_key_seed(TextSeed)?;
        if first.as_deref().is_some_and(is_token) {
            return Self::from_json(&map.next_value_seed(TextSeed)?);
        }
        T::object(TextIntegers(MapAccessDeserializer::new(Reopened { first, map })))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<T, A::Error> {
        T::array(TextIntegers(SeqAccessDeserializer::new(array)))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        read_either(deserializer)
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        unfit(T::KINDS, Kind::Null)
    }

    fn visit_none<E: Error>(self) -> Result<T, E> {
        unfit(T::KINDS, Kind::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        T::boolean(value.into_deserializer())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::integer(value.into_deserializer())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        T::integer(value.into_deserializer())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        T::number(value.into_deserializer())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<T, E> {
        T::string(BorrowedStrDeserializer::new(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::string(text.into_deserializer())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<T, E> {
        T::string(text.into_deserializer())
    }
}

/// A map whose first key was already read, to check whether the map is serde_json's form of a raw
/// value.
pub(super) struct Reopened<'de, A> {
    pub(super) first: Option<Cow<'de, str>>,
    pub(super) map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Reopened<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(key) => seed.deserialize(key.into_deserializer()).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.map.size_hint().map(|rest| rest + usize::from(self.first.is_some()))
    }
}

/// Declares an enum whose variants differ in their JSON kind. The kind of a value selects the
/// variant.
///
/// Each variant is written as `kind => Variant(Type)`, or `kind => Variant(Type as Adaptor)`. The
/// kinds are `object`, `array`, `string`, `integer`, `number` and `boolean`; each may occur once.
/// Without an `integer` variant, a `number` also takes integers. Without a `string` variant, a
/// string is read as a number, if the enum has a variant for numbers. For an id that is an integer
/// or text, use [`IntegerOrText`](crate::wire::IntegerOrText) instead: it treats both spellings as
/// one value.
///
/// ```
/// use rust_decimal::Decimal;
/// use venuekit::wire::DecimalNumber;
///
/// venuekit::either! {
///     /// The result of a request.
///     #[derive(Eq, Hash)]
///     pub enum Status {
///         /// A code.
///         integer => Code(i64),
///         /// True if it was done.
///         boolean => Done(bool),
///     }
/// }
/// venuekit::either! {
///     /// A moment: its time or its name.
///     pub enum Epoch {
///         /// Seconds.
///         number => Seconds(Decimal as DecimalNumber),
///         /// Its name.
///         string => Name(String),
///     }
/// }
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let all: Vec<Status> = serde_json::from_str("[17,true]")?;
/// assert_eq!(all, [Status::from(17), Status::Done(true)]);
/// assert_eq!(serde_json::to_string(&all)?, "[17,true]");
///
/// let epoch: Epoch = serde_json::from_str("1518074034.9090531")?;
/// assert_eq!(epoch.to_string(), "1518074034.9090531");
///
/// let error = serde_json::from_str::<Status>("{}").unwrap_err();
/// assert_eq!(error.to_string(), "expected an integer or a boolean, found an object");
/// # Ok(())
/// # }
/// ```
///
/// The enum implements `Clone`, `Debug`, `PartialEq`, `Serialize`, `Deserialize`, and `From` the
/// type of each variant. Write `pub enum Name without From { .. }` if two variants have the same
/// type. It implements `Display` if no variant is an object or an array, and `Blank` if the type of
/// the first variant does. Further derives are passed on.
#[macro_export]
macro_rules! either {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident $(without $without:ident)? {
            $($(#[$variant_meta:meta])* $kind:ident => $variant:ident($ty:ty $(as $adaptor:ty)?)),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        $vis enum $name {
            $($(#[$variant_meta])* $variant($ty),)+
        }

        impl $crate::codegen::Alternatives for $name {
            const KINDS: &'static [&'static str] = &[$(::core::stringify!($kind)),+];

            $(fn $kind<'de, __D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                <$crate::__adaptor!($($adaptor)?) as $crate::codegen::serde_with::DeserializeAs<'de, $ty>>
                    ::deserialize_as(deserializer).map(Self::$variant)
            })+
        }

        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::codegen::read_either(deserializer)
            }
        }

        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<__S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$variant(value) => {
                        <$crate::__adaptor!($($adaptor)?) as $crate::codegen::serde_with::SerializeAs<$ty>>
                            ::serialize_as(value, serializer)
                    })+
                }
            }
        }

        $crate::__either_display! { $name [$($kind)+] [$($variant)+] }
        $crate::__either_from! { $name [$($without)?] $($variant($ty))+ }
        $crate::__either_blank! { $name $($variant($ty))+ }
    };
}

/// Expands to the given adaptor, or to `Same`.
#[doc(hidden)]
#[macro_export]
macro_rules! __adaptor {
    () => {
        $crate::wire::Same
    };
    ($adaptor:ty) => {
        $adaptor
    };
}

/// Implements `Display` when all variants are scalars.
#[doc(hidden)]
#[macro_export]
macro_rules! __either_display {
    ($name:ident [object $($kind:ident)*] $variants:tt) => {};
    ($name:ident [array $($kind:ident)*] $variants:tt) => {};
    ($name:ident [$first:ident $($kind:ident)*] $variants:tt) => {
        $crate::__either_display! { $name [$($kind)*] $variants }
    };
    ($name:ident [] [$($variant:ident)+]) => {
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    $(Self::$variant(value) => ::core::fmt::Display::fmt(value, f),)+
                }
            }
        }
    };
}

/// Implements `From` the type of each variant, except after `without From`.
#[doc(hidden)]
#[macro_export]
macro_rules! __either_from {
    ($name:ident [From] $($variant:ident($ty:ty))+) => {};
    ($name:ident [] $($variant:ident($ty:ty))+) => {
        $(impl ::core::convert::From<$ty> for $name {
            fn from(value: $ty) -> Self {
                Self::$variant(value)
            }
        })+

        $($crate::__stands_for!($name: $ty);)+
    };
}

/// Implements `Blank` if the first variant's type does. (A bound without type variables is an error
/// if it does not hold. With `for<'a>` it is only a condition.)
#[doc(hidden)]
#[macro_export]
macro_rules! __either_blank {
    ($name:ident $variant:ident($ty:ty) $($rest:tt)*) => {
        impl $crate::codegen::Blank for $name
        where
            for<'a> $ty: $crate::codegen::Blank,
        {
            fn blank() -> Self {
                Self::$variant(<$ty as $crate::codegen::Blank>::blank())
            }
        }
    };
}
