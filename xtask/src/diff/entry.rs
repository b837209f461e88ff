//! The files of specs: in commits, in the working tree, at paths and from the standard input.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use venuekit_codegen::SpecFile;
use venuekit_diff::render::Origin;

use super::git::{Git, TreeEntry};
use crate::specs::{self, Files};

/// A file of a spec.
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
    Bytes(Vec<u8>),
    /// A symbolic link. It is not followed, because its target can be outside the repository.
    Link,
}

impl Entry {
    /// Returns a file at a path that the user gave.
    pub(crate) fn of_file(name: &str) -> Self {
        Self { file: name.to_owned(), source: Source::File(PathBuf::from(name)) }
    }

    /// Returns a file that is already read.
    pub(crate) fn of_bytes(name: &str, bytes: Vec<u8>) -> Self {
        Self { file: name.to_owned(), source: Source::Bytes(bytes) }
    }

    /// Returns a file of a commit.
    pub(crate) fn of_tree(entry: TreeEntry) -> Self {
        let source = if entry.is_link() { Source::Link } else { Source::Blob(entry.id) };
        Self { file: entry.path, source }
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
            (Source::Bytes(bytes), _) => bytes.clone(),
        };
        SpecFile::from_bytes(file, bytes).map_err(|finding| finding.to_string())
    }
}

/// Returns the specs of `specs/` in a commit or in the working tree, sorted by venue. Returns
/// nothing for another origin.
pub(crate) fn of_repository(git: &Git, origin: &Origin) -> Result<BTreeMap<String, Files<Entry>>, String> {
    match origin {
        Origin::Commit { name, id } => of_commit(git, name, id, "specs"),
        Origin::WorkingTree => {
            let dir = git.root().join("specs");
            if dir.exists() { of_directory(&dir, |path| below(git.root(), path)) } else { Ok(BTreeMap::new()) }
        }
        Origin::File(_) | Origin::Directory(_) | Origin::StandardInput => Ok(BTreeMap::new()),
    }
}

/// Returns the specs in a directory of a commit, sorted by venue. `name` is the name of the commit
/// for messages.
pub(crate) fn of_commit(git: &Git, name: &str, id: &str, dir: &str) -> Result<BTreeMap<String, Files<Entry>>, String> {
    let files = git.directory(id, dir)?.into_iter().map(|entry| (PathBuf::from(&entry.path), Entry::of_tree(entry)));
    specs::by_venue(files).map_err(|error| format!("{name}: {error}"))
}

/// Returns the specs in a directory, sorted by venue. `named` returns the name of a path for
/// messages.
pub(crate) fn of_directory(
    dir: &Path,
    named: impl Fn(&Path) -> String,
) -> Result<BTreeMap<String, Files<Entry>>, String> {
    let entry = |path: PathBuf| {
        let file = named(&path);
        Entry { file, source: if is_behind_link(dir, &path) { Source::Link } else { Source::File(path) } }
    };
    let entries = |files: Files<PathBuf>| Files {
        document: entry(files.document),
        overlays: files.overlays.into_iter().map(entry).collect(),
    };
    Ok(specs::list(dir)?.into_iter().map(|(venue, files)| (venue, entries(files))).collect())
}

/// Returns the path in the repository with slashes.
fn below(root: &Path, path: &Path) -> String {
    shown(path.strip_prefix(root).unwrap_or(path))
}

/// Returns a path with slashes.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Returns whether a path, or a directory between it and `root`, is a symbolic link.
fn is_behind_link(root: &Path, path: &Path) -> bool {
    path.ancestors().take_while(|place| *place != root).any(Path::is_symlink)
}

/// Returns the text of a file to which a spec refers; `None` if it cannot be read. A symbolic link
/// is not followed, and neither is a directory of the working tree that is one.
pub(crate) fn beside(name: &str, origin: &Origin, git: Option<&Git>) -> Option<String> {
    let file = |root: &Path, path: &Path| match is_behind_link(root, path) {
        true => None,
        false => fs::read_to_string(path).ok(),
    };
    match (origin, git) {
        (Origin::Commit { id, .. }, git) => {
            let git = git?;
            let entry = git.find(id, name).ok()??;
            if entry.is_link() { None } else { String::from_utf8(git.blob(&entry.id).ok()?).ok() }
        }
        (Origin::WorkingTree, Some(git)) => file(git.root(), &git.root().join(name)),
        // The user gave the directory, which may be behind a link.
        _ => file(Path::new(name).parent().unwrap_or(Path::new("")), Path::new(name)),
    }
}
