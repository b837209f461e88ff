//! What a comparison says.

use std::fmt;

use super::rules::Rule;
use super::version::{self, Step, Version};
use venuekit_codegen::diagnostic::{Diagnostics, Location};

/// What the change of one venue's spec does.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The venue's name: the stem of the file.
    pub venue: String,
    /// The old spec; `None` when there was none.
    pub old: Option<Side>,
    /// The new spec; `None` when there is none any more.
    pub new: Option<Side>,
    /// The worst first; among equals in the order of the document.
    pub changes: Vec<Change>,
    /// How many descriptions, examples and the like changed.
    pub documentation: usize,
}

impl Comparison {
    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.documentation == 0
    }

    /// How many changes there are of each level on the wire.
    #[must_use]
    pub fn wire(&self) -> Counts {
        self.changes.iter().map(|change| change.wire.level).collect()
    }

    /// How many changes there are of each level in the source of users.
    #[must_use]
    pub fn source(&self) -> Counts {
        self.changes.iter().map(|change| change.source.level).collect()
    }

    /// Whether names in Rust were compared: both specs are ones that crates are generated from.
    #[must_use]
    pub fn names_compared(&self) -> bool {
        [&self.old, &self.new].into_iter().flatten().all(|side| side.faults.is_none())
    }

    /// The step that the version of the generated crate needs, by what changes for its users.
    #[must_use]
    pub fn step(&self) -> Step {
        let source = self.source();
        if self.is_empty() {
            Step::None
        } else if source.breaking > 0 {
            Step::Major
        } else if source.risky > 0 || self.changes.iter().any(|change| change.adds) {
            Step::Minor
        } else {
            Step::Patch
        }
    }

    /// Whether the version of the crate went far enough.
    #[must_use]
    pub fn version(&self) -> Version {
        let of = |side: &Option<Side>| side.as_ref().and_then(|side| side.crate_version.clone());
        match (&self.old, &self.new) {
            (Some(_), Some(_)) => version::judge(of(&self.old), of(&self.new), self.step()),
            _ => Version::of_its_own(of(&self.old), of(&self.new)),
        }
    }
}

/// One of the two specs.
#[derive(Clone, Debug)]
pub struct Side {
    /// As the user named it.
    pub file: String,
    /// The venue's version of its API (`info.version`).
    pub api_version: Option<String>,
    /// The version of the generated crate (`x-crate-version`).
    pub crate_version: Option<String>,
    /// Why no crate can be generated from it: then names in Rust and what the `x-` words say are not compared.
    pub faults: Option<Diagnostics>,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Change {
    /// What kind of change it is; [`Rule::id`] is stable.
    pub rule: &'static Rule,
    /// What it touches.
    pub subject: Subject,
    /// Where it stands: in the new spec, or in the old one when it is gone.
    pub place: Place,
    /// What was.
    pub was: Option<String>,
    /// What is.
    pub is: Option<String>,
    /// Does a client built from the old spec go wrong against a venue that follows the new one?
    pub wire: Verdict,
    /// Does code that uses the old crate still compile with the new one, and mean the same?
    pub source: Verdict,
    /// Whether users find something new in the crate.
    pub adds: bool,
}

/// What a change touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The operations, by `operationId` or the method's name, in the order of the spec; none for what belongs to the whole API.
    pub operations: Vec<String>,
    /// The component schema that it is in, if it is in one.
    pub schema: Option<String>,
    /// Where in the operation or schema: `parameter symbol`, `body .price`, `reply 200`, `fills[].price`; empty for the whole of it.
    pub within: String,
}

impl Subject {
    /// Adds an operation that it touches.
    pub(super) fn also(&mut self, operation: Option<&str>) {
        // Most often it is the one that was added last.
        let new = |operation: &&str| !self.operations.iter().rev().any(|other| other == operation);
        if let Some(operation) = operation.filter(new) {
            self.operations.push(operation.to_owned());
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = match (&self.schema, self.operations.as_slice()) {
            (Some(schema), _) => format!("schema {schema}"),
            (None, []) => "the API".to_owned(),
            (None, [one]) => one.clone(),
            (None, [one, rest @ ..]) => format!("{one} and {} more", rest.len()),
        };
        if self.within.is_empty() { f.write_str(&whole) } else { write!(f, "{whole}: {}", self.within) }
    }
}

/// A place in one of the two specs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which of the two.
    pub revision: Revision,
    /// File, line, column and JSON pointer.
    pub location: Location,
}

/// Which of the two specs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Revision {
    /// The old one.
    Old,
    /// The new one.
    New,
}

/// A judgement and its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How bad.
    pub level: Level,
    /// Why, in a phrase.
    pub reason: String,
}

/// How bad a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing goes wrong.
    Safe,
    /// It may go wrong, by what the spec cannot say.
    Risky,
    /// It goes wrong for those who use it.
    Breaking,
}

impl Level {
    /// `breaking`, `risky` or `safe`.
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

/// How many changes of each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Breaking ones.
    pub breaking: usize,
    /// Risky ones.
    pub risky: usize,
    /// Safe ones.
    pub safe: usize,
}

impl FromIterator<Level> for Counts {
    fn from_iter<I: IntoIterator<Item = Level>>(levels: I) -> Self {
        let mut counts = Self::default();
        for level in levels {
            match level {
                Level::Safe => counts.safe += 1,
                Level::Risky => counts.risky += 1,
                Level::Breaking => counts.breaking += 1,
            }
        }
        counts
    }
}
