//! Finds out whether the crate that signs is where the spec says.

use std::fs;
use std::path::{Component, Path, PathBuf};

use toml::{Table, Value};

use crate::diagnostic::Diagnostics;
use crate::model::SigningSource;
use crate::output::OutputError;
use crate::source::{Document, Spec, load_with_notes};
use crate::{Home, Runtime};

/// Finds out whether the crate of a spec, in the folder `out`, can depend on the crate that signs.
///
/// # Errors
/// The finding on a folder without this package. A package of a registry is not looked for: cargo
/// does so.
pub fn check_signer(spec: &Spec, home: &Home, out: &Path) -> Result<(), Diagnostics> {
    if !spec.files().any(|file| file.text.contains("x-auth")) {
        return Ok(());
    }
    // `generate` has the findings on a spec that cannot be read.
    let Ok(document) = load_with_notes(spec) else { return Ok(()) };
    check_signer_of(&document, home, out)
}

/// Does the same as [`check_signer`] for a document that was read.
///
/// # Errors
/// Returns the same findings as [`check_signer`].
pub(crate) fn check_signer_of(document: &Document, home: &Home, out: &Path) -> Result<(), Diagnostics> {
    let mut findings = Diagnostics::default();
    if let Some((package, source)) = stated(document) {
        match source {
            SigningSource::Venuekit(name) => {
                if let Home::Elsewhere(Runtime::Path(path)) = home
                    && let Err(fault) = package_in(&out.join(path).join("auth").join(&name))
                {
                    let message = format!("there is no crate `{package}` to sign with: {fault}");
                    let help = match present(&out.join(path).join("auth")) {
                        names if names.is_empty() => {
                            "give a copy of the repository of venuekit to --runtime-path".into()
                        }
                        names => format!(
                            "write one of {}, or another crate as {{package: acme-signer, path: ../acme-signer}}",
                            names.join(", ")
                        ),
                    };
                    findings.push(document.finding("/x-auth", message, Some(help.into())));
                }
            }
            SigningSource::Other { path: Some(path), .. } => {
                let help = format!("the path is relative to the folder of the generated crate, {}", out.display());
                match package_in(&out.join(&path)) {
                    Ok(found) if found == package => {}
                    Ok(found) => {
                        let message = format!("the package at `{path}` is `{found}`, not `{package}`");
                        let help = format!("write package: {found}");
                        findings.push(document.finding("/x-auth/package", message, Some(help.into())));
                    }
                    Err(fault) => {
                        let message = format!("there is no package at `{path}` to sign with: {fault}");
                        findings.push(document.finding("/x-auth/path", message, Some(help.into())));
                    }
                }
            }
            SigningSource::Other { path: None, .. } => {}
        }
    }
    findings.into_result(())
}

/// Returns the package that signs, and its source; `None` if there is none, or if the check refuses
/// it.
fn stated(document: &Document) -> Option<(String, SigningSource)> {
    let stated = document.node("/x-auth")?;
    let text = |key: &str| stated.get(key).and_then(|node| node.as_str()).map(str::to_owned);
    match stated.as_str() {
        Some(name) => Some((format!("venuekit-auth-{name}"), SigningSource::Venuekit(name.to_owned()))),
        None => Some((text("package")?, SigningSource::Other { version: text("version"), path: text("path") })),
    }
}

/// Returns the name of the package in a folder.
///
/// # Errors
/// A folder without a package.
pub(crate) fn package_in(folder: &Path) -> Result<String, OutputError> {
    // The folder of the crate may not exist yet.
    let manifest = without_dots(folder).join("Cargo.toml");
    let shown = manifest.display();
    let text = fs::read_to_string(&manifest).map_err(|error| OutputError::new(format!("{shown}: {error}")))?;
    let table: Table = text.parse().map_err(|error| OutputError::new(format!("{shown} cannot be read: {error}")))?;
    let name = table.get("package").and_then(|package| package.get("name")).and_then(Value::as_str);
    name.map(str::to_owned).ok_or_else(|| OutputError::new(format!("{shown} has no package")))
}

/// Returns the names of the folders with a package, sorted.
fn present(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(without_dots(folder)).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().join("Cargo.toml").is_file());
    // The common parts of all signing crates are no signing crate.
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| package_in(&folder.join(name)).is_ok_and(|package| package == format!("venuekit-auth-{name}")));
    names.sort();
    names
}

/// Returns a path in which no `..` follows the name of a folder.
#[must_use]
pub fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match (component, plain.components().next_back()) {
            (Component::ParentDir, Some(Component::Normal(_))) => {
                plain.pop();
            }
            (Component::CurDir, _) => {}
            (other, _) => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_up_only_at_its_beginning() {
        for (path, expected) in
            [("clients/acme/../../signer", "signer"), ("a/../../b", "../b"), ("/a/./b/../c", "/a/c")]
        {
            assert_eq!(without_dots(Path::new(path)), Path::new(expected), "{path}");
        }
    }
}
