//! The specs, and the user's choice among them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The file extensions of specs.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// Returns whether a file is a spec, by its name.
pub(crate) fn is_spec(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
}

/// Returns the values of all specs by venue. Other files are skipped.
pub(crate) fn by_venue<T>(files: impl IntoIterator<Item = (PathBuf, T)>) -> Result<BTreeMap<String, T>, String> {
    let mut specs: BTreeMap<String, (PathBuf, T)> = BTreeMap::new();
    for (path, what) in files {
        let Some(venue) = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned) else { continue };
        if !is_spec(&path) {
            continue;
        }
        if let Some((other, _)) = specs.get(&venue) {
            return Err(format!("{} and {} describe one venue; keep one", other.display(), path.display()));
        }
        specs.insert(venue, (path, what));
    }
    Ok(specs.into_iter().map(|(venue, (_, what))| (venue, what)).collect())
}

/// Returns the file of each venue in a directory.
pub(crate) fn list(dir: &Path) -> Result<BTreeMap<String, PathBuf>, String> {
    let entries = fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| format!("cannot list {}: {error}", dir.display()))?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    by_venue(paths.into_iter().map(|path| (path.clone(), path)))
}

/// Returns the specs that the user names, or all if there are no names.
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

/// Returns the text of a spec.
pub(crate) fn text(name: &str, bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let line = 1 + error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|b| **b == b'\n').count();
        format!("{name}:{line}: this is not UTF-8\n  help: save the file as UTF-8\n")
    })
}
