//! Takes the published file of a venue into a folder of documents: the part that touches files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::first_overlay::{Auth, NewVenue, take_in};
use crate::output::{OutputError, Transaction};
pub use crate::signer::without_dots;
use crate::{Failure, Home, Spec, SpecFile};

/// A published file, and the folder that it is taken into.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Published {
    /// The document, with the files that it refers to. Their names are those in messages.
    pub spec: Spec,
    /// The folder of the documents, as messages name it, with a slash at its end: `specs/`.
    shown: String,
    /// The name of the overlay in that folder.
    overlay: String,
    /// The content of each file, byte for byte, by its name in that folder.
    files: Vec<(String, Vec<u8>)>,
}

impl Published {
    /// Reads a published file as the document of a venue. `folder` is the folder of the documents,
    /// as messages name it: `specs`.
    ///
    /// A document that refers to other files gets a folder of its own, `specs/acme/acme.yaml`, so
    /// that the relative paths stay.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(venue: &str, from: &Path, folder: &str) -> Result<Self, String> {
        let place = from.display();
        let bytes = fs::read(from).map_err(|error| format!("{place} cannot be read: {error}"))?;
        let text = SpecFile::from_bytes(place.to_string(), bytes.clone()).map_err(|finding| finding.to_string())?.text;
        let file = format!("{venue}.{}", ending(from, &text));
        let beside = from.parent().unwrap_or(Path::new(""));
        let shown = if folder.is_empty() { String::new() } else { format!("{}/", folder.trim_end_matches('/')) };
        let own = format!("{venue}/");
        let mut files = Vec::new();
        let read = |name: &str| {
            let name = name.strip_prefix(&shown)?;
            let text = fs::read_to_string(beside.join(name.strip_prefix(&own)?)).ok()?;
            files.push((name.to_owned(), text.clone().into_bytes()));
            Some(text)
        };
        let mut spec = Spec::new(format!("{shown}{own}{file}"), text.clone()).with_files_beside(read);
        let own = if files.is_empty() { String::new() } else { own };
        if files.is_empty() {
            spec = Spec::new(format!("{shown}{file}"), text);
        }
        files.insert(0, (format!("{own}{file}"), bytes));
        Ok(Self { spec, shown, overlay: format!("{own}{venue}.overlay.yaml"), files })
    }

    /// Writes the first overlay, and generates the crate.
    ///
    /// # Errors
    /// Returns the findings on the document if no client can be generated from it.
    pub fn take_in(&self, auth: Option<&Auth>, home: &Home) -> Result<NewVenue, Failure> {
        take_in(&self.spec, &self.overlay(), auth, home)
    }

    /// Returns the name of the overlay in messages.
    #[must_use]
    pub fn overlay(&self) -> String {
        format!("{}{}", self.shown, self.overlay)
    }

    /// Creates the files and the overlay in the folder of the documents. Returns their names in
    /// messages.
    ///
    /// # Errors
    /// A file that exists, or that cannot be written.
    pub fn create(
        &self,
        overlay: Option<&str>,
        folder: &Path,
        transaction: &mut Transaction,
    ) -> Result<Vec<String>, OutputError> {
        let overlay = overlay.map(|text| (self.overlay.as_str(), text.as_bytes()));
        let files = self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).chain(overlay);
        let create = |(name, bytes): (&str, &[u8])| {
            transaction.create(&folder.join(name), bytes)?;
            Ok(format!("{}{name}", self.shown))
        };
        files.map(create).collect()
    }
}

/// Returns the ending of the file of a document.
fn ending(from: &Path, text: &str) -> &'static str {
    match from.extension().and_then(|ending| ending.to_str()) {
        Some("json") => "json",
        Some("yaml") => "yaml",
        Some("yml") => "yml",
        _ if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') => "json",
        _ => "yaml",
    }
}

/// Reads the crate that signs, as a user names it: `btse` for `venuekit-auth-btse`,
/// `acme-signer@0.3` for a package of a registry, and `../acme-signer` for a folder. `out` is the
/// folder of the generated crate.
///
/// # Errors
/// A folder without a package.
pub fn parse_auth(text: &str, out: &Path) -> Result<Auth, OutputError> {
    if text.contains(['/', '\\']) || text.starts_with('.') {
        let package = crate::signer::package_in(Path::new(text)).map_err(|fault| {
            OutputError::new(format!("--auth {text}: {fault}\n  help: name the folder of the crate that signs"))
        })?;
        let path = relative(&absolute(out)?, &absolute(Path::new(text))?);
        return Ok(Auth::Path { package, path });
    }
    Ok(match text.split_once('@') {
        Some((package, version)) => Auth::Version { package: package.to_owned(), version: version.to_owned() },
        None => Auth::Ours(text.to_owned()),
    })
}

/// Returns an absolute path without `.` and `..`.
fn absolute(path: &Path) -> Result<PathBuf, OutputError> {
    let path = std::path::absolute(path)
        .map_err(|error| OutputError::new(format!("{} cannot be resolved: {error}", path.display())))?;
    Ok(without_dots(&path))
}

/// Returns the relative path from a folder to another one, with slashes.
fn relative(from: &Path, to: &Path) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(common).map(|_| "..".to_owned());
    let down = to.iter().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_goes_up_and_down() {
        for (from, to, expected) in [
            ("/a/generated/acme", "/a/auth/acme", "../../auth/acme"),
            ("/a/clients/acme", "/a/signer", "../../signer"),
            ("/a", "/a/b/c", "b/c"),
            ("/a", "/a", "."),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), expected);
        }
        assert_eq!(absolute(Path::new("/a/./b/../c")), Ok(PathBuf::from("/a/c")));
    }
}
