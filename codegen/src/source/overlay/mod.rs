//! OpenAPI Overlays (versions 1.0 and 1.1), applied to the tree of a document.
//!
//! An overlay is a list of actions. Each action selects values by a JSONPath (RFC 9535), and
//! updates or removes them. The values that an overlay adds keep their position in the overlay, so
//! that a finding names the file with the fault.

mod action;
mod apply;
mod merge;
mod target;

pub(super) use apply::apply;
