//! Single schemas, and comparisons of two of them without their uses.

pub(crate) mod bounds;
pub(crate) mod relation;
pub(crate) mod resolved;
pub(crate) mod rust_type;
pub(crate) mod wrapper;
