//! The pieces that builders of request bodies are made of.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// A value that stands in a body under construction until the required one is given.
///
/// A builder's `build` is there only once every required member was given, so a blank never reaches
/// the wire. Generated code implements it for the types that requests are made of.
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

impl<T> Blank for Option<T> {
    fn blank() -> Self {
        None
    }
}
