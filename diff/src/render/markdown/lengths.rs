//! The maximum lengths of a comment and of its parts.

/// The maximum number of bytes of a comment. GitHub accepts 65,536 characters, and a text never has
/// fewer bytes than characters.
pub(super) const ROOM: usize = 59_500;
/// The maximum number of bytes of the table of venues.
pub(super) const TABLE: usize = 16_000;
/// The maximum number of characters of a value.
pub(super) const VALUE: usize = 120;
/// The maximum number of characters of a name.
pub(super) const NAME: usize = 160;
/// The maximum number of characters of a sentence.
pub(super) const SENTENCE: usize = 400;
/// The maximum number of findings of a spec.
pub(super) const FINDINGS: usize = 5;
/// The maximum number of names of unchanged venues.
pub(super) const NAMES: usize = 20;
