//! Comparisons as text for a terminal, as Markdown for a comment on GitHub, and as JSON for
//! programs.

pub mod json;
pub mod links;
pub mod markdown;
mod phrases;
pub mod report;
pub mod text;
pub mod untrusted;

pub use links::Links;
pub use report::{FailedVenue, Origin, Origins, Report};
