//! Reads the specs of both revisions and compares them.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};

use venuekit_codegen::diagnostic::Diagnostics;
use venuekit_diff::render::report::first_line;
use venuekit_diff::render::{FailedVenue, Origin, Origins, Report};
use venuekit_diff::{Comparison, Spec};

use super::entry::{Entry, beside};
use super::git::Git;
use crate::specs::Files;

/// The specs of a venue at both origins.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) venue: String,
    pub(crate) old: Option<Files<Entry>>,
    pub(crate) new: Option<Files<Entry>>,
}

/// Returns the specs of both sides by venue.
pub(crate) fn pairs(
    old: BTreeMap<String, Files<Entry>>,
    new: BTreeMap<String, Files<Entry>>,
) -> BTreeMap<String, Pair> {
    let mut pairs: BTreeMap<String, Pair> = BTreeMap::new();
    let blank = |venue: &String| Pair { venue: venue.clone(), old: None, new: None };
    for (venue, files) in old {
        pairs.entry(venue.clone()).or_insert_with(|| blank(&venue)).old = Some(files);
    }
    for (venue, files) in new {
        pairs.entry(venue.clone()).or_insert_with(|| blank(&venue)).new = Some(files);
    }
    pairs
}

/// The maximum size of a spec that is compared, in bytes. The largest spec of this repository has a
/// tenth of a megabyte.
pub(crate) const LARGEST: usize = 16 << 20;

/// Compares the pairs in parallel, on at most one thread per processor, and returns the report.
pub(crate) fn gather(origins: Origins, pairs: Vec<Pair>, git: Option<&Git>, command: String) -> Report {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(pair) = pairs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let fault = |_| Err(vec!["the comparison panicked; this is a bug of the comparison".to_owned()]);
            let outcome = panic::catch_unwind(AssertUnwindSafe(|| compare(pair, &origins, git))).unwrap_or_else(fault);
            done.push((pair.venue.clone(), outcome));
        }
        done
    };
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get).min(pairs.len());
    let mut outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        // This thread is one of the workers.
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        done.extend(others.into_iter().filter_map(|thread| thread.join().ok()).flatten());
        done
    });
    outcomes.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut report = Report { command, ..Report::new(origins) };
    for (venue, outcome) in outcomes {
        if let Ok(Some(comparison)) = &outcome
            && !comparison.incomplete.is_empty()
        {
            let findings = comparison.incomplete.iter().map(first_line).collect();
            report.failed.push(FailedVenue { venue: venue.clone(), findings });
        }
        match outcome {
            Ok(Some(comparison)) if has_news(&comparison) => report.venues.push(Comparison { venue, ..comparison }),
            Ok(_) => report.unchanged.push(venue),
            Err(findings) => report.failed.push(FailedVenue { venue, findings }),
        }
    }
    report
}

/// A venue and the result of its comparison.
type Outcome = (String, Result<Option<Comparison>, Vec<String>>);

/// Compares the specs of a venue. Returns `None` if they are equal and can be read. Returns the
/// faults if a spec cannot be read, is too large or cannot be compared.
fn compare(pair: &Pair, origins: &Origins, git: Option<&Git>) -> Result<Option<Comparison>, Vec<String>> {
    let read = |files: &Option<Files<Entry>>, origin: &Origin| match files {
        Some(files) => {
            let spec = files.try_map(|entry| entry.read(git)).map(Spec::from)?;
            Ok::<_, Vec<String>>(Some(spec.with_files_beside(|name| beside(name, origin, git))))
        }
        None => Ok(None),
    };
    let (old, new) = match (read(&pair.old, &origins.base), read(&pair.new, &origins.head)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let faults = [("old", old), ("new", new)].into_iter();
            let faults = faults.flat_map(|(which, read)| {
                let faults = read.err().unwrap_or_default().into_iter();
                faults.map(move |fault| format!("{} (the {which} one)", fault.lines().next().unwrap_or_default()))
            });
            return Err(faults.collect());
        }
    };
    let sizes = [&old, &new].into_iter().flatten().flat_map(Spec::files).map(|file| file.text.len());
    if let Some(large) = sizes.max().filter(|size| *size > LARGEST) {
        return Err(vec![format!(
            "a spec of {} MB is not compared (expected at most {} MB)",
            large >> 20,
            LARGEST >> 20
        )]);
    }
    let lines = |faults: Diagnostics| faults.iter().map(first_line).collect();
    match &old {
        // Equal documents are read as well: nothing is known about one that cannot be read.
        Some(spec) if old == new => venuekit_diff::check(spec).map(|()| None).map_err(lines),
        _ => venuekit_diff::compare(old.as_ref(), new.as_ref()).map(Some).map_err(lines),
    }
}

/// Returns whether the report has to show a comparison: a spec is new or gone, something changed,
/// the versions differ, or the names in Rust could not be compared.
fn has_news(comparison: &Comparison) -> bool {
    let (Some(old), Some(new)) = (&comparison.old, &comparison.new) else { return true };
    let versions = old.api_version != new.api_version || old.crate_version != new.crate_version;
    // A fault of the spec of a crate is news. No crate is generated from a document without a
    // version.
    let is_faulty = [old, new].iter().any(|side| side.faults.is_some() && side.crate_version.is_some());
    !comparison.is_empty() || versions || is_faulty
}
