//! Lists and reads the specs with their overlays, and selects those that the user names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use venuekit_codegen::{Spec, SpecFile};

/// The file extensions of specs.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// Returns whether the name of a file has the extension of a spec or an overlay.
pub(crate) fn is_spec(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
}

/// The files of a venue: its document, and its overlays in the order in which they apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Files<T> {
    pub(crate) document: T,
    pub(crate) overlays: Vec<T>,
}

impl<T> Files<T> {
    /// Returns the document, then the overlays.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        [&self.document].into_iter().chain(&self.overlays)
    }

    /// Calls `read` for each file and returns the results.
    ///
    /// # Errors
    /// The errors of all files for which `read` failed.
    pub(crate) fn try_map<U, E>(&self, mut read: impl FnMut(&T) -> Result<U, E>) -> Result<Files<U>, Vec<E>> {
        let (mut overlays, mut errors) = (Vec::new(), Vec::new());
        let document = read(&self.document).map_err(|error| errors.push(error));
        for overlay in self.overlays.iter().map(read) {
            match overlay {
                Ok(overlay) => overlays.push(overlay),
                Err(error) => errors.push(error),
            }
        }
        match document {
            Ok(document) if errors.is_empty() => Ok(Files { document, overlays }),
            _ => Err(errors),
        }
    }
}

impl From<Files<SpecFile>> for Spec {
    fn from(files: Files<SpecFile>) -> Self {
        let SpecFile { name, text } = files.document;
        let spec = Self::new(name, text);
        files.overlays.into_iter().fold(spec, |spec, overlay| spec.with_overlay(overlay.name, overlay.text))
    }
}

/// Returns the files of all specs by venue. `acme-spot.overlay.yaml` is the overlay of
/// `acme-spot.yaml`. Files of other types are skipped. Returns an error if two documents or two
/// overlays have one venue, or if an overlay has no document.
pub(crate) fn by_venue<T>(files: impl IntoIterator<Item = (PathBuf, T)>) -> Result<BTreeMap<String, Files<T>>, String> {
    let mut documents: BTreeMap<String, (PathBuf, T)> = BTreeMap::new();
    let mut overlays: BTreeMap<String, (PathBuf, T)> = BTreeMap::new();
    for (path, what) in files {
        let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        if !is_spec(&path) {
            continue;
        }
        let (kind, venue) = match stem.strip_suffix(".overlay") {
            Some(venue) => (&mut overlays, venue.to_owned()),
            None => (&mut documents, stem.to_owned()),
        };
        if let Some((other, _)) = kind.get(&venue) {
            return Err(format!("{} and {} describe one venue; keep one", other.display(), path.display()));
        }
        kind.insert(venue, (path, what));
    }
    let join = |(venue, (_, document))| {
        let overlays = overlays.remove(&venue).into_iter().map(|(_, overlay)| overlay).collect();
        (venue, Files { document, overlays })
    };
    let specs = documents.into_iter().map(join).collect();
    match overlays.first_key_value() {
        Some((venue, (path, _))) => {
            let path = path.display();
            Err(format!("{path} is an overlay, and there is no spec {venue}; help: add the document that it changes"))
        }
        None => Ok(specs),
    }
}

/// Reads the spec of a venue, with the files to which it refers. File names in the spec and in
/// messages are relative to `root`.
///
/// # Errors
/// The files that cannot be read, one line each.
pub(crate) fn read(root: &Path, files: &Files<PathBuf>) -> Result<Spec, String> {
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let bytes = fs::read(path).map_err(|error| format!("{name}: cannot be read: {error}\n"))?;
        SpecFile::from_bytes(name, bytes).map_err(|finding| format!("{finding}\n"))
    };
    let spec = files.try_map(read).map(Spec::from).map_err(|faults| faults.concat())?;
    Ok(spec.with_files_beside(|name| fs::read_to_string(root.join(name)).ok()))
}

/// Returns the files of each venue in a directory. The files of a venue can be in a directory of
/// their own, beside the files that the document refers to: `acme/acme.yaml`.
pub(crate) fn list(dir: &Path) -> Result<BTreeMap<String, Files<PathBuf>>, String> {
    let mut paths = Vec::new();
    for path in entries(dir)? {
        if path.is_dir() {
            paths.extend(entries(&path)?.into_iter().filter(|file| is_in_own_directory(file)));
        } else {
            paths.push(path);
        }
    }
    by_venue(paths.into_iter().map(|path| (path.clone(), path)))
}

/// Returns whether a file has the name of its directory, such as `acme/acme.yaml` and
/// `acme/acme.overlay.yaml`.
pub(crate) fn is_in_own_directory(file: &Path) -> bool {
    let stem = file.file_stem().and_then(|stem| stem.to_str());
    let directory = file.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    stem.is_some_and(|stem| Some(stem.strip_suffix(".overlay").unwrap_or(stem)) == directory)
}

/// Returns the paths in a directory, sorted.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| format!("cannot list {}: {error}", dir.display()))?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

/// Returns the given files, and the specs below the given directories. Those of a directory are
/// sorted.
pub(crate) fn documents(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in paths {
        find(path, &mut files)?;
    }
    Ok(files)
}

fn find(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let paths = entries(path)?;
    for path in paths.iter().filter(|path| path.is_dir() || is_spec(path)) {
        find(path, files)?;
    }
    Ok(())
}

/// Returns the specs that the user names, or all specs if the user names none. Returns an error for
/// an unknown name.
pub(crate) fn choose<T>(specs: BTreeMap<String, T>, wanted: &[String]) -> Result<BTreeMap<String, T>, String> {
    if wanted.is_empty() {
        return Ok(specs);
    }
    for venue in wanted {
        if !specs.contains_key(venue) {
            let known: Vec<&str> = specs.keys().map(String::as_str).collect();
            let near =
                known.iter().max_by(|a, b| strsim::jaro_winkler(a, venue).total_cmp(&strsim::jaro_winkler(b, venue)));
            let near = near.filter(|near| strsim::jaro_winkler(near, venue) > 0.7);
            let help = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(format!("specs/{venue}.yaml does not exist{help}\nvenues: {}", known.join(", ")));
        }
    }
    Ok(specs.into_iter().filter(|(venue, _)| wanted.contains(venue)).collect())
}
