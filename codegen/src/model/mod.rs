//! One description of an API for OpenAPI and OpenRPC documents.
//!
//! The lowering decides each name and each shape in generated code once, and writes them into the
//! model. Emitters read only the model.

mod api;
mod constraint;
mod example_call;
mod lower;
pub mod names;
mod nested;
mod outline;
mod visit;

pub use api::*;
pub use constraint::*;
pub use example_call::ExampleCall;
pub use lower::lower;
pub use nested::{Nested, NestedConstraints, PlacedConstraint, Within};
pub use outline::outline;

pub use crate::source::{Bounds, CodeRule, FieldStyle, MarketRule, OrderValue, PagedBy, Per, RuleKind};
