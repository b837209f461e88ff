//! Reads the specs of both revisions and compares them.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZero;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use venuekit_codegen::SpecFile;
use venuekit_codegen::diagnostic::Diagnostics;
use venuekit_diff::render::report::first_line;
use venuekit_diff::render::untrusted::is_plain;
use venuekit_diff::render::{FailedVenue, Origin, Origins, Report};
use venuekit_diff::{Comparison, Level, Spec};

use super::git::Git;
use crate::specs::{self, Files};

/// A file of a spec, in a commit, in the working tree or at a path that the user gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The path in the repository (`specs/btse-spot.yaml`), or the path that the user gave.
    pub(crate) file: String,
    source: Source,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Blob(String),
    File(PathBuf),
    /// A symbolic link. It is not followed, because its target can be outside the repository.
    Link,
}

impl Entry {
    fn file(name: &str) -> Self {
        Self { file: name.to_owned(), source: Source::File(PathBuf::from(name)) }
    }

    /// Returns the file with its text.
    pub(crate) fn read(&self, git: Option<&Git>) -> Result<SpecFile, String> {
        let file = &self.file;
        let bytes = match (&self.source, git) {
            (Source::Blob(id), Some(git)) => git.blob(id)?,
            (Source::Blob(id), None) => return Err(format!("{file}: {id} cannot be read without git")),
            (Source::Link, _) => {
                return Err(format!("{file}: a symbolic link is not followed; put the file itself there"));
            }
            (Source::File(path), _) => fs::read(path).map_err(|error| format!("{file}: cannot be read: {error}"))?,
        };
        SpecFile::from_bytes(file, bytes).map_err(|finding| finding.to_string())
    }
}

/// The specs of a venue at both origins.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) venue: String,
    pub(crate) old: Option<Files<Entry>>,
    pub(crate) new: Option<Files<Entry>>,
}

impl Files<Entry> {
    /// Returns a document without an overlay, by the path that the user gave.
    pub(crate) fn of_document(name: &str) -> Self {
        Self { document: Entry::file(name), overlay: None }
    }
}

/// Returns the specs from both origins, sorted by venue.
pub(crate) fn pairs(git: &Git, origins: &Origins) -> Result<BTreeMap<String, Pair>, String> {
    let mut pairs: BTreeMap<String, Pair> = BTreeMap::new();
    let blank = |venue: &String| Pair { venue: venue.clone(), old: None, new: None };
    for (venue, entry) in entries(git, &origins.base)? {
        pairs.entry(venue.clone()).or_insert_with(|| blank(&venue)).old = Some(entry);
    }
    for (venue, entry) in entries(git, &origins.head)? {
        pairs.entry(venue.clone()).or_insert_with(|| blank(&venue)).new = Some(entry);
    }
    Ok(pairs)
}

/// Returns the specs from one origin, sorted by venue. Returns nothing for an origin that is a
/// file.
pub(crate) fn entries(git: &Git, origin: &Origin) -> Result<BTreeMap<String, Files<Entry>>, String> {
    match origin {
        Origin::Commit { name, id } => {
            let files = git.specs(id)?.into_iter().map(|(path, blob)| {
                (PathBuf::from(&path), Entry { file: path, source: blob.map_or(Source::Link, Source::Blob) })
            });
            specs::by_venue(files).map_err(|error| format!("{name}: {error}"))
        }
        Origin::WorkingTree => {
            let dir = git.root().join("specs");
            if !dir.exists() {
                return Ok(BTreeMap::new());
            }
            let entry = |path: PathBuf| {
                let file = below(git.root(), &path);
                Entry { file, source: if path.is_symlink() { Source::Link } else { Source::File(path) } }
            };
            let entries =
                |files: Files<PathBuf>| Files { document: entry(files.document), overlay: files.overlay.map(entry) };
            Ok(specs::list(&dir)?.into_iter().map(|(venue, files)| (venue, entries(files))).collect())
        }
        Origin::File(_) => Ok(BTreeMap::new()),
    }
}

fn below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The maximum size of a spec that is compared, in bytes. The largest spec of this repository has a
/// tenth of a megabyte.
const LARGEST: usize = 16 << 20;

/// Compares the pairs in parallel, on at most one thread per processor, and returns the report.
pub(crate) fn gather(origins: Origins, pairs: Vec<Pair>, git: Option<&Git>, chosen: &[String]) -> Report {
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
    let command = command(&origins, chosen);
    let mut report =
        Report { origins, venues: Vec::new(), unchanged: Vec::new(), failed: Vec::new(), command, least: Level::Safe };
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

/// Returns the text of a file to which a spec refers; `None` if it cannot be read. A symbolic link
/// is not followed: in the working tree its text is `None`, and in a commit it is the path of its
/// target.
fn beside(name: &str, origin: &Origin, git: Option<&Git>) -> Option<String> {
    let file = |path: PathBuf| if path.is_symlink() { None } else { fs::read_to_string(path).ok() };
    match (origin, git) {
        (Origin::Commit { id, .. }, git) => String::from_utf8(git?.blob(&format!("{id}:{name}")).ok()?).ok(),
        (Origin::WorkingTree, Some(git)) => file(git.root().join(name)),
        (Origin::WorkingTree | Origin::File(_), _) => file(PathBuf::from(name)),
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

fn command(origins: &Origins, chosen: &[String]) -> String {
    let mut words = vec!["cargo xtask diff"];
    match (&origins.base, &origins.head) {
        (Origin::File(old), Origin::File(new)) => words.extend([old.as_str(), new.as_str()]),
        (base, head) => {
            words.extend(base.short_id().into_iter().flat_map(|id| ["--base", id]));
            words.extend(head.short_id().into_iter().flat_map(|id| ["--head", id]));
            // A user may copy the command to a shell, so the names are left out if one of them has
            // special characters.
            if chosen.iter().all(|venue| is_plain(venue)) {
                words.extend(chosen.iter().map(String::as_str));
            }
        }
    }
    words.join(" ")
}
