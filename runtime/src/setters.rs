//! The argument types of the setters of operations and of bodies.

use std::borrow::Borrow;

use bytes::Bytes;
use rust_decimal::Decimal;

use crate::file::File;
use crate::upload::Upload;
use crate::wire::base64::Base64;
use crate::wire::integer_or_text::IntegerOrText;
use crate::wire::maybe::Maybe;
use crate::wire::number::Number;

/// Marks, in the type of an operation or of a builder, that a required value was set.
#[derive(Clone, Copy, Debug)]
pub enum Given {}

/// An argument of the setter of an optional value: the value, an `Option` of it, or a value that
/// converts into it.
///
/// `None` leaves the value out. These arguments convert: for text, `&str` and `String`; for an id,
/// an integer and text; for an enum, also its text on the wire; for a list, also an array and a
/// slice. A reference is cloned.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given here",
    label = "expected `{T}`, or an `Option` of it"
)]
pub trait Optional<T> {
    /// Returns the value, if there is one.
    #[doc(hidden)]
    fn into_optional(self) -> Option<T>;
}

impl<T> Optional<T> for T {
    fn into_optional(self) -> Option<T> {
        Some(self)
    }
}

impl<T> Optional<T> for Option<T> {
    fn into_optional(self) -> Self {
        self
    }
}

impl<T: Clone> Optional<T> for &T {
    fn into_optional(self) -> Option<T> {
        Some(self.clone())
    }
}

/// An argument of the setter of a value that can be absent or null: any argument that [`Optional`]
/// accepts, or a [`Maybe`].
///
/// `None` leaves the value out, `Maybe::Null` sends null.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given here",
    label = "expected `{T}`, an `Option` of it, or a `Maybe`"
)]
pub trait Nullable<T> {
    /// Returns the value, null or absence.
    #[doc(hidden)]
    fn into_maybe(self) -> Maybe<T>;
}

impl<T> Nullable<T> for T {
    fn into_maybe(self) -> Maybe<T> {
        Maybe::Value(self)
    }
}

impl<T> Nullable<T> for Option<T> {
    fn into_maybe(self) -> Maybe<T> {
        self.into()
    }
}

impl<T> Nullable<T> for Maybe<T> {
    fn into_maybe(self) -> Self {
        self
    }
}

impl<T: Clone> Nullable<T> for &T {
    fn into_maybe(self) -> Maybe<T> {
        Maybe::Value(self.clone())
    }
}

// The traits below accept the same arguments as the traits above. They have messages of their own,
// because the note of a message cannot depend on a type.

/// An argument of the setter of an optional decimal: any argument that [`Optional`] accepts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given here",
    label = "expected a `Decimal`, an integer, or an `Option` of a `Decimal`",
    note = "a price or an amount is a decimal, written `dec!(1.50)`; it is never a float"
)]
pub trait OptionalDecimal: Optional<Decimal> {}

#[diagnostic::do_not_recommend]
impl<A: Optional<Decimal>> OptionalDecimal for A {}

/// An argument of the setter of an optional text: any argument that [`Optional`] accepts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given here",
    label = "expected a text, or an `Option` of a `String`",
    note = "an option of a borrowed text is given as `text.map(str::to_owned)`"
)]
pub trait OptionalText: Optional<String> {}

#[diagnostic::do_not_recommend]
impl<A: Optional<String>> OptionalText for A {}

/// An argument of the setter of an optional object: any argument that [`Optional`] accepts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given here",
    label = "expected `{T}`, or an `Option` of it; a builder ends with `.build()`"
)]
pub trait OptionalObject<T>: Optional<T> {}

#[diagnostic::do_not_recommend]
impl<T, A: Optional<T>> OptionalObject<T> for A {}

/// An argument of the setter of a body: the body, or a reference to it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given here",
    label = "expected `{T}`, or a reference to it; a builder ends with `.build()`"
)]
pub trait BorrowedBody<T>: Borrow<T> {}

#[diagnostic::do_not_recommend]
impl<T, A: Borrow<T>> BorrowedBody<T> for A {}

/// An argument of the setter of a decimal that can be absent or null: any argument that
/// [`Nullable`] accepts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given here",
    label = "expected a `Decimal`, an integer, an `Option` of a `Decimal`, or a `Maybe`",
    note = "a price or an amount is a decimal, written `dec!(1.50)`; it is never a float"
)]
pub trait NullableDecimal: Nullable<Decimal> {}

#[diagnostic::do_not_recommend]
impl<A: Nullable<Decimal>> NullableDecimal for A {}

/// Implements [`Optional`] and [`Nullable`] for the types that convert into a type.
#[doc(hidden)]
#[macro_export]
macro_rules! __stands_for {
    ($target:ty: $($ty:ty),+) => { $(
        impl $crate::setters::Optional<$target> for $ty {
            fn into_optional(self) -> ::core::option::Option<$target> {
                ::core::option::Option::Some(<$target as ::core::convert::From<$ty>>::from(self))
            }
        }

        impl $crate::setters::Nullable<$target> for $ty {
            fn into_maybe(self) -> $crate::wire::Maybe<$target> {
                $crate::wire::Maybe::Value(<$target as ::core::convert::From<$ty>>::from(self))
            }
        }
    )+ };
}

__stands_for!(String: &str);
__stands_for!(Base64: Vec<u8>, Bytes, &[u8]);
__stands_for!(File: Vec<u8>, Bytes, Upload);
__stands_for!(Upload: Vec<u8>, Bytes, String, &'static [u8], &'static str);
__stands_for!(Bytes: Vec<u8>, String, &'static [u8]);
__stands_for!(IntegerOrText: i32, u32, i64, u64, &str, String, &String);
__stands_for!(Decimal: i32, u32, i64, u64);
__stands_for!(Number: i32, u32, i64, u64, Decimal);

// Calls by name have the bytes of an optional body.
impl Optional<Upload> for Option<Bytes> {
    fn into_optional(self) -> Option<Upload> {
        self.map(Upload::from)
    }
}

impl<T, U: Into<T>, const N: usize> Optional<Vec<T>> for [U; N] {
    fn into_optional(self) -> Option<Vec<T>> {
        Some(self.into_iter().map(Into::into).collect())
    }
}

impl<T: Clone> Optional<Vec<T>> for &[T] {
    fn into_optional(self) -> Option<Vec<T>> {
        Some(self.to_vec())
    }
}

impl<T, U: Into<T>, const N: usize> Nullable<Vec<T>> for [U; N] {
    fn into_maybe(self) -> Maybe<Vec<T>> {
        Maybe::Value(self.into_iter().map(Into::into).collect())
    }
}

impl<T: Clone> Nullable<Vec<T>> for &[T] {
    fn into_maybe(self) -> Maybe<Vec<T>> {
        Maybe::Value(self.to_vec())
    }
}

/// An argument of the setter of a required decimal: a [`Decimal`], or an integer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an exact decimal",
    label = "expected a `Decimal`, or an integer",
    note = "write `dec!(1.50)`, or parse the digits as they came: `\"1.50\".parse::<Decimal>()?`; a float has lost them"
)]
pub trait IntoDecimal {
    /// Returns the decimal.
    #[doc(hidden)]
    fn into_decimal(self) -> Decimal;
}

macro_rules! into_decimal {
    ($($ty:ty),*) => { $(impl IntoDecimal for $ty { fn into_decimal(self) -> Decimal { self.into() } })* };
}

into_decimal!(Decimal, i32, u32, i64, u64);
