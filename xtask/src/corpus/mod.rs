//! `cargo xtask corpus`: reads documents that others published, and counts the operations and notes
//! of each document. It can also compile the clients, and call their operations.

mod compile;
mod scaled;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use venuekit_codegen::diagnostic::{Diagnostics, Effect, Level};
use venuekit_codegen::{Reading, Spec, SpecFile, drafting, read_with_notes};

use crate::specs;

/// The options of the command.
#[derive(clap::Args, Debug)]
pub(crate) struct Options {
    /// Documents, or directories of documents; a page in Markdown is drafted first
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// List all notes
    #[arg(long)]
    verbose: bool,
    /// Generate the crates into target/corpus, and compile them; a warning is an error
    #[arg(long)]
    compile: bool,
    /// Compile the crates, and call each operation once against a mock made from its document
    #[arg(long)]
    calls: bool,
    /// Repeat the paths and schemas of each document this many times under other names, and write
    /// the document to target/corpus/scaled
    #[arg(long, value_name = "TIMES", value_parser = clap::value_parser!(u16).range(1..))]
    scaled: Option<u16>,
    /// The repository with the runtime, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
}

impl Options {
    /// Returns the options with which CI compiles and calls the clients of the documents in a
    /// directory. Its subdirectories are skipped: they hold files to which the documents refer.
    pub(crate) fn calls(root: &Path, directory: &str) -> Self {
        Self { calls: true, ..Self::compile(root, directory) }
    }

    /// Returns the options with which CI compiles the clients of the documents in a directory.
    pub(crate) fn compile(root: &Path, directory: &str) -> Self {
        let entries = fs::read_dir(root.join(directory)).into_iter().flatten().filter_map(Result::ok);
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        paths.sort();
        Self { paths, verbose: false, compile: true, calls: false, scaled: None, root: root.to_owned() }
    }
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let files = specs::documents(&options.paths)?;
    if files.is_empty() {
        return Err("there are no documents (*.yaml, *.yml, *.json) at these paths".to_owned());
    }
    println!("| document | operations | left out | warnings | untyped | ms |\n|---|---|---|---|---|---|");
    let mut failed = Vec::new();
    let mut read: Vec<Spec> = Vec::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for file in &files {
        let started = Instant::now();
        let spec = match options.scaled {
            Some(times) => larger(&options.root, &stem_of(file), &spec(file)?, usize::from(times))?,
            None => spec(file)?,
        };
        match read_with_notes(&spec) {
            Ok(reading) => {
                let untyped = reading.notes.iter().filter(|note| note.effect == Some(Effect::Untyped)).count();
                println!(
                    "| {} | {} | {} | {} | {untyped} | {} |",
                    file.display(),
                    reading.api.operations.len(),
                    reading.notes.of_level(Level::LeftOut).count(),
                    reading.notes.of_level(Level::Warning).count(),
                    started.elapsed().as_millis(),
                );
                count(&reading, &mut kinds);
                read.push(spec);
                if options.verbose {
                    reading.notes.iter().for_each(|note| println!("{note}"));
                }
            }
            Err(findings) => {
                println!("| {} | failed: {} findings | | | | |", file.display(), findings.len());
                failed.push((file, findings));
            }
        }
    }
    for (file, findings) in &failed {
        report(file, findings);
    }
    let mut kinds: Vec<(String, usize)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (kind, count) in kinds {
        println!("{count:6}  {kind}");
    }
    if options.compile || options.calls {
        compile::run(&options.root, &read, options.calls)?;
    }
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Reads a document. A page in Markdown is drafted, with the answers that it suggests.
fn spec(file: &Path) -> Result<Spec, String> {
    let stem = stem_of(file);
    let ending = file.extension().unwrap_or_default().to_string_lossy();
    if ending == "md" {
        let drafted = drafting::draft_of(&drafting::read(&[file.to_owned()])?, &stem)?;
        return Ok(drafted.spec(&stem));
    }
    let bytes = fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let text = SpecFile::from_bytes(file.display().to_string(), bytes).map_err(|finding| finding.to_string())?.text;
    let beside = file.parent().unwrap_or(Path::new(""));
    Ok(Spec::new(format!("{stem}.{ending}"), text).with_files_beside(|name| fs::read_to_string(beside.join(name)).ok()))
}

/// Returns the name of a document, as the names of its crate and of its scaled copy have it.
fn stem_of(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().replace(['_', '.'], "-").to_lowercase()
}

/// Writes a document that is larger than the given one, and returns it.
fn larger(root: &Path, stem: &str, spec: &Spec, times: usize) -> Result<Spec, String> {
    let name = format!("{stem}-{times}.json");
    let text = scaled::scaled(spec, times)?;
    let path = root.join("target/corpus/scaled").join(&name);
    let fault = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(root)).map_err(fault)?;
    fs::write(&path, &text).map_err(fault)?;
    Ok(Spec::new(name, text))
}

/// Counts the notes by kind. The kind of a note is its level and its message, with each text
/// between backticks replaced.
fn count(reading: &Reading, kinds: &mut BTreeMap<String, usize>) {
    for note in reading.notes.iter() {
        let mut kind = String::new();
        for (index, part) in note.message.split('`').enumerate() {
            kind.push_str(if index % 2 == 0 { part } else { "`..`" });
        }
        *kinds.entry(format!("{:?}: {kind}", note.level)).or_default() += 1;
    }
}

fn report(file: &Path, findings: &Diagnostics) {
    println!("\n{}:", file.display());
    findings.iter().take(5).for_each(|finding| println!("{finding}"));
}
