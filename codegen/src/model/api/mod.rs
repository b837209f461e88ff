//! The description of an API.

mod api;
mod docs;
mod errors;
mod operation;
mod types;
mod venue;

pub use api::*;
pub use docs::*;
pub use errors::*;
pub use operation::*;
pub use types::*;
pub use venue::*;
