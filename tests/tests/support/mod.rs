//! Helpers of tests that run cargo.
#![allow(dead_code, reason = "not every test needs everything")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A lock with a name in the target directory. Two runs of the same tests wait for each other.
///
/// The lock ends when this value is dropped, or when the process ends in any way.
#[derive(Debug)]
pub(crate) struct Exclusive(#[expect(dead_code, reason = "its lock is what counts")] File);

impl Exclusive {
    /// Waits until no other process holds the lock of this name, however long that takes.
    #[expect(clippy::incompatible_msrv, reason = "tests of messages of the compiler need the pinned toolchain anyway")]
    pub(crate) fn folder(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        fs::create_dir_all(folder).unwrap();
        let file = File::create(folder.join(format!("{name}.lock"))).unwrap();
        file.lock().unwrap();
        Self(file)
    }
}

pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A workspace with the settings and the locked versions of this repository, so that cargo can use
/// the existing builds. Only one process at a time can use it.
#[derive(Debug)]
pub(crate) struct Workspace {
    folder: PathBuf,
    _exclusive: Exclusive,
}

impl Workspace {
    /// Opens the workspace of this name with exactly these members.
    pub(crate) fn open<'a>(name: &str, members: impl IntoIterator<Item = &'a str>) -> Self {
        let exclusive = Exclusive::folder(name);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let members: Vec<&str> = members.into_iter().collect();
        let manifest = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
        let (before, rest) = manifest.split_once("members = [").unwrap();
        let (_, after) = rest.split_once(']').unwrap();
        let manifest = format!("{before}members = {members:?}{after}")
            .replace("path = \"", &format!("path = \"{}/", repository().display()));
        // Profiles of single packages name packages that are not members here.
        let single = |part: &&str| part.contains("[profile.dev.package.") && !part.contains("package.\"*\"");
        let manifest: Vec<&str> = manifest.split("\n\n").filter(|part| !single(part)).collect();
        let workspace = Self { folder, _exclusive: exclusive };
        workspace.write("Cargo.toml", &manifest.join("\n\n"));
        fs::copy(repository().join("Cargo.lock"), workspace.folder.join("Cargo.lock")).unwrap();
        workspace
    }

    /// Writes a file of the workspace. An unchanged file is not written, because cargo compares
    /// modification times.
    pub(crate) fn write(&self, path: impl AsRef<Path>, text: &str) {
        let path = self.folder.join(path);
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            return;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs cargo in the workspace, with this repository's target directory.
    pub(crate) fn cargo(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--offline", "--color=never"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }
}
