//! `cargo xtask diff`: compares specs, and reports the effects of the changes on users.

mod entry;
mod fail;
mod gather;
mod git;
mod inputs;
mod links;
mod origins;
mod policy;

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use venuekit_diff::Level;
use venuekit_diff::render::text::{self, Colours};
use venuekit_diff::render::{Links, Report, changelog, github, html, json, junit, markdown, sarif, untrusted};

use crate::specs;
use fail::FailOn;
use git::Git;
use inputs::Overlays;

/// The exit code if something could not be compared, or if the command itself failed.
pub(crate) const NOT_COMPARED: u8 = 2;

/// The options of the command.
#[derive(clap::Args, Debug)]
pub(crate) struct Options {
    /// Venues, by the names of their files in specs/ (`btse-spot`); or two inputs, the old one and
    /// the new one: files, directories, `REV:path` for a file or directory of a commit, or `-` for
    /// the standard input
    #[arg(value_name = "VENUE|INPUT")]
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
    /// Colour the text
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    color: When,
    /// Exit with 1 when a change breaks clients on the wire, code that uses the crates, or either;
    /// or when a change is at least risky
    #[arg(long, value_enum, default_value_t = FailOn::None)]
    fail_on: FailOn,
    /// Show only changes that are at least at this level, on the wire or in the source; the totals
    /// count all
    #[arg(long, value_enum, default_value_t = Least::Safe)]
    level: Least,
    /// An overlay of the old document; several apply in this order
    #[arg(long, value_name = "FILE|REV:path")]
    old_overlay: Vec<String>,
    /// An overlay of the new document; several apply in this order
    #[arg(long, value_name = "FILE|REV:path")]
    new_overlay: Vec<String>,
    /// The file with other levels and accepted changes [default: specs/diff.toml of the new
    /// revision; none for two inputs]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Exit with 1 if the version of a crate was not raised as far as its changes need
    #[arg(long)]
    check_versions: bool,
    /// Write to a file, in place of the standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Link places in Markdown and HTML to this repository (`https://github.com/OWNER/NAME`)
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum When {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Options {
    /// Returns the use of colours in the text.
    fn colours(&self) -> Colours {
        let is_set = |variable: &str| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let shows = self.output.is_none() && io::stdout().is_terminal() && !is_set("NO_COLOR") && !is_dumb;
        match self.color {
            When::Always => Colours::Ansi,
            When::Auto if shows => Colours::Ansi,
            When::Auto | When::Never => Colours::Plain,
        }
    }
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
    /// For programs; diff/report.schema.json describes it
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// One self-contained page, for a browser
    Html,
    /// Entries for CHANGELOG.md of each crate, in the words of its users
    Changelog,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for the test views of CI systems
    Junit,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    diff(options).map_err(|message| untrusted::lines(&message))
}

fn diff(options: &Options) -> Result<ExitCode, String> {
    if options.links.is_some() && ![Format::Markdown, Format::Html].contains(&options.format) {
        return Err("--links is for --format markdown and --format html".to_owned());
    }
    let has_inputs = options.names.iter().any(|name| inputs::is_input(name, &options.root));
    let (report, git) = if has_inputs { two_inputs(options) } else { revisions(options) }?;
    let mut report = Report { least: options.level.into(), ..report };
    // Two inputs have no policy of their own.
    let repository = git.as_ref().filter(|_| !has_inputs);
    let find = |origin| policy::find(options.policy.as_deref(), origin, repository);
    let (before, after) = (find(&report.origins.base), find(&report.origins.head));
    if before != after {
        // A reviewer has to know that the yardstick changed too.
        let note = format!("{} differs from that of the old revision; help: review its changes first", policy::PATH);
        report.notes.push(note);
    }
    let applied = after.and_then(|found| match found {
        Some((file, text)) => policy::apply(&file, &text, &mut report),
        None => Ok(()),
    });
    let policy_fault = match applied {
        // The user's own file is part of the command.
        Err(fault) if options.policy.is_some() => return Err(fault),
        // The report is written all the same, because it may be a comment that has to say so.
        Err(fault) => {
            report.notes.insert(0, format!("{fault} (so none of its levels and exceptions apply)"));
            Some(fault)
        }
        Ok(()) => None,
    };
    let links = match &options.links {
        Some(url) => match git.as_ref().filter(|_| report.origins.base.id().is_some() || !has_inputs) {
            Some(git) => links::links(url, git, &report)?,
            None => return Err("--links needs revisions; two files have none".to_owned()),
        },
        None => Links::default(),
    };
    let said = match options.format {
        Format::Text => text::render(&report, options.colours()),
        Format::Markdown => markdown::render(&report, &links),
        Format::Json => json::render(&report).map_err(as_json)?,
        Format::Html => html::render(&report, &links),
        Format::Changelog => changelog::render(&report),
        Format::Sarif => sarif::render(&report).map_err(as_json)?,
        Format::Junit => junit::render(&report),
        Format::Github => github::render(&report),
    };
    say(options.output.as_deref(), &said)?;
    for failed in &report.failed {
        eprintln!("error: {}", failed.in_a_line());
    }
    if let Some(fault) = &policy_fault {
        eprintln!("error: {}", untrusted::lines(fault));
    }
    if !report.failed.is_empty() || policy_fault.is_some() {
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

/// Compares two inputs. Returns the repository if it was opened.
fn two_inputs(options: &Options) -> Result<(Report, Option<Git>), String> {
    if options.base.is_some() || options.head.is_some() {
        return Err("--base and --head are for revisions; two inputs have none".to_owned());
    }
    let overlays = Overlays { old: &options.old_overlay, new: &options.new_overlay };
    let mut git = None;
    let (origins, pairs) = inputs::read(&options.names, &overlays, &options.root, &mut git)?;
    let command = inputs::command(&options.names, &overlays);
    Ok((gather::gather(origins, pairs, git.as_ref(), command), git))
}

fn revisions(options: &Options) -> Result<(Report, Option<Git>), String> {
    if !options.old_overlay.is_empty() || !options.new_overlay.is_empty() {
        return Err("--old-overlay and --new-overlay are for two documents; help: name the documents".to_owned());
    }
    let git = Git::open(&options.root)?;
    let origins = origins::resolve(&git, options.base.as_deref(), options.head.as_deref())?;
    let pairs = gather::pairs(entry::of_repository(&git, &origins.base)?, entry::of_repository(&git, &origins.head)?);
    if pairs.is_empty() {
        return Err(format!("{} has no specs in either revision", options.root.join("specs").display()));
    }
    let pairs = specs::choose(pairs, &options.names)?.into_values().collect();
    let command = inputs::command_of_revisions(&origins, &options.names);
    Ok((gather::gather(origins, pairs, Some(&git), command), Some(git)))
}

fn as_json(error: serde_json::Error) -> String {
    format!("cannot be written as JSON: {error}")
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
