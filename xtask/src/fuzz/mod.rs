//! `cargo xtask fuzz`: changes documents at random, and generates a crate from each.
//!
//! The generator must return files or findings. A panic, an error of the emitter or a case that
//! takes too long is a failure. A case depends only on the documents, the seed and its number, so
//! it can be run again. With `--check`, a generated crate that does not compile is a failure too.

mod case;
mod changes;
mod check;
mod mutate;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use venuekit_codegen::source::Document;
use venuekit_json::Tree;

use crate::specs;
use case::{Case, Original, Outcome};
use check::Checks;

/// The options of the command.
#[derive(clap::Args, Debug)]
pub(crate) struct Options {
    /// Documents, or directories of documents
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Begin no case after this time; a minute, if the number of cases is not given either
    #[arg(long)]
    seconds: Option<u64>,
    /// Stop after this number of cases
    #[arg(long)]
    cases: Option<u64>,
    /// The seed; by default another one in each run
    #[arg(long)]
    seed: Option<u64>,
    /// Run only the case of this number
    #[arg(long, requires = "seed")]
    case: Option<u64>,
    /// Check this number of the generated crates with `cargo check`, in a workspace in target/fuzz
    #[arg(long, value_name = "N")]
    check: Option<usize>,
    /// The repository with the runtime, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
    /// The maximum time of a case, in seconds
    #[arg(long, default_value_t = 30)]
    bound: u64,
    /// Print the number of each case before it runs
    ///
    /// A stack overflow ends the process without a message. The last number is the one to run
    /// again.
    #[arg(long)]
    verbose: bool,
}

/// The directories with the documents of a short run.
const SMALL: [&str; 3] = ["codegen/tests/published", "codegen/tests/features", "specs"];

impl Options {
    /// Returns the options of a short run with a fixed seed, on those of the `SMALL` directories
    /// that exist.
    pub(crate) fn short(root: &Path, cases: u64) -> Self {
        Self {
            paths: SMALL.iter().map(|path| root.join(path)).filter(|path| path.is_dir()).collect(),
            seconds: None,
            cases: Some(cases),
            seed: Some(1),
            case: None,
            check: None,
            root: root.to_owned(),
            bound: 30,
            verbose: false,
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let originals = originals(&options.paths)?;
    if originals.is_empty() {
        return Err("there are no documents (*.yaml, *.yml, *.json)".to_owned());
    }
    let seed =
        options.seed.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()));
    println!("seed {seed}, {} documents", originals.len());
    let started = Instant::now();
    let limit = match (options.seconds, options.cases) {
        (Some(seconds), _) => Duration::from_secs(seconds),
        (None, Some(_)) => Duration::MAX,
        (None, None) => Duration::from_secs(60),
    };
    let mut counts = Counts::default();
    let mut checks = options.check.map(|most| Checks::new(&options.root, most));
    let numbers = match options.case {
        Some(case) => case..=case,
        None => 0..=options.cases.map_or(u64::MAX, |cases| cases.saturating_sub(1)),
    };
    for number in numbers {
        if started.elapsed() >= limit || checks.as_ref().is_some_and(Checks::has_enough) {
            break;
        }
        if options.verbose {
            println!("case {number}");
        }
        let case = Case::new(&originals, seed, number);
        match case.run(Duration::from_secs(options.bound)) {
            Outcome::Generated => {
                counts.generated += 1;
                if let Some(checks) = &mut checks {
                    checks.add(number, &case)?;
                }
            }
            Outcome::Refused => counts.refused += 1,
            Outcome::Failed(fault) => {
                counts.failed += 1;
                println!("case {number}, {} of {}: {fault}", case.change, case.name);
                println!("  help: cargo xtask fuzz <the same paths> --seed {seed} --case {number}");
                if options.case.is_some() {
                    println!("{}", case.text);
                }
                // The thread of this case still runs, and would slow the next cases down.
                if fault.starts_with("no result") {
                    break;
                }
            }
        }
    }
    if let Some(checks) = checks {
        counts.failed += checks.run(&originals, seed)?;
    }
    let Counts { generated, refused, failed } = counts;
    println!("{generated} crates generated, {refused} documents refused, {failed} failures");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[derive(Default)]
struct Counts {
    generated: usize,
    refused: usize,
    failed: usize,
}

/// Reads the documents in files and directories.
fn originals(paths: &[PathBuf]) -> Result<Vec<Original>, String> {
    let mut originals = Vec::new();
    for path in specs::documents(paths)? {
        let text = fs::read(&path).map_err(|error| format!("{}: cannot be read: {error}", path.display()))?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let tree = Document::parse(&name, &text).ok().and_then(|document| Tree::parse(&document.root().to_json()).ok());
        originals.push(Original { name, text, tree });
    }
    Ok(originals)
}
