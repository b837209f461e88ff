//! Generation by processor time, memory and lines, beside other generators.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::processes::{Used, least, run};

/// The document of which larger ones are made. It has 12 operations.
const DOCUMENT: &str = "specs/altmarket.yaml";
/// The numbers of copies of the document.
const TIMES: [usize; 2] = [8, 250];
/// The numbers of copies of a document given on the command line.
const TIMES_OF_GIVEN: [usize; 2] = [1, 13];

/// A generator of clients.
#[derive(Clone, Copy, PartialEq)]
pub enum Generator {
    Positional,
    Builder,
    OpenapiToRust,
    Venuekit,
}

impl Generator {
    pub const PROGENITOR: [Self; 3] = [Self::Positional, Self::Builder, Self::Venuekit];

    pub fn name(self) -> &'static str {
        match self {
            Self::Positional => "progenitor, positional",
            Self::Builder => "progenitor, builder",
            Self::OpenapiToRust => "openapi-to-rust",
            Self::Venuekit => "venuekit",
        }
    }

    /// Generates a client into a folder. Returns what the generator used.
    pub fn run(self, document: &Path, out: &Path) -> Used {
        let _ = fs::remove_dir_all(out);
        fs::create_dir_all(out.join("src")).unwrap();
        let progenitor = |style: &str| {
            let mut command = Command::new(root().join("benches/target/release/venuekit-benches-progenitor"));
            command.arg(style).arg(document).arg(out.join("src/lib.rs"));
            command
        };
        let mut command = match self {
            Self::Positional => progenitor("positional"),
            Self::Builder => progenitor("builder"),
            Self::OpenapiToRust => {
                let mut command = Command::new("openapi-to-rust");
                command.arg("generate").arg(document).args(["--quiet", "--module-name", "api", "--output-dir"]);
                command.arg(out.join("src"));
                command
            }
            Self::Venuekit => {
                let mut command = Command::new(root().join("target/release/venuekit-codegen"));
                command.arg("generate").arg(document).arg("--skip-unsupported").arg("--out").arg(out);
                command.arg("--runtime-path").arg(root()).stderr(Stdio::null());
                command
            }
        };
        run(&mut command)
    }
}

/// Returns the folder of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Returns a folder for files of the measurements.
pub fn scratch(name: &str) -> PathBuf {
    let folder = root().join("benches/target/generation").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Builds the generators of this repository.
pub fn build() {
    let cargo = |folder: &Path, arguments: &[&str]| {
        run(Command::new("cargo").args(["build", "--release", "--quiet"]).args(arguments).current_dir(folder));
    };
    cargo(&root(), &["--package", "venuekit-codegen", "--features", "cli"]);
    cargo(&root().join("benches"), &["--package", "venuekit-benches-progenitor"]);
}

/// Writes a document whose paths and schemas are repeated. Returns its file.
pub fn scaled(document: &Path, times: usize) -> PathBuf {
    let stem = document.file_stem().unwrap().to_string_lossy().replace(['_', '.'], "-").to_lowercase();
    let file = root().join(format!("target/corpus/scaled/{stem}-{times}.json"));
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--package", "xtask", "--", "corpus", "--scaled", &times.to_string()]);
    run(command.arg(fs::canonicalize(document).unwrap()).current_dir(root()));
    file
}

/// Returns the number of operations of a document in JSON.
pub fn operations(document: &Path) -> usize {
    let json: serde_json::Value = serde_json::from_slice(&fs::read(document).unwrap()).unwrap();
    let items = json["paths"].as_object().unwrap().values();
    let methods = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];
    items.map(|item| methods.iter().filter(|method| item.get(**method).is_some()).count()).sum()
}

/// Returns the number of lines in the Rust files of a folder, and those of the file `meta.rs` in
/// it.
fn lines(folder: &Path) -> (usize, usize) {
    let count = |path: &Path| fs::read_to_string(path).unwrap().lines().count();
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect();
    let meta = files.iter().filter(|path| path.ends_with("meta.rs")).map(|path| count(path)).sum();
    (files.iter().map(|path| count(path)).sum(), meta)
}

/// Returns whether a program is installed.
pub fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Prints the table. `given`: a document of others, beside `openapi-to-rust`.
pub fn measure(given: Option<&Path>) {
    build();
    println!("generation: the least processor time of three runs in turns, and peak memory");
    println!("| document | operations | generator | time | of the first | memory | lines | without meta.rs |");
    println!("|---|---|---|---|---|---|---|---|");
    for times in TIMES {
        row(&scaled(&root().join(DOCUMENT), times), &Generator::PROGENITOR);
    }
    let Some(given) = given else { return };
    if !is_installed("openapi-to-rust") {
        println!("openapi-to-rust is not installed (help: `cargo install openapi-to-rust --version ^0.23`)");
        return;
    }
    for times in TIMES_OF_GIVEN {
        row(&scaled(given, times), &[Generator::OpenapiToRust, Generator::Venuekit]);
    }
}

fn row(document: &Path, generators: &[Generator]) {
    let name = document.file_name().unwrap().to_string_lossy();
    let out = |generator: &Generator| scratch("out").join(generator.name().replace([' ', ','], "-"));
    let mut runs: Vec<_> = generators.iter().map(|it| move || it.run(document, &out(it))).collect();
    let mut runs: Vec<&mut dyn FnMut() -> Used> = runs.iter_mut().map(|run| run as _).collect();
    let used = least(3, &mut runs);
    for (generator, cost) in generators.iter().zip(&used) {
        let (all, meta) = lines(&out(generator).join("src"));
        println!(
            "| {name} | {} | {} | {:.3} s | {:.2} | {} MB | {all} | {} |",
            operations(document),
            generator.name(),
            cost.seconds(),
            cost.seconds() / used[0].seconds(),
            cost.megabytes(),
            all - meta,
        );
    }
}
