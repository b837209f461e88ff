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
//! [`policy`] applies the decisions of a project to a report, and [`render`] shows it.

mod alignment;
pub mod comparison;
mod contract;
mod counterpart;
mod document;
mod finding;
mod findings;
mod json_text;
mod keys;
mod level;
mod names;
pub mod policy;
pub mod render;
mod report;
pub mod rules;
mod schema;
pub mod version;

pub use comparison::{Acceptance, Change, Comparison, Counts, Place, Revision, Side, Subject, Verdict};
pub use level::Level;
pub use policy::Policy;
pub use rules::{Case, Effect, Rule};
pub use venuekit_codegen::Spec;
pub use version::{Step, Version};

use venuekit_codegen::SpecFile;
use venuekit_codegen::diagnostic::Diagnostics;
use venuekit_codegen::model::Api;
use venuekit_codegen::source::{Document, dangling, load_to_compare, misshapen};

use contract::{Contract, Sides};
use counterpart::Counterparts;
use finding::{Finding, Findings};

/// Compares two revisions of a spec. If one of them is missing, the venue was added or removed.
///
/// The documents are read as the generator reads them: with their overlays and the files that they
/// refer to, in OpenAPI 2.0, 3.0 or 3.1 or in OpenRPC.
///
/// # Errors
/// If a document cannot be read as a contract, or if the two follow different standards.
pub fn compare(old: Option<&Spec>, new: Option<&Spec>) -> Result<Comparison, Diagnostics> {
    let (old, new) = both(old.map(Loaded::load).transpose(), new.map(Loaded::load).transpose())?;
    let venue = new.as_ref().or(old.as_ref()).map(|loaded| loaded.document.venue().to_owned()).unwrap_or_default();
    let (changes, documentation) = match (&old, &new) {
        (Some(old), Some(new)) => compare_both(old, new)?,
        (Some(old), None) => (only_in_one(old, Revision::Old)?, 0),
        (None, Some(new)) => (only_in_one(new, Revision::New)?, 0),
        (None, None) => (Vec::new(), 0),
    };
    let mut incomplete = Diagnostics::default();
    [&old, &new].into_iter().flatten().for_each(|loaded| incomplete.extend(dangling(&loaded.document)));
    let (old, new) = (old.map(Loaded::side), new.map(Loaded::side));
    Ok(Comparison { venue, old, new, changes, documentation, incomplete })
}

/// Finds out whether a document can be compared. Two equal documents that cannot be are no reason
/// to say that nothing changed.
///
/// # Errors
/// The findings.
pub fn check(spec: &Spec) -> Result<(), Diagnostics> {
    let loaded = Loaded::load(spec)?;
    loaded.contract()?;
    dangling(&loaded.document).into_result(())
}

/// Returns both values, or the findings on both documents.
fn both<T>(old: Result<T, Diagnostics>, new: Result<T, Diagnostics>) -> Result<(T, T), Diagnostics> {
    match (old, new) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (Err(mut findings), Err(others)) => {
            findings.extend(others);
            Err(findings)
        }
        (Err(findings), _) | (_, Err(findings)) => Err(findings),
    }
}

/// A document, and the API if a crate is generated from it.
struct Loaded {
    document: Document,
    files: Vec<SpecFile>,
    api: Result<Api, Diagnostics>,
}

impl Loaded {
    fn load(spec: &Spec) -> Result<Self, Diagnostics> {
        let document = load_to_compare(spec)?;
        // The document that is compared states all that it says; the crate is generated from one
        // that was completed.
        let is_generated = document.node("/x-crate-version").is_some();
        let api = match is_generated {
            true => venuekit_codegen::read_document(document.clone(), spec.denies_warnings()),
            false => Err(not_generated(&document)),
        };
        Ok(Self { document, files: spec.files().cloned().collect(), api })
    }

    fn contract(&self) -> Result<Contract<'_>, Diagnostics> {
        misshapen(&self.document).into_result(())?;
        contract::read(&self.document).ok_or_else(|| {
            let help = venuekit_codegen::source::first_line(self.document.is_json());
            let mut findings = Diagnostics::default();
            findings.push(self.document.finding("", "this is neither OpenAPI 2.0 or 3 nor OpenRPC", Some(help.into())));
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
            files: self.files,
        }
    }
}

/// Returns the reason why no crate is generated from a document that states no version of a crate.
fn not_generated(document: &Document) -> Diagnostics {
    let mut findings = Diagnostics::default();
    let message = "no crate is generated from it: it states no `x-crate-version`";
    let help = "nothing is needed, unless it is the spec of a crate";
    findings.push(document.finding("", message, Some(help.into())));
    findings
}

/// Returns the changes, and the number of changes to the documentation only.
fn compare_both(old: &Loaded, new: &Loaded) -> Result<(Vec<Change>, usize), Diagnostics> {
    let (before, after) = both(old.contract(), new.contract())?;
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
    Ok((report::changes(&sides, Some(&Counterparts::new(&alignment)), findings), documentation))
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
    Ok(report::changes(&sides, None, Findings::from(Some(finding))))
}
