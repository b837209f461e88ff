//! A git repository with specs, and runs of `cargo xtask diff` on it.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const TINY: &str = "openapi: 3.0.3
info: {title: Tiny, version: '1'}
x-crate-version: 0.1.0
servers: [{url: 'https://tiny.example', x-environment: production}]
paths:
  /ping:
    get:
      operationId: ping
      summary: A ping
      security: []
      responses:
        '200': {description: Pong., content: {application/json: {schema: {type: object}, example: {}}}}
";

pub(crate) const TIME: &str = "  /time:
    get:
      operationId: time
      summary: The time
      security: []
      responses:
        '200': {description: The time., content: {application/json: {schema: {type: object}, example: {}}}}
";

/// Returns a spec with two operations.
pub(crate) fn both() -> String {
    format!("{TINY}{TIME}")
}

/// Returns the spec with another summary of the operation `ping`.
pub(crate) fn reworded(text: &str) -> String {
    text.replace("A ping", "A single ping")
}

/// A git repository with specs.
pub(crate) struct Repository(pub(crate) PathBuf, pub(crate) Option<TempDir>);

/// The result of a run.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Makes an empty folder with this name. It is deleted when the second value is dropped.
pub(crate) fn temporary(name: &str) -> (PathBuf, TempDir) {
    let temporary = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let dir = temporary.path().join(name);
    fs::create_dir_all(&dir).unwrap();
    (dir, temporary)
}

/// Hides the user's settings of git, and repositories above the test folder, from a command.
pub(crate) fn alone(command: &mut Command) -> &mut Command {
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CEILING_DIRECTORIES", env!("CARGO_TARGET_TMPDIR"))
}

pub(crate) fn git(dir: &Path, arguments: &[&str]) -> String {
    let settings = ["user.name=a", "user.email=a@b.example", "commit.gpgsign=false", "init.defaultBranch=main"];
    let mut command = Command::new("git");
    command.arg("-C").arg(dir).args(settings.iter().flat_map(|setting| ["-c", setting])).args(arguments);
    let output = alone(&mut command).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
    assert!(output.status.success(), "git {arguments:?}: {}", text(output.stderr));
    text(output.stdout)
}

pub(crate) fn xtask(arguments: &[&str]) -> Ran {
    xtask_in(arguments, &[])
}

pub(crate) fn xtask_in(arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    alone(&mut command).arg("diff").args(arguments).envs(environment.iter().copied()).stdin(Stdio::null());
    ran(&command.output().unwrap())
}

/// Runs the command with this text as its standard input.
pub(crate) fn xtask_with(arguments: &[&str], input: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    alone(&mut command).arg("diff").args(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    ran(&child.wait_with_output().unwrap())
}

fn ran(output: &Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Ran { code: output.status.code().unwrap(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

impl Repository {
    /// Creates a repository with the specs committed on `main`.
    pub(crate) fn new(name: &str, specs: &[(&str, &str)]) -> Self {
        let (root, temporary) = temporary(name);
        let repository = Self(root, Some(temporary));
        repository.git(&["init", "--quiet"]);
        repository.commit("first", specs);
        repository
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(&self.0, arguments)
    }

    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        fs::create_dir_all(self.0.join("specs")).unwrap();
        fs::write(self.0.join("specs").join(file), text).unwrap();
    }

    /// Writes the specs, commits all files, and returns the id of the commit.
    pub(crate) fn commit(&self, message: &str, specs: &[(&str, &str)]) -> String {
        specs.iter().for_each(|(file, text)| self.write(file, text));
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    pub(crate) fn root(&self) -> &str {
        self.0.to_str().unwrap()
    }

    pub(crate) fn diff(&self, arguments: &[&str]) -> Ran {
        xtask(&[arguments, &["--root", self.root()]].concat())
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.diff(&[arguments, &["--format", "json"]].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        serde_json::from_str(&ran.stdout).unwrap()
    }
}

/// Returns the names of the venues in the report that have a difference.
pub(crate) fn venues(said: &Value) -> Vec<&str> {
    said["venues"].as_array().unwrap().iter().map(|venue| venue["venue"].as_str().unwrap()).collect()
}

/// Returns the ids of the changes of a venue.
pub(crate) fn ids<'a>(said: &'a Value, venue: &str) -> Vec<&'a str> {
    let found = said["venues"].as_array().unwrap().iter().find(|found| found["venue"] == venue);
    let changes = found.unwrap_or_else(|| panic!("no {venue} in {said}"))["changes"].as_array().unwrap();
    changes.iter().map(|change| change["id"].as_str().unwrap()).collect()
}
