//! Tests `cargo xtask ci` as a user runs it, with scripts in place of cargo and rustup.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const SPEC: &str = "openapi: 3.0.3
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

/// A repository, and scripts in place of cargo, rustup and tar that record their calls.
struct Repository {
    root: PathBuf,
    programs: PathBuf,
    target: PathBuf,
    _temporary: TempDir,
}

struct Ran {
    succeeded: bool,
    stdout: String,
    stderr: String,
    /// The calls of cargo, rustup and tar, except `cargo metadata`.
    calls: Vec<String>,
}

impl Repository {
    /// Creates a repository. Cargo fails in it if `fails` is one of its arguments.
    fn new(fails: &str) -> Self {
        let temporary = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let (root, programs) = (temporary.path().join("repository"), temporary.path().join("programs"));
        fs::create_dir_all(root.join("specs")).unwrap();
        fs::create_dir_all(&programs).unwrap();
        fs::write(root.join("specs/tiny.yaml"), SPEC).unwrap();
        fs::create_dir_all(root.join("codegen/tests/published")).unwrap();
        fs::write(root.join("codegen/tests/published/tiny.yaml"), SPEC).unwrap();
        let page = "draft/tests/documents/widdershins-2.md";
        fs::create_dir_all(root.join("draft/tests/documents")).unwrap();
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page), root.join(page)).unwrap();
        fs::write(root.join("Cargo.lock"), "").unwrap();
        let target = temporary.path().join("target");
        let repository = Self { root, programs, target, _temporary: temporary };
        assert!(repository.xtask(&["codegen"]).succeeded);
        let package = |name: &str, features: &str, publish: &str| {
            format!(
                r#"{{"name": "{name}", "version": "0.1.0", "manifest_path": "/r/{name}/Cargo.toml", "readme": null,
                "repository": null, "rust_version": "1.88", "features": {features}, "dependencies": [], "publish": {publish}}}"#
            )
        };
        let packages = [
            package("plain", "{}", "null"),
            package("featured", r#"{"default": ["b"], "a": [], "b": []}"#, "null"),
            package("like-featured", r#"{"a": [], "b": []}"#, "null"),
            package("kinds", r#"{"all-kinds": ["x", "y"], "x": [], "y": []}"#, "null"),
            package("private", r#"{"c": []}"#, "[]"),
        ];
        let (packages, target) = (packages.join(", "), repository.target.display());
        let metadata = format!(r#"{{"packages": [{packages}], "target_directory": "{target}"}}"#);
        let log = repository.log();
        let log = log.display();
        repository.program(
            "cargo",
            &format!(
                "if [ \"$1\" = metadata ]; then echo '{metadata}'; exit; fi\n\
                 echo \"cargo $*\" >>'{log}'\n\
                 for word in \"$@\"; do if [ \"$word\" = '{fails}' ]; then exit 3; fi; done"
            ),
        );
        for program in ["rustup", "tar"] {
            repository.program(program, &format!("echo \"{program} $*\" >>'{log}'"));
        }
        repository
    }

    fn log(&self) -> PathBuf {
        self.programs.join("log")
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.programs.join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn ci(&self, arguments: &[&str]) -> Ran {
        self.xtask(&[&["ci"], arguments].concat())
    }

    fn xtask(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .arg("--root")
            .arg(&self.root)
            .env("CARGO", self.programs.join("cargo"))
            .env("CARGO_HOME", self.home())
            .env("PATH", format!("{}:/usr/bin:/bin", self.programs.display()))
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let calls = fs::read_to_string(self.log()).unwrap_or_default().lines().map(str::to_owned).collect();
        let _ = fs::remove_file(self.log());
        Ran { succeeded: output.status.success(), stdout: text(output.stdout), stderr: text(output.stderr), calls }
    }

    fn home(&self) -> PathBuf {
        self.programs.join("home")
    }
}

/// Returns the rows of the table at the end, without times.
fn table(stdout: &str) -> Vec<String> {
    let rows = stdout.lines().filter_map(|line| line.split_once(" s  "));
    rows.filter(|(time, _)| time.trim().parse::<u64>().is_ok()).map(|(_, step)| step.to_owned()).collect()
}

fn steps(stdout: &str) -> Vec<&str> {
    stdout.lines().filter_map(|line| line.strip_prefix("== ")).collect()
}

#[test]
fn every_step_runs_in_the_listed_order_and_the_table_has_its_time() {
    let repository = Repository::new("nothing");
    let listed = repository.ci(&["--list"]);
    let names: Vec<&str> = listed.stdout.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert!(listed.calls.is_empty());
    let ran = repository.ci(&[]);
    assert!(ran.succeeded, "{}", ran.stderr);
    assert_eq!(steps(&ran.stdout), names);
    let rows: Vec<String> = table(&ran.stdout).iter().map(|row| row.replace(" (skipped)", "")).collect();
    assert_eq!(rows, names);
    assert!(ran.stdout.contains("\npassed in "), "{}", ran.stdout);
    let target = repository.root.join("target");
    let target = target.display();
    let build = format!("cargo build --package calls --quiet --offline --target-dir {target}");
    let calls = format!("cargo run --package calls --quiet --offline --target-dir {target}");
    let check = format!("cargo check --workspace --all-features --quiet --offline --target-dir {target}");
    let packed = repository.target.join("package");
    let unpack = |name: &str| format!("tar -xzmf {0}/{name}-0.1.0.crate -C {0}/unpacked", packed.display());
    let unpack_kinds = unpack("kinds");
    let (unpack_featured, unpack_like, unpack_plain) = (unpack("featured"), unpack("like-featured"), unpack("plain"));
    let expected = [
        "cargo fmt --all --check",
        "cargo deny --version",
        "cargo deny --locked check licenses bans sources",
        "cargo clippy --workspace --all-targets --all-features --locked -- -D warnings",
        "cargo test --workspace",
        &build,
        &calls,
        &check,
        "cargo run --quiet --package venuekit --features ws --example soak_streams -- --seconds 15",
        "cargo clippy --quiet --locked --no-default-features --package featured --package like-featured -- -D warnings",
        "cargo clippy --quiet --locked --no-default-features --package featured --package like-featured --features a -- -D warnings",
        "cargo clippy --quiet --locked --no-default-features --package featured --package like-featured --features b -- -D warnings",
        "cargo clippy --quiet --locked --no-default-features --package kinds -- -D warnings",
        "cargo clippy --quiet --locked --no-default-features --package kinds --features all-kinds -- -D warnings",
        "cargo clippy --quiet --locked --no-default-features --package kinds --features x -- -D warnings",
        "rustup toolchain list --quiet",
        "cargo doc --workspace --no-deps --all-features --locked",
        "cargo package --no-verify --allow-dirty --quiet --locked --offline --package featured --package kinds --package like-featured --package plain",
        &unpack_featured,
        &unpack_kinds,
        &unpack_like,
        &unpack_plain,
        "cargo check --quiet --offline --package featured",
        "cargo check --quiet --offline --package kinds",
        "cargo check --quiet --offline --package like-featured",
        "cargo check --quiet --offline --package plain",
        "cargo run --release --quiet --locked --manifest-path benches/Cargo.toml --no-default-features --features peers -- --quick",
    ];
    assert_eq!(ran.calls, expected);
}

#[test]
fn the_guide_for_contributors_has_a_row_for_each_step() {
    let listed = Repository::new("nothing").ci(&["--list"]).stdout;
    let names: Vec<&str> = listed.lines().map(|line| line.split(' ').next().unwrap()).collect();
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../CONTRIBUTING.md")).unwrap();
    let (_, table) = guide.split_once("| step | command |\n|---|---|\n").unwrap();
    let rows = table.lines().map_while(|line| line.strip_prefix("| `"));
    let rows: Vec<&str> = rows.map(|row| row.split('`').next().unwrap()).collect();
    assert_eq!(rows, names);
}

#[test]
fn a_failed_step_ends_the_run_and_shows_how_to_continue() {
    let repository = Repository::new("test");
    let ran = repository.ci(&[]);
    assert!(!ran.succeeded);
    assert_eq!(steps(&ran.stdout), ["format", "modules", "codegen", "deny", "clippy", "test"]);
    assert_eq!(table(&ran.stdout), ["format", "modules", "codegen", "deny", "clippy", "test (failed)"]);
    let expected = "error: `cargo test --workspace` failed (exit status: 3)\n\
                    help: correct it, and continue with `cargo xtask ci --from test`\n";
    assert_eq!(ran.stderr, expected);
    let ran = repository.ci(&["--from", "features"]);
    assert!(ran.succeeded);
    assert_eq!(steps(&ran.stdout), ["features", "rust-version", "doc", "package", "benches"]);
}

#[test]
fn only_runs_the_named_steps_in_their_order_and_conflicts_with_from() {
    let repository = Repository::new("nothing");
    assert_eq!(steps(&repository.ci(&["--only", "doc", "--only", "format"]).stdout), ["format", "doc"]);
    let unknown = repository.ci(&["--only", "fromat"]);
    assert!(!unknown.succeeded && unknown.stderr.contains("a similar value exists: 'format'"), "{}", unknown.stderr);
    assert!(!repository.ci(&["--only", "doc", "--from", "doc"]).succeeded);
}

#[test]
fn the_step_codegen_fails_if_a_generated_file_is_stale() {
    let repository = Repository::new("nothing");
    fs::write(repository.root.join("generated/tiny/src/types.rs"), "").unwrap();
    let ran = repository.ci(&["--only", "codegen"]);
    assert!(!ran.succeeded && ran.stdout.contains("+++ b/generated/tiny/src/types.rs"), "{}", ran.stdout);
    assert!(ran.stderr.contains("1 file is stale; help: run `cargo xtask codegen`\n"), "{}", ran.stderr);
}

#[test]
fn a_step_whose_tool_is_not_installed_is_skipped_and_says_so() {
    let repository = Repository::new("deny");
    let ran = repository.ci(&["--only", "deny", "--only", "rust-version"]);
    assert!(ran.succeeded);
    assert_eq!(table(&ran.stdout), ["deny (skipped)", "rust-version (skipped)"]);
    assert!(ran.stdout.contains("\nskipped: cargo-deny is not installed; "), "{}", ran.stdout);
    assert!(ran.stdout.contains("\nskipped: Rust 1.88 is not installed; "), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("\nskipped, since a tool is not installed: deny, rust-version\n"), "{}", ran.stdout);
    let ran = repository.ci(&["--only", "rust-version", "--no-skip"]);
    assert!(!ran.succeeded && ran.stderr.starts_with("error: the step was skipped: Rust 1.88 is not installed; "));
}

#[test]
fn the_step_rust_version_uses_the_installed_toolchain_of_that_version() {
    let repository = Repository::new("nothing");
    let log = repository.log();
    let installed = "printf 'stable-x\\n1.88.0-x\\n1.95.0-x\\n'";
    let says = format!("echo \"$* in $CARGO_TARGET_DIR\" >>'{}'; [ \"$1\" = run ] || {installed}", log.display());
    repository.program("rustup", &says);
    let ran = repository.ci(&["--only", "rust-version", "--no-skip"]);
    assert!(ran.succeeded, "{}", ran.stderr);
    let expected = "run 1.88.0-x cargo check --lib --bins --all-features --locked --package featured --package kinds --package like-featured --package plain \
                    in ";
    assert_eq!(ran.calls[1], format!("{expected}{}", repository.target.join("ci/rust-1.88").display()));
}

#[test]
fn the_step_package_unpacks_the_packages_into_a_workspace_where_they_replace_those_of_the_registry() {
    let repository = Repository::new("nothing");
    let unpacked = repository.target.join("package/unpacked");
    fs::create_dir_all(unpacked.join("gone-0.1.0")).unwrap();
    assert!(repository.ci(&["--only", "package"]).succeeded);
    assert!(!unpacked.join("gone-0.1.0").exists() && unpacked.join("Cargo.lock").is_file());
    let manifest = fs::read_to_string(unpacked.join("Cargo.toml")).unwrap();
    let patches = "[patch.crates-io]\nfeatured = { path = \"featured-0.1.0\" }\nkinds = { path = \"kinds-0.1.0\" }\nlike-featured = { path = \
                   \"like-featured-0.1.0\" }\nplain = { path = \"plain-0.1.0\" }\n";
    assert!(manifest.ends_with(patches), "{manifest}");
}

#[test]
fn the_step_modules_fails_if_files_import_each_other() {
    let repository = Repository::new("nothing");
    let source = repository.root.join("src");
    fs::create_dir_all(&source).unwrap();
    fs::write(source.join("lib.rs"), "mod a; mod b;").unwrap();
    fs::write(source.join("a.rs"), "pub(crate) struct A(crate::b::B);").unwrap();
    fs::write(source.join("b.rs"), "pub(crate) struct B(crate::a::A);").unwrap();
    let target = format!(r#"{{"kind": ["lib"], "src_path": "{}"}}"#, source.join("lib.rs").display());
    let package = format!(
        r#"{{"name": "tied", "version": "0.1.0", "manifest_path": "/r/tied/Cargo.toml", "readme": null,
        "repository": null, "rust_version": null, "features": {{}}, "dependencies": [], "targets": [{target}]}}"#
    );
    repository.program("cargo", &format!("echo '{{\"packages\": [{package}], \"target_directory\": \"/target\"}}'"));
    let ran = repository.ci(&["--only", "modules"]);
    assert!(!ran.succeeded, "{}", ran.stdout);
    assert!(ran.stderr.contains("  src/a.rs imports from src/b.rs: B\n"), "{}", ran.stderr);
}
