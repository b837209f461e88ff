//! A separate workspace of generated clients below `target/`, which cargo checks with the
//! dependencies that are compiled already.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use venuekit_codegen::output::{File, Plan};
use venuekit_codegen::{GeneratedFile, Home, Runtime};

use crate::cargo::{cargo, shown};

/// The profile of the repository's dependencies, so that the compiled ones are used.
const PROFILE: &str = "\n[profile.dev]\ndebug = \"line-tables-only\"\n\n[profile.dev.package.\"*\"]\ndebug = false\n";

/// A workspace of clients. Each client is in the folder `crates/STEM`.
#[derive(Debug)]
pub(crate) struct Clients {
    root: PathBuf,
    folder: PathBuf,
    stems: Vec<String>,
    lines: usize,
}

impl Clients {
    /// Opens the workspace in `target/NAME` of the repository at `root`.
    pub(crate) fn open(root: &Path, name: &str) -> Self {
        Self { root: root.to_owned(), folder: root.join("target").join(name), stems: Vec::new(), lines: 0 }
    }

    /// Returns the home of the clients: they depend on the runtime of the repository by its path.
    pub(crate) fn home(root: &Path) -> Home {
        Home::Elsewhere(Runtime::Path(root.to_string_lossy().into_owned()))
    }

    /// Returns the folder of a client.
    pub(crate) fn folder_of(&self, stem: &str) -> PathBuf {
        self.folder.join("crates").join(stem)
    }

    /// Writes the files of a client.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub(crate) fn add(&mut self, stem: &str, files: Vec<GeneratedFile>) -> Result<(), String> {
        self.lines += files.iter().map(|file| file.text.lines().count()).sum::<usize>();
        let files: BTreeMap<String, File> = files.into_iter().map(|file| (file.path, File::Text(file.text))).collect();
        let folder = self.folder_of(stem);
        Plan::new(&folder, &files)?.carry_out(&folder)?;
        self.stems.push(stem.to_owned());
        Ok(())
    }

    /// Returns the stems of the clients, sorted, each once.
    pub(crate) fn stems(&self) -> Vec<String> {
        let mut stems = self.stems.clone();
        stems.sort();
        stems.dedup();
        stems
    }

    /// Returns the number of lines of all clients.
    pub(crate) fn lines(&self) -> usize {
        self.lines
    }

    /// Writes the manifest of the workspace, with `others` beside the clients.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub(crate) fn write_manifest(&self, others: &[&str]) -> Result<(), String> {
        let members = self.stems().into_iter().map(|stem| format!("crates/{stem}"));
        let members: Vec<String> =
            members.chain(others.iter().map(|other| (*other).to_owned())).map(|member| format!("{member:?}")).collect();
        let text = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n{PROFILE}", members.join(", "));
        self.write("Cargo.toml", &text)?;
        // With the lock file of the repository, cargo uses the dependencies that are already
        // compiled in target/.
        fs::copy(self.root.join("Cargo.lock"), self.folder.join("Cargo.lock"))
            .map(drop)
            .map_err(|error| format!("no Cargo.lock: {error}"))
    }

    /// Writes a file of the workspace.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(crate) fn write(&self, path: &str, text: &str) -> Result<(), String> {
        let path = self.folder.join(path);
        let fault = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(fault)?;
        }
        fs::write(&path, text).map_err(fault)
    }

    /// Returns a command of cargo in this workspace, which shares the target directory of the
    /// repository and reads no registry.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = cargo(&self.folder);
        command.args(arguments).args(["--quiet", "--offline", "--target-dir"]).arg(self.root.join("target"));
        command
    }
}

/// Runs a command, prints its messages, and returns its output.
///
/// # Errors
/// If the command cannot be run.
pub(crate) fn output(command: &mut Command) -> Result<Output, String> {
    let output = command.output().map_err(|error| format!("cannot run `{}`: {error}", shown(command)))?;
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    Ok(output)
}
