//! Values that stand in for required fields of request bodies until these are set.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// A type with a value that stands in for a required field of a body until the field is set.
///
/// A builder has `build` only once every required field was set, so a blank never reaches the wire.
/// Generated code implements this trait for the types of requests.
pub trait Blank {
    /// Returns the value that stands in.
    fn blank() -> Self;
}

macro_rules! blank {
    ($($ty:ty),*) => { $(impl Blank for $ty { fn blank() -> Self { <$ty>::default() } })* };
}

blank!(bool, i32, i64, u32, u64, String, Decimal);

impl<T> Blank for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }
}

impl<T> Blank for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }
}

impl<T: Blank> Blank for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }
}

impl<T> Blank for Option<T> {
    fn blank() -> Self {
        None
    }
}
