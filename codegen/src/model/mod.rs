//! One description of an API for OpenAPI and OpenRPC documents.
//!
//! Every name in generated code, and every decision about its shape, is made here, once. Emitters
//! read only this model.

mod api;
mod lower;
pub mod names;
mod outline;

pub use api::*;
pub use lower::lower;
pub use outline::outline;

pub use crate::source::{Bounds, CodeRule, MarketRule, OrderValue, RuleKind};
