//! The levels of a verdict.

use std::fmt;

/// The severity of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing goes wrong.
    Safe,
    /// Something may go wrong; the specs do not decide it.
    Risky,
    /// Something goes wrong for every user of it.
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
