//! A parameter of an operation, as the spec describes it.

use super::bounds::Bounds;

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: ParameterIn,
    pub(crate) required: bool,
    pub(crate) bounds: Option<&'static Bounds>,
}

impl Parameter {
    /// Describes a required parameter, by its name on the wire.
    pub const fn required(name: &'static str, place: ParameterIn) -> Self {
        Self { name, place, required: true, bounds: None }
    }

    /// Describes an optional parameter, by its name on the wire.
    pub const fn optional(name: &'static str, place: ParameterIn) -> Self {
        Self { name, place, required: false, bounds: None }
    }

    /// Sets the bounds of its value.
    pub const fn with_bounds(mut self, bounds: &'static Bounds) -> Self {
        self.bounds = Some(bounds);
        self
    }

    /// Returns the name on the wire.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the part of the request that carries it.
    pub const fn place(&self) -> ParameterIn {
        self.place
    }

    /// Returns whether the parameter is required.
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// Returns the bounds of its value; `None` if the spec states none.
    pub const fn bounds(&self) -> Option<&'static Bounds> {
        self.bounds
    }
}

/// The part of a request that carries a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterIn {
    /// A segment of the path.
    Path,
    /// The query; an array repeats the name: `a=1&a=2`.
    Query,
    /// The query; an array is joined by commas: `a=1,2`.
    QueryJoined,
    /// A header.
    Header,
    /// A position of a JSON-RPC call.
    Position,
    /// All remaining positions of a JSON-RPC call.
    Rest,
}
