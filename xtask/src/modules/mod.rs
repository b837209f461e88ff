//! `cargo xtask modules`: finds cycles of imports between the files of a crate.
//!
//! `cargo-modules` has such a check (`dependencies --acyclic`), but it counts a parent that
//! re-exports an item of its child as a cycle. Installing it builds rust-analyzer, which takes
//! longer than all other steps of CI. This command only parses the source, with `syn`.

mod crates;
mod imports;
mod scopes;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use crate::cargo::{Metadata, Package};
use crates::Crate;
use imports::Imports;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The names of packages; all packages that are not generated if there is none
    packages: Vec<String>,
    /// The repository to work on, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let cycles = cycles(&options.root, &options.packages)?;
    for cycle in &cycles {
        println!("{cycle}\n");
    }
    Ok(if cycles.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns a message for each cycle of imports in the wanted packages. If none is wanted, checks
/// all packages that are not generated.
pub(crate) fn cycles(root: &Path, wanted: &[String]) -> Result<Vec<String>, String> {
    let metadata = Metadata::read(root)?;
    let packages = chosen(&metadata, wanted)?;
    let mut messages = Vec::new();
    for target in packages.into_iter().flat_map(Package::sources) {
        let Some(krate) = Crate::read(target)? else { continue };
        let imports = imports::between_files(&krate);
        messages.extend(cycles_of(&imports).iter().map(|files| message(root, files, &imports)));
    }
    Ok(messages)
}

/// Returns the packages that the user names, or all packages that are not generated if the user
/// names none. Returns an error for an unknown name.
fn chosen<'m>(metadata: &'m Metadata, wanted: &[String]) -> Result<Vec<&'m Package>, String> {
    if wanted.is_empty() {
        return Ok(metadata.packages.iter().filter(|package| !package.is_generated()).collect());
    }
    let named = |name: &String| metadata.packages.iter().find(|package| package.name == *name);
    wanted.iter().map(|name| named(name).ok_or_else(|| format!("unknown package `{name}`"))).collect()
}

/// Returns the files of each cycle, sorted by path.
fn cycles_of(imports: &Imports) -> Vec<Vec<&Path>> {
    let edges = imports.keys().map(|(from, to)| (from.as_path(), to.as_path()));
    let graph: DiGraphMap<&Path, ()> = DiGraphMap::from_edges(edges);
    let mut cycles: Vec<Vec<&Path>> = tarjan_scc(&graph).into_iter().filter(|files| files.len() > 1).collect();
    cycles.iter_mut().for_each(|files| files.sort_unstable());
    cycles.sort_unstable();
    cycles
}

fn message(root: &Path, files: &[&Path], imports: &Imports) -> String {
    let shown = |file: &Path| file.strip_prefix(root).unwrap_or(file).display().to_string();
    let mut lines = vec![format!("{} files import each other:", files.len())];
    for ((from, to), names) in imports {
        if files.contains(&from.as_path()) && files.contains(&to.as_path()) {
            lines.push(format!("  {} imports from {}: {}", shown(from), shown(to), names.join(", ")));
        }
    }
    lines.push("  help: move what both need into a file that imports neither".to_owned());
    lines.join("\n")
}
