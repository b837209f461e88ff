//! Single schemas, and comparisons of two schemas without their uses.

pub(crate) mod bounds;
pub(crate) mod overlap;
pub(crate) mod relation;
pub(crate) mod resolved;
pub(crate) mod rust_type;
pub(crate) mod wrapper;
