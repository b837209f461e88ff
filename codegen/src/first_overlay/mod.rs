//! Takes a document in as a venue publishes it: the first overlay beside it, and the decisions that
//! are left to a person.
//!
//! The overlay holds what the document tells, each with its reason. Nothing in it is certain, so a
//! person reads it. Every target in it selects something.

mod actions;
#[cfg(feature = "cli")]
mod answered;
mod decisions;
mod evidence;
mod money;
mod servers;
mod signing;
mod yaml;

#[cfg(feature = "cli")]
pub use answered::answered;
pub use decisions::{Decision, Decisions};

use actions::{ROUNDS, declaration, removals};
use evidence::Evidence;
use money::decimals;
use yaml::{Action, Yaml};

use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::source::{self, Document, Node, Spec, decimal_fields};
use crate::{Failure, Generated, Home, generate_for, read_with_notes};

/// A venue that was taken in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewVenue {
    /// The document with its first overlay.
    pub spec: Spec,
    /// The text of that overlay; `None` if there is nothing to state.
    pub overlay: Option<String>,
    /// The crate.
    pub generated: Generated,
    /// The decisions that are left.
    pub decisions: Decisions,
}

/// The crate that signs, for the first overlay (`x-auth`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// A crate of venuekit: the end of its name, after `venuekit-auth-`.
    Ours(String),
    /// A package of a registry, and its version.
    Version {
        /// The name of the package.
        package: String,
        /// A version requirement of Cargo.
        version: String,
    },
    /// A package in a folder.
    Path {
        /// The name of the package.
        package: String,
        /// The folder, relative to the folder of the generated crate.
        path: String,
    },
}

/// The comment at the beginning of a first overlay.
const HEAD: &str = "What the document beside this file tells, and what we know beyond it. The actions were written when \
                    the venue was taken in. Read each, and correct it by the venue's documentation.";

/// Takes a document in. Writes its first overlay, under this name, and generates its crate.
///
/// Operations that cannot be generated are removed by the overlay, with the reason.
///
/// # Errors
/// Returns the findings on the document if no client can be generated from it.
pub fn take_in(spec: &Spec, overlay_name: &str, auth: Option<&Auth>, home: &Home) -> Result<NewVenue, Failure> {
    let document = source::load_with_notes(spec).map_err(Failure::Spec)?;
    let title = document.node("/info/title").and_then(Node::as_str).filter(|title| !title.trim().is_empty());
    let title = format!("Extensions of {}", title.unwrap_or(document.venue()).trim());
    let with = |actions: &[Action]| {
        if actions.is_empty() {
            return (spec.clone(), None);
        }
        let text = yaml::overlay(HEAD, &title, actions);
        (spec.clone().with_overlay(overlay_name, text.clone()), Some(text))
    };
    let mut first = root(&document, auth);
    first.extend(servers::actions(&document));
    first.extend(signing::actions(&document));
    let mut left_out: Vec<Diagnostic> = Vec::new();
    for _ in 0..ROUNDS {
        let mut actions = first.clone();
        let removals = removals(&document, &left_out);
        actions.retain(|action| !removals.iter().any(|removal| action.target.starts_with(&removal.target)));
        actions.extend(removals);
        let shown = source::load_with_notes(&with(&actions).0).map_err(Failure::Spec)?;
        let (named, doubtful) = decimals(&decimal_fields(&shown), &Evidence::of(shown.root()));
        actions.extend(declaration(&named));
        let (spec, overlay) = with(&actions);
        let reading = read_with_notes(&spec).map_err(Failure::Spec)?;
        let is_new = |finding: &&Diagnostic| finding.left_out.is_some();
        let more: Vec<Diagnostic> = reading.notes.of_level(Level::LeftOut).filter(is_new).cloned().collect();
        if more.is_empty() {
            let generated = generate_for(&spec, home)?;
            let decisions = Decisions::new(&reading, &left_out, &named, &doubtful);
            return Ok(NewVenue { spec, overlay, generated, decisions });
        }
        left_out.extend(more);
    }
    let mut findings = Diagnostics::default();
    left_out.into_iter().for_each(|finding| findings.push(finding));
    Err(Failure::Spec(findings))
}

/// Returns the actions on the root: the version of the crate, and the crate that signs.
fn root(document: &Document, auth: Option<&Auth>) -> Vec<Action> {
    let mut actions = Vec::new();
    let mut set = |key: &str, description: &str, value: Yaml| {
        let update = Some(Yaml::map([(key, value)]));
        actions.push(Action { target: "$".to_owned(), description: description.to_owned(), update });
    };
    if document.root().get("x-crate-version").is_none() {
        set("x-crate-version", "The version of the generated crate.", Yaml::text("0.1.0"));
    }
    if let Some(auth) = auth {
        set("x-auth", "The crate that signs.", auth.to_yaml());
    }
    actions
}

impl Auth {
    fn to_yaml(&self) -> Yaml {
        match self {
            Self::Ours(name) => Yaml::text(name),
            Self::Version { package, version } => {
                Yaml::map([("package", Yaml::text(package)), ("version", Yaml::text(version))])
            }
            Self::Path { package, path } => Yaml::map([("package", Yaml::text(package)), ("path", Yaml::text(path))]),
        }
    }
}
