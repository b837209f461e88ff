//! Reads commits and files of a repository with the program `git`.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::specs::is_in_own_directory;

/// The repository at a directory.
#[derive(Debug)]
pub(crate) struct Git {
    root: PathBuf,
}

impl Git {
    /// Opens the repository.
    ///
    /// # Errors
    ///
    /// If git is not installed, or there is no repository.
    pub(crate) fn open(root: &Path) -> Result<Self, String> {
        let git = Self { root: root.to_owned() };
        let output = git.ask(&["rev-parse", "--git-dir"])?;
        if output.status.success() {
            return Ok(git);
        }
        let said = complaint(&output);
        let shown = root.display();
        Err(if said.contains("not a git repository") {
            format!("{shown} is not in a git repository; help: compare two files: cargo xtask diff OLD.yaml NEW.yaml")
        } else {
            format!("git cannot read {shown}: {said}")
        })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the full id of the commit that a revision names; `None` if there is no such commit.
    pub(crate) fn commit(&self, revision: &str) -> Result<Option<String>, String> {
        // git would read a name with a leading dash as an option. No revision begins with a dash.
        if revision.is_empty() || revision.starts_with('-') {
            return Ok(None);
        }
        let name = format!("{revision}^{{commit}}");
        let output = self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name])?;
        Ok(output.status.success().then(|| id(&output.stdout)).flatten())
    }

    /// Returns the id of the common ancestor of two commits; `None` if they have none.
    pub(crate) fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, String> {
        let output = self.ask(&["merge-base", one, other])?;
        Ok(output.status.success().then(|| id(&output.stdout)).flatten())
    }

    /// Returns whether the clone lacks older commits.
    pub(crate) fn is_shallow(&self) -> Result<bool, String> {
        Ok(self.ask(&["rev-parse", "--is-shallow-repository"])?.stdout.starts_with(b"true"))
    }

    /// Returns the files of venues in `specs/` of a commit: the path and the id of the content,
    /// `None` for a symbolic link.
    pub(crate) fn specs(&self, commit: &str) -> Result<Vec<(String, Option<String>)>, String> {
        let listed = self.must(&["ls-tree", "-r", "-z", commit, "specs/"])?;
        let mut files = Vec::new();
        for entry in listed.split(|byte| *byte == 0) {
            // An entry is `100644 blob <id>\t<path>`. A path that is not UTF-8 is skipped, because
            // it cannot name a venue.
            let Some((what, path)) = std::str::from_utf8(entry).ok().and_then(|entry| entry.split_once('\t')) else {
                continue;
            };
            let is_direct = path.matches('/').count() == 1;
            if !is_direct && (path.matches('/').count() != 2 || !is_in_own_directory(Path::new(path))) {
                continue;
            }
            let words: Vec<&str> = what.split(' ').collect();
            if let [mode, "blob", blob] = words.as_slice() {
                files.push((path.to_owned(), (*mode != LINK).then(|| (*blob).to_owned())));
            }
        }
        Ok(files)
    }

    /// Returns the content of a file by the id of its content.
    pub(crate) fn blob(&self, id: &str) -> Result<Vec<u8>, String> {
        self.must(&["cat-file", "blob", id])
    }

    fn must(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let output = self.ask(arguments)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(format!("git {} failed: {}", arguments.join(" "), complaint(&output)))
    }

    fn ask(&self, arguments: &[impl AsRef<OsStr>]) -> Result<Output, String> {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.root).args(arguments).stdin(Stdio::null());
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
        // git sets these variables while a hook runs. They would take priority over `root`.
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"] {
            command.env_remove(variable);
        }
        command.output().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                "git is not installed; help: compare two files: cargo xtask diff OLD.yaml NEW.yaml".to_owned()
            }
            _ => format!("git cannot be run: {error}"),
        })
    }
}

/// The mode of a symbolic link in git.
const LINK: &str = "120000";

fn complaint(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    said.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned()
}

/// Returns the id in the first line of an output; `None` if that line is not an id.
fn id(said: &[u8]) -> Option<String> {
    let line = std::str::from_utf8(said).ok()?.lines().next()?;
    let is_id = line.len() >= 40 && line.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| line.to_owned())
}
