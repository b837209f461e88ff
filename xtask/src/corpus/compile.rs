//! Compiles the clients of a corpus in a separate workspace, and calls their operations if wanted.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use venuekit_codegen::output::{File, Plan};
use venuekit_codegen::{Generated, Home, Runtime, Spec, generate_for};

use crate::cargo::{cargo, shown};

/// The profile of the repository's dependencies, so that the compiled ones are used.
const PROFILE: &str = "\n[profile.dev]\ndebug = \"line-tables-only\"\n\n[profile.dev.package.\"*\"]\ndebug = false\n";

/// The source of the program that calls the operations, without the list of the clients.
const CALLS: &str = include_str!("../../templates/calls.rs");

/// Writes the clients of these specs to target/corpus and compiles them. With `calls`, also calls
/// each of their operations.
///
/// # Errors
/// If a client cannot be generated or written, cargo cannot be run, a client does not compile
/// without warnings, or a call fails.
pub(super) fn run(root: &Path, specs: &[Spec], calls: bool) -> Result<(), String> {
    let work = root.join("target/corpus");
    let mut packages = Vec::new();
    let mut lines = 0;
    for spec in specs {
        let home = Home::Elsewhere(Runtime::Path(root.to_string_lossy().into_owned()));
        let Generated { files, .. } = generate_for(spec, &home).map_err(|failure| failure.to_string())?;
        let stem = spec.document.name.rsplit_once('.').map_or(spec.document.name.as_str(), |(stem, _)| stem);
        lines += files.iter().map(|file| file.text.lines().count()).sum::<usize>();
        let files: BTreeMap<String, File> = files.into_iter().map(|file| (file.path, File::Text(file.text))).collect();
        let folder = work.join("crates").join(stem);
        Plan::new(&folder, &files)?.carry_out(&folder)?;
        packages.push(stem.to_owned());
    }
    packages.sort();
    packages.dedup();
    println!("\n{} crates, {lines} lines", packages.len());

    let members: Vec<String> = packages.iter().map(|name| format!("\"crates/{name}\"")).collect();
    let runner = if calls { ", \"calls\"" } else { "" };
    write(
        &work.join("Cargo.toml"),
        &format!("[workspace]\nresolver = \"3\"\nmembers = [{}{runner}]\n{PROFILE}", members.join(", ")),
    )?;
    // With the lock file of the repository, cargo uses the dependencies that are already compiled
    // in target/.
    fs::copy(root.join("Cargo.lock"), work.join("Cargo.lock")).map_err(|error| format!("no Cargo.lock: {error}"))?;
    if calls {
        write(&work.join("calls/Cargo.toml"), &manifest(root, &packages))?;
        write(&work.join("calls/src/main.rs"), &program(&packages))?;
    }
    let mut compile = cargo(&work);
    // The clients are compiled once: the build of the program that calls them has their warnings
    // too.
    if calls {
        compile.args(["build", "--package", "calls"]);
    } else {
        compile.args(["check", "--workspace", "--all-features"]);
    }
    compile.args(["--quiet", "--offline", "--target-dir"]);
    compile.arg(root.join("target"));
    // Warnings are searched for in the output. A flag that turns them into errors would make cargo
    // compile all dependencies again.
    let output = compile.output().map_err(|error| format!("cannot run `{}`: {error}", shown(&compile)))?;
    let said = String::from_utf8_lossy(&output.stderr);
    eprint!("{said}");
    if !output.status.success() || said.lines().any(|line| line.starts_with("warning")) {
        return Err(format!("`{}` failed, or has warnings", shown(&compile)));
    }
    println!("they compile without warnings");
    if calls {
        println!();
        let mut run = cargo(&work);
        run.args(["run", "--package", "calls", "--quiet", "--offline", "--target-dir"]);
        complete(run.arg(root.join("target")))?;
    }
    Ok(())
}

fn complete(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("cannot run `{}`: {error}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed", shown(command))) }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(fault)?;
    }
    fs::write(path, text).map_err(fault)
}

fn manifest(root: &Path, packages: &[String]) -> String {
    let root = root.display();
    let clients: String = (packages.iter())
        .map(|name| format!("venuekit-{name} = {{ path = \"../crates/{name}\", features = [\"jiff\", \"meta\"] }}\n"))
        .collect();
    format!(
        "[package]
name = \"calls\"
version = \"0.0.0\"
edition = \"2024\"

[dependencies]
form_urlencoded = \"1\"
multer = {{ version = \"3\", default-features = false, features = [\"tokio-io\"] }}
serde_json = \"1\"
tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}
venuekit = {{ path = \"{root}/runtime\", features = [\"meta\"] }}
venuekit-mock = {{ path = \"{root}/mock\" }}
venuekit-test-support = {{ path = \"{root}/tests/support\" }}
venuekit-tests = {{ path = \"{root}/tests\" }}
{clients}"
    )
}

/// Returns the source of the program, with the list of the clients to call.
fn program(packages: &[String]) -> String {
    let metas: String = (packages.iter())
        .map(|name| format!("    &venuekit_{}::meta::META,\n", name.replace(['-', '.'], "_")))
        .collect();
    format!("{CALLS}\nstatic VENUES: &[&VenueMeta] = &[\n{metas}];\n")
}
