//! Reads documents in prose from files, with the files that they include, and writes drafts.

use std::fs;
use std::path::{Path, PathBuf};

use venuekit_draft::{Document, Draft, Drift, draft, drift, includes};
use venuekit_json::Tree;

use crate::output::Transaction;
use crate::{Spec, effective};

/// Reads the documents, and the files beside them that they include.
///
/// # Errors
/// Returns a message if a file cannot be read, or is not UTF-8.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Document>, String> {
    let mut out: Vec<Document> = Vec::new();
    for path in paths {
        let document = read_file(path)?;
        let included = includes(&document);
        if !out.iter().any(|own| own.name == document.name) {
            out.push(document);
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        for name in included {
            let found = candidates(folder, &name).into_iter().find(|path| path.is_file());
            if let Some(path) = found.filter(|path| !paths.contains(path)) {
                let document = read_file(&path)?;
                if !out.iter().any(|own| own.name == document.name) {
                    out.push(document);
                }
            }
        }
    }
    Ok(out)
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

fn read_file(path: &Path) -> Result<Document, String> {
    let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy()).into_owned();
    let bytes = fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("{}: this is not UTF-8\n  help: save the document as text in UTF-8", path.display()))?;
    Ok(Document::new(name, text))
}

/// Drafts the specification of a venue.
///
/// # Errors
/// Returns a message if the name is not valid for a venue, or if the documents describe no
/// operation.
pub fn draft_of(documents: &[Document], venue: &str) -> Result<Draft, String> {
    let is_name = venue.starts_with(|c: char| c.is_ascii_lowercase())
        && venue.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !venue.ends_with('-');
    if !is_name {
        return Err(format!(
            "`{venue}` is not a name of a venue (expected lower case with hyphens, such as `btse-spot`)"
        ));
    }
    draft(documents, venue).map_err(|refusal| refusal.to_string())
}

/// Writes a draft to a folder: `VENUE.yaml`, and the report beside it, `VENUE.draft.md`. Returns
/// the names of the files.
///
/// # Errors
/// Returns a message if a file exists already, or cannot be written. Then nothing is written.
pub fn write(draft: &Draft, venue: &str, folder: &Path) -> Result<Vec<String>, String> {
    let files = [(format!("{venue}.yaml"), &draft.specification), (format!("{venue}.draft.md"), &draft.report)];
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
