//! Reads the repository at `root` with the program `git`.

use std::path::Path;
use std::process::Command;

use crate::cargo::output_of;

fn git(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(arguments).env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
    // git sets these variables while a hook runs. They would take priority over `root`.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"] {
        command.env_remove(variable);
    }
    command
}

/// Returns the changed and untracked files, as lines of `git status --porcelain`.
pub(super) fn changed(root: &Path) -> Result<Vec<String>, String> {
    Ok(output_of(&mut git(root, &["status", "--porcelain"]))?.lines().map(str::to_owned).collect())
}

pub(super) fn tags(root: &Path) -> Result<Vec<String>, String> {
    Ok(output_of(&mut git(root, &["tag", "--list"]))?.lines().map(str::to_owned).collect())
}

/// Returns whether the tracked files of a folder differ from those of a tag.
pub(super) fn has_changed_since(root: &Path, tag: &str, folder: &Path) -> Result<bool, String> {
    let mut command = git(root, &["diff", "--name-only", tag, "--"]);
    Ok(!output_of(command.arg(folder))?.is_empty())
}

/// Returns the text of a file at a tag.
pub(super) fn file_at(root: &Path, tag: &str, path: &str) -> Result<String, String> {
    output_of(&mut git(root, &["show", &format!("{tag}:{path}")]))
}
