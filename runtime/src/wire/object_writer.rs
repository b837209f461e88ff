//! Writes structs together with the members that no field has.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::marker::PhantomData;

use serde::Serialize;
use serde::ser::{Error as _, Impossible, SerializeMap, SerializeStruct, Serializer};
use serde_with::SerializeAs;
use serde_with::ser::SerializeAsWrap;

/// Writes a struct as a map of its fields, and then the members of other names.
///
/// The derived code of a struct calls only `serialize_struct`; any other value is an error.
#[doc(hidden)]
#[derive(Debug)]
pub struct WithOthers<'o, S, T, A> {
    serializer: S,
    others: &'o BTreeMap<String, T>,
    adaptor: PhantomData<A>,
}

impl<'o, S, T, A> WithOthers<'o, S, T, A> {
    pub fn new(serializer: S, others: &'o BTreeMap<String, T>) -> Self {
        Self { serializer, others, adaptor: PhantomData }
    }
}

/// Returns the error of a value that is no struct.
fn no_struct<E: serde::ser::Error>() -> E {
    E::custom("only a struct has members of other names")
}

macro_rules! no_struct {
    ($($method:ident($($argument:ty),*) -> $result:ty;)*) => { $(
        fn $method(self, $(_: $argument),*) -> Result<$result, S::Error> {
            Err(no_struct())
        }
    )* };
}

type No<S> = Impossible<<S as Serializer>::Ok, <S as Serializer>::Error>;

impl<'o, S: Serializer, T, A: SerializeAs<T>> Serializer for WithOthers<'o, S, T, A> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = No<S>;
    type SerializeTuple = No<S>;
    type SerializeTupleStruct = No<S>;
    type SerializeTupleVariant = No<S>;
    type SerializeMap = No<S>;
    type SerializeStruct = Members<'o, S::SerializeMap, T, A>;
    type SerializeStructVariant = No<S>;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, S::Error> {
        let map = self.serializer.serialize_map(None)?;
        Ok(Members { map, others: self.others, adaptor: PhantomData })
    }

    fn is_human_readable(&self) -> bool {
        self.serializer.is_human_readable()
    }

    no_struct! {
        serialize_bool(bool) -> S::Ok;
        serialize_i8(i8) -> S::Ok;
        serialize_i16(i16) -> S::Ok;
        serialize_i32(i32) -> S::Ok;
        serialize_i64(i64) -> S::Ok;
        serialize_u8(u8) -> S::Ok;
        serialize_u16(u16) -> S::Ok;
        serialize_u32(u32) -> S::Ok;
        serialize_u64(u64) -> S::Ok;
        serialize_f32(f32) -> S::Ok;
        serialize_f64(f64) -> S::Ok;
        serialize_char(char) -> S::Ok;
        serialize_str(&str) -> S::Ok;
        serialize_bytes(&[u8]) -> S::Ok;
        serialize_none() -> S::Ok;
        serialize_unit() -> S::Ok;
        serialize_unit_struct(&'static str) -> S::Ok;
        serialize_unit_variant(&'static str, u32, &'static str) -> S::Ok;
        serialize_seq(Option<usize>) -> No<S>;
        serialize_tuple(usize) -> No<S>;
        serialize_tuple_struct(&'static str, usize) -> No<S>;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> No<S>;
        serialize_map(Option<usize>) -> No<S>;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> No<S>;
    }

    fn serialize_some<V: Serialize + ?Sized>(self, _: &V) -> Result<S::Ok, S::Error> {
        Err(no_struct())
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(self, _: &'static str, _: &V) -> Result<S::Ok, S::Error> {
        Err(no_struct())
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &V,
    ) -> Result<S::Ok, S::Error> {
        Err(no_struct())
    }

    fn collect_str<V: Display + ?Sized>(self, _: &V) -> Result<S::Ok, S::Error> {
        Err(no_struct())
    }
}

/// The members of an object that is being written.
#[doc(hidden)]
#[derive(Debug)]
pub struct Members<'o, M, T, A> {
    map: M,
    others: &'o BTreeMap<String, T>,
    adaptor: PhantomData<A>,
}

impl<M: SerializeMap, T, A> Members<'_, M, T, A> {
    /// Refuses a member that is a field as well: the object would have two members of one name.
    fn check(&self, field: &'static str) -> Result<(), M::Error> {
        if self.others.contains_key(field) {
            let message = format!("`{field}` is among the properties of other names (help: set the field instead)");
            return Err(M::Error::custom(message));
        }
        Ok(())
    }
}

impl<M: SerializeMap, T, A: SerializeAs<T>> SerializeStruct for Members<'_, M, T, A> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn serialize_field<V: Serialize + ?Sized>(&mut self, field: &'static str, value: &V) -> Result<(), M::Error> {
        self.check(field)?;
        self.map.serialize_entry(field, value)
    }

    fn skip_field(&mut self, field: &'static str) -> Result<(), M::Error> {
        self.check(field)
    }

    fn end(mut self) -> Result<M::Ok, M::Error> {
        for (name, value) in self.others {
            self.map.serialize_entry(name, &SerializeAsWrap::<T, A>::new(value))?;
        }
        self.map.end()
    }
}
