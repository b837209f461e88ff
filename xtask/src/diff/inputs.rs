//! The two inputs that a user can give in place of revisions: files, directories, files and
//! directories of commits, and the standard input.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;

use venuekit_diff::render::untrusted::is_plain;
use venuekit_diff::render::{Origin, Origins};

use super::entry::{self, Entry};
use super::gather::{LARGEST, Pair, pairs};
use super::git::Git;
use super::origins;
use crate::specs::{self, Files};

/// The name that stands for the standard input.
const STANDARD_INPUT: &str = "-";

/// The overlays of each side, in the order in which they apply.
#[derive(Debug)]
pub(crate) struct Overlays<'a> {
    pub(crate) old: &'a [String],
    pub(crate) new: &'a [String],
}

/// The specs of an input.
struct Input {
    origin: Origin,
    specs: Specs,
}

enum Specs {
    /// One document. `venue` is `None` for the standard input.
    One { venue: Option<String>, document: Entry },
    /// The specs of a directory by venue.
    Many(BTreeMap<String, Files<Entry>>),
}

/// Returns whether a name is an input and not a venue.
pub(crate) fn is_input(name: &str, root: &Path) -> bool {
    let path = Path::new(name);
    let is_venue = || {
        let there = |ending: &str| root.join("specs").join(format!("{name}{ending}")).exists();
        !name.contains('/') && [".yaml", ".yml", ".json", ""].into_iter().any(there)
    };
    name == STANDARD_INPUT
        || name.contains(':')
        || specs::is_spec(path)
        || path.exists() && (path.extension().is_some() || !is_venue())
}

/// Reads the two inputs. Returns their origins, and the specs by venue. The repository is opened
/// only if an input is in a commit.
pub(crate) fn read(
    names: &[String],
    overlays: &Overlays<'_>,
    root: &Path,
    git: &mut Option<Git>,
) -> Result<(Origins, Vec<Pair>), String> {
    let [old, new] = names else {
        let count = names.len();
        return Err(format!("expected two inputs, the old one and the new one, but found {count}"));
    };
    if let Some(venue) = [old, new].into_iter().find(|name| !is_input(name, root)) {
        return Err(format!("`{venue}` is not a file; help: give two inputs, or venues only"));
    }
    if old == STANDARD_INPUT && new == STANDARD_INPUT {
        return Err("both inputs are the standard input; help: give one of them as a file".to_owned());
    }
    let (old, new) = (input(old, root, git)?, input(new, root, git)?);
    let origins = Origins { base: old.origin.clone(), head: new.origin.clone() };
    let pairs = match (old.specs, new.specs) {
        (Specs::One { venue: was, document: old }, Specs::One { venue: is, document: new }) => {
            let venue = is.or(was).unwrap_or_else(|| "spec".to_owned());
            let mut side = |document, overlays: &[String]| {
                let overlays = overlays.iter().map(|name| overlay(name, root, git)).collect::<Result<_, _>>()?;
                Ok::<_, String>(Some(Files { document, overlays }))
            };
            vec![Pair { venue, old: side(old, overlays.old)?, new: side(new, overlays.new)? }]
        }
        (Specs::Many(old), Specs::Many(new)) => {
            if !overlays.old.is_empty() || !overlays.new.is_empty() {
                let help = "in a directory, the overlay of acme.yaml is acme.overlay.yaml beside it";
                return Err(format!("--old-overlay and --new-overlay are for two documents; help: {help}"));
            }
            let pairs = pairs(old, new);
            if pairs.is_empty() {
                return Err(format!("{} and {} have no specs", origins.base.name(), origins.head.name()));
            }
            pairs.into_values().collect()
        }
        _ => {
            let (base, head) = (origins.base.name(), origins.head.name());
            let help = "give two documents, or two directories";
            return Err(format!("only one of {base} and {head} is a directory; help: {help}"));
        }
    };
    Ok((origins, pairs))
}

fn input(name: &str, root: &Path, git: &mut Option<Git>) -> Result<Input, String> {
    let path = Path::new(name);
    if name == STANDARD_INPUT {
        let document = standard_input()?;
        return Ok(Input { origin: Origin::StandardInput, specs: Specs::One { venue: None, document } });
    }
    if path.is_dir() {
        let specs = Specs::Many(entry::of_directory(path, entry::shown)?);
        return Ok(Input { origin: Origin::Directory(name.to_owned()), specs });
    }
    if !path.exists()
        && let Some((revision, inside)) = name.split_once(':')
    {
        return of_commit(name, revision, inside, open(root, git)?);
    }
    let specs = Specs::One { venue: Some(stem(path)), document: Entry::of_file(name) };
    Ok(Input { origin: Origin::File(name.to_owned()), specs })
}

/// Returns a file or a directory of a commit, as git names it: `v1:specs/acme.yaml`.
fn of_commit(name: &str, revision: &str, path: &str, git: &Git) -> Result<Input, String> {
    let id = origins::commit(git, revision)?;
    let origin = Origin::Commit { name: name.to_owned(), id: id.clone() };
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if path.is_empty() {
        return Ok(Input { origin, specs: Specs::Many(entry::of_commit(git, name, &id, "")?) });
    }
    let found = git.find(&id, path)?;
    let found = found.ok_or_else(|| format!("{path} does not exist in {revision}"))?;
    let specs = if found.is_file {
        Specs::One { venue: Some(stem(Path::new(path))), document: Entry::of_tree(found) }
    } else {
        Specs::Many(entry::of_commit(git, name, &id, path)?)
    };
    Ok(Input { origin, specs })
}

fn overlay(name: &str, root: &Path, git: &mut Option<Git>) -> Result<Entry, String> {
    match input(name, root, git)?.specs {
        Specs::One { venue: Some(_), document } => Ok(document),
        _ => Err(format!("`{name}` cannot be an overlay; help: give a file, or REV:path")),
    }
}

fn open<'g>(root: &Path, git: &'g mut Option<Git>) -> Result<&'g Git, String> {
    let opened = match git.take() {
        Some(git) => git,
        None => Git::open(root)?,
    };
    Ok(git.insert(opened))
}

fn standard_input() -> Result<Entry, String> {
    let mut bytes = Vec::new();
    // A larger document is refused later, with its size.
    let largest = u64::try_from(LARGEST).unwrap_or(u64::MAX);
    let read = io::stdin().lock().take(largest.saturating_mul(2)).read_to_end(&mut bytes);
    read.map_err(|error| format!("the standard input cannot be read: {error}"))?;
    let is_json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    Ok(Entry::of_bytes(if is_json { "stdin.json" } else { "stdin.yaml" }, bytes))
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Returns the command that shows all changes of two inputs.
pub(crate) fn command(names: &[String], overlays: &Overlays<'_>) -> String {
    let mut words = vec!["cargo xtask diff".to_owned()];
    words.extend(names.iter().cloned());
    let given = [("--old-overlay", overlays.old), ("--new-overlay", overlays.new)];
    for (option, names) in given {
        words.extend(names.iter().flat_map(|name| [option.to_owned(), name.clone()]));
    }
    words.join(" ")
}

/// Returns the command that shows all changes between two revisions. `chosen` are the venues.
pub(crate) fn command_of_revisions(origins: &Origins, chosen: &[String]) -> String {
    let mut words = vec!["cargo xtask diff"];
    words.extend(origins.base.short_id().into_iter().flat_map(|id| ["--base", id]));
    words.extend(origins.head.short_id().into_iter().flat_map(|id| ["--head", id]));
    // A user may copy the command to a shell, so the names are left out if one of them has special
    // characters.
    if chosen.iter().all(|venue| is_plain(venue)) {
        words.extend(chosen.iter().map(String::as_str));
    }
    words.join(" ")
}
