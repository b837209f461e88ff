//! Runs cargo and reads its metadata of the workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// Returns a command that runs cargo in the directory `root`. Cargo is the one that started this
/// program (`CARGO`), or else the one in `PATH`.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs a command and returns its standard output. Returns an error if the command cannot be run or
/// fails, or if the output is not UTF-8.
pub(crate) fn output_of(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("cannot run `{}`: {error}", shown(command)))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{}` failed: {}", shown(command), complaint.trim_end()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{}` printed text that is not UTF-8", shown(command)))
}

/// Returns the command as text for messages: the name of the program and its arguments, without
/// quotes.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// The parts of the output of `cargo metadata` that are used here.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) target_directory: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) readme: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) rust_version: Option<String>,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    pub(crate) dependencies: Vec<Dependency>,
    #[serde(default)]
    targets: Vec<Target>,
    /// The registries to which the package may be published: any if `None`, and none if empty.
    publish: Option<Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// The required version; `*` if the manifest gives none.
    pub(crate) req: String,
    /// `dev`, `build`, or `None` for a normal dependency.
    pub(crate) kind: Option<String>,
    pub(crate) path: Option<PathBuf>,
}

/// A target of a package, such as a library, a program or a test.
#[derive(Clone, Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
    src_path: PathBuf,
}

impl Metadata {
    pub(crate) fn read(root: &Path) -> Result<Self, String> {
        let mut command = cargo(root);
        command.args(["metadata", "--no-deps", "--format-version", "1", "--offline"]);
        let text = output_of(&mut command)?;
        serde_json::from_str(&text).map_err(|error| format!("cannot read the output of `cargo metadata`: {error}"))
    }

    /// Returns the packages that may be published to a registry, sorted by name.
    pub(crate) fn published(&self) -> Vec<&Package> {
        let is_published =
            |package: &&Package| package.publish.as_ref().is_none_or(|registries| !registries.is_empty());
        let mut packages: Vec<&Package> = self.packages.iter().filter(is_published).collect();
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        packages
    }
}

impl Package {
    /// Returns the root files of the package's library (`lib`) and programs (`bin`).
    pub(crate) fn sources(&self) -> impl Iterator<Item = &Path> {
        let is_source = |target: &&Target| target.kind.iter().any(|kind| kind == "lib" || kind == "bin");
        self.targets.iter().filter(is_source).map(|target| target.src_path.as_path())
    }

    /// Returns whether the package is in the folder `generated`, which `cargo xtask codegen`
    /// writes.
    pub(crate) fn is_generated(&self) -> bool {
        self.folder().parent().is_some_and(|folder| folder.ends_with("generated"))
    }

    /// Returns the folder of the manifest.
    pub(crate) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new("."))
    }
}
