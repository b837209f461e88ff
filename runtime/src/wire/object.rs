//! Structs that are read only from JSON objects.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};

use super::integer::Inner;

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
