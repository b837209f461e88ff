//! The lengths that a comment and its parts may have.

/// The bytes of a comment. GitHub takes 65,536 characters, and a text never has fewer bytes.
pub(super) const ROOM: usize = 59_500;
/// The most bytes of the table of venues.
pub(super) const TABLE: usize = 16_000;
/// The most characters of a value.
pub(super) const VALUE: usize = 120;
/// The most characters of a name.
pub(super) const NAME: usize = 160;
/// The most characters of a sentence.
pub(super) const SENTENCE: usize = 400;
/// The most findings of a spec.
pub(super) const FINDINGS: usize = 5;
/// The most names of unchanged venues.
pub(super) const NAMES: usize = 20;
