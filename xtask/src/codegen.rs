//! `cargo xtask codegen`: generates the crates from the specs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use venuekit_codegen::diagnostic::Level;
use venuekit_codegen::{
    FACADE_DIR, Failure, Generated, GeneratedFile, Home, Workspace, check_signer, check_workspace, crate_version,
    effective, facade, generate_with_notes, report, to_describe,
};

use crate::specs::Files;
use crate::{lists, specs, workspace};
use venuekit_codegen::output::{File, LICENCES, Plan, Transaction};

/// Prints the documents of the wanted venues as JSON, after their overlays. Prints the findings of
/// the documents that cannot be read, and fails if there are any.
fn print_effective(root: &Path, wanted: &[String]) -> Result<ExitCode, String> {
    let mut code = ExitCode::SUCCESS;
    for files in specs::choose(list(&root.join("specs"))?, wanted)?.values() {
        match specs::read(root, files).and_then(|spec| effective(&spec).map_err(|findings| findings.to_string())) {
            Ok(json) => println!("{json}"),
            Err(faults) => {
                eprint!("{faults}");
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

/// The options of the command.
#[derive(clap::Args, Debug)]
pub(crate) struct Options {
    /// Venues, by the names of their files in specs/ (`btse-spot`)
    venues: Vec<String>,
    /// Write nothing; show what is stale and exit with 1 if anything is
    #[arg(long)]
    check: bool,
    /// Write nothing; print the documents as they are after their overlays, as JSON
    #[arg(long, conflicts_with = "check")]
    print_effective: bool,
    /// Make warnings errors in all specs, as `x-strict` does in one
    #[arg(long, value_name = "LEVEL", value_parser = ["warnings"])]
    deny: Option<String>,
    /// Generate the other operations if some have to be left out
    #[arg(long)]
    skip_unsupported: bool,
    /// List all warnings, not the first of each kind
    #[arg(long)]
    verbose: bool,
    /// Write a report as JSON: the result for each operation of the venues, and all findings
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// The repository to work on, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
}

impl Options {
    /// Returns the options of `--check` for all crates of a repository.
    pub(crate) fn check(root: &Path) -> Self {
        Self { check: true, root: root.to_owned(), ..Self::all() }
    }

    /// Returns the options with which all crates are generated. The path of the repository is left
    /// empty.
    fn all() -> Self {
        Self {
            venues: Vec::new(),
            check: false,
            print_effective: false,
            deny: None,
            skip_unsupported: true,
            verbose: false,
            report: None,
            root: PathBuf::new(),
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let (root, wanted) = (options.root.as_path(), options.venues.as_slice());
    if options.print_effective {
        return print_effective(root, wanted);
    }
    if let Some(file) = &options.report {
        write_report(root, options, file)?;
    }
    let started = Instant::now();
    let Some(Planned { plans, notes }) = plans(root, options)? else { return Ok(ExitCode::FAILURE) };
    eprint!("{notes}");
    if options.check { report_stale(root, &plans, wanted) } else { carry_out(root, plans, started) }
}

/// Writes the reports on all chosen venues to a file, as a JSON array.
fn write_report(root: &Path, options: &Options, file: &Path) -> Result<(), String> {
    let mut reports = Vec::new();
    for files in specs::choose(list(&root.join("specs"))?, &options.venues)?.values() {
        let spec = specs::read(root, files)?;
        let spec = if options.deny.is_some() { spec.deny_warnings() } else { spec };
        reports.push(report(&spec).to_json());
    }
    let text = format!("{:#}\n", serde_json::Value::Array(reports));
    fs::write(file, text).map_err(|error| format!("{} cannot be written: {error}", file.display()))
}

/// Returns whether generated/ and the lists of venues agree with the specs. Returns false if a spec
/// has a fault, and prints the fault.
pub(crate) fn is_fresh(root: &Path) -> Result<bool, String> {
    let planned = plans(root, &Options::all())?;
    Ok(planned.is_some_and(|planned| planned.plans.all().all(|plan| plan.changes() == (0, 0))))
}

/// The changes to make to the files.
struct Plans {
    /// The changes of each crate, with its name and its folder.
    crates: Vec<(String, Plan, PathBuf)>,
    /// The changes of the lists of venues outside generated/.
    lists: Plan,
}

impl Plans {
    fn all(&self) -> impl Iterator<Item = &Plan> {
        self.crates.iter().map(|(_, plan, _)| plan).chain([&self.lists])
    }
}

/// The plans, and the notes on the specs as text.
struct Planned {
    plans: Plans,
    notes: String,
}

/// Returns the plans for the wanted crates, the facade, the crates to delete and the lists of
/// venues. If a spec has a fault, prints the faults and returns `None`.
fn plans(root: &Path, options: &Options) -> Result<Option<Planned>, String> {
    let specs = list(&root.join("specs"))?;
    let chosen = specs::choose(specs.clone(), &options.venues)?;
    let workspace = workspace::read(root)?;
    let Generations { crates: generated, notes } = match generate_all(root, &chosen, workspace.as_ref(), options)? {
        Ok(generated) => generated,
        Err(faults) => {
            eprint!("{faults}");
            eprintln!("\nnothing was written: correct the specs above and run `cargo xtask codegen` again");
            return Ok(None);
        }
    };
    let licences = LICENCES.into_iter().filter(|name| root.join(name).is_file());
    let licences: Vec<(String, File)> = licences.map(|name| (name.to_owned(), File::licence(name))).collect();
    let facade = facade(&versions(root, &specs)).map_err(|error| error.to_string())?;

    let out = root.join("generated");
    let mut plans = Vec::new();
    for (venue, files) in generated.into_iter().chain([(FACADE_DIR.to_owned(), facade)]) {
        let dir = out.join(&venue);
        let files = files.into_iter().map(|file| (file.path, File::Text(file.text)));
        let files: BTreeMap<String, File> = files.chain(licences.iter().cloned()).collect();
        plans.push((venue, Plan::new(&dir, &files)?, dir));
    }
    for stray in strays(&out, &specs)? {
        let dir = out.join(&stray);
        plans.push((stray, Plan::new(&dir, &BTreeMap::new())?, dir));
    }
    let lists = Plan::of_files(root, &lists::files(root, &specs, workspace.as_ref())?)?;
    Ok(Some(Planned { plans: Plans { crates: plans, lists }, notes }))
}

/// Returns the files of each venue, sorted by venue. Returns an error if there is no spec.
fn list(dir: &Path) -> Result<BTreeMap<String, Files<PathBuf>>, String> {
    let specs = specs::list(dir)?;
    if specs.is_empty() {
        return Err(format!("{} has no specs (*.yaml, *.yml, *.json)", dir.display()));
    }
    Ok(specs)
}

/// Returns each venue and the version of its crate. The version is `0.1.0` if it cannot be read,
/// because a spec that is not generated in this run may have faults.
fn versions(root: &Path, specs: &BTreeMap<String, Files<PathBuf>>) -> Vec<(String, String)> {
    let version = |files: &Files<PathBuf>| crate_version(&specs::read(root, files).ok()?);
    specs.iter().map(|(venue, files)| (venue.clone(), version(files).unwrap_or_else(|| "0.1.0".to_owned()))).collect()
}

/// The crates of all chosen venues, and the notes on their specs as text.
#[derive(Default)]
struct Generations {
    crates: Vec<(String, Vec<GeneratedFile>)>,
    notes: String,
}

/// Generates each chosen venue on its own thread. Returns the files of all crates, or, if any venue
/// failed, the findings of all venues as text.
fn generate_all(
    root: &Path,
    chosen: &BTreeMap<String, Files<PathBuf>>,
    workspace: Option<&Workspace>,
    options: &Options,
) -> Result<Result<Generations, String>, String> {
    let results: Vec<(&String, Result<(Vec<GeneratedFile>, String), String>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = chosen
            .iter()
            .map(|(venue, files)| (venue, scope.spawn(|| generate_one(root, files, workspace, options))))
            .collect();
        let joined = threads.into_iter().map(|(venue, thread)| {
            (
                venue,
                thread
                    .join()
                    .unwrap_or_else(|_| Err("the generator panicked; this is a bug of the generator\n".to_owned())),
            )
        });
        joined.collect()
    });
    let mut generated = Generations::default();
    let mut faults = String::new();
    for (venue, result) in results {
        match result {
            Ok((files, notes)) => {
                generated.crates.push((venue.clone(), files));
                generated.notes.push_str(&notes);
            }
            Err(fault) => faults.push_str(&fault),
        }
    }
    Ok(if faults.is_empty() { Ok(generated) } else { Err(faults) })
}

/// Returns the files of a crate, and the notes on its spec as text. Returns the findings as an
/// error if the spec has a fault, or if operations have to be left out without
/// `--skip-unsupported`.
fn generate_one(
    root: &Path,
    files: &Files<PathBuf>,
    workspace: Option<&Workspace>,
    options: &Options,
) -> Result<(Vec<GeneratedFile>, String), String> {
    let spec = specs::read(root, files)?;
    let spec = if options.deny.is_some() { spec.deny_warnings() } else { spec };
    let fits = workspace.map_or(Ok(()), |workspace| check_workspace(&spec, workspace));
    let out = |venue: &std::ffi::OsStr| root.join("generated").join(venue);
    let signs = files.document.file_stem().map_or(Ok(()), |venue| check_signer(&spec, &Home::Workspace, &out(venue)));
    let fits = match (fits, signs) {
        (Err(mut findings), Err(others)) => {
            findings.extend(others);
            Err(findings)
        }
        (fits, signs) => fits.and(signs),
    };
    let generated = generate_with_notes(&spec).map_err(|failure| match failure {
        Failure::Spec(diagnostics) => diagnostics.to_string(),
        Failure::Emit(error) => format!("{}: {error}\n", spec.document.name),
    });
    let Generated { files, notes, .. } = match (fits, generated) {
        (Ok(()), generated) => generated?,
        (Err(findings), Ok(_)) => return Err(findings.to_string()),
        (Err(findings), Err(faults)) => return Err(format!("{findings}{faults}")),
    };
    let mut shown = if options.verbose { notes.list() } else { notes.by_kind() };
    shown.push_str(&to_describe(&spec));
    let left_out = notes.of_level(Level::LeftOut).count();
    if left_out == 0 || options.skip_unsupported {
        return Ok((files, shown));
    }
    let name = &spec.document.name;
    Err(format!(
        "{shown}{name}: {left_out} operations have to be left out\n  help: remove them by an overlay, or generate the \
         others with --skip-unsupported\n"
    ))
}

/// Returns the directories under generated/ that belong to no spec. The facade is not one of them.
fn strays(out: &Path, specs: &BTreeMap<String, Files<PathBuf>>) -> Result<Vec<String>, String> {
    let Ok(entries) = fs::read_dir(out) else { return Ok(Vec::new()) };
    let mut strays = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| format!("cannot list {}: {error}", out.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && name != FACADE_DIR && !specs.contains_key(&name) {
            strays.push(name);
        }
    }
    strays.sort();
    Ok(strays)
}

fn report_stale(root: &Path, plans: &Plans, wanted: &[String]) -> Result<ExitCode, String> {
    let mut stale = 0;
    for plan in plans.all() {
        let (written, deleted) = plan.changes();
        stale += written + deleted;
        print!("{}", plan.diff(root));
    }
    if stale == 0 {
        println!("generated/ is fresh");
        return Ok(ExitCode::SUCCESS);
    }
    let files = if stale == 1 { "file is" } else { "files are" };
    let command =
        ["cargo xtask codegen".to_owned()].into_iter().chain(wanted.iter().cloned()).collect::<Vec<_>>().join(" ");
    eprintln!("{stale} {files} stale; help: run `{command}`");
    Ok(ExitCode::FAILURE)
}

/// Finds out whether a name is free for a new venue.
///
/// # Errors
/// The file that exists already.
pub(crate) fn is_free(root: &Path, venue: &str) -> Result<(), String> {
    let specs = root.join("specs");
    let known = if specs.is_dir() { specs::list(&specs)? } else { BTreeMap::new() };
    let folder = root.join("generated").join(venue);
    let taken = match known.get(venue) {
        Some(files) => Some(&files.document),
        None => Some(&folder).filter(|folder| folder.exists()),
    };
    match taken {
        Some(path) => Err(format!(
            "{} exists already\n  help: choose another name; for the next release of a venue, replace its file and run \
             `cargo xtask diff`",
            path.strip_prefix(root).unwrap_or(path).display()
        )),
        None => Ok(()),
    }
}

/// Generates the crate of a new venue, and the lists of venues. Returns false, with the faults on
/// stderr, if its spec has any.
pub(crate) fn generate_new(root: &Path, venue: &str, transaction: &mut Transaction) -> Result<bool, String> {
    let options = Options { venues: vec![venue.to_owned()], root: root.to_owned(), ..Options::all() };
    let Some(Planned { plans, .. }) = plans(root, &options)? else { return Ok(false) };
    write(root, plans, transaction)?;
    Ok(true)
}

fn carry_out(root: &Path, plans: Plans, started: Instant) -> Result<ExitCode, String> {
    let mut transaction = Transaction::default();
    write(root, plans, &mut transaction)?;
    transaction.keep();
    println!("done in {:.2} s", started.elapsed().as_secs_f64());
    Ok(ExitCode::SUCCESS)
}

fn write(root: &Path, plans: Plans, transaction: &mut Transaction) -> Result<(), String> {
    let width = plans.crates.iter().map(|(venue, ..)| venue.len()).max().unwrap_or_default();
    let written = plans.lists.written();
    plans.lists.write_and_delete_in(transaction)?;
    for (venue, plan, dir) in plans.crates {
        let ((written, deleted), kept) = (plan.changes(), plan.kept());
        plan.carry_out_in(transaction, &dir)?;
        println!("{venue:width$}  {written} written, {kept} kept, {deleted} deleted");
    }
    for path in written {
        println!("{} written", path.strip_prefix(root).unwrap_or(&path).display());
    }
    Ok(())
}
