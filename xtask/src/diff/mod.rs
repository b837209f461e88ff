//! `cargo xtask diff`: compares specs, and reports the effects of the changes on users.

mod fail;
mod gather;
mod git;
mod links;
mod origins;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use venuekit_diff::Level;
use venuekit_diff::render::{Links, Origin, Origins, Report, json, markdown, text, untrusted};

use crate::specs::{self, Files};
use fail::FailOn;
use gather::Pair;
use git::Git;

/// The exit code if something could not be compared, or if the command itself failed.
pub(crate) const NOT_COMPARED: u8 = 2;

/// The options of the command.
#[derive(clap::Args, Debug)]
pub(crate) struct Options {
    /// Venues, by the names of their files in specs/ (`btse-spot`); or two files, the old one and
    /// the new one
    #[arg(value_name = "VENUE|FILE")]
    names: Vec<String>,
    /// The old revision; `REV...` is the commit where the new revision left REV [default: `...` of
    /// the main branch]
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// The new revision [default: the working tree, with uncommitted changes]
    #[arg(long, value_name = "REV")]
    head: Option<String>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 when a change breaks clients on the wire, code that uses the crates, or either;
    /// or when a change is at least risky
    #[arg(long, value_enum, default_value_t = FailOn::None)]
    fail_on: FailOn,
    /// Show only changes that are at least at this level, on the wire or in the source; the totals
    /// count all
    #[arg(long, value_enum, default_value_t = Least::Safe)]
    level: Least,
    /// Exit with 1 if the version of a crate was not raised as far as its changes need
    #[arg(long)]
    check_versions: bool,
    /// Write to a file, in place of the standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Link places in Markdown to this repository (`https://github.com/OWNER/NAME`)
    #[arg(long, value_name = "URL")]
    links: Option<String>,
    /// The repository to work on, in place of this one
    #[arg(long, value_name = "DIR", default_value_os_t = crate::repository())]
    root: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Least {
    /// All changes
    Safe,
    /// Changes that may break something, or that break something
    Risky,
    /// Changes that break something
    Breaking,
}

impl From<Least> for Level {
    fn from(least: Least) -> Self {
        match least {
            Least::Safe => Self::Safe,
            Least::Risky => Self::Risky,
            Least::Breaking => Self::Breaking,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For a comment on GitHub
    Markdown,
    /// For programs
    Json,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    diff(options).map_err(|message| untrusted::lines(&message))
}

fn diff(options: &Options) -> Result<ExitCode, String> {
    if options.links.is_some() && options.format != Format::Markdown {
        return Err("--links is for --format markdown".to_owned());
    }
    let report = if options.names.iter().any(|name| is_file(name)) { two_files(options) } else { revisions(options) }?;
    let report = Report { least: options.level.into(), ..report };
    let links = match &options.links {
        Some(url) => links::links(url, &Git::open(&options.root)?, &report)?,
        None => Links::default(),
    };
    let said = match options.format {
        Format::Text => text::render(&report),
        Format::Markdown => markdown::render(&report, &links),
        Format::Json => json::render(&report).map_err(|error| format!("cannot be written as JSON: {error}"))?,
    };
    say(options.output.as_deref(), &said)?;
    for failed in &report.failed {
        eprintln!("error: {}", failed.in_a_line());
    }
    if !report.failed.is_empty() {
        return Ok(ExitCode::from(NOT_COMPARED));
    }
    Ok(match fail::reason(&report, options.fail_on, options.check_versions) {
        Some(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
        None => ExitCode::SUCCESS,
    })
}

fn is_file(name: &str) -> bool {
    specs::is_spec(Path::new(name)) || Path::new(name).is_file()
}

fn two_files(options: &Options) -> Result<Report, String> {
    let [old, new] = options.names.as_slice() else {
        let count = options.names.len();
        return Err(format!("expected two files, the old one and the new one, but found {count}"));
    };
    if let Some(venue) = [old, new].into_iter().find(|name| !is_file(name)) {
        return Err(format!("`{venue}` is not a file; help: give two files, or venues only"));
    }
    if options.base.is_some() || options.head.is_some() {
        return Err("--base and --head are for revisions; two files have none".to_owned());
    }
    if options.links.is_some() {
        return Err("--links needs revisions; two files have none".to_owned());
    }
    let origins = Origins { base: Origin::File(old.clone()), head: Origin::File(new.clone()) };
    let venue = Path::new(new).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let pair = Pair { venue, old: Some(Files::of_document(old)), new: Some(Files::of_document(new)) };
    Ok(gather::gather(origins, vec![pair], None, &[]))
}

fn revisions(options: &Options) -> Result<Report, String> {
    let git = Git::open(&options.root)?;
    let origins = origins::resolve(&git, options.base.as_deref(), options.head.as_deref())?;
    let pairs = gather::pairs(&git, &origins)?;
    if pairs.is_empty() {
        return Err(format!("{} has no specs in either revision", options.root.join("specs").display()));
    }
    let pairs = specs::choose(pairs, &options.names)?.into_values().collect();
    Ok(gather::gather(origins, pairs, Some(&git), &options.names))
}

fn say(output: Option<&Path>, text: &str) -> Result<(), String> {
    let Some(path) = output else {
        return match io::stdout().lock().write_all(text.as_bytes()) {
            // A closed pipe (`| head`) is not an error: the other program has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written.map_err(|error| format!("cannot write: {error}")),
        };
    };
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
