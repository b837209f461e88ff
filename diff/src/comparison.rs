//! The result of a comparison.

use std::fmt;

use venuekit_codegen::SpecFile;
use venuekit_codegen::diagnostic::{Diagnostics, Location};

use crate::level::Level;
use crate::rules::{Case, Rule};
use crate::version::{self, Step, Version};

/// The changes of one venue's spec.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The venue's name. It is the file's name without the extension.
    pub venue: String,
    /// The old spec; `None` if the spec is new.
    pub old: Option<Side>,
    /// The new spec; `None` if it was removed.
    pub new: Option<Side>,
    /// The changes. The worst come first; equal ones have the order of the document.
    pub changes: Vec<Change>,
    /// The number of changes of descriptions, examples and similar texts.
    pub documentation: usize,
    /// The `$ref`s that lead to no value. What is behind them was not compared.
    pub incomplete: Diagnostics,
}

impl Comparison {
    /// Returns whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.documentation == 0
    }

    /// Returns the number of changes of each level on the wire.
    #[must_use]
    pub fn wire(&self) -> Counts {
        self.changes.iter().map(|change| change.wire.level).collect()
    }

    /// Returns the number of changes of each level in the source of users.
    #[must_use]
    pub fn source(&self) -> Counts {
        self.changes.iter().map(|change| change.source.level).collect()
    }

    /// Returns whether names in Rust were compared. They are if crates can be generated from both
    /// specs.
    #[must_use]
    pub fn names_compared(&self) -> bool {
        [&self.old, &self.new].into_iter().flatten().all(|side| side.faults.is_none())
    }

    /// Returns the step that the version of the generated crate needs.
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

    /// Returns the versions of the crate, and the fault if the step between them is too small.
    #[must_use]
    pub fn version(&self) -> Version {
        let of = |side: &Option<Side>| side.as_ref().and_then(|side| side.crate_version.clone());
        match (&self.old, &self.new) {
            (Some(_), Some(_)) => version::judge(of(&self.old), of(&self.new), self.step()),
            _ => Version::unjudged(of(&self.old), of(&self.new)),
        }
    }
}

/// One of the two specs.
#[derive(Clone, Debug)]
pub struct Side {
    /// The file, as the user named it.
    pub file: String,
    /// The venue's version of its API (`info.version`).
    pub api_version: Option<String>,
    /// The version of the generated crate (`x-crate-version`).
    pub crate_version: Option<String>,
    /// The findings for which no crate can be generated. Names in Rust and extensions (`x-`) are
    /// not compared in that case.
    pub faults: Option<Diagnostics>,
    /// The files of the spec: the document, its overlays, and the files that its `$ref`s lead to.
    pub files: Vec<SpecFile>,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Change {
    /// The kind of change; [`Rule::id`] is stable.
    pub rule: &'static Rule,
    /// The cases of the rule that apply, in the order of the rule.
    pub cases: Vec<&'static Case>,
    /// The changed part of the API.
    pub subject: Subject,
    /// The place: in the new spec, or in the old one if the part is gone.
    pub place: Place,
    /// The place in the other spec: of the same part, or of the nearest part around it.
    pub other: Option<Place>,
    /// The old value.
    pub was: Option<String>,
    /// The new value.
    pub is: Option<String>,
    /// The verdict on a client that was built from the old spec and calls a venue that follows the
    /// new spec.
    pub wire: Verdict,
    /// The verdict on code that was written for the old crate and is compiled with the new crate.
    pub source: Verdict,
    /// True if the change adds something to the crate.
    pub adds: bool,
    /// The routes of the operations: method and path, or the method of JSON-RPC.
    pub routes: Vec<String>,
    /// The names of the operations' methods in Rust.
    pub methods: Vec<String>,
    /// The other name, if the part may have been renamed.
    pub renamed: Option<String>,
    /// The acceptance, if the project accepts the change.
    pub accepted: Option<Acceptance>,
}

/// The acceptance of a change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Acceptance {
    /// The last day on which the change is accepted, as `2026-08-01`, in UTC.
    pub until: String,
    /// The reason.
    pub why: String,
}

/// The part of an API that a change touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The operations, by `operationId` or the method's name, in the order of the spec. The list is
    /// empty for the whole API.
    pub operations: Vec<String>,
    /// The component schema, if it is inside a component schema.
    pub schema: Option<String>,
    /// The place in the operation or schema: `parameter symbol`, `body .price`, `response 200`,
    /// `fills[].price`. It is empty for the whole part.
    pub within: String,
}

impl Subject {
    /// Adds an operation, unless it is listed already.
    pub(crate) fn add_operation(&mut self, operation: &str) {
        // The operation that was added last is the most likely match.
        if !self.operations.iter().rev().any(|other| other == operation) {
            self.operations.push(operation.to_owned());
        }
    }

    /// Returns the subject of a property or column of this subject.
    pub(crate) fn property(&self, name: &str) -> Self {
        Self { within: property_path(&self.within, self.schema.is_some(), name), ..self.clone() }
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

/// Returns the path of a property: `fills[].price` in a schema, `response 200 .fills[].price` in an
/// operation.
pub(crate) fn property_path(within: &str, in_schema: bool, name: &str) -> String {
    match within {
        "" => name.to_owned(),
        outer if !in_schema && !outer.contains(['.', '[', '{']) => format!("{outer} .{name}"),
        outer => format!("{outer}.{name}"),
    }
}

/// A place in one of the two specs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The spec.
    pub revision: Revision,
    /// File, line, column and JSON pointer.
    pub location: Location,
    /// The last line of the part.
    pub last_line: usize,
    /// False if the spec does not have the part, and the place is that of a part around it.
    pub is_exact: bool,
}

/// One of the two specs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Revision {
    /// The old spec.
    Old,
    /// The new spec.
    New,
}

/// A level and its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The level.
    pub level: Level,
    /// The reason, in a phrase.
    pub reason: String,
}

/// The number of changes of each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The number of breaking changes.
    pub breaking: usize,
    /// The number of risky changes.
    pub risky: usize,
    /// The number of safe changes.
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
