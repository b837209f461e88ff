//! Structs that are read only from JSON objects.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_with::DeserializeAs;
use serde_with::de::DeserializeAsWrap;

use super::integer::Inner;
use super::raw::TextSeed;

/// Lets a struct be read from an object only.
///
/// The implementation that serde derives for a struct also reads an array, with the fields in their
/// order: `["1", "2"]` would be a ticker, and `["x"]` a placed order. To prevent this, put
/// `#[serde(remote = "Self")]` on the struct, so that serde derives functions instead of
/// implementations, and name the struct here.
///
/// ```
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, PartialEq, Serialize, Deserialize)]
/// #[serde(remote = "Self")]
/// struct Placed {
///     id: i64,
/// }
///
/// venuekit::impl_object!(Placed);
///
/// # fn main() -> Result<(), serde_json::Error> {
/// assert_eq!(serde_json::from_str::<Placed>(r#"{"id":7}"#)?, Placed { id: 7 });
/// assert!(serde_json::from_str::<Placed>("[7]").is_err());
/// assert_eq!(serde_json::to_string(&Placed { id: 7 })?, r#"{"id":7}"#);
/// # Ok(())
/// # }
/// ```
///
/// A struct can keep the members of other names in a field with `#[serde(skip)]`. They are read and
/// written with an adaptor, value by value, so that no digit changes. `serde(flatten)` reads
/// numbers as floats first.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use serde::{Deserialize, Serialize};
/// use venuekit::wire::{Json, Same};
///
/// #[derive(Debug, PartialEq, Serialize, Deserialize)]
/// #[serde(remote = "Self")]
/// struct Ticker {
///     symbol: String,
///     #[serde(skip)]
///     others: BTreeMap<String, Json>,
/// }
///
/// venuekit::impl_object!(Ticker, others = others: Same);
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let json = r#"{"symbol":"BTC","ask":1.2345678901234567e-15}"#;
/// let ticker: Ticker = serde_json::from_str(json)?;
/// assert_eq!(ticker.others["ask"].get(), "1.2345678901234567e-15");
/// assert_eq!(serde_json::to_string(&ticker)?, json);
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! impl_object {
    ($name:ident) => {
        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<__S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                // Inside this function, `Self::serialize` is the derived function: it hides the
                // trait's method.
                Self::serialize(self, serializer)
            }
        }

        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                Self::deserialize($crate::codegen::ObjectOnly(deserializer))
            }
        }
    };
    ($name:ident, others = $others:ident: $adaptor:ty) => {
        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<__S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                let others = $crate::codegen::WithOthers::<_, _, $adaptor>::new(serializer, &self.$others);
                Self::serialize(self, others)
            }
        }

        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                let mut others = ::std::collections::BTreeMap::new();
                let object = $crate::codegen::OpenObject::<_, _, $adaptor>::new(deserializer, &mut others);
                let mut value = Self::deserialize(object)?;
                value.$others = others;
                Ok(value)
            }
        }
    };
}

/// Reads a struct from a map only, and its integers from text of digits as well.
#[doc(hidden)]
#[derive(Debug)]
pub struct ObjectOnly<D>(pub D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectOnly<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, ObjectVisitor(visitor))
    }

    // The derived code of a struct calls only `deserialize_struct`.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(ObjectVisitor(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// A visitor that takes the entries of a map, and rejects the other forms a struct can be read
/// from.
struct ObjectVisitor<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for ObjectVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Inner(members))
    }
}

/// Reads a struct as [`ObjectOnly`] does, and keeps the members of other names in a map.
#[doc(hidden)]
#[derive(Debug)]
pub struct OpenObject<'o, D, T, A> {
    deserializer: D,
    others: &'o mut BTreeMap<String, T>,
    adaptor: PhantomData<A>,
}

impl<'o, D, T, A> OpenObject<'o, D, T, A> {
    pub fn new(deserializer: D, others: &'o mut BTreeMap<String, T>) -> Self {
        Self { deserializer, others, adaptor: PhantomData }
    }
}

impl<'de, D: Deserializer<'de>, T, A: DeserializeAs<'de, T>> Deserializer<'de> for OpenObject<'_, D, T, A> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = OpenVisitor { visitor, fields, others: self.others, adaptor: PhantomData::<A> };
        self.deserializer.deserialize_struct(name, fields, visitor)
    }

    // The derived code of a struct calls only `deserialize_struct`.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_struct("", &[], visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.deserializer.is_human_readable()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// A visitor that takes the entries of a map, and passes on those of the fields.
struct OpenVisitor<'o, V, T, A> {
    visitor: V,
    fields: &'static [&'static str],
    others: &'o mut BTreeMap<String, T>,
    adaptor: PhantomData<A>,
}

impl<'de, V: Visitor<'de>, T, A: DeserializeAs<'de, T>> Visitor<'de> for OpenVisitor<'_, V, T, A> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<M: MapAccess<'de>>(self, members: M) -> Result<V::Value, M::Error> {
        let Self { visitor, fields, others, adaptor } = self;
        visitor.visit_map(OpenMembers { members: Inner(members), fields, others, adaptor })
    }
}

/// The members of an object. Those that are no field go into a map.
struct OpenMembers<'o, M, T, A> {
    members: Inner<M>,
    fields: &'static [&'static str],
    others: &'o mut BTreeMap<String, T>,
    adaptor: PhantomData<A>,
}

impl<'de, M: MapAccess<'de>, T, A: DeserializeAs<'de, T>> MapAccess<'de> for OpenMembers<'_, M, T, A> {
    type Error = M::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, M::Error> {
        while let Some(name) = self.members.next_key_seed(TextSeed)? {
            if self.fields.contains(&&*name) {
                return seed.deserialize(CowStrDeserializer::new(name)).map(Some);
            }
            let value = self.members.next_value::<DeserializeAsWrap<T, A>>()?;
            self.others.insert(name.into_owned(), value.into_inner());
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, M::Error> {
        self.members.next_value_seed(seed)
    }
}
