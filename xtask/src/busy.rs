//! `cargo xtask busy`: runs the tests several times at once on a busy machine. Prints for each run
//! whether it passed and how long it took.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use clap::Args;

use crate::cargo::cargo;

#[derive(Args)]
pub(crate) struct Options {
    /// The number of test runs at the same time
    #[arg(long, value_name = "N", default_value_t = 2)]
    suites: usize,
    /// The number of threads that keep the machine busy at the same time
    #[arg(long, value_name = "N", default_value_t = 8)]
    spinning: usize,
    /// The number of rounds
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
    /// The repository to work on, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
    /// The arguments of `cargo test`, in place of --workspace
    #[arg(last = true, value_name = "ARGUMENTS", default_value = "--workspace")]
    arguments: Vec<String>,
}

/// A finished run of the tests.
struct Run {
    took: Duration,
    status: ExitStatus,
    log: PathBuf,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let logs = options.root.join("target/busy");
    fs::create_dir_all(&logs).map_err(|error| format!("cannot make {}: {error}", logs.display()))?;
    // Builds the tests first, so that the measured times do not include the compilation.
    let log = logs.join("build.log");
    let built = cargo_test(options, &["--no-run"], &log)?;
    if !built.success() {
        return Err(format!("the tests do not build; help: read {}", log.display()));
    }
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..options.spinning {
            scope.spawn(|| spin(&is_over));
        }
        let result = rounds(options, &logs);
        is_over.store(true, Ordering::Relaxed);
        result
    })
}

fn spin(is_over: &AtomicBool) {
    while !is_over.load(Ordering::Relaxed) {
        std::hint::spin_loop();
    }
}

/// Runs all rounds, even after a failed run, so that the output shows how often the tests fail.
fn rounds(options: &Options, logs: &Path) -> Result<ExitCode, String> {
    let mut failed = 0;
    for round in 1..=options.rounds {
        for (number, run) in (1..).zip(at_the_same_time(options, logs, round)?) {
            let said = if run.status.success() { "passed" } else { "failed" };
            println!("round {round}, run {number}: {said} in {:.0} s", run.took.as_secs_f64());
            if !run.status.success() {
                println!("  {}: {}", run.status, run.log.display());
                failed += 1;
            }
        }
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn at_the_same_time(options: &Options, logs: &Path, round: usize) -> Result<Vec<Run>, String> {
    thread::scope(|scope| {
        let start = |number: usize| {
            scope.spawn(move || {
                let log = logs.join(format!("{round}-{number}.log"));
                let started = Instant::now();
                let status = cargo_test(options, &[], &log)?;
                Ok(Run { took: started.elapsed(), status, log })
            })
        };
        let runs: Vec<ScopedJoinHandle<'_, Result<Run, String>>> = (1..=options.suites).map(start).collect();
        runs.into_iter()
            .map(|run| run.join().unwrap_or_else(|_| Err("a run of the tests was lost".to_owned())))
            .collect()
    })
}

/// Runs `cargo test` with its output in a file.
fn cargo_test(options: &Options, more: &[&str], log: &Path) -> Result<ExitStatus, String> {
    let output = |error| format!("cannot write {}: {error}", log.display());
    let file = File::create(log).map_err(output)?;
    cargo(&options.root)
        .arg("test")
        .args(more)
        .args(&options.arguments)
        .stdout(file.try_clone().map_err(output)?)
        .stderr(file)
        .status()
        .map_err(|error| format!("cannot run cargo: {error}"))
}
