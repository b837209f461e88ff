//! The lengths that a comment and its parts may have.

/// GitHub takes 65,536 characters. Bytes are never fewer.
pub(super) const ROOM: usize = 59_500;
/// What the table of venues takes of it at most.
pub(super) const TABLE: usize = 16_000;
/// How much of a value, a name and a sentence is shown.
pub(super) const VALUE: usize = 120;
pub(super) const NAME: usize = 160;
pub(super) const SENTENCE: usize = 400;
/// How many findings of a spec are shown.
pub(super) const FINDINGS: usize = 5;
/// How many names of unchanged venues are shown.
pub(super) const NAMES: usize = 20;
