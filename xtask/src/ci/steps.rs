//! The steps, in the order in which they run.

use std::collections::BTreeMap;
use std::fs;
use std::iter;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::cargo::{Metadata, cargo, output_of, shown};
use crate::{codegen, corpus, fuzz, soak};

pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The function that runs the step in the repository at this path.
    pub(super) run: fn(&Path) -> Result<StepEnd, String>,
}

/// The end of a step that does not fail.
#[derive(Debug)]
pub(super) enum StepEnd {
    Passed,
    /// The tool of the step is not installed. Holds a message with the command that installs it.
    Skipped(String),
}

/// The steps, in the order in which they run: quick steps that often fail come first.
pub(super) const STEPS: &[Step] = &[
    Step { name: "format", about: "The code is formatted", run: format },
    Step { name: "modules", about: "The files of a crate have no cycle of imports", run: modules },
    Step { name: "codegen", about: "The files under generated/ agree with the specs", run: fresh },
    Step { name: "deny", about: "Dependencies follow deny.toml (needs cargo-deny)", run: deny },
    Step { name: "clippy", about: "Clippy finds nothing", run: clippy },
    Step { name: "test", about: "All tests pass", run: test },
    Step {
        name: "corpus",
        about: "The clients generated from published documents of others compile, and their calls are exact",
        run: corpus,
    },
    Step {
        name: "fuzz",
        about: "The generator returns in time, without a panic, for documents changed at random",
        run: fuzz_briefly,
    },
    Step {
        name: "streams",
        about: "Subscriptions return, and nothing is lost without being told, while connections are cut at random",
        run: soak_briefly,
    },
    Step {
        name: "features",
        about: "Clippy finds nothing in published crates without features and with each feature alone",
        run: features,
    },
    Step {
        name: "rust-version",
        about: "Published crates build with the oldest Rust that Cargo.toml names (needs its toolchain)",
        run: rust_version,
    },
    Step { name: "doc", about: "The documentation builds without warnings", run: doc },
    Step {
        name: "package",
        about: "Each published package compiles against the packaged form of its dependencies",
        run: package,
    },
    Step {
        name: "benches",
        about: "The benchmarks run, and the clients of progenitor agree; prints how instruction counts moved (with valgrind)",
        run: benches,
    },
];

fn format(root: &Path) -> Result<StepEnd, String> {
    run(cargo(root).args(["fmt", "--all", "--check"]))
}

fn modules(root: &Path) -> Result<StepEnd, String> {
    let cycles = crate::modules::cycles(root, &[])?;
    if cycles.is_empty() {
        return Ok(StepEnd::Passed);
    }
    Err(cycles.join("\n"))
}

fn fresh(root: &Path) -> Result<StepEnd, String> {
    if codegen::run(&codegen::Options::check(root))? == ExitCode::SUCCESS {
        return Ok(StepEnd::Passed);
    }
    Err("generated/ does not agree with the specs".to_owned())
}

fn deny(root: &Path) -> Result<StepEnd, String> {
    if output_of(cargo(root).args(["deny", "--version"])).is_err() {
        return Ok(StepEnd::Skipped("cargo-deny is not installed; `cargo install --locked cargo-deny`".to_owned()));
    }
    // Advisories are not checked: a new advisory would fail an unrelated change.
    run(cargo(root).args(["deny", "--locked", "check", "licenses", "bans", "sources"]))
}

fn clippy(root: &Path) -> Result<StepEnd, String> {
    run(cargo(root)
        .args(["clippy", "--workspace", "--all-targets", "--all-features", "--locked"])
        .args(["--", "-D", "warnings"]))
}

/// Runs the test command of README.md.
fn test(root: &Path) -> Result<StepEnd, String> {
    // A snapshot that differs fails the step, and no snapshot is written.
    run(cargo(root).args(["test", "--workspace"]).env("INSTA_UPDATE", "no").env("INSTA_FORCE_PASS", "0"))
}

/// Compiles the clients of the documents in codegen/tests/published, which others have published,
/// and calls their operations. Compiles the clients of drafts from the documents in
/// draft/tests/documents, which are prose.
fn corpus(root: &Path) -> Result<StepEnd, String> {
    let published = corpus::Options::calls(root, "codegen/tests/published");
    let prose = corpus::Options::compile(root, "draft/tests/documents");
    for options in [&published, &prose] {
        if corpus::run(options)? != ExitCode::SUCCESS {
            return Err("a document in codegen/tests/published or draft/tests/documents cannot be read".to_owned());
        }
    }
    Ok(StepEnd::Passed)
}

/// Changes documents at random and generates their crates. The seed is fixed, so that the result
/// changes only if the code or the documents change.
fn fuzz_briefly(root: &Path) -> Result<StepEnd, String> {
    const CASES: u64 = 300;
    let options = fuzz::Options::short(root, CASES);
    if fuzz::run(&options)? == ExitCode::SUCCESS {
        return Ok(StepEnd::Passed);
    }
    Err("the generator panicked, failed to emit, or took too long for a changed document".to_owned())
}

/// Runs subscriptions and calls for 15 seconds, while connections are cut at random.
fn soak_briefly(root: &Path) -> Result<StepEnd, String> {
    if soak::run(&soak::Options::short(root))? == ExitCode::SUCCESS {
        return Ok(StepEnd::Passed);
    }
    Err("a stream lost something without telling, or did not return".to_owned())
}

/// Lints each published crate that has features: without features, and with each feature alone.
/// Crates with the same features are linted in one command, so that all processors have work. Of
/// the features that a feature `all-..` turns on, which are alike, only the first is linted alone.
///
/// The other steps build with all features or with the default ones. `cargo hack --each-feature`
/// could run this step, but it takes longer to install than this step takes to run.
fn features(root: &Path) -> Result<StepEnd, String> {
    let metadata = Metadata::read(root)?;
    let mut by_features: BTreeMap<Vec<&str>, Vec<&str>> = BTreeMap::new();
    for package in metadata.published() {
        let lists = package.features.iter().filter(|(name, _)| name.starts_with("all-"));
        let alike: Vec<&str> = lists.flat_map(|(_, members)| members.iter().skip(1)).map(String::as_str).collect();
        let names = package.features.keys().map(String::as_str);
        let features = names.filter(|feature| *feature != "default" && !alike.contains(feature)).collect();
        by_features.entry(features).or_default().push(&package.name);
    }
    for (features, packages) in by_features.iter().filter(|(features, _)| !features.is_empty()) {
        for feature in iter::once(None).chain(features.iter().map(Some)) {
            let mut command = cargo(root);
            command.args(["clippy", "--quiet", "--locked", "--no-default-features"]);
            command.args(packages.iter().flat_map(|package| ["--package", package]));
            command.args(feature.into_iter().flat_map(|feature| ["--features", feature]));
            run(command.args(["--", "-D", "warnings"]))?;
        }
    }
    Ok(StepEnd::Passed)
}

/// Checks each published crate with the Rust version that its manifest names (`rust-version`).
/// Skips the step at the first version that rustup has not installed.
fn rust_version(root: &Path) -> Result<StepEnd, String> {
    let metadata = Metadata::read(root)?;
    let mut by_version: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in metadata.published() {
        if let Some(version) = &package.rust_version {
            by_version.entry(version).or_default().push(&package.name);
        }
    }
    let installed = output_of(Command::new("rustup").args(["toolchain", "list", "--quiet"])).unwrap_or_default();
    for (version, packages) in by_version {
        let Some(toolchain) = installed.lines().find(|toolchain| is_of_version(toolchain, version)) else {
            let how = format!("rustup toolchain install {version} --profile minimal");
            return Ok(StepEnd::Skipped(format!("Rust {version} is not installed; `{how}`")));
        };
        let mut command = Command::new("rustup");
        command.args(["run", toolchain, "cargo", "check", "--lib", "--bins", "--all-features", "--locked"]);
        command.args(packages.into_iter().flat_map(|package| ["--package", package]));
        // Each toolchain has its own target directory. In a shared directory, each would discard
        // the files that the other built.
        let target = metadata.target_directory.join(format!("ci/rust-{version}"));
        run(command.current_dir(root).env("CARGO_TARGET_DIR", target))?;
    }
    Ok(StepEnd::Passed)
}

/// Returns whether a toolchain (`1.88.0-x86_64-unknown-linux-gnu`) has a version (`1.88`).
fn is_of_version(toolchain: &str, version: &str) -> bool {
    let number = toolchain.split('-').next().unwrap_or_default();
    let patch = number.strip_prefix(version);
    patch.is_some_and(|patch| patch.is_empty() || (patch.starts_with('.') && version.matches('.').count() == 1))
}

fn doc(root: &Path) -> Result<StepEnd, String> {
    run(cargo(root)
        .args(["doc", "--workspace", "--no-deps", "--all-features", "--locked"])
        .env("RUSTDOCFLAGS", "-D warnings"))
}

/// Compiles each published package against the packaged form of its dependencies in this workspace:
/// the packages are unpacked into a workspace of their own, where they replace those of the
/// registry.
///
/// `cargo package` alone would build each package instead of checking it, which takes several times
/// as long.
fn package(root: &Path) -> Result<StepEnd, String> {
    let metadata = Metadata::read(root)?;
    let packages = metadata.published();
    // The steps before have fetched all dependencies. Without `--offline`, cargo would ask the
    // registry again for each package.
    run(cargo(root)
        .args(["package", "--no-verify", "--allow-dirty", "--quiet", "--locked", "--offline"])
        .args(packages.iter().flat_map(|package| ["--package", &package.name])))?;
    let packed = metadata.target_directory.join("package");
    let workspace = packed.join("unpacked");
    if workspace.is_dir() {
        fs::remove_dir_all(&workspace).map_err(|error| format!("cannot delete {}: {error}", workspace.display()))?;
    }
    fs::create_dir_all(&workspace).map_err(|error| format!("cannot create {}: {error}", workspace.display()))?;
    let mut manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n\n[patch.crates-io]\n".to_owned();
    for package in &packages {
        let folder = format!("{}-{}", package.name, package.version);
        let file = packed.join(format!("{folder}.crate"));
        // Without `-m`, the files have the time of the last run, and cargo checks nothing anew.
        run(Command::new("tar").arg("-xzmf").arg(file).arg("-C").arg(&workspace))?;
        manifest += &format!("{} = {{ path = \"{folder}\" }}\n", package.name);
    }
    write(&workspace.join("Cargo.toml"), &manifest)?;
    let lock = root.join("Cargo.lock");
    fs::copy(&lock, workspace.join("Cargo.lock"))
        .map_err(|error| format!("cannot copy {}: {error}", lock.display()))?;
    // Each package alone: one command for all would turn on the features that any of them needs.
    for package in &packages {
        run(cargo(&workspace)
            .args(["check", "--quiet", "--offline", "--package", &package.name])
            .env("CARGO_TARGET_DIR", &metadata.target_directory))?;
    }
    Ok(StepEnd::Passed)
}

/// Builds the benchmarks and the comparison with progenitor, which are a workspace of their own,
/// and runs each of them briefly. The table of instruction counts is only printed, because the
/// counts depend on the processor. The other JSON libraries, the pictures and two of the four
/// venues are left out, since they take long to compile.
fn benches(root: &Path) -> Result<StepEnd, String> {
    let target = Metadata::read(root)?.target_directory.join("ci/benches");
    run(cargo(root)
        .args(["run", "--release", "--quiet", "--locked", "--manifest-path", "benches/Cargo.toml"])
        .args(["--no-default-features", "--features", "peers", "--", "--quick"])
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0"))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Prints the command and runs it.
fn run(command: &mut Command) -> Result<StepEnd, String> {
    println!("$ {}", shown(command));
    let status = command.stdin(Stdio::null()).status();
    let status = status.map_err(|error| format!("cannot run `{}`: {error}", shown(command)))?;
    if status.success() { Ok(StepEnd::Passed) } else { Err(format!("`{}` failed ({status})", shown(command))) }
}

#[cfg(test)]
mod tests {
    use super::is_of_version;

    #[test]
    fn a_toolchain_matches_its_minor_version_and_its_exact_patch_version() {
        for toolchain in ["1.88.0-x86_64-unknown-linux-gnu", "1.88-aarch64-apple-darwin", "1.88.2", "1.88"] {
            assert!(is_of_version(toolchain, "1.88"), "{toolchain}");
        }
        for toolchain in ["1.8-x", "1.880.0-x", "1.89.0-x", "stable-x86_64-unknown-linux-gnu", ""] {
            assert!(!is_of_version(toolchain, "1.88"), "{toolchain}");
        }
        assert!(is_of_version("1.88.1-x", "1.88.1") && !is_of_version("1.88.10-x", "1.88.1"));
        assert!(!is_of_version("1.88.0-x", "1.88.1"));
    }
}
