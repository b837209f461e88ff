//! Comparisons as text for a terminal, as Markdown for a comment on GitHub, as JSON for programs,
//! and in the forms of other tools.

pub mod changelog;
pub mod fingerprint;
pub mod github;
pub mod html;
pub mod json;
pub mod junit;
pub mod links;
pub mod markdown;
mod phrases;
pub mod report;
pub mod sarif;
pub mod text;
pub mod untrusted;

pub use links::Links;
pub use report::{FailedVenue, Origin, Origins, Report};
