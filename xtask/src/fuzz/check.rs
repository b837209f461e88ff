//! Checks crates that were generated from changed documents with `cargo check`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use venuekit_codegen::{Generated, Spec, check_signer, generate_for};

use super::case::{Case, Original};
use super::changes::changes;
use crate::clients::{Clients, output};

/// The beginning of the names of the crates.
const STEM: &str = "mutant-";

/// The crates that are checked.
pub(super) struct Checks {
    root: PathBuf,
    clients: Clients,
    /// The maximum number of crates.
    most: usize,
    cases: BTreeMap<u64, Case>,
}

impl Checks {
    pub(super) fn new(root: &Path, most: usize) -> Self {
        let clients = Clients::open(root, "fuzz");
        Self { root: root.to_owned(), clients, most, cases: BTreeMap::new() }
    }

    pub(super) fn has_enough(&self) -> bool {
        self.cases.len() >= self.most
    }

    /// Writes the crate of a case. A crate whose signing crate does not exist is left out, because
    /// cargo would check none of the others.
    ///
    /// # Errors
    /// If the crate cannot be generated again, or cannot be written.
    pub(super) fn add(&mut self, number: u64, case: &Case) -> Result<(), String> {
        let stem = format!("{STEM}{number}");
        let ending = case.file.rsplit('.').next().unwrap_or_default();
        let spec = Spec::new(format!("{stem}.{ending}"), case.text.clone());
        let home = Clients::home(&self.root);
        if check_signer(&spec, &home, &self.clients.folder_of(&stem)).is_err() || names_a_package(&spec) {
            return Ok(());
        }
        let Generated { files, .. } = generate_for(&spec, &home).map_err(|failure| failure.to_string())?;
        self.clients.add(&stem, files)?;
        self.cases.insert(number, case.clone());
        Ok(())
    }

    /// Checks the crates in one workspace. Prints each case whose crate does not compile, and
    /// returns the number of these cases.
    ///
    /// # Errors
    /// If cargo cannot be run, or fails before it compiles a crate.
    pub(super) fn run(self, originals: &[Original], seed: u64) -> Result<usize, String> {
        if self.cases.is_empty() {
            return Ok(0);
        }
        self.clients.write_manifest(&[])?;
        println!("checking {} crates, {} lines", self.cases.len(), self.clients.lines());
        let output = output(&mut self.clients.cargo(&["check", "--workspace", "--all-features", "--keep-going"]))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let failed = failed(&said);
        if !output.status.success() && failed.is_empty() {
            return Err("cargo checked none of the crates".to_owned());
        }
        for number in &failed {
            let Some(case) = self.cases.get(number) else { continue };
            println!("case {number}, {} of {}: the crate does not compile", case.change, case.name);
            if let Some(original) = originals.get(case.original) {
                changes(original, &case.text).iter().for_each(|change| println!("  {change}"));
            }
            println!("  help: cargo xtask fuzz <the same paths> --seed {seed} --case {number} --check 1");
        }
        Ok(failed.len())
    }
}

/// Returns whether `x-auth` names a package of a registry, which cannot be read.
fn names_a_package(spec: &Spec) -> bool {
    let text = &spec.document.text;
    text.contains("x-auth") && text.contains("package")
}

/// Returns the numbers of the cases whose crates do not compile, from the messages of cargo.
fn failed(said: &str) -> Vec<u64> {
    let start = format!("error: could not compile `venuekit-{STEM}");
    let numbers = said.lines().filter_map(|line| line.strip_prefix(start.as_str())?.split('`').next()?.parse().ok());
    let mut numbers: Vec<u64> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_that_do_not_compile_are_read_from_the_messages_of_cargo() {
        let said = "error[E0412]: cannot find type\n\nerror: could not compile `venuekit-mutant-17` (lib) due to 1 \
                    previous error\nerror: could not compile `venuekit-mutant-2` (lib) due to 3 previous errors; 1 \
                    warning emitted\nerror: could not compile `venuekit-mutant-17` (lib test) due to 1 previous error\n\
                    error: could not compile `venuekit` (lib)\n";
        assert_eq!(failed(said), [2, 17]);
        assert_eq!(failed("warning: unused"), [0; 0]);
    }
}
