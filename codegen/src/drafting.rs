//! Reads documents in prose from files, with the files that they include, and writes drafts.

use std::fs;
use std::path::{Path, PathBuf};

use venuekit_draft::{Document, Draft, Drift, draft, drift, includes};
use venuekit_json::Tree;

use crate::first_overlay::answered;
use crate::output::Transaction;
use crate::{Spec, effective};

/// The maximum number of files that documents include.
const MAX_FILES: usize = 1000;

/// Reads the documents, and the files beside them that they include.
///
/// # Errors
/// Returns a message if a file cannot be read, or is not UTF-8.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Document>, String> {
    let mut out: Vec<Document> = Vec::new();
    let mut seen: Vec<PathBuf> = Vec::new();
    for path in paths {
        let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
        read_with_includes(path, &name, paths, &mut seen, &mut out)?;
    }
    Ok(out)
}

fn read_with_includes(
    path: &Path,
    name: &str,
    given: &[PathBuf],
    seen: &mut Vec<PathBuf>,
    out: &mut Vec<Document>,
) -> Result<(), String> {
    if seen.iter().any(|own| own == path) || seen.len() > MAX_FILES {
        return Ok(());
    }
    seen.push(path.to_owned());
    let document = read_file(path, name)?;
    let included = includes(&document);
    out.push(document);
    let folder = path.parent().unwrap_or(Path::new(""));
    for include in included {
        let found = candidates(folder, &include).into_iter().find(|path| path.is_file());
        if let Some(path) = found.filter(|path| !given.contains(path)) {
            let file = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
            // Two files of one name in two folders are told apart by their paths.
            let is_taken = out.iter().any(|own| own.name == *file);
            let name = if is_taken { include.trim_start_matches("./").to_owned() } else { file.into_owned() };
            read_with_includes(&path, &name, given, seen, out)?;
        }
    }
    Ok(())
}

/// Returns the places where Slate looks for an included file.
fn candidates(folder: &Path, name: &str) -> Vec<PathBuf> {
    // A name that leads out of the folder is not followed.
    if name.split(['/', '\\']).any(|part| part == "..") || Path::new(name).is_absolute() {
        return Vec::new();
    }
    let (before, last) = name.rsplit_once('/').map_or(("", name), |(before, last)| (before, last));
    let names = [format!("_{last}.md"), format!("_{last}.md.erb"), format!("{last}.md"), last.to_owned()];
    ["includes", ""]
        .iter()
        .flat_map(|own| names.iter().map(move |name| folder.join(own).join(before).join(name)))
        .collect()
}

fn read_file(path: &Path, name: &str) -> Result<Document, String> {
    let bytes = fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("{}: this is not UTF-8\n  help: save the document as text in UTF-8", path.display()))?;
    Ok(Document::new(name, text))
}

/// A draft, and the overlay with the answers that its documents suggest.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Drafted {
    /// The draft.
    pub draft: Draft,
    /// The text of the overlay; `None` if the documents suggest no answer.
    pub overlay: Option<String>,
}

impl Drafted {
    /// Returns the draft with its overlay, as the generator reads it.
    #[must_use]
    pub fn spec(&self, venue: &str) -> Spec {
        let spec = Spec::new(format!("{venue}.yaml"), self.draft.specification.clone());
        match &self.overlay {
            Some(overlay) => spec.with_overlay(overlay_name(venue), overlay.clone()),
            None => spec,
        }
    }
}

/// Drafts the specification of a venue.
///
/// # Errors
/// Returns a message if the name is not valid for a venue, or if the documents describe no
/// operation.
pub fn draft_of(documents: &[Document], venue: &str) -> Result<Drafted, String> {
    let is_name = venue.starts_with(|c: char| c.is_ascii_lowercase())
        && venue.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !venue.ends_with('-');
    if !is_name {
        return Err(format!(
            "`{venue}` is not a name of a venue (expected lower case with hyphens, such as `btse-spot`)"
        ));
    }
    let draft = draft(documents, venue).map_err(|refusal| refusal.to_string())?;
    let spec = Spec::new(format!("{venue}.yaml"), draft.specification.clone());
    // A draft that cannot be generated is written all the same: `codegen` says why.
    let overlay = answered(&spec, &overlay_name(venue), &draft.answers).ok().flatten();
    Ok(Drafted { draft, overlay })
}

fn overlay_name(venue: &str) -> String {
    format!("{venue}.overlay.yaml")
}

/// Writes a draft to a folder: `VENUE.yaml`, and beside it the answers, `VENUE.overlay.yaml`, and
/// the report, `VENUE.draft.md`. Returns the names of the files.
///
/// # Errors
/// Returns a message if a file exists already, or cannot be written. Then nothing is written.
pub fn write(drafted: &Drafted, venue: &str, folder: &Path) -> Result<Vec<String>, String> {
    let Drafted { draft, overlay } = drafted;
    let mut files = vec![(format!("{venue}.yaml"), &draft.specification)];
    files.extend(overlay.as_ref().map(|overlay| (overlay_name(venue), overlay)));
    files.push((format!("{venue}.draft.md"), &draft.report));
    let mut transaction = Transaction::default();
    for (name, text) in &files {
        let path = folder.join(name);
        if path.exists() {
            return Err(format!(
                "{} exists already\n  help: choose another name, or compare the document with the specification by \
                 `drift`",
                path.display()
            ));
        }
        transaction.create(&path, text.as_bytes())?;
    }
    transaction.keep();
    Ok(files.into_iter().map(|(name, _)| folder.join(name).display().to_string()).collect())
}

/// Holds a specification, with its overlays, against the documents of its venue.
///
/// # Errors
/// Returns a message if the specification cannot be read, or if the documents describe no
/// operation.
pub fn drift_of(documents: &[Document], spec: &Spec) -> Result<Drift, String> {
    let json = effective(spec).map_err(|findings| findings.to_string())?;
    let tree = Tree::parse(&json).map_err(|error| format!("{}: {error}", spec.document.name))?;
    drift(documents, &tree).map_err(|refusal| refusal.to_string())
}

/// The format of the differences between a document and a specification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A line for each difference.
    #[default]
    Text,
    /// A table for each kind of difference.
    Markdown,
    /// An object with a list.
    Json,
}

impl Format {
    /// Returns the differences in this format.
    #[must_use]
    pub fn render(self, drift: &Drift) -> String {
        match self {
            Self::Text => drift.text(),
            Self::Markdown => drift.markdown(),
            Self::Json => drift.json(),
        }
    }
}
