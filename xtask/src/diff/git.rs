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

    /// Returns the files in a directory of a commit that can be specs of venues: those in the
    /// directory itself, and those in directories of a venue.
    pub(crate) fn directory(&self, commit: &str, dir: &str) -> Result<Vec<TreeEntry>, String> {
        let dir = dir.trim_end_matches('/');
        let inside = if dir.is_empty() { String::new() } else { format!("{dir}/") };
        let entries = self.tree(&["-r"], commit, &inside)?;
        let depth = |path: &str| path.strip_prefix(&inside).map(|rest| rest.matches('/').count());
        let is_spec = |entry: &TreeEntry| match depth(&entry.path) {
            Some(0) => true,
            Some(1) => is_in_own_directory(Path::new(&entry.path)),
            _ => false,
        };
        Ok(entries.into_iter().filter(|entry| entry.is_file && is_spec(entry)).collect())
    }

    /// Returns the file or directory at a path of a commit; `None` if there is none.
    pub(crate) fn find(&self, commit: &str, path: &str) -> Result<Option<TreeEntry>, String> {
        let path = path.trim_end_matches('/');
        Ok(self.tree(&[], commit, path)?.into_iter().find(|entry| entry.path == path))
    }

    /// Returns the entries of a commit at a path. Paths begin at the root that was opened.
    fn tree(&self, options: &[&str], commit: &str, path: &str) -> Result<Vec<TreeEntry>, String> {
        let arguments = [&["ls-tree", "-z"], options, &[commit, "--"]].concat();
        let path = Some(path).filter(|path| !path.is_empty());
        let listed = self.must(&arguments.into_iter().chain(path).collect::<Vec<_>>())?;
        // A path that is not UTF-8 is skipped, because it cannot name a venue.
        let entries = listed.split(|byte| *byte == 0).filter_map(|entry| std::str::from_utf8(entry).ok());
        Ok(entries.filter_map(TreeEntry::read).collect())
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

/// A file or a directory in a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TreeEntry {
    /// The path in the repository.
    pub(crate) path: String,
    /// The id of the content.
    pub(crate) id: String,
    /// False for a directory and for a submodule.
    pub(crate) is_file: bool,
    mode: String,
}

impl TreeEntry {
    /// Reads an entry that git printed: `100644 blob <id>\t<path>`.
    fn read(entry: &str) -> Option<Self> {
        let (what, path) = entry.split_once('\t')?;
        let [mode, kind, id] = what.split(' ').collect::<Vec<_>>().try_into().ok()?;
        Some(Self { path: path.to_owned(), id: id.to_owned(), is_file: kind == "blob", mode: mode.to_owned() })
    }

    /// Returns whether it is a symbolic link.
    pub(crate) fn is_link(&self) -> bool {
        self.mode == LINK
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
