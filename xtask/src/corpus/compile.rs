//! Compiles the clients of a corpus in a separate workspace, and calls their operations if wanted.

use std::path::Path;
use std::process::Command;

use venuekit_codegen::{Generated, Spec, generate_for};

use crate::cargo::shown;
use crate::clients::{Clients, output};

/// The source of the program that calls the operations, without the list of the clients.
const CALLS: &str = include_str!("../../templates/calls.rs");

/// Writes the clients of these specs to target/corpus and compiles them. With `calls`, also calls
/// each of their operations.
///
/// # Errors
/// If a client cannot be generated or written, cargo cannot be run, a client does not compile
/// without warnings, or a call fails.
pub(super) fn run(root: &Path, specs: &[Spec], calls: bool) -> Result<(), String> {
    let mut clients = Clients::open(root, "corpus");
    for spec in specs {
        let Generated { files, .. } =
            generate_for(spec, &Clients::home(root)).map_err(|failure| failure.to_string())?;
        let stem = spec.document.name.rsplit_once('.').map_or(spec.document.name.as_str(), |(stem, _)| stem);
        clients.add(stem, files)?;
    }
    let packages = clients.stems();
    println!("\n{} crates, {} lines", packages.len(), clients.lines());
    clients.write_manifest(if calls { &["calls"] } else { &[] })?;
    if calls {
        clients.write("calls/Cargo.toml", &manifest(root, &packages))?;
        clients.write("calls/src/main.rs", &program(&packages))?;
    }
    // The clients are compiled once: the build of the program that calls them has their warnings
    // too.
    let arguments: &[&str] =
        if calls { &["build", "--package", "calls"] } else { &["check", "--workspace", "--all-features"] };
    let mut compile = clients.cargo(arguments);
    // Warnings are searched for in the output. A flag that turns them into errors would make cargo
    // compile all dependencies again.
    let output = output(&mut compile)?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || said.lines().any(|line| line.starts_with("warning")) {
        return Err(format!("`{}` failed, or has warnings", shown(&compile)));
    }
    println!("they compile without warnings");
    if calls {
        println!();
        complete(&mut clients.cargo(&["run", "--package", "calls"]))?;
    }
    Ok(())
}

fn complete(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("cannot run `{}`: {error}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed", shown(command))) }
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
