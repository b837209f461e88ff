//! Properties of every comparison, on the specs of the repository and on changed copies of them.

#![allow(
    missing_docs,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod examples;
mod expect;
mod mutants;
mod random;
mod rewrites;
mod same;
mod sites;
mod surface;
mod tree;
mod usages;
mod verdicts;
mod wild;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use venuekit_diff::{Comparison, Rule, Spec, compare};
use venuekit_json::Tree;

use tree::from_yaml;

/// A spec of the repository.
struct Real {
    /// The name in messages.
    file: String,
    text: String,
}

impl Real {
    fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
        let entries = fs::read_dir(folder).expect("there are specs");
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
        files.sort();
        let read = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            Self { file: format!("specs/{name}"), text: fs::read_to_string(path).expect("the spec is readable") }
        };
        files.iter().map(read).collect()
    }

    fn tree(&self) -> Tree {
        from_yaml(&self.text)
    }

    /// Returns the spec with examples that can be made again after a change, without constraints
    /// between values.
    fn fitted(&self) -> Tree {
        let mut tree = self.tree();
        examples::remove_constraints(&mut tree);
        examples::replace_examples(&mut tree);
        tree
    }
}

fn compared(file: &str, old: &str, new: &str) -> Comparison {
    let (old, new) = (Spec::new(file, old), Spec::new(file, new));
    compare(Some(&old), Some(&new)).unwrap_or_else(|findings| panic!("{findings}"))
}

/// Returns the rules of all changes, sorted, with repetition.
fn ids(comparison: &Comparison, of: fn(&'static Rule) -> &'static str) -> Vec<&'static str> {
    let mut ids: Vec<_> = comparison.changes.iter().map(|change| of(change.rule)).collect();
    ids.sort_unstable();
    ids
}

fn lines(comparison: &Comparison) -> String {
    let mut out = String::new();
    for change in &comparison.changes {
        let place = &change.place.location.pointer;
        let (wire, source) = (change.wire.level, change.source.level);
        // Writing to a `String` cannot fail.
        let _ = writeln!(out, "    {} {wire}/{source} at {place}: {:?} -> {:?}", change.rule.id, change.was, change.is);
    }
    let _ = writeln!(out, "    documentation: {}", comparison.documentation);
    out
}

/// Returns the distance between two places that are changed. The same places are chosen every time.
/// `EVERY=1` takes all places.
fn every() -> usize {
    std::env::var("EVERY").ok().and_then(|text| text.parse().ok()).unwrap_or(USUAL).max(1)
}

const USUAL: usize = 1000;

/// Returns the number of random runs. With `EVERY=1` it is a hundred times the usual number.
fn runs(usual: u64) -> u64 {
    usual * u64::try_from(USUAL / every()).unwrap_or(1).clamp(1, 100)
}

/// Returns the faults of all specs. Every spec is tried, even after a fault.
fn faults(find: impl Fn(&Real) -> String + Sync) -> String {
    let (find, specs) = (&find, Real::all());
    std::thread::scope(|scope| {
        let threads: Vec<_> = specs.iter().map(|real| scope.spawn(move || find(real))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault)))
            .collect()
    })
}

/// The relation between a comparison and the opposite comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mirror {
    /// Each change has its opposite, equally often.
    Exact,
    /// Each rule has its opposite, but not equally often. Several places that become one place are
    /// one change, and one place that becomes several is several changes.
    Kinds,
}

/// Returns the rules whose opposites are missing in the opposite comparison.
fn unmirrored(there: &Comparison, back: &Comparison, mirror: Mirror) -> String {
    let count = |ids: Vec<&'static str>| {
        ids.into_iter().fold(BTreeMap::<_, usize>::new(), |mut counts, id| {
            let count: &mut usize = counts.entry(id).or_default();
            *count = if mirror == Mirror::Kinds { 1 } else { *count + 1 };
            counts
        })
    };
    let (forth, opposite) = (count(ids(there, |rule| rule.mirror)), count(ids(back, |rule| rule.id)));
    let of = |counts: &BTreeMap<_, usize>, id: &str| counts.get(id).copied().unwrap_or_default();
    let all: BTreeSet<_> = forth.keys().chain(opposite.keys()).copied().collect();
    let mut out = String::new();
    for id in all.into_iter().filter(|id| of(&forth, id) != of(&opposite, id)) {
        let _ = writeln!(
            out,
            "  {id}: {} from old to new, {} opposites from new to old",
            of(&forth, id),
            of(&opposite, id)
        );
        for comparison in [there, back] {
            for line in lines(comparison).lines().filter(|line| is_of_rule(line, id)).take(5) {
                let _ = writeln!(out, "  {line}");
            }
        }
    }
    out
}

fn is_of_rule(line: &str, id: &str) -> bool {
    let rule = line.split_whitespace().next().unwrap_or_default();
    rule == id || venuekit_diff::rules::all().any(|other| other.id == rule && other.mirror == id)
}
