//! The program `venuekit-codegen`: generates a client crate into any repository.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command prints to its user")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use mimalloc::MiMalloc;
use venuekit_codegen::diagnostic::Level;
use venuekit_codegen::new_venue::{Published, parse_auth, without_dots};
use venuekit_codegen::output::{File, Plan, Transaction};
use venuekit_codegen::{
    Failure, Generated, Home, Runtime, Spec, SpecFile, check_signer, drafting, effective, generate_in, report,
    to_describe,
};

/// A generator makes and drops millions of small values. With the allocator of glibc, a document of
/// 800 operations takes twice the processor time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Turns the OpenAPI or OpenRPC document of a trading venue into a typed client crate
#[derive(Parser)]
#[command(name = "venuekit-codegen", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the client crate for a document
    ///
    /// Exits with 1, and writes nothing, if the document has a fault or if an operation has to be
    /// left out (see --skip-unsupported).
    Generate(Generate),
    /// Take the published file of a venue in: copy it, write a first overlay, and generate
    ///
    /// The overlay holds what the document tells, each with its reason: the environments of the
    /// servers, the security, the decimals, and the operations that have to be left out. Prints
    /// what is left to decide. Overwrites nothing; if it fails, nothing is written.
    New(New),
    /// Draft a specification from documents in prose (Markdown)
    ///
    /// Writes VENUE.yaml, and beside it a report with what a person has to decide, VENUE.draft.md,
    /// and the answers that the documents suggest, VENUE.overlay.yaml.
    /// Copies no description. Overwrites nothing; if it fails, nothing is written.
    Draft(Draft),
    /// Hold a specification against a document in prose, both ways
    ///
    /// Differences that the specification states (`x-doc-deviation`, `x-evidence`) are not listed.
    /// Exits with 1 if there is any other difference, and with 2 if the two cannot be compared.
    Drift(Drift),
    /// Print a document as it is after its overlays, as JSON
    Effective(Input),
}

/// The files to read.
#[derive(Args)]
struct Input {
    /// The document, as the venue publishes it; the name of the file gives the crate its name:
    /// `acme-spot.yaml` becomes `venuekit-acme-spot`
    file: PathBuf,
    /// An overlay (OpenAPI Overlay 1.0 or 1.1); several are applied in their order
    #[arg(long = "overlay", value_name = "FILE")]
    overlays: Vec<PathBuf>,
    /// Make warnings errors, as `x-strict: true` in the document does
    #[arg(long, value_name = "LEVEL", value_parser = ["warnings"])]
    deny: Option<String>,
}

#[derive(Args)]
struct Draft {
    /// The documents of the venue; files beside them that they include are read too
    #[arg(required = true, value_name = "DOCUMENT")]
    documents: Vec<PathBuf>,
    /// The name of the venue, in lower case with hyphens
    #[arg(long, value_name = "NAME")]
    venue: String,
    /// The folder to write to
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

#[derive(Args)]
struct Drift {
    #[command(flatten)]
    input: Input,
    /// The document of the venue in prose; files beside it that it includes are read too
    #[arg(long = "document", required = true, value_name = "DOCUMENT")]
    documents: Vec<PathBuf>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t = drafting::Format::Text)]
    format: drafting::Format,
}

#[derive(Args)]
struct New {
    /// The name of the venue, in lower case with hyphens; the crate is `venuekit-<venue>`
    venue: String,
    /// The file as the venue publishes it; files beside it that it refers to are copied too
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The folder of the document and its overlay
    #[arg(long, value_name = "DIR", default_value = "specs")]
    dir: PathBuf,
    /// The folder of the crate
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The crate that signs: `btse` for `venuekit-auth-btse`, `acme-signer@0.3` for a package of a
    /// registry, `./acme-signer` for a folder
    #[arg(long, value_name = "CRATE")]
    auth: Option<String>,
    #[command(flatten)]
    runtime: RuntimeSource,
}

/// The source of the runtime.
#[derive(Args)]
struct RuntimeSource {
    /// The version of the runtime `venuekit` on which the crate depends [default: the version of
    /// this program]
    #[arg(long, value_name = "VERSION", conflicts_with = "runtime_path")]
    runtime_version: Option<String>,
    /// A copy of the repository of venuekit from which the crate takes the runtime; relative to the
    /// folder of the crate
    #[arg(long, value_name = "DIR")]
    runtime_path: Option<String>,
}

#[derive(Args)]
struct Generate {
    #[command(flatten)]
    input: Input,
    /// The folder of the crate; files there that the generator did not write stay as they are
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write nothing; show what is stale, and exit with 1 if anything is
    #[arg(long)]
    check: bool,
    /// Write a report as JSON: the result for each operation, and all findings
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Generate the other operations if some have to be left out
    #[arg(long)]
    skip_unsupported: bool,
    /// List all warnings, not the first of each kind
    #[arg(long)]
    verbose: bool,
    #[command(flatten)]
    runtime: RuntimeSource,
}

/// The exit code of `drift` if a document and a specification cannot be compared.
const NOT_COMPARED: u8 = 2;

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Generate(generate) => generate.run(),
        Command::New(new) => new.run(),
        Command::Draft(draft) => draft.run(),
        Command::Drift(drift) => match drift.run() {
            Ok(code) => Ok(code),
            Err(error) => {
                eprintln!("error: {}", error.trim_end());
                return ExitCode::from(NOT_COMPARED);
            }
        },
        Command::Effective(input) => input.print_effective(),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {}", error.trim_end());
        ExitCode::FAILURE
    })
}

impl Input {
    fn read(&self) -> Result<Spec, String> {
        let SpecFile { name, text } = read(&self.file)?;
        let mut spec = Spec::new(name, text);
        for overlay in &self.overlays {
            let SpecFile { name, text } = read(overlay)?;
            spec = spec.with_overlay(name, text);
        }
        let folder = self.file.parent().unwrap_or(Path::new(""));
        // The name of a file begins with the directory of the document, as shown in messages.
        let shown = spec.document.name.rfind('/').map_or(0, |slash| slash + 1);
        let beside = |name: &str| fs::read_to_string(folder.join(name.get(shown..)?)).ok();
        let spec = spec.with_files_beside(beside);
        Ok(if self.deny.is_some() { spec.deny_warnings() } else { spec })
    }

    fn print_effective(&self) -> Result<ExitCode, String> {
        let json = effective(&self.read()?).map_err(|findings| findings.to_string())?;
        println!("{json}");
        Ok(ExitCode::SUCCESS)
    }
}

fn read(path: &Path) -> Result<SpecFile, String> {
    // The name is part of the crate, which must not depend on the place of the folder.
    let here = std::env::current_dir().unwrap_or_default();
    let shown = match path.strip_prefix(&here) {
        Ok(relative) => relative,
        Err(_) if path.is_absolute() => path.file_name().map_or(path, Path::new),
        Err(_) => path,
    };
    let name = shown.to_string_lossy().replace('\\', "/");
    let bytes = fs::read(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
    SpecFile::from_bytes(name, bytes).map_err(|finding| finding.to_string())
}

/// Returns the name of a folder in messages and in the crate, which must not depend on its place.
fn shown_folder(folder: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let shown = match folder.strip_prefix(&here) {
        Ok(relative) => relative,
        Err(_) if folder.is_absolute() => Path::new(""),
        Err(_) => folder,
    };
    without_dots(shown).to_string_lossy().replace('\\', "/")
}

/// Returns the message on a document without a client.
fn refused(failure: Failure) -> String {
    match failure {
        Failure::Spec(findings) => format!("nothing was written: {} findings\n{findings}", findings.len()),
        Failure::Emit(error) => error.to_string(),
    }
}

impl RuntimeSource {
    /// Returns the place of a crate in the folder `out`.
    fn home(&self, out: &Path) -> Result<Home, String> {
        Ok(Home::Elsewhere(match &self.runtime_path {
            Some(path) => {
                let folder = without_dots(&out.join(path).join("runtime"));
                if !folder.join("Cargo.toml").is_file() {
                    return Err(format!(
                        "--runtime-path {path}: there is no package in {}\n  help: the path of a copy of the repository \
                         of venuekit, relative to the folder of the crate",
                        folder.display()
                    ));
                }
                Runtime::Path(path.clone())
            }
            None => {
                let own = || env!("CARGO_PKG_VERSION").to_owned();
                Runtime::Version(self.runtime_version.clone().unwrap_or_else(own))
            }
        }))
    }
}

impl Draft {
    fn run(&self) -> Result<ExitCode, String> {
        let drafted = drafting::draft_of(&drafting::read(&self.documents)?, &self.venue)?;
        for name in drafting::write(&drafted, &self.venue, &self.dir)? {
            println!("{name} written");
        }
        println!("{} descriptions are to be written; the report has what is to decide", drafted.draft.gaps);
        Ok(ExitCode::SUCCESS)
    }
}

impl Drift {
    fn run(&self) -> Result<ExitCode, String> {
        let drift = drafting::drift_of(&drafting::read(&self.documents)?, &self.input.read()?)?;
        print!("{}", self.format.render(&drift));
        Ok(if drift.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl New {
    fn run(&self) -> Result<ExitCode, String> {
        let home = self.runtime.home(&self.out)?;
        let auth = self.auth.as_deref().map(|auth| parse_auth(auth, &self.out)).transpose()?;
        let published = Published::read(&self.venue, &self.from, &shown_folder(&self.dir))?;
        let taken = published.take_in(auth.as_ref(), &home).map_err(refused)?;
        check_signer(&taken.spec, &home, &self.out).map_err(|findings| refused(Failure::Spec(findings)))?;
        let mut transaction = Transaction::default();
        let files = published.create(taken.overlay.as_deref(), &self.dir, &mut transaction)?;
        let crate_files: BTreeMap<String, File> =
            taken.generated.files.into_iter().map(|file| (file.path, File::Text(file.text))).collect();
        if self.out.join("Cargo.toml").exists() {
            return Err(format!("{} has a crate already\n  help: choose another folder", self.out.display()));
        }
        let plan = Plan::beside_others(&self.out, &crate_files)?;
        let (written, _) = plan.changes();
        plan.carry_out_in(&mut transaction, &self.out)?;
        transaction.keep();
        files.iter().for_each(|name| println!("{name} written"));
        println!("{}: {written} written", self.out.display());
        print!("\nleft to decide, in {}:\n\n{}", published.overlay(), taken.decisions);
        Ok(ExitCode::SUCCESS)
    }
}

impl Generate {
    fn run(&self) -> Result<ExitCode, String> {
        let spec = self.input.read()?;
        if let Some(path) = &self.report {
            let text = format!("{:#}\n", report(&spec).to_json());
            fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        }
        let home = self.runtime.home(&self.out)?;
        let Generated { files, notes, .. } = generate_in(&spec, &home, &self.out).map_err(refused)?;
        eprint!("{}", if self.verbose { notes.list() } else { notes.by_kind() });
        eprint!("{}", to_describe(&spec));
        let left_out = notes.of_level(Level::LeftOut).count();
        if left_out > 0 && !self.skip_unsupported {
            return Err(format!(
                "nothing was written: {left_out} operations have to be left out\n  help: remove them by an overlay, or \
                 generate the others with --skip-unsupported"
            ));
        }
        let files: BTreeMap<String, File> = files.into_iter().map(|file| (file.path, File::Text(file.text))).collect();
        let plan = Plan::beside_others(&self.out, &files)?;
        if self.check { Ok(self.show(&plan)) } else { self.carry_out(plan) }
    }

    fn show(&self, plan: &Plan) -> ExitCode {
        let (written, deleted) = plan.changes();
        print!("{}", plan.diff(&self.out));
        match written + deleted {
            0 => {
                println!("{} is fresh", self.out.display());
                ExitCode::SUCCESS
            }
            stale => {
                eprintln!("{stale} files are stale; help: run the command without --check");
                ExitCode::FAILURE
            }
        }
    }

    fn carry_out(&self, plan: Plan) -> Result<ExitCode, String> {
        let ((written, deleted), kept) = (plan.changes(), plan.kept());
        plan.carry_out(&self.out)?;
        println!("{}: {written} written, {kept} kept, {deleted} deleted", self.out.display());
        Ok(ExitCode::SUCCESS)
    }
}
