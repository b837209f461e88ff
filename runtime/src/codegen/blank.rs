//! The parts of the builders of request bodies.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// A value that takes the place of a required one in a body until it is set.
///
/// A builder has `build` only once every required field was set, so a blank never reaches the wire.
/// Generated code implements it for the types of requests.
pub trait Blank {
    /// Returns the blank.
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
