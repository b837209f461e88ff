//! The processor time of the compiler for clients, and the size of programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::generation::{Generator, build, is_installed, root, scaled, scratch};
use crate::processes::{Used, least, run};

/// The manifest of a client of progenitor, without its name.
const PROGENITOR: &str = r#"
[dependencies]
bytes = "1"
chrono = { version = "0.4", default-features = false, features = ["serde"] }
futures-core = "0.3"
progenitor-client = "0.15.1"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "rustls", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
"#;

/// The operations of AltMarket that need no argument.
const CALLS: [&str; 8] = [
    "list_assets",
    "get_markets",
    "get_open_orders",
    "get_transfers",
    "get_balances",
    "get_order_history",
    "get_trade_history",
    "cancel_all_orders",
];

/// Runs cargo in a folder, with a target directory.
fn cargo(folder: &Path, target: &Path, arguments: &[&str]) -> Used {
    let mut command = Command::new("cargo");
    command.args(arguments).arg("--quiet").current_dir(folder);
    run(command.env("CARGO_TARGET_DIR", target).env("CARGO_INCREMENTAL", "0").env("RUSTFLAGS", "--cap-lints=allow"))
}

/// Writes the client of a document as a package. Returns its folder.
fn package(generator: Generator, document: &Path, folder: &Path) -> PathBuf {
    let folder = folder.join(generator.name().replace([' ', ','], "-"));
    generator.run(document, &folder);
    let package = "[package]\nname = \"client\"\nversion = \"0.0.0\"\nedition = \"2024\"\n";
    let manifest = folder.join("Cargo.toml");
    match generator {
        Generator::Positional | Generator::Builder => fs::write(&manifest, format!("{package}{PROGENITOR}")).unwrap(),
        Generator::OpenapiToRust => {
            let dependencies = fs::read_to_string(folder.join("src/REQUIRED_DEPS.toml")).unwrap();
            let library = "[lib]\npath = \"src/mod.rs\"\n";
            fs::write(&manifest, format!("{package}{library}{dependencies}")).unwrap();
        }
        Generator::Venuekit => {}
    }
    let own = fs::read_to_string(&manifest).unwrap();
    if !own.contains("[workspace]") {
        fs::write(&manifest, format!("{own}\n[workspace]\n")).unwrap();
    }
    folder
}

/// Prints the processor time of `cargo check` for a client whose dependencies are checked already.
pub fn measure(given: Option<&Path>) {
    build();
    println!("the processor time of `cargo check` for the client alone, the least of five runs in turns");
    println!("| document | generator | time | of the first |\n|---|---|---|---|");
    let altmarket = scaled(&root().join("specs/altmarket.yaml"), 8);
    check(&altmarket, &Generator::PROGENITOR);
    if let Some(given) = given.filter(|_| is_installed("openapi-to-rust")) {
        check(&scaled(given, 1), &[Generator::OpenapiToRust, Generator::Venuekit]);
    }
}

fn check(document: &Path, generators: &[Generator]) {
    let name = document.file_stem().unwrap().to_string_lossy();
    let folder = scratch(&format!("check/{name}"));
    let packages: Vec<_> = generators.iter().map(|it| package(*it, document, &folder)).collect();
    let target = scratch("target");
    for package in &packages {
        cargo(package, &target, &["check"]);
    }
    let checked = |package: &PathBuf| {
        let source =
            ["src/lib.rs", "src/mod.rs"].map(|file| package.join(file)).into_iter().find(|file| file.is_file());
        let source = fs::File::options().append(true).open(source.unwrap()).unwrap();
        source.set_modified(std::time::SystemTime::now()).unwrap();
        let whole = cargo(package, &target, &["check"]);
        // The same command with nothing to do: cargo alone.
        let idle = cargo(package, &target, &["check"]);
        Used { cpu: whole.cpu.saturating_sub(idle.cpu), ..whole }
    };
    let mut runs: Vec<_> = packages.iter().map(|package| move || checked(package)).collect();
    let mut runs: Vec<&mut dyn FnMut() -> Used> = runs.iter_mut().map(|run| run as _).collect();
    let used = least(5, &mut runs);
    for (generator, cost) in generators.iter().zip(&used) {
        let ratio = cost.seconds() / used[0].seconds();
        println!("| {name} | {} | {:.2} s | {ratio:.2} |", generator.name(), cost.seconds());
    }
}

/// Prints the processor time of a user's first build in release, dependencies included, and the
/// sizes of stripped programs that call no operation, one, and eight.
pub fn programs() {
    build();
    println!("a first build in release, and the size of the stripped program");
    println!("| client | time of the build | no operation | one | {} |\n|---|---|---|---|---|", CALLS.len());
    let document = scaled(&root().join("specs/altmarket.yaml"), 1);
    let folder = scratch("programs");
    for client in ["reqwest", "progenitor-builder", "venuekit"] {
        let generator = if client == "venuekit" { Generator::Venuekit } else { Generator::Builder };
        let generated = package(generator, &document, &folder.join("clients"));
        let dependency = match client {
            "reqwest" => String::new(),
            "venuekit" => format!("client = {{ package = \"venuekit-altmarket-1\", path = {generated:?} }}\n"),
            _ => format!("client = {{ path = {generated:?} }}\n"),
        };
        let program = folder.join(client);
        let target = program.join("target");
        let _ = fs::remove_dir_all(&target);
        fs::create_dir_all(program.join("src")).unwrap();
        let manifest = format!(
            "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependency}\
             reqwest = {{ version = \"0.13\", default-features = false, features = [\"rustls\"] }}\n\
             serde_json = \"1\"\ntokio = {{ version = \"1\", features = [\"rt\", \"net\", \"time\"] }}\n\n\
             [profile.release]\nstrip = true\n\n[workspace]\n"
        );
        fs::write(program.join("Cargo.toml"), manifest).unwrap();
        let sizes = [1, 0, CALLS.len()].map(|calls| {
            fs::write(program.join("src/main.rs"), source(client, calls)).unwrap();
            let used = cargo(&program, &target, &["build", "--release"]);
            (used, fs::metadata(target.join("release/program")).unwrap().len() / 1_000)
        });
        let [(first, one), (_, none), (_, all)] = sizes;
        println!("| {client} | {:.0} s | {none} kB | {one} kB | {all} kB |", first.seconds());
    }
}

/// Returns a program that makes calls with a client.
fn source(client: &str, calls: usize) -> String {
    let (make, call): (_, fn(&str) -> String) = match client {
        "reqwest" => ("reqwest::Client::builder().build().unwrap()", |operation| {
            format!(
                "client.get(\"https://exchange.alt.market/{operation}\").send().await.unwrap().bytes().await.unwrap()"
            )
        }),
        "venuekit" => (
            "client::Client::builder().credentials(client::Credentials::new(\"key\", \"secret\").unwrap()).build().unwrap()",
            |operation| format!("client.{operation}().send().await.unwrap()"),
        ),
        _ => ("client::Client::new(\"https://exchange.alt.market\")", |operation| {
            format!("client.{operation}().send().await.unwrap().into_inner()")
        }),
    };
    let decoded =
        if client == "reqwest" { "serde_json::from_slice::<serde_json::Value>(&reply).unwrap()" } else { "reply" };
    let calls: String = (CALLS.iter().take(calls))
        .map(|operation| {
            format!("        let reply = {};\n        println!(\"{{:?}}\", {decoded});\n", call(operation))
        })
        .collect();
    format!(
        "fn main() {{\n    let client = {make};\n    \
         let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();\n    \
         runtime.block_on(async {{\n{calls}    }});\n    std::hint::black_box(client);\n}}\n"
    )
}
