//! Checks all conditions of a release in one run.

use std::fs;
use std::path::Path;

use semver::{Version, VersionReq};

use crate::codegen;
use venuekit_codegen::output::LICENCES;

use super::package::Package;
use super::plan::Plan;
use super::{git, manifest, order};

pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) faults: Vec<String>,
}

pub(super) fn run(root: &Path, plan: &Plan) -> Result<Vec<Check>, String> {
    let mut stale = Vec::new();
    if !codegen::is_fresh(root)? {
        stale.push("help: run `cargo xtask codegen` and commit what it writes".to_owned());
    }
    Ok(vec![
        Check { name: "all changes are committed", faults: git::changed(root)? },
        Check { name: "the files under generated/ agree with the specs", faults: stale },
        Check {
            name: "CHANGELOG.md has entries for the release",
            faults: plan.changelog_fault.iter().cloned().collect(),
        },
        Check {
            name: "each crate gets the versions of other crates that it needs",
            faults: order::faults(&plan.packages),
        },
        Check { name: "each crate has its licences and its readme", faults: files(root, plan) },
        Check { name: "each crate that changed has a new version", faults: versions(root, plan)? },
    ])
}

fn files(root: &Path, plan: &Plan) -> Vec<String> {
    let mut faults = Vec::new();
    for package in &plan.packages {
        for licence in LICENCES {
            let text = fs::read(root.join(licence)).ok();
            if text.is_none() || fs::read(package.folder.join(licence)).ok() != text {
                faults.push(format!(
                    "{}: {licence} is missing, or is not a link to the licence of the repository",
                    package.name
                ));
            }
        }
        let readme = package.readme.as_ref().map(|readme| package.folder.join(readme));
        if !readme.is_some_and(|readme| readme.is_file()) {
            faults.push(format!("{} has no readme", package.name));
        }
    }
    faults
}

fn versions(root: &Path, plan: &Plan) -> Result<Vec<String>, String> {
    let tag = format!("v{}", plan.version);
    if plan.packages.iter().any(|package| package.is_released && package.tag == tag) {
        return Ok(vec![format!(
            "{} is released already (tag {tag})\nhelp: set the next version with --version",
            plan.version
        )]);
    }
    let mut faults = Vec::new();
    for package in plan.packages.iter().filter(|package| package.is_released) {
        faults.extend(released(root, package, &plan.version)?);
    }
    Ok(faults)
}

/// Returns the reason why a package needs a version other than its released one; `None` if it needs
/// none.
fn released(root: &Path, package: &Package, version: &Version) -> Result<Option<String>, String> {
    let Package { name, tag, .. } = package;
    let help = format!("help: raise the version of {name} (`x-crate-version` in its spec)");
    if git::has_changed_since(root, tag, &package.folder)? {
        return Ok(Some(format!("{name} has changed since {tag}\n{help}")));
    }
    // The manifest of the package inherits the required versions of the workspace's crates. They
    // are in the `Cargo.toml` of the tag.
    let then = manifest::workspace_version(&git::file_at(root, tag, "Cargo.toml")?)?;
    let fits = VersionReq::parse(&format!("^{then}")).is_ok_and(|required| required.matches(version));
    Ok((!fits).then(|| {
        format!("{name} was released for {then} of the runtime, which is not compatible with {version}\n{help}")
    }))
}
