#![doc = include_str!("../README.md")]
//!
//! # Stages
//!
//! Documents are compared as contracts (`contract`), references followed, whatever order their keys have and wherever their
//! schemas stand; so any OpenAPI 3 or OpenRPC document will do. What names become in Rust, and what the `x-` words say, is
//! compared on the model, where crates are generated from both. Every kind of change is a [`Rule`] with its two verdicts.

mod bodies;
mod canonical;
pub mod comparison;
mod contract;
mod differ;
mod documentation;
mod keys;
mod matching;
mod names;
mod operations;
mod parameters;
pub mod render;
pub mod rules;
mod schemas;
mod servers;
pub mod version;
mod words;

pub use comparison::{Change, Comparison, Counts, Level, Place, Revision, Side, Subject, Verdict};
pub use rules::{Effect, RULES, Rule};
pub use version::{Step, Version};

use contract::Contract;
use differ::{Differ, Finding};

use venuekit_codegen::diagnostic::Diagnostics;
use venuekit_codegen::model::Api;
use venuekit_codegen::spec::Document;

/// A spec to compare: its name for messages, whose stem is the venue's name, and its text.
#[derive(Clone, Copy, Debug)]
pub struct Spec<'a> {
    /// `specs/btse-spot.yaml`.
    pub file: &'a str,
    /// YAML or JSON.
    pub text: &'a str,
}

/// What changes from `old` to `new`; one of them may be missing, when a venue comes or goes.
///
/// # Errors
/// When one of them is no OpenAPI 3 or OpenRPC document at all, or they do not follow the same standard.
pub fn compare(old: Option<Spec<'_>>, new: Option<Spec<'_>>) -> Result<Comparison, Diagnostics> {
    let (old, new) = (old.map(Loaded::load).transpose()?, new.map(Loaded::load).transpose()?);
    let venue = new.as_ref().or(old.as_ref()).map(|loaded| loaded.document.venue().to_owned()).unwrap_or_default();
    let (changes, documentation) = match (&old, &new) {
        (Some(old), Some(new)) => both(old, new)?,
        (Some(old), None) => (alone(old, Finding::old(&rules::VENUE_REMOVED, Subject::default(), ""))?, 0),
        (None, Some(new)) => (alone(new, Finding::new(&rules::VENUE_ADDED, Subject::default(), ""))?, 0),
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
    fn load(spec: Spec<'_>) -> Result<Self, Diagnostics> {
        let document = Document::parse(spec.file, spec.text)?;
        let api = venuekit_codegen::spec::read(&document)
            .and_then(|source| venuekit_codegen::model::lower(&document, &source));
        Ok(Self { document, api })
    }

    fn contract(&self) -> Result<Contract<'_>, Diagnostics> {
        Contract::read(&self.document).ok_or_else(|| {
            let help = venuekit_codegen::spec::first_line(self.document.is_json());
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

fn alone(loaded: &Loaded, finding: Finding) -> Result<Vec<Change>, Diagnostics> {
    let contract = loaded.contract()?;
    let title = contract::root(&loaded.document).get("info").and_then(|info| info.text("title").map(str::to_owned));
    let finding = match finding.revision {
        Revision::Old => Finding { was: title, ..finding },
        Revision::New => Finding { is: title, ..finding },
    };
    let mut differ = Differ::new(&contract, &contract, None);
    differ.report(finding);
    Ok(differ.changes)
}

fn both(old: &Loaded, new: &Loaded) -> Result<(Vec<Change>, usize), Diagnostics> {
    let (before, after) = (old.contract()?, new.contract()?);
    if before.standard != after.standard {
        let mut findings = Diagnostics::default();
        let message = format!("{} and {} do not follow the same standard", old.document.file(), new.document.file());
        let help = "compare OpenAPI with OpenAPI, OpenRPC with OpenRPC";
        findings.push(new.document.finding("", message, Some(help.into())));
        return Err(findings);
    }
    let apis = match (&old.api, &new.api) {
        (Ok(old), Ok(new)) => Some((old, new)),
        _ => None,
    };
    let mut differ = Differ::new(&before, &after, apis);
    differ.api_words();
    differ.operations();
    differ.server_time_words();
    differ.servers();
    differ.security_schemes();
    differ.api_documentation();
    differ.api_keys();
    differ.schemas();
    differ.names();
    let (mut changes, documentation) = (differ.changes, differ.documentation);
    changes.sort_by_key(|change| {
        let (wire, source) = (change.wire.level, change.source.level);
        let place = &change.place.location;
        (std::cmp::Reverse(wire.max(source)), std::cmp::Reverse(wire), place.line, place.column)
    });
    Ok((changes, documentation))
}
