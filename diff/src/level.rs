//! The levels of a verdict.

use std::fmt;

/// The severity of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing goes wrong.
    Safe,
    /// Something may go wrong. The specs alone do not tell.
    Risky,
    /// Something goes wrong for everyone who uses the changed part.
    Breaking,
}

impl Level {
    /// Returns `breaking`, `risky` or `safe`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Risky => "risky",
            Self::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
