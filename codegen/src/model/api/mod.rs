//! The description of an API.

mod content;
mod docs;
mod errors;
mod operation;
mod subscription;
mod types;
mod venue;
mod whole;

pub use content::*;
pub use docs::*;
pub use errors::*;
pub use operation::*;
pub use subscription::*;
pub use types::*;
pub use venue::*;
pub use whole::*;
