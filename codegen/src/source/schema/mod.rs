//! Reads schemas. The check reports the refusals of these readers.

pub(crate) mod alternatives;
pub(crate) mod bounds;
pub(crate) mod enums;
pub(crate) mod formats;
pub(crate) mod keys;
pub(crate) mod read;
pub(crate) mod sorts;
pub(crate) mod spellings;
pub(crate) mod told;
pub(crate) mod types;
pub(crate) mod union;
