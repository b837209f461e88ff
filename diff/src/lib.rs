#![doc = include_str!("../README.md")]
//!
//! # Stages
//!
//! Each stage is a function from values to a value; no stage keeps a state for the next one.
//!
//! 1. `contract` reads each document as a contract.
//! 2. `alignment` finds the parts of both contracts that belong together.
//! 3. `findings` finds the changes, each with its [`Rule`] and the [`Case`]s that apply.
//! 4. `report` judges each finding: the result is a [`Comparison`].
//!
//! [`render`] shows comparisons.

mod alignment;
pub mod comparison;
mod contract;
mod document;
mod finding;
mod findings;
mod json_text;
mod keys;
mod level;
mod names;
pub mod render;
mod report;
pub mod rules;
mod schema;
pub mod version;

pub use comparison::{Change, Comparison, Counts, Place, Revision, Side, Subject, Verdict};
pub use level::Level;
pub use rules::{Case, Effect, Rule};
pub use venuekit_codegen::Spec;
pub use version::{Step, Version};

use venuekit_codegen::diagnostic::Diagnostics;
use venuekit_codegen::model::Api;
use venuekit_codegen::source::Document;

use contract::{Contract, Sides};
use finding::{Finding, Findings};

/// Compares two revisions of a spec. If one of them is missing, the venue was added or removed.
///
/// # Errors
///
/// If a document is neither OpenAPI 3 nor OpenRPC, or if the two follow different standards.
pub fn compare(old: Option<&Spec>, new: Option<&Spec>) -> Result<Comparison, Diagnostics> {
    let (old, new) = (old.map(Loaded::load).transpose()?, new.map(Loaded::load).transpose()?);
    let venue = new.as_ref().or(old.as_ref()).map(|loaded| loaded.document.venue().to_owned()).unwrap_or_default();
    let (changes, documentation) = match (&old, &new) {
        (Some(old), Some(new)) => compare_both(old, new)?,
        (Some(old), None) => (only_in_one(old, Revision::Old)?, 0),
        (None, Some(new)) => (only_in_one(new, Revision::New)?, 0),
        (None, None) => (Vec::new(), 0),
    };
    Ok(Comparison { venue, old: old.map(Loaded::side), new: new.map(Loaded::side), changes, documentation })
}

/// A document, and the API if a crate can be generated from it.
struct Loaded {
    document: Document,
    api: Result<Api, Diagnostics>,
}

impl Loaded {
    fn load(spec: &Spec) -> Result<Self, Diagnostics> {
        let document = venuekit_codegen::source::load(spec)?;
        let view = venuekit_codegen::source::read(&document);
        let api = view.and_then(|view| venuekit_codegen::model::lower(&view));
        Ok(Self { document, api })
    }

    fn contract(&self) -> Result<Contract<'_>, Diagnostics> {
        contract::read(&self.document).ok_or_else(|| {
            let help = venuekit_codegen::source::first_line(self.document.is_json());
            let mut findings = Diagnostics::default();
            findings.push(self.document.finding("", "this is neither OpenAPI 3 nor OpenRPC", Some(help.into())));
            findings
        })
    }

    fn side(self) -> Side {
        let text = |pointer: &str| {
            let node = self.document.node(pointer)?;
            node.as_str().or_else(|| node.as_number()).map(str::to_owned)
        };
        Side {
            file: self.document.file().to_owned(),
            api_version: text("/info/version"),
            crate_version: text("/x-crate-version"),
            faults: self.api.err(),
        }
    }
}

/// Returns the changes, and the number of changes to the documentation only.
fn compare_both(old: &Loaded, new: &Loaded) -> Result<(Vec<Change>, usize), Diagnostics> {
    let (before, after) = (old.contract()?, new.contract()?);
    if before.standard != after.standard {
        let mut findings = Diagnostics::default();
        let message = format!("{} and {} do not follow the same standard", old.document.file(), new.document.file());
        let help = "compare OpenAPI with OpenAPI, OpenRPC with OpenRPC";
        findings.push(new.document.finding("", message, Some(help.into())));
        return Err(findings);
    }
    let old = (&old.document, before, old.api.as_ref().ok());
    let new = (&new.document, after, new.api.as_ref().ok());
    let sides = Sides::new(old, new);
    let alignment = alignment::align(&sides);
    let findings = findings::find(&sides, &alignment);
    let documentation = findings.documentation;
    Ok((report::changes(&sides, findings), documentation))
}

/// Returns the change of a spec that was added or removed.
fn only_in_one(loaded: &Loaded, revision: Revision) -> Result<Vec<Change>, Diagnostics> {
    let side = || Ok((&loaded.document, loaded.contract()?, None));
    let sides = Sides::new(side()?, side()?);
    let title = sides.new.root().get("info").and_then(|info| info.text("title").map(str::to_owned));
    let finding = match revision {
        Revision::Old => Finding::in_old(&rules::VENUE_REMOVED, Subject::default(), "").values(title, None),
        Revision::New => Finding::in_new(&rules::VENUE_ADDED, Subject::default(), "").values(None, title),
    };
    Ok(report::changes(&sides, Findings::from(Some(finding))))
}
