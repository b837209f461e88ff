//! `cargo xtask ci`: runs the steps of CI that use cargo. A step whose tool is not installed is
//! skipped, or fails with `--no-skip`.
//!
//! `.ci/run` runs the other steps first, and then calls this command.

mod steps;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use clap::builder::PossibleValuesParser;

use steps::{STEPS, Step, StepEnd};

#[derive(Args)]
pub(crate) struct Options {
    /// List the steps and run none
    #[arg(long, conflicts_with_all = ["only", "from", "no_skip"])]
    list: bool,
    /// Run only this step; may be given several times
    #[arg(long, value_name = "STEP", value_parser = names(), conflicts_with = "from")]
    only: Vec<String>,
    /// Leave out the steps before this one
    #[arg(long, value_name = "STEP", value_parser = names())]
    from: Option<String>,
    /// Fail if a step is skipped because its tool is not installed
    #[arg(long)]
    no_skip: bool,
    /// The repository to work on, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(STEPS.iter().map(|step| step.name))
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    if options.list {
        let width = STEPS.iter().map(|step| step.name.len()).max().unwrap_or_default();
        for step in STEPS {
            println!("{:width$}  {}", step.name, step.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let started = Instant::now();
    let mut rows = String::new();
    let mut skipped = Vec::new();
    for step in chosen(options) {
        println!("\n== {}", step.name);
        let step_started = Instant::now();
        let ending = match (step.run)(&options.root) {
            Ok(StepEnd::Skipped(why)) if options.no_skip => Err(format!("the step was skipped: {why}")),
            ending => ending,
        };
        let took = step_started.elapsed().as_secs_f64();
        let row = format!("{took:5.0} s  {}", step.name);
        match ending {
            Ok(StepEnd::Passed) => rows.push_str(&format!("{row}\n")),
            Ok(StepEnd::Skipped(why)) => {
                println!("skipped: {why}");
                rows.push_str(&format!("{row} (skipped)\n"));
                skipped.push(step.name);
            }
            Err(why) => {
                println!("\n{rows}{row} (failed)");
                eprintln!("error: {why}");
                eprintln!("help: correct it, and continue with `cargo xtask ci --from {}`", step.name);
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    println!("\n{rows}passed in {:.0} s", started.elapsed().as_secs_f64());
    if !skipped.is_empty() {
        println!("skipped, since a tool is not installed: {}", skipped.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the steps to run, in the order of the list.
fn chosen(options: &Options) -> impl Iterator<Item = &'static Step> {
    let from = options.from.as_ref().and_then(|from| STEPS.iter().position(|step| step.name == from));
    let wanted = |step: &&Step| options.only.is_empty() || options.only.iter().any(|name| name == step.name);
    STEPS.iter().skip(from.unwrap_or_default()).filter(wanted)
}
