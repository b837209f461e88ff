//! The comparisons of all venues, shown together.

use venuekit_codegen::diagnostic::Diagnostic;

use super::untrusted::one_line;
use crate::comparison::{Comparison, Counts};
use crate::level::Level;

/// The comparisons of all venues between two origins.
#[derive(Clone, Debug)]
pub struct Report {
    /// The origins of the specs.
    pub origins: Origins,
    /// The venues with a difference, by name.
    pub venues: Vec<Comparison>,
    /// The names of the other venues.
    pub unchanged: Vec<String>,
    /// The venues that could not be compared.
    pub failed: Vec<FailedVenue>,
    /// The command that shows all changes.
    pub command: String,
    /// The lowest level of changes that are shown. The totals count all changes.
    pub least: Level,
    /// Notes on the whole report, such as expired exceptions.
    pub notes: Vec<String>,
}

impl Report {
    /// Returns an empty report, set to show changes of all levels.
    #[must_use]
    pub fn new(origins: Origins) -> Self {
        Self {
            origins,
            venues: Vec::new(),
            unchanged: Vec::new(),
            failed: Vec::new(),
            command: String::new(),
            least: Level::Safe,
            notes: Vec::new(),
        }
    }

    /// Returns the number of changes that are risky or breaking, and that the project accepts.
    #[must_use]
    pub fn accepted(&self) -> usize {
        let changes = self.venues.iter().flat_map(|venue| &venue.changes);
        let accepted = changes.filter(|change| change.accepted.is_some());
        accepted.filter(|change| change.wire.level.max(change.source.level) > Level::Safe).count()
    }

    /// Returns the number of changes of each level on the wire.
    #[must_use]
    pub fn wire(&self) -> Counts {
        self.venues.iter().flat_map(|venue| &venue.changes).map(|change| change.wire.level).collect()
    }

    /// Returns the number of changes of each level in the source of users.
    #[must_use]
    pub fn source(&self) -> Counts {
        self.venues.iter().flat_map(|venue| &venue.changes).map(|change| change.source.level).collect()
    }

    /// Returns the number of descriptions, examples and the like that changed.
    #[must_use]
    pub fn documentation(&self) -> usize {
        self.venues.iter().map(|venue| venue.documentation).sum()
    }
}

/// A venue that could not be compared.
#[derive(Clone, Debug)]
pub struct FailedVenue {
    /// The name of the venue.
    pub venue: String,
    /// The reasons, one line each.
    pub findings: Vec<String>,
}

impl FailedVenue {
    /// Returns the venue and the first reason as one line without control characters.
    #[must_use]
    pub fn in_a_line(&self) -> String {
        let (first, more) = (self.findings.first().map_or("", String::as_str), self.findings.len().saturating_sub(1));
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        one_line(&format!("{} could not be compared: {first}{more}", self.venue), 1000)
    }
}

/// Returns the first line of a finding: its place and its message.
#[must_use]
pub fn first_line(finding: &Diagnostic) -> String {
    let place = &finding.location;
    format!("{}:{}:{}: {}", place.file, place.line, place.column, finding.message)
}

/// The origin of specs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A commit.
    Commit {
        /// The revision as the user named it.
        name: String,
        /// The full id.
        id: String,
    },
    /// The files in the working directory, committed or not.
    WorkingTree,
    /// One file, by its path.
    File(String),
    /// A directory, by its path.
    Directory(String),
    /// The standard input.
    StandardInput,
}

impl Origin {
    /// Returns the name for messages.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Commit { name, .. } => name,
            Self::WorkingTree => "the working tree",
            Self::File(name) | Self::Directory(name) => name,
            Self::StandardInput => "the standard input",
        }
    }

    /// Returns the full id of a commit.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Commit { id, .. } => Some(id),
            _ => None,
        }
    }

    /// Returns the short id of a commit, unless its name is the id, in full or shortened.
    #[must_use]
    pub fn id_beside_name(&self) -> Option<&str> {
        self.short_id().filter(|id| !id.starts_with(self.name()) && !self.name().starts_with(id))
    }

    /// Returns the first characters of the id of a commit.
    #[must_use]
    pub fn short_id(&self) -> Option<&str> {
        self.id().map(|id| id.get(..SHORT_ID).unwrap_or(id))
    }
}

const SHORT_ID: usize = 12;

/// The origins of the old and of the new specs.
#[derive(Clone, Debug)]
pub struct Origins {
    /// The origin of the old specs.
    pub base: Origin,
    /// The origin of the new specs.
    pub head: Origin,
}
