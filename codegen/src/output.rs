//! Writes or checks the files of one folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::emit::is_marked;

/// The licences at the root of the repository. Each generated crate has links to them, because a
/// package holds only files of its folder. A link needs no mark, because it cannot become stale.
pub const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// The error about a file that cannot be read or written, or that the generator did not write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputError(String);

impl OutputError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl std::fmt::Display for OutputError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OutputError {}

impl From<OutputError> for String {
    fn from(error: OutputError) -> Self {
        error.0
    }
}

/// The wanted content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum File {
    /// A text file.
    Text(String),
    /// A symbolic link to this path.
    Link(String),
}

impl File {
    /// Returns the link to a licence from a folder two levels below the root.
    pub fn licence(name: &str) -> Self {
        Self::Link(format!("../../{name}"))
    }

    /// Returns the content that git stores: the text, or the target of the link.
    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Link(text) => text,
        }
    }

    fn is_at(&self, path: &Path) -> io::Result<bool> {
        // git writes a link as a text file on systems without links.
        let has_this_kind = !cfg!(unix) || path.is_symlink() == matches!(self, Self::Link(_));
        Ok(present(path)? == self.text().as_bytes() && has_this_kind)
    }
}

/// The changes that turn the files of a directory into the wanted files.
#[derive(Debug, Default)]
pub struct Plan {
    write: Vec<(PathBuf, File)>,
    delete: Vec<PathBuf>,
    kept: usize,
}

impl Plan {
    /// Compares `dir` with `wanted` (paths below it, with slashes).
    ///
    /// Only files with the mark and links to the licences are deleted. Any other file in `dir` is
    /// an error.
    pub fn new(dir: &Path, wanted: &BTreeMap<String, File>) -> Result<Self, OutputError> {
        let mut plan = Self::default();
        for (path, file) in wanted {
            plan.compare(dir.join(path), file)?;
        }
        for path in files_below(dir)? {
            let relative = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if wanted.contains_key(&relative) {
                continue;
            }
            if !is_ours(&relative, &path).map_err(|error| failed("read", &path, &error))? {
                return Err(OutputError(format!(
                    "{} was not written by codegen; help: move it away or delete it, because only codegen may write \
                     to this folder",
                    path.display()
                )));
            }
            plan.delete.push(path);
        }
        Ok(plan)
    }

    /// Compares `dir` with `wanted`, as [`new`](Self::new) does. Other files may be in `dir`, and
    /// stay there.
    ///
    /// # Errors
    /// Returns an error if a file that the generator did not write would be overwritten, or if a
    /// file cannot be read.
    pub fn beside_others(dir: &Path, wanted: &BTreeMap<String, File>) -> Result<Self, OutputError> {
        let mut plan = Self::default();
        for (relative, file) in wanted {
            let path = dir.join(relative);
            if path.exists() && !is_ours(relative, &path).map_err(|error| failed("read", &path, &error))? {
                return Err(OutputError(format!(
                    "{} was not written by the generator, and would be overwritten\n  help: move it away, or choose \
                     another folder",
                    path.display()
                )));
            }
            plan.compare(path, file)?;
        }
        for path in files_below(dir)? {
            let relative = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if !wanted.contains_key(&relative)
                && is_ours(&relative, &path).map_err(|error| failed("read", &path, &error))?
            {
                plan.delete.push(path);
            }
        }
        Ok(plan)
    }

    /// Compares files with their wanted texts (paths below `root`). No file is deleted.
    pub fn of_files(root: &Path, wanted: &BTreeMap<String, String>) -> Result<Self, OutputError> {
        let mut plan = Self::default();
        for (path, text) in wanted {
            plan.compare(root.join(path), &File::Text(text.clone()))?;
        }
        Ok(plan)
    }

    fn compare(&mut self, path: PathBuf, file: &File) -> Result<(), OutputError> {
        match file.is_at(&path) {
            Ok(true) => self.kept += 1,
            Ok(false) => self.write.push((path, file.clone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.write.push((path, file.clone())),
            Err(error) => return Err(failed("read", &path, &error)),
        }
        Ok(())
    }

    /// Returns the number of files to write and the number of files to delete.
    pub fn changes(&self) -> (usize, usize) {
        (self.write.len(), self.delete.len())
    }

    /// Returns the number of files that stay as they are.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.kept
    }

    /// Returns the files to write.
    pub fn written(&self) -> Vec<PathBuf> {
        self.write.iter().map(|(path, _)| path.clone()).collect()
    }

    /// Returns a unified diff from the present files to the wanted ones.
    pub fn diff(&self, root: &Path) -> String {
        let name = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let mut out = String::new();
        let shown = |path: &Path| present(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        for (path, file) in &self.write {
            let present = shown(path);
            let from = if present.is_ok() { format!("a/{}", name(path)) } else { "/dev/null".to_owned() };
            let present = present.unwrap_or_default();
            let diff = TextDiff::from_lines(present.as_str(), file.text());
            out.push_str(&diff.unified_diff().header(&from, &format!("b/{}", name(path))).to_string());
        }
        for path in &self.delete {
            let present = shown(path).unwrap_or_default();
            let diff = TextDiff::from_lines(present.as_str(), "");
            out.push_str(&diff.unified_diff().header(&format!("a/{}", name(path)), "/dev/null").to_string());
        }
        out
    }

    /// Writes and deletes the files, and removes `dir` and the folders below it if they are then
    /// empty. Each file appears complete or not at all. If a change fails, the changes before it
    /// are undone.
    ///
    /// # Errors
    /// A file that cannot be written or deleted.
    pub fn carry_out(self, dir: &Path) -> Result<(), OutputError> {
        let mut transaction = Transaction::default();
        self.carry_out_in(&mut transaction, dir)?;
        transaction.keep();
        Ok(())
    }

    /// Writes and deletes the files as part of a transaction.
    ///
    /// # Errors
    /// A file that cannot be written or deleted.
    pub fn carry_out_in(self, transaction: &mut Transaction, dir: &Path) -> Result<(), OutputError> {
        self.write_and_delete_in(transaction)?;
        remove_empty(dir).map_err(|error| failed("tidy", dir, &error))
    }

    /// Writes and deletes the files as part of a transaction; empty folders stay.
    ///
    /// # Errors
    /// A file that cannot be written or deleted.
    pub fn write_and_delete_in(self, transaction: &mut Transaction) -> Result<(), OutputError> {
        for (path, file) in &self.write {
            transaction.change(path, "write", |path| write_whole(path, file))?;
        }
        for path in &self.delete {
            transaction.change(path, "delete", |path| fs::remove_file(path))?;
        }
        Ok(())
    }
}

/// Changes of files that belong together. They are undone when it is dropped, unless they are kept.
#[derive(Debug, Default)]
pub struct Transaction {
    /// The files before their changes, in the order of the changes.
    before: Vec<(PathBuf, Before)>,
    /// The folders that were made, outer ones first.
    folders: Vec<PathBuf>,
    is_kept: bool,
}

/// A file before a change.
#[derive(Debug)]
enum Before {
    Missing,
    File(Vec<u8>),
    Link(String),
}

impl Transaction {
    /// Creates a file.
    ///
    /// # Errors
    /// A file that exists, or that cannot be written.
    pub fn create(&mut self, path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
        if path.symlink_metadata().is_ok() {
            return Err(OutputError(format!("{} exists already", path.display())));
        }
        let mut is_ours = false;
        let created = self.change(path, "write", |path| {
            fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
            let mut file = fs::File::create_new(path)?;
            is_ours = true;
            file.write_all(bytes)
        });
        if !is_ours {
            self.before.pop();
        }
        created
    }

    /// Keeps the changes.
    pub fn keep(mut self) {
        self.is_kept = true;
    }

    fn change(
        &mut self,
        path: &Path,
        verb: &str,
        change: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        self.remember(path).and_then(|()| change(path)).map_err(|error| failed(verb, path, &error))
    }

    /// Keeps the state of a file before its change.
    fn remember(&mut self, path: &Path) -> io::Result<()> {
        let before = match path.symlink_metadata() {
            Err(_) => Before::Missing,
            Ok(found) if found.is_symlink() => Before::Link(fs::read_link(path)?.to_string_lossy().into_owned()),
            Ok(_) => Before::File(fs::read(path)?),
        };
        let above: Vec<&Path> = path.ancestors().skip(1).take_while(|folder| !folder.exists()).collect();
        let new = above.into_iter().rev().filter(|folder| !folder.as_os_str().is_empty());
        self.folders.extend(new.map(Path::to_owned));
        self.before.push((path.to_owned(), before));
        Ok(())
    }

    fn undo(&mut self) {
        // The caller reports the error that led here. A change that cannot be undone has the same
        // cause.
        for (path, before) in self.before.drain(..).rev() {
            let _ = match before {
                Before::Missing => fs::remove_file(&path),
                Before::File(bytes) => restore(&path, |path| fs::write(path, bytes)),
                Before::Link(target) => restore(&path, |path| write_whole(path, &File::Link(target))),
            };
        }
        for folder in self.folders.drain(..).rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if !self.is_kept {
            self.undo();
        }
    }
}

/// Writes a file whose folder may be gone.
fn restore(path: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    write(path)
}

fn failed(verb: &str, path: &Path, error: &io::Error) -> OutputError {
    OutputError(format!("cannot {verb} {}: {error}", path.display()))
}

/// Writes a temporary file beside the target, then renames it.
pub fn write_whole(path: &Path, file: &File) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = dir.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = match file {
        File::Text(text) => fs::write(&temporary, text),
        File::Link(target) => write_link(&temporary, target),
    };
    let written = written.and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The returned error is more important than an error of the clean-up.
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(unix)]
fn write_link(path: &Path, target: &str) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Writes the link as a text file, as git does on systems without links.
#[cfg(not(unix))]
fn write_link(path: &Path, target: &str) -> io::Result<()> {
    fs::write(path, target)
}

/// Returns the bytes of a file, or the target of a link.
fn present(path: &Path) -> io::Result<Vec<u8>> {
    if path.is_symlink() {
        Ok(fs::read_link(path)?.to_string_lossy().into_owned().into_bytes())
    } else {
        fs::read(path)
    }
}

/// Returns whether codegen wrote this file. `relative` is its path within the crate.
fn is_ours(relative: &str, path: &Path) -> io::Result<bool> {
    if LICENCES.contains(&relative) && File::licence(relative).is_at(path)? {
        return Ok(true);
    }
    let bytes = present(path)?;
    let first_line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    Ok(is_marked(&String::from_utf8_lossy(first_line)))
}

/// Returns all files below `dir`, sorted; none if there is no such directory.
fn files_below(dir: &Path) -> Result<Vec<PathBuf>, OutputError> {
    let mut files = Vec::new();
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
        Err(error) => return Err(failed("list", dir, &error)),
    };
    for entry in entries {
        let path = entry.map_err(|error| failed("list", dir, &error))?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn remove_empty(dir: &Path) -> io::Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_empty(&path)?;
        }
    }
    if fs::read_dir(dir)?.next().is_none() { fs::remove_dir(dir) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("venuekit-codegen-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn the_changes_before_a_failure_are_undone() {
        let dir = folder("undone");
        let text = |path: &str| fs::read_to_string(dir.join(path)).ok();
        write_whole(&dir.join("a/old.txt"), &File::Text("old".into()))
            .map_err(|error| error.to_string())
            .unwrap_or_default();
        write_whole(&dir.join("gone/x.txt"), &File::Text("x".into()))
            .map_err(|error| error.to_string())
            .unwrap_or_default();
        let plan = Plan {
            write: vec![
                (dir.join("a/old.txt"), File::Text("new".into())),
                (dir.join("b/c/new.txt"), File::Text("new".into())),
                // A file cannot be in a file.
                (dir.join("a/old.txt/no.txt"), File::Text("new".into())),
            ],
            delete: vec![dir.join("gone/x.txt")],
            kept: 0,
        };
        let failed = plan.carry_out(&dir);
        assert!(failed.is_err_and(|error| error.to_string().starts_with("cannot write ")));
        assert_eq!((text("a/old.txt").as_deref(), text("gone/x.txt").as_deref()), (Some("old"), Some("x")));
        assert!(!dir.join("b").exists());
        let _ = fs::remove_dir_all(&dir);
    }

    #[test]
    fn a_file_that_exists_is_not_created() {
        let dir = folder("created");
        let mut transaction = Transaction::default();
        assert_eq!(transaction.create(&dir.join("a/one.txt"), b"1"), Ok(()));
        let again = transaction.create(&dir.join("a/one.txt"), b"2");
        assert!(again.is_err_and(|error| error.to_string().ends_with("one.txt exists already")));
        drop(transaction);
        assert!(!dir.exists());
    }
}
