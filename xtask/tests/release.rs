//! Tests `cargo xtask release` as a user runs it, on test repositories.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const SPEC: &str = "openapi: 3.0.3
info: {title: Tiny, version: '1'}
x-crate-version: 0.3.0
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

const MANIFEST: &str = r#"[workspace]
resolver = "3"
members = ["generated/*", "runtime", "tests"]

[workspace.package]
version = "0.1.0"
edition = "2024"
rust-version = "1.88"
license = "MIT OR Apache-2.0"
authors = ["a"]
homepage = "https://example.com/r"
repository = "https://example.com/r"

[workspace.dependencies]
venuekit = { version = "0.1.0", path = "runtime" }
serde = { version = "1" }
tokio = { version = "1" }
"#;

const RUNTIME: &str = r#"[package]
name = "venuekit"
version.workspace = true
edition.workspace = true
repository.workspace = true
readme = "README.md"

[features]
blocking = []
jiff = []
meta = []
reqwest = []

[dev-dependencies]
tests = { path = "../tests" }
"#;

const TESTS: &str = r#"[package]
name = "tests"
version.workspace = true
edition.workspace = true
publish = false

[dependencies]
venuekit = { workspace = true }
"#;

const CHANGELOG: &str = "# Changelog

## [Unreleased]

### Added

- A ping.

[Unreleased]: https://example.com/r/commits/main
";

struct Ran {
    succeeded: bool,
    stdout: String,
    stderr: String,
}

/// A workspace with a runtime, a generated crate and the facade, all committed.
struct Repository(PathBuf, #[expect(dead_code, reason = "it is there to be dropped")] TempDir);

impl Repository {
    fn new() -> Self {
        let temporary = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let repository = Self(temporary.path().join("repository"), temporary);
        for (path, text) in [
            ("Cargo.toml", MANIFEST),
            ("CHANGELOG.md", CHANGELOG),
            ("LICENSE-APACHE", "Apache"),
            ("LICENSE-MIT", "MIT"),
            ("specs/tiny.yaml", SPEC),
            ("runtime/Cargo.toml", RUNTIME),
            ("runtime/README.md", "# venuekit"),
            ("runtime/LICENSE-APACHE", "Apache"),
            ("runtime/LICENSE-MIT", "MIT"),
            ("runtime/src/lib.rs", ""),
            ("tests/Cargo.toml", TESTS),
            ("tests/src/lib.rs", ""),
        ] {
            repository.write(path, text);
        }
        // With this lock file, cargo resolves the registry crates to versions that are already
        // downloaded.
        fs::copy(ours().join("Cargo.lock"), repository.0.join("Cargo.lock")).unwrap();
        assert!(repository.xtask(&["codegen"]).succeeded);
        let mut update = Command::new(env!("CARGO"));
        update.args(["update", "--workspace", "--offline"]).current_dir(&repository.0);
        let output = update.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        repository.git(&["init"]);
        repository.commit();
        repository
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }

    fn replace(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} has no {old}");
        self.write(path, &text.replace(old, new));
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "a"]);
    }

    fn git(&self, arguments: &[&str]) -> String {
        let settings = ["user.name=a", "user.email=a@b.example", "commit.gpgsign=false", "init.defaultBranch=main"];
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.0).args(settings.iter().flat_map(|setting| ["-c", setting])).args(arguments);
        let output = alone(&mut command).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn release(&self, arguments: &[&str]) -> Ran {
        self.xtask(&[&["release", "--date", "2026-11-26"], arguments].concat())
    }

    fn xtask(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = alone(&mut command).args(arguments).arg("--root").arg(&self.0).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { succeeded: output.status.success(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

fn ours() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Hides the user's settings of git, and the repository of a running hook, from a command.
fn alone(command: &mut Command) -> &mut Command {
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1")
}

/// Returns the lines between a heading and the next empty line.
fn section<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = text.lines().skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| !line.is_empty()).map(str::trim).collect()
}

#[test]
fn a_dry_run_shows_the_release_and_writes_nothing() {
    let repository = Repository::new();
    let ran = repository.release(&["--dry-run"]);
    assert!(ran.succeeded, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.starts_with("release 0.1.0 (dry run: nothing is written)\n\n"), "{}", ran.stdout);
    let order = ["venuekit         0.1.0", "venuekit-tiny    0.3.0", "venuekit-venues  0.1.0"];
    assert_eq!(section(&ran.stdout, "crates, in the order of their publication"), order);
    assert_eq!(section(&ran.stdout, "tags"), ["v0.1.0", "venuekit-tiny-v0.3.0"]);
    let diff = "--- a/CHANGELOG.md\n+++ b/CHANGELOG.md\n@@ -2,8 +2,11 @@\n \n ## [Unreleased]\n \n+## [0.1.0] - 2026-11-26\n+\n \
                ### Added\n \n - A ping.\n \n-[Unreleased]: https://example.com/r/commits/main\n\
                +[Unreleased]: https://example.com/r/compare/v0.1.0...HEAD\n\
                +[0.1.0]: https://example.com/r/releases/tag/v0.1.0\n";
    assert!(ran.stdout.contains(diff), "{}", ran.stdout);
    assert!(section(&ran.stdout, "checks").iter().all(|check| check.starts_with("passed  ")));
    let commands = [
        "git tag v0.1.0",
        "git tag venuekit-tiny-v0.3.0",
        "git push origin v0.1.0 venuekit-tiny-v0.3.0",
        "cargo publish --locked --package venuekit",
        "cargo publish --locked --package venuekit-tiny",
        "cargo publish --locked --package venuekit-venues",
    ];
    assert_eq!(section(&ran.stdout, "and once CI has passed on that commit"), commands);
    let first = ["git commit --all --message 'release: version 0.1.0'", "git push origin HEAD"];
    assert_eq!(section(&ran.stdout, "then, by hand"), first);
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_release_writes_the_changelog_the_manifest_and_the_lock_file() {
    let repository = Repository::new();
    let ran = repository.release(&["--version", "0.2.0"]);
    assert!(ran.succeeded, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("venuekit         0.1.0 -> 0.2.0\n"), "{}", ran.stdout);
    assert!(repository.read("CHANGELOG.md").contains("## [0.2.0] - 2026-11-26\n\n### Added\n"));
    let manifest = repository.read("Cargo.toml");
    assert!(manifest.contains("version = \"0.2.0\"\n"));
    assert!(manifest.contains("venuekit = { version = \"0.2.0\", path = \"runtime\" }"));
    let lock = repository.read("Cargo.lock");
    assert!(
        lock.contains("name = \"venuekit\"\nversion = \"0.2.0\"")
            && lock.contains("name = \"venuekit-venues\"\nversion = \"0.2.0\"")
    );
    let changed = repository.git(&["status", "--porcelain"]);
    assert_eq!(changed, " M CHANGELOG.md\n M Cargo.lock\n M Cargo.toml\n");
    // No tag is made, and nothing is committed.
    assert_eq!(repository.git(&["tag"]), "");
    repository.commit();
    let again = repository.release(&["--dry-run"]);
    assert!(!again.succeeded && again.stdout.contains("has a section [0.2.0] already\n"), "{}", again.stdout);
}

#[test]
fn one_run_lists_all_failed_checks_and_nothing_is_written() {
    let repository = Repository::new();
    repository.replace("CHANGELOG.md", "- A ping.\n", "");
    repository.replace("specs/tiny.yaml", "A ping", "One ping");
    repository.replace("Cargo.toml", "venuekit = { version = \"0.1.0\"", "venuekit = { version = \"0.0.9\"");
    fs::remove_file(repository.0.join("runtime/LICENSE-MIT")).unwrap();
    fs::remove_file(repository.0.join("runtime/README.md")).unwrap();
    for arguments in [["--dry-run"].as_slice(), &[]] {
        let ran = repository.release(arguments);
        assert!(!ran.succeeded);
        for part in [
            "FAILED  all changes are committed\n",
            " M CHANGELOG.md\n",
            "FAILED  the files under generated/ agree with the specs\n",
            "CHANGELOG.md has no entry below `## [Unreleased]`\n",
            "venuekit-tiny needs venuekit ^0.0.9, but the release has 0.1.0\n",
            "venuekit: LICENSE-MIT is missing, or is not a link to the licence of the repository\n",
            "venuekit has no readme\n",
            "passed  each crate that changed has a new version\n",
        ] {
            assert!(ran.stdout.contains(part), "{part} in\n{}", ran.stdout);
        }
        assert!(ran.stderr.starts_with("error: 5 checks failed, so nothing was written\n"), "{}", ran.stderr);
        assert!(!ran.stdout.contains("cargo publish"), "{}", ran.stdout);
    }
    assert!(!repository.read("CHANGELOG.md").contains("0.1.0"));
}

#[test]
fn a_released_crate_needs_a_new_version_only_if_it_changed_or_needs_another_runtime() {
    let repository = Repository::new();
    repository.git(&["tag", "v0.1.0"]);
    repository.git(&["tag", "venuekit-tiny-v0.3.0"]);
    let again = repository.release(&["--dry-run"]);
    assert!(!again.succeeded && again.stdout.contains("0.1.0 is released already (tag v0.1.0)\n"), "{}", again.stdout);

    let patch = repository.release(&["--dry-run", "--version", "0.1.1"]);
    assert!(patch.succeeded, "{}{}", patch.stdout, patch.stderr);
    assert_eq!(section(&patch.stdout, "tags"), ["v0.1.1"]);
    assert_eq!(
        section(&patch.stdout, "already released at this version, so not published again"),
        ["venuekit-tiny    0.3.0 (tag venuekit-tiny-v0.3.0)"]
    );
    assert!(!patch.stdout.contains("--package venuekit-tiny\n"), "{}", patch.stdout);

    // The released `venuekit-tiny` requires version ^0.1.0 of the runtime.
    let minor = repository.release(&["--dry-run", "--version", "0.2.0"]);
    let said = "venuekit-tiny was released for 0.1.0 of the runtime, which is not compatible with 0.2.0\n";
    assert!(!minor.succeeded && minor.stdout.contains(said), "{}", minor.stdout);

    repository.replace("specs/tiny.yaml", "A ping", "One ping");
    assert!(repository.xtask(&["codegen"]).succeeded);
    repository.commit();
    let changed = repository.release(&["--dry-run", "--version", "0.1.1"]);
    let said = "venuekit-tiny has changed since venuekit-tiny-v0.3.0\n";
    assert!(!changed.succeeded && changed.stdout.contains(said), "{}", changed.stdout);
    repository.replace("specs/tiny.yaml", "0.3.0", "0.3.1");
    assert!(repository.xtask(&["codegen"]).succeeded);
    repository.commit();
    let raised = repository.release(&["--dry-run", "--version", "0.1.1"]);
    assert!(raised.succeeded, "{}{}", raised.stdout, raised.stderr);
    assert_eq!(section(&raised.stdout, "tags"), ["v0.1.1", "venuekit-tiny-v0.3.1"]);
}

#[test]
fn an_invalid_version_or_date_is_refused() {
    let repository = Repository::new();
    let lower = repository.release(&["--dry-run", "--version", "0.0.9"]);
    assert_eq!(lower.stderr, "error: 0.0.9 is lower than 0.1.0, the version in Cargo.toml\n");
    let none = repository.release(&["--version", "next"]);
    assert!(!none.succeeded && none.stderr.contains("not a version"), "{}", none.stderr);
    let date = repository.xtask(&["release", "--date", "yesterday"]);
    assert!(!date.succeeded && date.stderr.contains("not a day (expected YYYY-MM-DD)"), "{}", date.stderr);
}
