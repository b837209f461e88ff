//! `cargo xtask release`: checks and prepares a release. A person tags and publishes it.

mod changelog;
mod checks;
mod date;
mod git;
mod manifest;
mod order;
mod package;
mod plan;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use semver::Version;
use similar::TextDiff;

use crate::cargo::{cargo, output_of};
use venuekit_codegen::output::{File, write_whole};

use plan::Plan;

#[derive(Args)]
pub(crate) struct Options {
    /// Write nothing; show what would be written
    #[arg(long)]
    dry_run: bool,
    /// The version to release, in place of the one in Cargo.toml
    ///
    /// All crates have this version, except the clients that are generated from a spec: their
    /// version is `x-crate-version` in the spec.
    #[arg(long, value_name = "X.Y.Z", value_parser = parse_version)]
    version: Option<Version>,
    /// The date of the release, in place of today (UTC)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date::parse)]
    date: Option<String>,
    /// The repository to work on, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
}

fn parse_version(text: &str) -> Result<Version, String> {
    Version::parse(text).map_err(|error| format!("not a version: {error} (expected X.Y.Z)"))
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let root = &options.root;
    let date = options.date.clone().unwrap_or_else(date::today);
    let plan = Plan::new(root, options.version.as_ref(), &date)?;
    println!("release {}{}\n", plan.version, if options.dry_run { " (dry run: nothing is written)" } else { "" });
    print_packages(&plan);
    for edit in &plan.edits {
        print!("{}", diff(edit));
    }
    let mut failed = 0;
    println!("\nchecks");
    for check in checks::run(root, &plan)? {
        println!("  {}  {}", if check.faults.is_empty() { "passed" } else { "FAILED" }, check.name);
        for fault in &check.faults {
            println!("          {}", fault.replace('\n', "\n          "));
        }
        failed += usize::from(!check.faults.is_empty());
    }
    if failed > 0 {
        let checks = if failed == 1 { "check" } else { "checks" };
        eprintln!(
            "error: {failed} {checks} failed, so nothing was written\nhelp: correct the faults above, and run this again"
        );
        return Ok(ExitCode::FAILURE);
    }
    if !options.dry_run {
        write(root, &plan)?;
    }
    print_commands(&plan, options);
    Ok(ExitCode::SUCCESS)
}

fn print_packages(plan: &Plan) {
    let width = plan.packages.iter().map(|package| package.name.len()).max().unwrap_or_default();
    println!("crates, in the order of their publication");
    for package in plan.to_publish() {
        let step = if package.old_version == package.version {
            package.version.to_string()
        } else {
            format!("{} -> {}", package.old_version, package.version)
        };
        println!("  {:width$}  {step}", package.name);
    }
    let released: Vec<_> = plan.packages.iter().filter(|package| package.is_released).collect();
    if !released.is_empty() {
        println!("\nalready released at this version, so not published again");
        for package in released {
            println!("  {:width$}  {} (tag {})", package.name, package.version, package.tag);
        }
    }
    println!("\ntags\n  {}\n", plan.tags().join("\n  "));
}

fn diff(edit: &plan::Edit) -> String {
    let diff = TextDiff::from_lines(edit.old.as_str(), edit.new.as_str());
    diff.unified_diff().header(&format!("a/{}", edit.path), &format!("b/{}", edit.path)).to_string()
}

fn write(root: &Path, plan: &Plan) -> Result<(), String> {
    for edit in &plan.edits {
        let path = root.join(edit.path);
        write_whole(&path, &File::Text(edit.new.clone()))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    if plan.has_new_version() {
        // Cargo.lock has the versions of the workspace too.
        output_of(cargo(root).args(["update", "--workspace", "--offline"]))?;
        // Read the manifests again: each crate must get the versions of other crates that it needs.
        let faults = order::faults(&Plan::new(root, None, "")?.packages);
        if !faults.is_empty() {
            return Err(format!(
                "the written manifests require versions that this release does not have: {}; help: restore \
                 the files with git, and correct the requirements",
                faults.join("; ")
            ));
        }
    }
    Ok(())
}

/// Prints the commands that commit, tag and publish. A person runs them, because they need rights
/// that no program of this repository should have.
fn print_commands(plan: &Plan, options: &Options) {
    if options.dry_run {
        let version = options.version.as_ref().map(|version| format!(" --version {version}")).unwrap_or_default();
        println!("\nnext\n  cargo xtask release{version}");
    }
    println!("\nthen, by hand");
    println!("  git commit --all --message 'release: version {}'", plan.version);
    println!("  git push origin HEAD");
    println!("\nand once CI has passed on that commit");
    for tag in plan.tags() {
        println!("  git tag {tag}");
    }
    println!("  git push origin {}", plan.tags().join(" "));
    for package in plan.to_publish() {
        println!("  cargo publish --locked --package {}", package.name);
    }
}
