//! Checks the keys of an overlay.

use super::walk::walk;
use crate::source::document::Document;
use crate::source::findings::Findings;
use crate::source::shapes::overlay::OVERLAY;
use crate::source::standard::Standard;

/// Adds the findings on the keys of an overlay.
pub(in crate::source) fn keys(overlay: &Document, findings: &mut Findings<'_>) {
    // The standard matters only for the keys of schemas.
    walk(overlay.root(), &OVERLAY, Standard::OpenApi, findings);
}
