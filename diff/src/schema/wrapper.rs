//! The types around the type of a value that can be null or missing.

/// The type around the type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrapper {
    /// No type: the value is always present.
    Bare,
    /// `Option`: the value can be null or missing.
    Option,
    /// `Maybe`: the value can be null, and it can be missing.
    Maybe,
}

impl Wrapper {
    /// Returns the wrapper of a value. `in_object` is false in a row, where null stands for a
    /// missing value.
    pub(crate) fn new(nullable: bool, optional: bool, in_object: bool) -> Self {
        match (nullable, optional) {
            (false, false) => Self::Bare,
            (true, true) if in_object => Self::Maybe,
            _ => Self::Option,
        }
    }
}
