//! Arrays whose positions have meanings, as structs with named fields.
//!
//! `serde_tuple` does not fit: a row may have fewer columns than the struct, and further columns at
//! its end.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::UnitDeserializer;
use serde::de::{Deserializer, Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, Serializer};
use serde_with::de::DeserializeAsWrap;
use serde_with::ser::SerializeAsWrap;
use serde_with::{DeserializeAs, SerializeAs};

use super::integer::Inner;

/// A type that is read and written as a row; [`impl_row!`](crate::impl_row) implements it.
#[doc(hidden)]
pub trait Row: Sized {
    /// The names of the columns.
    const COLUMNS: &'static [&'static str];
    /// The number of columns that every row has.
    const REQUIRED: usize;

    fn read<'de, A: SeqAccess<'de>>(columns: &mut Columns<A>) -> Result<Self, A::Error>;
}

#[doc(hidden)]
pub fn read_row<'de, T: Row, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    // Asks for a tuple, so that integers of the columns are read as in a row, not as in a list.
    deserializer.deserialize_tuple(T::COLUMNS.len(), RowVisitor(PhantomData))
}

struct RowVisitor<T>(PhantomData<T>);

impl<'de, T: Row> Visitor<'de> for RowVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of {} columns", T::REQUIRED)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<T, A::Error> {
        let mut columns = Columns { array: Inner(array), names: T::COLUMNS, required: T::REQUIRED, index: 0 };
        let row = T::read(&mut columns)?;
        while columns.array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(row)
    }
}

/// The columns of a row that is being read.
#[doc(hidden)]
#[derive(Debug)]
pub struct Columns<A> {
    array: Inner<A>,
    names: &'static [&'static str],
    required: usize,
    index: usize,
}

impl<A> Columns<A> {
    /// Returns the next column, read with the adaptor `U`.
    pub fn column<'de, T, U>(&mut self) -> Result<T, A::Error>
    where
        A: SeqAccess<'de>,
        U: DeserializeAs<'de, T>,
    {
        let index = self.index;
        self.index += 1;
        if let Some(value) = self.array.next_element::<DeserializeAsWrap<T, U>>()? {
            return Ok(value.into_inner());
        }
        if index < self.required {
            return Err(A::Error::custom(self.missing(index)));
        }
        // A missing column reads as null.
        U::deserialize_as(UnitDeserializer::new())
    }

    fn missing(&self, index: usize) -> String {
        let name = self.names.get(index).copied().unwrap_or_default();
        format!("column {} (`{name}`) is missing: the row has to have {} columns", index + 1, self.required)
    }
}

/// Writes the columns of a row up to the last one that is present.
#[doc(hidden)]
#[derive(Debug)]
pub struct RowWriter<W> {
    array: W,
    left: usize,
}

impl<W: SerializeSeq> RowWriter<W> {
    /// Starts a row: it has the required columns, and the following ones up to the last that is
    /// present.
    pub fn start<S>(serializer: S, required: usize, present: &[bool]) -> Result<Self, S::Error>
    where
        S: Serializer<SerializeSeq = W>,
    {
        let last = present.iter().rposition(|present| *present).map_or(0, |index| index + 1);
        let left = last.max(required);
        serializer.serialize_seq(Some(left)).map(|array| Self { array, left })
    }

    /// Writes the next column with the adaptor `U`.
    pub fn column<T, U: SerializeAs<T>>(&mut self, value: &T) -> Result<(), W::Error> {
        if self.left == 0 {
            return Ok(());
        }
        self.left -= 1;
        self.array.serialize_element(&SerializeAsWrap::<T, U>::new(value))
    }

    pub fn end(self) -> Result<W::Ok, W::Error> {
        self.array.end()
    }
}

/// A probe of whether a column is present, for any type. [`IsSome`] applies to an `Option`.
/// [`IsThere`] applies to any other type, because method resolution reaches it only with one more
/// reference.
#[doc(hidden)]
#[derive(Debug)]
pub struct Probe<'a, T>(pub &'a T);

#[doc(hidden)]
pub trait IsSome {
    fn is_present(&self) -> bool;
}

impl<T> IsSome for Probe<'_, Option<T>> {
    fn is_present(&self) -> bool {
        self.0.is_some()
    }
}

#[doc(hidden)]
pub trait IsThere {
    fn is_present(&self) -> bool;
}

impl<T> IsThere for &Probe<'_, T> {
    fn is_present(&self) -> bool {
        true
    }
}

/// Makes a struct a row: an array on the wire whose columns are the struct's fields.
///
/// Name each field with its adaptor ([`Same`](crate::wire::Same) if it needs none), in the order of
/// the columns. The first `required` columns have to be present. The columns after them are
/// `Option`s. A missing column is `None`, and the row is written up to the last `Some`. A row with
/// more columns than these is accepted, and the rest is dropped.
///
/// ```
/// use rust_decimal::Decimal;
/// use venuekit::wire::{DecimalString, Same};
///
/// /// One candle.
/// #[derive(Debug, PartialEq)]
/// struct Kline {
///     open_time: i64,
///     open: Decimal,
///     trades: Option<i64>,
/// }
/// venuekit::impl_row!(Kline, required = 2, { open_time: Same, open: DecimalString, trades: Same });
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let kline: Kline = serde_json::from_str(r#"[1499040000000,"0.01634790"]"#)?;
/// assert_eq!(kline.trades, None);
/// assert_eq!(serde_json::to_string(&kline)?, r#"[1499040000000,"0.01634790"]"#);
///
/// let error = serde_json::from_str::<Kline>("[1499040000000]").unwrap_err();
/// assert!(error.to_string().starts_with("column 2 (`open`) is missing: the row has to have 2 columns"));
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! impl_row {
    ($name:ident, required = $required:expr, { $($field:ident: $adaptor:ty),+ $(,)? }) => {
        impl $crate::codegen::Row for $name {
            const COLUMNS: &'static [&'static str] = &[$(::core::stringify!($field)),+];
            const REQUIRED: usize = $required;

            fn read<'de, __A: $crate::codegen::serde::de::SeqAccess<'de>>(
                columns: &mut $crate::codegen::Columns<__A>,
            ) -> ::core::result::Result<Self, __A::Error> {
                ::core::result::Result::Ok(Self { $($field: columns.column::<_, $adaptor>()?),+ })
            }
        }

        const _: () = ::core::assert!(
            <$name as $crate::codegen::Row>::REQUIRED <= <$name as $crate::codegen::Row>::COLUMNS.len(),
            "more columns are required than there are",
        );

        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<__S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                #[allow(unused_imports)]
                use $crate::codegen::{IsSome as _, IsThere as _};
                let mut row = $crate::codegen::RowWriter::start(
                    serializer,
                    <Self as $crate::codegen::Row>::REQUIRED,
                    &[$((&$crate::codegen::Probe(&self.$field)).is_present()),+],
                )?;
                $(row.column::<_, $adaptor>(&self.$field)?;)+
                row.end()
            }
        }

        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::codegen::read_row(deserializer)
            }
        }
    };
}
